"""The command line: parse, call, print. Nothing heavy is imported before it is needed."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hypertransport.arguments import CONCEPT, PROMPT, build_parser
from hypertransport.errors import ConceptError, GeneratorError, HyperTransportError

if TYPE_CHECKING:  # all of these wait for torch
    from PIL import Image
    from tqdm import tqdm

    from hypertransport.concepts import Concept
    from hypertransport.drawing import Part
    from hypertransport.generators.base import Generator


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
    concepts = [_concept(*given) for given in chosen.concepts or [("words", CONCEPT)]]
    cells = [(chosen.seed + i, s) for i in range(chosen.number) for s in chosen.strengths]
    with _progress(f"loading {chosen.model}", len(cells)) as bar:
        from hypertransport.drawing import draw

        generator, parts = _load(chosen, concepts)
        bar.set_description("drawing")
        pictures = draw(generator, chosen.prompt, parts, cells, bar.update)
    if strips.is_folder(chosen.out):
        for picture, (seed, strength) in zip(pictures, cells, strict=True):
            print(strips.save(picture, path / f"seed-{seed}-strength-{strength:g}.png"))
    else:
        print(strips.save(_sheet(chosen, concepts, pictures), path))


def train(chosen: argparse.Namespace) -> None:
    """Train a hypernetwork as a configuration file says."""
    from hypertransport.training import amortized

    _quiet()
    amortized.train(chosen.config, resume=chosen.resume)


def sites(chosen: argparse.Namespace) -> None:
    """Print where a generator can be steered."""
    from hypertransport.generators import load_generator

    with _progress(f"loading {chosen.model}"):
        from hypertransport.sites import describe

        _quiet()
        generator = load_generator(chosen.model, weights=chosen.weights)
    print(describe(generator.backbone, generator.sites))


def models(chosen: argparse.Namespace) -> None:
    """Print the named generators with their licences."""
    from hypertransport.generators import MODELS

    _print_table(
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
        _print_table(("kind", "split", "name", "phrase"), found)
    else:
        print("no such concept in the catalogue; steer takes any words", file=sys.stderr)


def judge(chosen: argparse.Namespace) -> None:
    """Ask vision models what they have not answered yet, and print what all votes amount to."""
    with _extra("judge"):
        from hypertransport.evaluation import judge as judging
    from hypertransport.evaluation import pairs, report, votes

    path = chosen.votes or chosen.folder / "votes.jsonl"
    known, kept = pairs.read_pairs(chosen.folder), votes.resume(path)
    tasks = judging.open_tasks(known, chosen.models, kept)[: chosen.max_questions]
    bill = judging.Bill(chosen.price, chosen.max_cost)
    print(judging.plan(chosen.folder, tasks, bill), file=sys.stderr)
    if tasks and not chosen.dry_run:
        key = judging.key_from(os.environ, chosen.key_variable)
        endpoint = judging.Endpoint(chosen.base_url, key, chosen.parallel, timeout=chosen.timeout)
        with _progress("asking", len(tasks), "question") as bar:
            answered = judging.ask(chosen.folder, tasks, endpoint, path, bill, bar.update)
        spent = f" for about ${bill.spent:.2f}" if any(bill.price) else ""
        print(f"{answered} of {len(tasks)} answered{spent}", file=sys.stderr)
        print(path)
    print(report.text_by_rater(votes.complete(votes.resume(path))))


def study_serve(chosen: argparse.Namespace) -> None:
    """Serve the page of a study until Ctrl-C."""
    with _extra("study"):
        from hypertransport.evaluation import study
    from hypertransport.evaluation import pairs
    from hypertransport.evaluation.answers import Answers

    known = pairs.read_pairs(chosen.folder)
    answers = Answers.create(_database(chosen), known, chosen.questions, chosen.check_every)
    study.serve(study.application(chosen.folder, answers), chosen.host, chosen.port)


def study_report(chosen: argparse.Namespace) -> None:
    """Print what the answers of a study amount to."""
    from hypertransport.evaluation import records, report
    from hypertransport.evaluation.answers import Answers

    votes, left_out = Answers.open(_database(chosen)).votes(chosen.allowed_failures)
    if left_out:
        print(f"left out for failed attention checks: {left_out}", file=sys.stderr)
    if chosen.votes:
        records.write(chosen.votes, votes)
        print(chosen.votes)
    print(report.text(report.analyse(votes)))


COMMANDS = {
    "steer": steer,
    "train": train,
    "sites": sites,
    "models": models,
    "concepts": concepts,
    "judge": judge,
    "study serve": study_serve,
    "study report": study_report,
}


@contextmanager
def _extra(name: str) -> Iterator[None]:
    """Say how to install what an import in this block does not find."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise HyperTransportError(
            f"this takes {error.name}: pip install 'hypertransport[{name}]'"
        ) from error


def _database(chosen: argparse.Namespace) -> Path:
    return chosen.database or chosen.folder / "study.sqlite"


def _concept(kind: str, text: str) -> "tuple[Concept, float]":
    from hypertransport.concepts import Picture, Words, load_picture, parse_weighted

    name, strength = parse_weighted(text)
    return (Words(name) if kind == "words" else Picture(load_picture(name))), strength


def _load(
    chosen: argparse.Namespace, concepts: "Sequence[tuple[Concept, float]]"
) -> "tuple[Generator, list[Part]]":
    """The generator, and the intervention of each concept with its strength."""
    from hypertransport.generators import MODELS, load_generator
    from hypertransport.hypernetwork import HyperTransport
    from hypertransport.weights import bundled

    if (
        not (chosen.hypernetwork or bundled(chosen.model, "hypernetwork"))
        and chosen.model in MODELS
    ):
        raise GeneratorError(  # before gigabytes are fetched
            f"no hypernetwork ships for {chosen.model}; train one and give --hypernetwork FOLDER"
        )
    _quiet()
    generator = load_generator(chosen.model, weights=chosen.weights)
    hyper = HyperTransport.from_pretrained(chosen.hypernetwork or chosen.model)
    rows = hyper([concept for concept, _ in concepts])
    return generator, [(T, s) for T, (_, s) in zip(rows, concepts, strict=True)]


def _sheet(
    chosen: argparse.Namespace,
    concepts: "Sequence[tuple[Concept, float]]",
    pictures: "Sequence[Image.Image]",
) -> "Image.Image":
    """A row per seed, a column per strength, and before the first row the reference pictures."""
    from hypertransport import strips
    from hypertransport.concepts import Picture, Words

    references = [concept.image for concept, _ in concepts if isinstance(concept, Picture)]
    words = [concept.text for concept, _ in concepts if isinstance(concept, Words)]
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


def _progress(label: str, total: int = 1, unit: str = "picture") -> "tqdm":
    """A bar on a terminal, and nothing where no one looks."""
    from tqdm import tqdm

    return tqdm(total=total, desc=label, unit=unit, disable=None, leave=False)


def _quiet() -> None:
    """Keep the libraries' own bars and advice off the screen, but not those of downloads."""
    import diffusers.utils.logging
    import huggingface_hub.utils
    import transformers.utils.logging

    for library in (diffusers, transformers):
        library.utils.logging.set_verbosity_error()
        library.utils.logging.disable_progress_bar()
    huggingface_hub.utils.enable_progress_bars()


def _print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    lines = [header, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


if __name__ == "__main__":
    sys.exit(main())
