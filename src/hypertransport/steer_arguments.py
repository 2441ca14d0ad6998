"""What `hypertransport steer` takes."""

import argparse
import math
import os

from hypertransport.parsing import CONCEPT, add_steered_model, command

PROMPT = "a mushroom"
MAX_SEEDS, MAX_STRENGTHS = 64, 32


def add_steer(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    steer_ = command(
        commands,
        "steer",
        "draw a prompt while a concept sets in, from strength 0 to 1",
        """\
  hypertransport steer
  hypertransport steer "a fox on a plain green background" --concept "black ink style"
  hypertransport steer --image mushroom.png --strengths 0,0.5,0.8 -n 4 --out grid.png
  hypertransport steer --concept mushroom=0.8 --image style.png=0.5 --out pictures/
  hypertransport steer --concept "black ink style" --mask left.png
  hypertransport steer --concept snow --strengths=-1:1:9  # with =, for the minus sign
  hypertransport steer --concept snow --server http://127.0.0.1:8000""",
    )
    steer_.add_argument(
        "prompt",
        nargs="?",
        default=PROMPT,
        metavar="PROMPT",
        help="what to draw (default: %(default)s)",
    )
    steer_.add_argument(
        "--concept",
        dest="concepts",
        action="append",
        type=lambda text: ("words", text),
        metavar="TEXT[=S]",
        help="a concept in words, at its own strength S (1 if left out); may be repeated, also "
        "together with --image and --intervention: they are composed in order "
        f"(default: {CONCEPT})",
    )
    steer_.add_argument(
        "--image",
        dest="concepts",
        action="append",
        type=lambda text: ("picture", os.path.expanduser(text)),
        metavar="PATH[=S]",
        help="a concept by a reference picture, or by all in a folder, at its own strength S; may "
        "be repeated",
    )
    steer_.add_argument(
        "--intervention",
        dest="concepts",
        action="append",
        type=lambda text: ("intervention", os.path.expanduser(text)),
        metavar="FILE[=S]",
        help="what `fit` wrote, at its own strength S; may be repeated",
    )
    steer_.add_argument(
        "--mask",
        type=os.path.expanduser,
        metavar="FILE",
        help="a picture of where the concepts act: fully where it is white (or transparent), not "
        "at all where it is black; of any size, but the aspect ratio of what is drawn",
    )
    steer_.add_argument(
        "--strengths",
        type=_strengths,
        default="0:1:5",
        metavar="A:B:N",
        help="the columns: N strengths from A to B, or a list as 0,0.5,1; each multiplies the "
        "concepts' own (default: %(default)s)",
    )
    steer_.add_argument(
        "--calibrated",
        action="store_true",
        help="scale each --concept and --image so that strength 1 has the same effect for all, and "
        "strength 0.5 is half of what is seen of it, as measured when the hypernetwork was trained",
    )
    steer_.add_argument(
        "--seed",
        type=_seed,
        default=7,
        metavar="N",
        help="seed of the noise of the first row (default: %(default)s)",
    )
    steer_.add_argument(
        "-n",
        dest="number",
        type=_number,
        default=1,
        metavar="N",
        help="rows, a seed each, counting up (1 to 64; default: %(default)s)",
    )
    steer_.add_argument(
        "--out",
        type=os.path.expanduser,
        default="steer.png",
        metavar="FILE",
        help="where to write the strip (.png, .jpg, .webp); a folder, which ends in /, gets "
        "single pictures (default: %(default)s)",
    )
    add_steered_model(steer_)
    steer_.add_argument(
        "--server",
        metavar="URL",
        help="ask a running `hypertransport serve`, which has its model loaded; a key, if it wants "
        "one, is taken from the environment's HYPERTRANSPORT_API_KEY",
    )


def _strengths(text: str) -> list[float]:
    """Five numbers from 0 to 1 for "0:1:5"; three for "0,0.5,1"."""
    try:
        if ":" in text:
            first, last, count = text.split(":")
            values = _spaced(float(first), float(last), int(count))
        else:
            values = [float(number) for number in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither A:B:N nor numbers as 0,0.5,1"
        ) from None
    if not 1 <= len(values) <= MAX_STRENGTHS or not all(map(math.isfinite, values)):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not 1 to {MAX_STRENGTHS} finite numbers; give A:B:N or a list as 0,0.5,1"
        )
    return values


def _spaced(first: float, last: float, count: int) -> list[float]:
    if not 1 <= count <= MAX_STRENGTHS:
        return []
    return [first + (last - first) * i / max(count - 1, 1) for i in range(count)]


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no seed; give a whole number from 0 on")
    return int(text)


def _number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MAX_SEEDS:
        raise argparse.ArgumentTypeError(f"{text!r} rows; give a whole number, 1 to {MAX_SEEDS}")
    return int(text)
