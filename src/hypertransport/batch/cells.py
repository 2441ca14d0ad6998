"""From lines to pictures: each a request, checked before anything is drawn, with a name of its own.

A picture's name is a digest of all that it depends on: prompt, seed, strengths, regions, the words
of its concepts and the *contents* of its files, and the weights that draw it. So a picture that is
there is the one that was asked for, and a line that has changed is another picture.
"""

import json
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from hypertransport.batch.lines import BatchError, Line, Steering
from hypertransport.concepts import Words, images_of, shown_at
from hypertransport.errors import HyperTransportError
from hypertransport.generators.base import Generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.interventions import Intervention
from hypertransport.json_files import JsonError, parse_json
from hypertransport.paths import user_path
from hypertransport.picture_files import pixels_of
from hypertransport.replacing import replacing
from hypertransport.serving.cache import checkpoint_of
from hypertransport.serving.requests import Part, Request, part
from hypertransport.weights import canonical

MAX_PICTURES = 100_000
MAX_PIXELS = 2**22  # of all reference pictures of a line: they wait in memory
REMEMBERED = 16  # files, while lines that name them follow one another


class Cell(NamedTuple):
    """One picture of a line, at one of its strengths, and the digest of what is asked for."""

    line: Line
    strength: float
    asked: str


class Weights(NamedTuple):
    """Digests of what draws: of the generator, and of the hypernetwork where there is one."""

    generator: str
    hypernetwork: str


@dataclass(frozen=True)
class Record:
    """A line of the manifest: a picture's file in the folder, and what it was drawn from."""

    picture: str
    line: int
    prompt: str
    seed: int
    strength: float
    steering: list[dict[str, Any]]


class References:
    """The concepts of the lines of the file `path`, for the model of name `model`.

    Other files are looked for from its folder; a few of them are remembered.
    """

    def __init__(self, path: Path, model: str):
        self._path, self._folder = path, path.parent
        self._generator = canonical(model)
        self._part = lru_cache(REMEMBERED)(self._load)

    def request(self, line: Line, strength: float) -> Request:
        """What an engine is asked for. Raises BatchError, with the line's number, for bad input."""
        try:
            parts = [self._of(steering) for steering in line.steering]
            _require_room(parts)
            steering = [one.times(strength) for one in parts]
            return Request(line.prompt, line.seed, steering)
        except HyperTransportError as error:
            raise BatchError(f"{self._path}, line {line.number}: {error}") from error

    def _of(self, steering: Steering) -> Part:
        loaded = self._part(steering.kind, steering.value).times(steering.strength)
        return loaded if steering.region is None else loaded.inside(steering.region)

    def _load(self, kind: str, value: str) -> Part:
        match kind:
            case "concept":
                return part(Words(value))
            case "image":
                return part(shown_at(self._folder / user_path(value), MAX_PIXELS))
        found = Intervention.load(self._folder / user_path(value), generator=self._generator)
        if found.rows is not None:
            raise BatchError(f"{value} has rows, one for each picture of a batch; save one of them")
        return part(found)


def plan(
    lines: Sequence[Line], references: References, advance: Callable[[], object] = lambda: None
) -> list[Cell]:
    """All pictures, line by line; every file that they name has been read, and found good.

    `advance` is called after each line. Raises BatchError for the first line that cannot be drawn.
    """
    if (count := sum(len(line.strengths) for line in lines)) > MAX_PICTURES:
        raise BatchError(f"{count:,} pictures are more than {MAX_PICTURES:,}; split the file")
    return list(_cells(lines, references, advance))


def needs_hypernetwork(lines: Sequence[Line]) -> bool:
    """Whether any concept is given by words or by a picture."""
    return any(part.kind != "intervention" for line in lines for part in line.steering)


def asked(request: Request) -> str:
    """A digest of what a request says, files by what they hold."""
    parts = [(one.key, one.strength, one.area) for one in request.parts]
    return _digest(request.prompt, request.seed, *parts)


def drawn_by(generator: Generator, hyper: HyperTransport | None) -> Weights:
    """Digests of the weights that draw; they may take seconds for gigabytes."""
    checkpoint = "" if hyper is None else checkpoint_of(hyper)
    return Weights(_digest(generator.id, generator.revision), checkpoint)


def name_of(cell: Cell, weights: Weights) -> str:
    """The file of a picture in its folder."""
    hyper = weights.hypernetwork if needs_hypernetwork([cell.line]) else ""
    return f"{_digest(cell.asked, weights.generator, hyper)[:24]}.png"


def begun(path: Path, planned: Sequence[str], missing: Sequence[str]) -> list[str]:
    """The pictures that a run over `planned` has to draw: `missing` ones, or, where an earlier run
    over the same was stopped, those that were missing when that began.

    The file `path` remembers them. They say what shares a batch, on which the last bits depend.
    """
    run = _digest(*planned)
    with suppress(OSError, JsonError, TypeError, LookupError):  # there is none, or no such file
        kept = parse_json(path.read_bytes())
        if kept["run"] == run and {*missing} <= {*kept["missing"]} <= {*planned}:
            return kept["missing"]
    with replacing(path) as partial:
        told = json.dumps({"run": run, "missing": [*missing]})
        partial.write_text(told, encoding="utf-8")
    return [*missing]


def record_of(cell: Cell, weights: Weights) -> Record:
    """What the manifest says of a picture."""
    line = cell.line
    steering = [_told(one) for one in line.steering]
    return Record(
        name_of(cell, weights), line.number, line.prompt, line.seed, cell.strength, steering
    )


def _cells(
    lines: Sequence[Line], references: References, advance: Callable[[], object]
) -> Iterator[Cell]:
    for line in lines:
        for strength in line.strengths:
            yield Cell(line, strength, asked(references.request(line, strength)))
        advance()


def _told(steering: Steering) -> dict[str, Any]:
    """As a line of the file would have it."""
    told = {steering.kind: steering.value, "strength": steering.strength}
    return told if steering.region is None else {**told, "region": [*steering.region]}


def _require_room(parts: Sequence[Part]) -> None:
    pictures = [image for one in parts for image in images_of(one.concept)]
    if (pixels := sum(map(pixels_of, pictures))) > MAX_PIXELS:
        raise BatchError(
            f"the reference pictures have {pixels:,} pixels together, more than {MAX_PIXELS:,}; "
            "scale them down"
        )


def _digest(*values: Hashable) -> str:
    """Of plain values, whose `repr` tells all that there is."""
    return sha256(repr(values).encode()).hexdigest()
