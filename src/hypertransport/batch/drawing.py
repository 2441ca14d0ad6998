"""Draw cells through an engine into a folder, each picture written whole, and none twice."""

import argparse
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from PIL import Image

from hypertransport import loading
from hypertransport.batch.cells import (
    Cell,
    Record,
    References,
    asked,
    drawn_by,
    name_of,
    record_of,
)
from hypertransport.batch.lines import BatchError
from hypertransport.errors import ConceptError, HyperTransportError
from hypertransport.evaluation import records
from hypertransport.generators.base import Generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.picture_files import load_picture
from hypertransport.serving.engine import Engine, EngineSettings
from hypertransport.serving.requests import Request
from hypertransport.strips import check_folder, save, writing
from hypertransport.terminal import progress
from hypertransport.truncation import report

MANIFEST = "manifest.jsonl"
BEGUN = ".begun.json"  # what a run that has not ended has to draw
AHEAD = 2  # batches: the next one waits while one is drawn


@contextmanager
def loaded_drawer(chosen: argparse.Namespace, hypernetwork: bool) -> "Iterator[Drawer]":
    """The model of a command, loaded to draw, with its hypernetwork if that is needed."""
    if hypernetwork:
        generator, hyper = loading.steered(chosen)
    else:
        with progress(f"loading {chosen.model}"):
            generator, hyper = loading.generator(chosen), None
    references = References(chosen.file, chosen.model)
    with Drawer(generator, hyper, references, chosen.out, chosen.max_batch) as drawer:
        yield drawer


class Drawer:
    """Owns a generator, as an `Engine` does, and draws into `folder`, `max_batch` at once.

    Use it as a block. Raises ConfigError for an impossible batch, and OutputError where the folder
    cannot be written.
    """

    def __init__(
        self,
        generator: Generator,
        hyper: HyperTransport | None,
        references: References,
        folder: Path,
        max_batch: int = 8,
    ):
        check_folder(folder)
        settings = EngineSettings(max_batch, max_queue=AHEAD * max_batch, reproducible=True)
        self._references, self._folder = references, folder
        self.weights = drawn_by(generator, hyper)
        self._engine = Engine(generator, hyper, settings)

    def __enter__(self) -> "Drawer":
        return self

    def __exit__(self, *exception: object) -> None:
        self._engine.close()

    def missing(self, cells: Iterable[Cell]) -> list[Cell]:
        """Those whose pictures are not whole in the folder, each picture once."""
        named = {name_of(cell, self.weights): cell for cell in cells}
        return [cell for name, cell in named.items() if not is_whole(self._folder / name)]

    def draw(
        self, cells: Sequence[Cell], missing: Sequence[Cell] | None = None
    ) -> Iterator[Record]:
        """Draw the `missing` ones of `cells` (default: all); others only as far as they share a
        batch with them. A picture lies in the folder when its record is yielded.

        The order of `cells` says what shares a batch, so that the same `cells` give the same
        pictures, bit for bit, however often they are stopped. Raises BatchError where a file has
        changed since it was checked or where one of the concepts cannot steer this generator, and
        OutputError where a picture cannot be written.
        """
        wanted = {name_of(cell, self.weights) for cell in (cells if missing is None else missing)}
        waiting: deque[list[tuple[Cell, Future[Image.Image]]]] = deque()
        try:
            for batch in self._batches(cells, wanted):
                if len(waiting) == AHEAD:
                    yield from self._saved(waiting.popleft(), wanted)
                futures = self._engine.submit_all([self._request(cell) for cell in batch])
                waiting.append([*zip(batch, futures, strict=True)])
            while waiting:
                yield from self._saved(waiting.popleft(), wanted)
        finally:
            for _, future in chain.from_iterable(waiting):
                future.cancel()

    def _batches(self, cells: Sequence[Cell], wanted: Collection[str]) -> Iterator[Sequence[Cell]]:
        """What is drawn at once, as far as any of it is wanted."""
        size = self._engine.settings.max_batch
        for start in range(0, len(cells), size):
            batch = cells[start : start + size]
            if any(name_of(cell, self.weights) in wanted for cell in batch):
                yield batch

    def _request(self, cell: Cell) -> Request:
        request = self._references.request(cell.line, cell.strength)
        if asked(request) != cell.asked:
            raise BatchError(
                f"line {cell.line.number}: one of its files has changed since the start; run again"
            )
        report(self._engine.truncations([request]))
        return request

    def _saved(
        self, batch: Sequence[tuple[Cell, Future[Image.Image]]], wanted: Collection[str]
    ) -> Iterator[Record]:
        for cell, future in batch:
            try:
                picture = future.result()
            except HyperTransportError as error:
                raise BatchError(f"line {cell.line.number}: {error}") from error
            record = record_of(cell, self.weights)
            if record.picture in wanted:
                save(picture, self._folder / record.picture)
                yield record


def is_whole(path: Path) -> bool:
    """Whether a picture lies there that can be read to its end."""
    try:
        load_picture(path)
    except ConceptError:
        return False  # missing, empty, cut off or damaged
    return True


class Manifest:
    """`manifest.jsonl` of a folder: a line for each picture that lies in it and is asked for.

    While pictures are drawn it grows; `finish` puts it in the order of the file. A run that was
    killed leaves what it has drawn, and the next one begins with that. One process at a time has a
    folder's manifest: hold `one_writer` of its `path`.
    """

    def __init__(self, folder: Path, there: Iterable[Record]):
        self.path = folder / MANIFEST
        with writing(self.path):
            records.write(self.path, there)

    def add(self, record: Record) -> None:
        """A picture has been drawn."""
        with writing(self.path):
            records.append(self.path, record)

    def finish(self, all: Iterable[Record]) -> None:
        """Write it whole, in order."""
        with writing(self.path):
            records.write(self.path, all)
