"""The command line: parse, call, print. Nothing heavy is imported before it is needed."""

import argparse
import os
import sys
import warnings
from collections.abc import Sequence

from hypertransport import loading
from hypertransport.arguments import build_parser
from hypertransport.batch.commands import generate_many
from hypertransport.errors import ConceptError, HyperTransportError
from hypertransport.evaluation.commands import (
    evaluate,
    judge,
    report,
    study_report,
    study_serve,
)
from hypertransport.extras import unusable
from hypertransport.fit_arguments import LOOKED_UP
from hypertransport.serving.commands import serve, studio
from hypertransport.standard_streams import StandardStream, standard_streams
from hypertransport.steer_command import steer
from hypertransport.terminal import print_table, progress, quiet, show_truncations


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 2 for an error of the user's, or 130 for Ctrl-C.

    A command always finishes its work: what it cannot print is told at the end, with a 2, and a
    reader that has left, such as `head`, is no error.
    """
    with standard_streams() as output:
        try:
            return _run(arguments) or _check_written(output)
        except SystemExit as exit:  # the parser's, after --help, --version and wrong arguments
            sys.exit(exit.code or _check_written(output))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        chosen = build_parser().parse_args(arguments)
        with warnings.catch_warnings():
            show_truncations()
            COMMANDS[chosen.command](chosen)
    except HyperTransportError as error:
        return _fail(str(error))
    except ImportError as error:
        return _fail(str(unusable(error)))
    except OSError as error:  # a full disk, a folder that may not be written
        return _fail(": ".join(filter(None, (error.strerror or str(error), error.filename))))
    except KeyboardInterrupt:
        print("hypertransport: stopped", file=sys.stderr)
        return 130
    return 0


def _check_written(output: StandardStream) -> int:
    """Return 0 if standard output took everything, or was left by its reader; else say why."""
    output.flush()
    failure = output.failure
    if failure is None or isinstance(failure, BrokenPipeError):
        return 0
    return _fail(
        f"standard output cannot be written ({failure.strerror}), so what this command prints is "
        "lost; the files that it writes are complete"
    )


def _fail(message: str) -> int:
    """Print an error as one line; return the exit code of an error of the user's."""
    print(f"hypertransport: {' '.join(message.split())}", file=sys.stderr)
    return 2


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
    from hypertransport.training.config import TrainConfig

    quiet()
    try:
        amortized.train(chosen.config, resume=chosen.resume)
    except KeyboardInterrupt:
        print("all finished steps are saved; go on with --resume", file=sys.stderr)
        raise
    if os.environ.get("RANK", "0") == "0":  # the first of those that `torchrun` started
        print(TrainConfig.load(chosen.config).out / amortized.MODEL)


def sites(chosen: argparse.Namespace) -> None:
    """Print where a generator can be steered."""
    with progress(f"loading {chosen.model}"):
        from hypertransport.sites import describe

        denoiser, found = loading.denoiser(chosen)
    print(describe(denoiser, found))


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
    "generate-many": generate_many,
    "studio": studio,
}


if __name__ == "__main__":
    sys.exit(main())
