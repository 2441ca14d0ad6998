"""What `hypertransport fit` takes."""

import argparse
import os

from hypertransport.parsing import CONCEPT, MODEL, add_model, command, count, positive
from hypertransport.paths import user_path

METHODS = {
    "mean-shift": "moves every channel's mean",
    "lin-act": "closed-form scales and shifts (Lin-AcT), each site by itself",
    "lin-act-causal": "the same, site by site, with the earlier ones active",
    "lineas": "all sites end to end, by gradient (LinEAS)",
    "refine": "a few steps of that, from the hypernetwork's answer",
    "nearest": "the trained concept that is nearest, by LinEAS",
}
LOOKED_UP = ("refine", "nearest")  # these need a hypernetwork or its encoder
PRESETS = {"quick": "50 steps of Adam", "long": "1000 of SGD", "refine": "10 of Adam"}


def add_fit(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `fit`."""
    fit_ = command(
        commands,
        "fit",
        "fit one concept with a published method, to hold a hypernetwork against",
        """\
  hypertransport fit
  hypertransport fit --concept "zigzag purple" --out zigzag.safetensors
  hypertransport fit lineas --concept "in the style of a woodcut" --preset long --group 0.1
  hypertransport fit refine --concept "black ink" --steps 20
  hypertransport steer --intervention fitted.safetensors""",
    )
    _add_what(fit_)
    _add_how(fit_)
    add_model(fit_, "--model", default=MODEL)


def _add_what(fit_: argparse.ArgumentParser) -> None:
    fit_.add_argument(
        "method",
        nargs="?",
        choices=METHODS,
        default="lin-act-causal",
        metavar="METHOD",
        help="; ".join(f"{name}: {what}" for name, what in METHODS.items())
        + " (default: %(default)s). Prompting needs no fit: write the concept into the prompt",
    )
    fit_.add_argument(
        "--concept",
        default=CONCEPT,
        metavar="WORDS",
        help="the concept; targets are the source prompts with these words added, or with their "
        "phrase where the catalogue knows them (default: %(default)s)",
    )
    fit_.add_argument(
        "--image",
        type=os.path.expanduser,
        metavar="FILE",
        help="for refine and nearest: a picture by which the concept is looked up",
    )
    fit_.add_argument(
        "--out",
        type=os.path.expanduser,
        default="fitted.safetensors",
        metavar="FILE",
        help="where to write the intervention (default: %(default)s); a fit that was stopped goes "
        "on when it is asked for again",
    )
    fit_.add_argument(
        "--prompts",
        type=user_path,
        metavar="FILE",
        help="source prompts, one a line, silent about the concept (default: a neutral list)",
    )
    fit_.add_argument(
        "--samples",
        type=count,
        default=32,
        metavar="N",
        help="source prompts to fit on; as many more are measured on (default: %(default)s)",
    )
    fit_.add_argument(
        "--pooling",
        default="mean",
        metavar="HOW",
        help="what a gradient compares: mean (as published), position, or random-R "
        "(default: %(default)s)",
    )


def _add_how(fit_: argparse.ArgumentParser) -> None:
    """What a descent takes; None is what the preset says."""
    fit_.add_argument(
        "--preset",
        choices=PRESETS,
        help="how a gradient descends: "
        + ", ".join(f"{name} ({what})" for name, what in PRESETS.items())
        + "; default: quick, and for refine: refine",
    )
    fit_.add_argument("--steps", type=count, metavar="N", help="steps instead of the preset's")
    fit_.add_argument(
        "--rate", type=positive, metavar="R", help="learning rate instead of the preset's"
    )
    fit_.add_argument(
        "--l1", type=positive, metavar="L", help="penalty that leaves channels untouched"
    )
    fit_.add_argument(
        "--group", type=positive, metavar="L", help="penalty that leaves whole sites untouched"
    )
    fit_.add_argument(
        "--batch", type=count, metavar="N", help="source prompts in a step (default: all)"
    )
    fit_.add_argument(
        "--hypernetwork",
        type=os.path.expanduser,
        metavar="FOLDER",
        help="for refine and nearest: a hypernetwork trained for the model, by folder or hub id "
        "(default: the one that ships with it)",
    )
    fit_.add_argument(
        "--catalogue",
        type=user_path,
        metavar="FILE",
        help="concepts with their phrases (default: those that ship with the model)",
    )
