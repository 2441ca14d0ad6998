"""The command line: parse, call, print. Nothing heavy is imported before it is needed."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hypertransport import loading
from hypertransport.arguments import CONCEPT, PROMPT, build_parser
from hypertransport.errors import ConceptError, GeneratorError, HyperTransportError
from hypertransport.evaluation.commands import (
    evaluate,
    judge,
    report,
    study_report,
    study_serve,
)
from hypertransport.fit_arguments import LOOKED_UP
from hypertransport.serving.commands import serve, studio
from hypertransport.terminal import print_table, progress, quiet

if TYPE_CHECKING:  # all of these wait for torch
    from PIL import Image

    from hypertransport.concepts import Concept
    from hypertransport.drawing import Part
    from hypertransport.generators.base import Generator
    from hypertransport.interventions import Intervention

    Wanted = tuple[Concept | Intervention, float]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 2 for an error of the user's, or 130 for Ctrl-C."""
    try:
        chosen = build_parser().parse_args(arguments)
        COMMANDS[chosen.command](chosen)
        sys.stdout.flush()
    except HyperTransportError as error:
        print(f"hypertransport: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def steer(chosen: argparse.Namespace) -> None:
    """Check everything that is cheap to check, load, draw, write, and print what was written."""
    if not chosen.prompt.strip():
        raise GeneratorError(f"the prompt is empty; describe a picture, such as {PROMPT!r}")
    from hypertransport import strips

    path = strips.check_output(chosen.out)
    wanted = [_wanted(chosen, *given) for given in chosen.concepts or [("words", CONCEPT)]]
    mask = _mask(chosen)
    cells = [(chosen.seed + i, s) for i in range(chosen.number) for s in chosen.strengths]
    with progress(f"loading {chosen.model}", len(cells)) as bar:
        from hypertransport.drawing import draw

        generator, parts = _load(chosen, wanted)
        bar.set_description("drawing")
        pictures = draw(generator, chosen.prompt, parts, cells, bar.update, mask)
    if strips.is_folder(chosen.out):
        for picture, (seed, strength) in zip(pictures, cells, strict=True):
            print(strips.save(picture, path / f"seed-{seed}-strength-{strength:g}.png"))
    else:
        print(strips.save(_sheet(chosen, wanted, pictures), path))


def fit(chosen: argparse.Namespace) -> None:
    """Fit one concept, write its intervention, and say on stderr how near it came."""
    looked_up = chosen.method in LOOKED_UP
    if looked_up:
        loading.require_hypernetwork(chosen)
    from hypertransport import fitting

    asked = fitting.request(chosen)
    with progress(f"loading {chosen.model}"):
        generator = loading.generator(chosen)
        hyper = loading.hypernetwork(chosen) if looked_up else None
    print(fitting.fit(asked, generator, hyper), file=sys.stderr)
    print(asked.path)


def train(chosen: argparse.Namespace) -> None:
    """Train a hypernetwork as a configuration file says."""
    from hypertransport.training import amortized

    quiet()
    amortized.train(chosen.config, resume=chosen.resume)


def sites(chosen: argparse.Namespace) -> None:
    """Print where a generator can be steered."""
    with progress(f"loading {chosen.model}"):
        from hypertransport.sites import describe

        generator = loading.generator(chosen)
    print(describe(generator.backbone, generator.sites))


def models(chosen: argparse.Namespace) -> None:
    """Print the named generators with their licences."""
    from hypertransport.generators import MODELS

    print_table(
        ("model", "licence", "what it is"),
        ((model.name, model.licence, model.description) for model in MODELS.values()),
    )


def concepts(chosen: argparse.Namespace) -> None:
    """Print the catalogue of a world, or the part that was asked for."""
    from hypertransport.catalogue import kinds, load

    entries = load(chosen.world)
    if chosen.kind not in (None, *(known := kinds(entries))):
        raise ConceptError(
            f"{chosen.world} has no kind {chosen.kind!r}; give one of {', '.join(known)}"
        )
    found = [
        (entry.kind, entry.split, entry.name, entry.phrase)
        for entry in entries
        if chosen.kind in (None, entry.kind)
        and chosen.split in (None, entry.split)
        and chosen.find.lower() in f"{entry.name} {entry.phrase}".lower()
    ]
    if found:
        print_table(("kind", "split", "name", "phrase"), found)
    else:
        print("no such concept in the catalogue; steer takes any words", file=sys.stderr)


COMMANDS = {
    "steer": steer,
    "fit": fit,
    "train": train,
    "sites": sites,
    "models": models,
    "concepts": concepts,
    "evaluate": evaluate,
    "report": report,
    "judge": judge,
    "study serve": study_serve,
    "study report": study_report,
    "serve": serve,
    "studio": studio,
}


def _wanted(chosen: argparse.Namespace, kind: str, text: str) -> "Wanted":
    from hypertransport.concepts import Picture, Words, load_picture, parse_weighted
    from hypertransport.interventions import Intervention
    from hypertransport.weights import canonical

    name, strength = parse_weighted(text)
    match kind:
        case "words":
            return Words(name), strength
        case "picture":
            return Picture(load_picture(name)), strength
    return Intervention.load(name, generator=canonical(chosen.model)), strength


def _mask(chosen: argparse.Namespace) -> "Image.Image | None":
    from hypertransport.concepts import load_picture

    return None if chosen.mask is None else load_picture(chosen.mask)


def _load(chosen: argparse.Namespace, wanted: "Sequence[Wanted]") -> "tuple[Generator, list[Part]]":
    """The generator, and the intervention of each concept with its strength."""
    from hypertransport.interventions import Intervention

    concepts = [(what, s) for what, s in wanted if not isinstance(what, Intervention)]
    if concepts:
        loading.require_hypernetwork(chosen)
    generator = loading.generator(chosen)
    rows = iter(_interventions(chosen, generator, concepts) if concepts else ())
    parts = [(what if isinstance(what, Intervention) else next(rows), s) for what, s in wanted]
    return generator, parts


def _interventions(
    chosen: argparse.Namespace, generator: "Generator", wanted: "list[tuple[Concept, float]]"
) -> "Intervention":
    """A row for each concept; what speaks against steering so goes to stderr."""
    from hypertransport.cautions import cautions

    hyper = loading.hypernetwork(chosen)
    for caution in cautions(hyper, generator, wanted, chosen.strengths, chosen.calibrated):
        print(f"hypertransport: warning: {caution}", file=sys.stderr)
    return hyper([concept for concept, _ in wanted], calibrated=chosen.calibrated)


def _sheet(
    chosen: argparse.Namespace,
    wanted: "Sequence[Wanted]",
    pictures: "Sequence[Image.Image]",
) -> "Image.Image":
    """A row per seed, a column per strength, and before the first row the reference pictures."""
    from hypertransport import strips
    from hypertransport.concepts import Picture, Words

    references = [concept.image for concept, _ in wanted if isinstance(concept, Picture)]
    words = [concept.text for concept, _ in wanted if isinstance(concept, Words)]
    width = len(chosen.strengths)
    rows = [list(pictures[i : i + width]) for i in range(0, len(pictures), width)]
    before = [references, *[[None] * len(references)] * (len(rows) - 1)]
    return strips.grid(
        [[*left, *row] for left, row in zip(before, rows, strict=True)],
        columns=["reference"] * len(references) + [f"strength {s:g}" for s in chosen.strengths],
        rows=[f"seed {chosen.seed + i}" for i in range(len(rows))] if len(rows) > 1 else (),
        title=" + ".join([chosen.prompt, *words]),
        side=min(max(strips.SIDE, *pictures[0].size), 512),
    )


if __name__ == "__main__":
    sys.exit(main())
