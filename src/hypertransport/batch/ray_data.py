"""The same drawing by many actors of Ray Data, which share the folder. Needs the extra `ray`.

Each actor has a model of its own, draws through the same `Drawer`, and leaves out what lies in the
folder already: so what a killed actor or a killed run has drawn is not drawn again.
"""

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy
import ray  # pyright: ignore[reportMissingImports] not among what development takes
import ray.data  # pyright: ignore[reportMissingImports]
from ray.exceptions import RayTaskError  # pyright: ignore[reportMissingImports]

from hypertransport.batch.cells import Cell, Record, needs_hypernetwork, record_of
from hypertransport.batch.commands import drawer
from hypertransport.errors import HyperTransportError

AT_ONCE = 4  # batches that an actor is given: few enough to share a small file out
MAX_BLOCKS = 10_000


class Done(NamedTuple):
    """A picture that lies in the folder: its place in the plan, and whether it was drawn now."""

    place: int
    record: Record
    drawn: bool


class Artist:
    """An actor: one model, and the plan of the whole run."""

    def __init__(self, chosen: argparse.Namespace, planned: Sequence[Cell]):
        self._planned, self._open = planned, ExitStack()
        hypernetwork = needs_hypernetwork([cell.line for cell in planned])
        self._drawer = self._open.enter_context(drawer(chosen, hypernetwork))

    def __call__(self, given: dict[str, numpy.ndarray]) -> dict[str, Any]:
        """Draw the cells at the places in `id`, unless they lie in the folder."""
        cells = [self._planned[place] for place in given["id"]]
        drawn = {record.picture for record in self._drawer.draw(self._drawer.missing(cells))}
        records = [record_of(cell, self._drawer.weights) for cell in cells]
        return {
            "place": given["id"],
            "record": [json.dumps(asdict(record)) for record in records],
            "drawn": [record.picture in drawn for record in records],
        }


def draw(chosen: argparse.Namespace, planned: Sequence[Cell]) -> Iterator[Done]:
    """Draw all cells with `chosen.actors` actors, each on a GPU where the cluster has any.

    What comes, comes as it is done, in any order. Raises what an actor has raised. The file, what
    it names, and the folder must be found at the same paths on all machines.
    """
    if not ray.is_initialized():
        ray.init(log_to_driver=False, logging_level="WARNING")
    ray.data.DataContext.get_current().enable_progress_bars = False
    at_once = AT_ONCE * chosen.max_batch
    blocks = min(math.ceil(len(planned) / at_once), MAX_BLOCKS)
    # Not `range`: its tasks would wait for a CPU, and the actors may have taken them all.
    places = [{"id": place} for place in range(len(planned))]
    done = ray.data.from_items(places, override_num_blocks=blocks).map_batches(
        Artist,
        fn_constructor_args=(_absolute(chosen), planned),
        batch_size=at_once,
        compute=ray.data.ActorPoolStrategy(size=chosen.actors),
        num_gpus=1 if ray.cluster_resources().get("GPU") else 0,
    )
    try:
        for row in done.iter_rows():
            yield Done(row["place"], Record(**json.loads(row["record"])), row["drawn"])
    except RayTaskError as error:
        if isinstance(error.cause, HyperTransportError):
            raise error.cause from error
        raise


def _absolute(chosen: argparse.Namespace) -> argparse.Namespace:
    """The same for a process in another folder."""
    paths = {"file": chosen.file.absolute(), "out": chosen.out.absolute()}
    return argparse.Namespace(**{**vars(chosen), **paths})
