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
from functools import cached_property
from typing import Any, NamedTuple

import numpy
import ray  # pyright: ignore[reportMissingImports] not among what development takes
import ray.data  # pyright: ignore[reportMissingImports]

from hypertransport.batch.cells import Cell, Record, needs_hypernetwork, record_of
from hypertransport.batch.drawing import Drawer, loaded_drawer
from hypertransport.batch.lines import BatchError
from hypertransport.errors import HyperTransportError

AT_ONCE = 4  # batches that an actor is given: few enough to share a small file out
MAX_BLOCKS = 10_000


class Done(NamedTuple):
    """A picture that lies in the folder: its place in the plan, and whether it was drawn now."""

    place: int
    record: Record
    drawn: bool


class Artist:
    """An actor: one model, loaded when first needed, and the plan of the whole run."""

    def __init__(self, chosen: argparse.Namespace, planned: Sequence[Cell]):
        self._chosen, self._planned, self._open = chosen, planned, ExitStack()

    def __call__(self, given: dict[str, numpy.ndarray]) -> dict[str, Any]:
        """Draw the cells at the places in `id`, unless they lie in the folder.

        Errors of the user's come back as a row: of those that are raised Ray keeps only the text.
        """
        try:
            rows = self._rows(given["id"].tolist())
        except HyperTransportError as error:
            rows = [(0, "", False, str(error))]
        columns = map(list, zip(*rows, strict=True))
        return dict(zip(("place", "record", "drawn", "error"), columns, strict=True))

    def _rows(self, places: Sequence[int]) -> list[tuple[int, str, bool, str]]:
        cells = [self._planned[place] for place in places]
        drawn = {record.picture for record in self._drawer.draw(self._drawer.missing(cells))}
        records = [record_of(cell, self._drawer.weights) for cell in cells]
        told = [(json.dumps(asdict(record)), record.picture in drawn, "") for record in records]
        return [(place, *one) for place, one in zip(places, told, strict=True)]

    @cached_property
    def _drawer(self) -> Drawer:
        hypernetwork = needs_hypernetwork([cell.line for cell in self._planned])
        return self._open.enter_context(loaded_drawer(self._chosen, hypernetwork))


def draw(chosen: argparse.Namespace, planned: Sequence[Cell]) -> Iterator[Done]:
    """Draw all cells with `chosen.actors` actors, each on a GPU where the cluster has any.

    What comes, comes as it is done, in any order. Raises BatchError for what no actor can draw. The
    file, what it names, and the folder must be found at the same paths on all machines.
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
    for row in done.iter_rows():
        if row["error"]:
            raise BatchError(row["error"])
        yield Done(row["place"], Record(**json.loads(row["record"])), row["drawn"])


def _absolute(chosen: argparse.Namespace) -> argparse.Namespace:
    """The same for a process in another folder."""
    paths = {"file": chosen.file.absolute(), "out": chosen.out.absolute()}
    return argparse.Namespace(**{**vars(chosen), **paths})
