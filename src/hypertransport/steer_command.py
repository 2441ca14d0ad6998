"""The command that draws: a strip, a grid or single pictures, here or by a server that runs."""

import argparse
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

from hypertransport import loading
from hypertransport.errors import GeneratorError, ServerError
from hypertransport.parsing import CONCEPT, MODEL
from hypertransport.steer_arguments import PROMPT
from hypertransport.terminal import progress, warn
from hypertransport.text_cleaning import clean_prompt

if TYPE_CHECKING:  # all of these wait for torch, or for Pillow
    from collections.abc import Callable, Sequence

    from PIL import Image
    from tqdm import tqdm

    from hypertransport.concepts import Concept, Picture, Pictures, Words
    from hypertransport.drawing import Cell, Part
    from hypertransport.generators.base import Generator
    from hypertransport.hypernetwork import HyperTransport
    from hypertransport.interventions import Intervention
    from hypertransport.serving.client import Server

    Wanted = tuple[Concept | Intervention, float]

KEY = "HYPERTRANSPORT_API_KEY"  # in the environment, where other users do not see it
LOCAL = ("weights", "hypernetwork")  # options that no server takes


def steer(chosen: argparse.Namespace) -> None:
    """Check everything that is cheap to check, load, draw, write, and print what was written."""
    if not clean_prompt(chosen.prompt):
        raise GeneratorError(f"the prompt is empty; describe a picture, such as {PROMPT!r}")
    from hypertransport import strips

    path = strips.check_output(chosen.out)
    given = chosen.concepts or [("words", CONCEPT)]
    cells = [(chosen.seed + i, s) for i in range(chosen.number) for s in chosen.strengths]
    if chosen.server:
        _require_no_local_options(chosen, [kind for kind, _ in given])
    wanted = [_wanted(chosen, *one) for one in given]
    names = [_told(kind, *_parted(kind, text)) for kind, text in given]
    draw = _drawn_by_server if chosen.server else _drawn_here
    with progress("drawing", len(cells)) as bar:
        pictures = draw(chosen, wanted, cells, bar)
    if strips.is_folder(chosen.out):
        for picture, (seed, strength) in zip(pictures, cells, strict=True):
            print(strips.save(picture, path / f"seed-{seed}-strength-{strength:g}.png"))
    else:
        print(strips.save(_sheet(chosen, wanted, names, pictures), path))


def _wanted(chosen: argparse.Namespace, kind: str, text: str) -> "Wanted":
    from hypertransport.concepts import Words, names_picture, shown_at

    name, strength = _parted(kind, text)
    match kind:
        case "words":
            if names_picture(name):
                warn(
                    f"{name!r} is taken as words, though it is a file here; --image takes pictures"
                )
            return Words(name), strength
        case "picture":
            return shown_at(Path(name)), strength
    from hypertransport.interventions import Intervention

    return Intervention.load(name, generator=_id(chosen.model)), strength


def _parted(kind: str, text: str) -> tuple[str, float]:
    """A name and its strength; a file that is there may have an "=" in its name."""
    from hypertransport.concepts import parse_weighted

    return (text, 1.0) if kind != "words" and os.path.exists(text) else parse_weighted(text)


def _told(kind: str, name: str, strength: float) -> str:
    """What stands above the strip, where a picture that stands before it needs no name."""
    if kind == "picture" and strength == 1:
        return ""
    what = {"words": name, "picture": "reference", "intervention": Path(name).stem}[kind]
    return what if strength == 1 else f"{strength:g} {what}"


def _id(model: str) -> str:
    """By which a generator will know itself once it is loaded."""
    from hypertransport.generators import DESCRIBED, described

    if not model.endswith(DESCRIBED):
        return model
    return described.read(Path(model))[0].id or Path(model).stem


def _mask(chosen: argparse.Namespace) -> "Image.Image | None":
    from hypertransport.picture_files import load_picture

    return None if chosen.mask is None else load_picture(chosen.mask)


# --- by a server ----------------------------------------------------------------------------------


def _require_no_local_options(chosen: argparse.Namespace, kinds: "list[str]") -> None:
    """Raise ServerError for what only a generator in this process can do."""
    options = [f"--{name}" for name in LOCAL if getattr(chosen, name)]
    options += ["--intervention"] * ("intervention" in kinds)
    if options:
        raise ServerError(
            f"a server draws with what it has loaded; leave {' and '.join(options)} out, or "
            "--server"
        )


def _drawn_by_server(
    chosen: argparse.Namespace, wanted: "list[Wanted]", cells: "Sequence[Cell]", bar: "tqdm"
) -> "list[Image.Image]":
    """A row in each request: a server bounds how many pictures it draws in one."""
    from hypertransport.concepts import Picture, Pictures, Words
    from hypertransport.serving.client import Server

    # All of them: that there is no intervention has been required.
    sent = [(what, s) for what, s in wanted if isinstance(what, Words | Picture | Pictures)]
    server = Server(chosen.server, os.environ.get(KEY, ""))
    model = None if chosen.model == MODEL else chosen.model  # the usual one is whatever it serves
    mask, pictures = _mask(chosen), []
    _warn_as(server, sent, chosen)
    for seed in dict.fromkeys(seed for seed, _ in cells):
        pictures += server.draw(
            chosen.prompt, sent, seed, chosen.strengths, model, mask, chosen.calibrated
        )
        bar.update(len(chosen.strengths))
    return pictures


def _warn_as(
    server: "Server",
    sent: "list[tuple[Words | Picture | Pictures, float]]",
    chosen: argparse.Namespace,
) -> None:
    """Say what speaks against steering so, as far as the server foresees it."""
    from hypertransport.cautions import novel, too_strong

    for what, own in sent:
        known = server.foresee(what)
        gain = known["gain"] if chosen.calibrated else 1.0
        strongest = max(own * strength for strength in chosen.strengths) * (gain or 1.0)
        told = novel(what, known["novelty"] or 0.0)
        for caution in told + too_strong(what, strongest, known["limit"] or math.inf):
            warn(caution)


# --- in this process ------------------------------------------------------------------------------


def _drawn_here(
    chosen: argparse.Namespace, wanted: "list[Wanted]", cells: "Sequence[Cell]", bar: "tqdm"
) -> "list[Image.Image]":
    mask = _mask(chosen)
    bar.set_description(f"loading {chosen.model}")
    from hypertransport.drawing import draw

    generator, parts, turned = _load(chosen, wanted)
    cells = [(seed, turned(strength)) for seed, strength in cells]
    bar.set_description("drawing")
    return draw(generator, chosen.prompt, parts, cells, bar.update, mask)


def _load(
    chosen: argparse.Namespace, wanted: "Sequence[Wanted]"
) -> "tuple[Generator, list[Part], Callable[[float], float]]":
    """The generator, the intervention of each concept with its strength, and what a strength that
    was asked for is turned into."""
    from hypertransport.interventions import Intervention

    concepts = [(what, s) for what, s in wanted if not isinstance(what, Intervention)]
    if concepts:
        loading.require_hypernetwork(chosen)
    generator = loading.generator(chosen)
    hyper = loading.hypernetwork(chosen) if concepts else None
    rows = iter(_interventions(chosen, generator, hyper, concepts) if hyper else ())
    parts = [(what if isinstance(what, Intervention) else next(rows), s) for what, s in wanted]
    return generator, parts, hyper.dial if hyper and chosen.calibrated else float


def _interventions(
    chosen: argparse.Namespace,
    generator: "Generator",
    hyper: "HyperTransport",
    wanted: "list[tuple[Concept, float]]",
) -> "Intervention":
    """A row for each concept; what speaks against steering so goes to stderr."""
    from hypertransport.cautions import cautions

    for caution in cautions(
        hyper, generator, wanted, chosen.strengths, chosen.calibrated, chosen.prompt
    ):
        warn(caution)
    return hyper([concept for concept, _ in wanted], calibrated=chosen.calibrated)


# --- laid out -------------------------------------------------------------------------------------


def _sheet(
    chosen: argparse.Namespace,
    wanted: "Sequence[Wanted]",
    names: "Sequence[str]",
    pictures: "Sequence[Image.Image]",
) -> "Image.Image":
    """A row per seed, a column per strength, and before the first row the reference pictures."""
    from hypertransport import strips
    from hypertransport.concepts import images_of

    references = [image for concept, _ in wanted for image in images_of(concept)]
    width = len(chosen.strengths)
    rows = [list(pictures[i : i + width]) for i in range(0, len(pictures), width)]
    before = [references, *[[None] * len(references)] * (len(rows) - 1)]
    return strips.grid(
        [[*left, *row] for left, row in zip(before, rows, strict=True)],
        columns=["reference"] * len(references) + [f"strength {s:g}" for s in chosen.strengths],
        rows=[f"seed {chosen.seed + i}" for i in range(len(rows))] if len(rows) > 1 else (),
        title=" + ".join(filter(None, [chosen.prompt, *names])),
        side=min(max(strips.SIDE, *pictures[0].size), 512),
    )
