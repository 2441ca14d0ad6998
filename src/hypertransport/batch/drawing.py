"""Draw cells through an engine into a folder, each picture written whole, and none twice."""

import argparse
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
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
from hypertransport.errors import HyperTransportError
from hypertransport.evaluation import records
from hypertransport.generators.base import Generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.serving.engine import Engine, EngineSettings
from hypertransport.serving.requests import Request
from hypertransport.strips import check_folder, save, writing
from hypertransport.terminal import progress
from hypertransport.truncation import report

MANIFEST = "manifest.jsonl"
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
        settings = EngineSettings(max_batch, max_queue=AHEAD * max_batch)
        self._references, self._folder = references, folder
        self.weights = drawn_by(generator, hyper)
        self._engine = Engine(generator, hyper, settings)

    def __enter__(self) -> "Drawer":
        return self

    def __exit__(self, *exception: object) -> None:
        self._engine.close()

    def missing(self, cells: Iterable[Cell]) -> list[Cell]:
        """Those whose pictures are not in the folder, each picture once."""
        named = {name_of(cell, self.weights): cell for cell in cells}
        return [cell for name, cell in named.items() if not (self._folder / name).exists()]

    def draw(self, cells: Sequence[Cell]) -> Iterator[Record]:
        """Draw all of them, in order; a picture lies in the folder when its record is yielded.

        Raises BatchError where a file has changed since it was checked or where one of the concepts
        cannot steer this generator, and OutputError where a picture cannot be written.
        """
        waiting: deque[tuple[Cell, Future[Image.Image]]] = deque()
        most = AHEAD * self._engine.settings.max_batch
        try:
            for cell in cells:
                if len(waiting) == most:
                    yield self._saved(*waiting.popleft())
                waiting.append((cell, self._engine.submit(self._request(cell))))
            while waiting:
                yield self._saved(*waiting.popleft())
        finally:
            for _, future in waiting:
                future.cancel()

    def _request(self, cell: Cell) -> Request:
        request = self._references.request(cell.line, cell.strength)
        if asked(request) != cell.asked:
            raise BatchError(
                f"line {cell.line.number}: one of its files has changed since the start; run again"
            )
        report(self._engine.truncations([request]))
        return request

    def _saved(self, cell: Cell, future: Future[Image.Image]) -> Record:
        try:
            picture = future.result()
        except HyperTransportError as error:
            raise BatchError(f"line {cell.line.number}: {error}") from error
        record = record_of(cell, self.weights)
        save(picture, self._folder / record.picture)
        return record


class Manifest:
    """`manifest.jsonl` of a folder: a line for each picture that lies in it and is asked for.

    While pictures are drawn it grows; `finish` puts it in the order of the file. A run that was
    killed leaves what it has drawn, and the next one begins with that.
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
