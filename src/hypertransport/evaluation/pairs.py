"""What judges and people compare: a folder of pictures, and `pairs.jsonl`, a line per pair.

    {"concept": "mushroom", "prompt": "a bouquet", "seed": 7, "a": "hypertransport",
     "b": "prompting", "picture_a": "a/0001.png", "picture_b": "b/0001.png"}   (in one line)

Both pictures were drawn for the same prompt and seed, with the same concept added, by two methods.
`prompt` is the one without the concept; pictures are named from the folder, in which they lie.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from PIL import Image

from hypertransport.errors import ConceptError
from hypertransport.evaluation import records
from hypertransport.evaluation.records import RecordError
from hypertransport.picture_files import header_of, load_picture

FILE = "pairs.jsonl"
MAX_NAME = 1_000  # characters of the path of a picture
MAX_PIXELS = 2**23  # of a picture: two at a time are encoded anew while a person waits
MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}

Side: TypeAlias = Literal["A", "B"]
OTHER: dict[Side, Side] = {"A": "B", "B": "A"}


class Question(NamedTuple):
    """What a pair asks, whatever the order of its methods: `a < b`."""

    concept: str
    prompt: str
    seed: int
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures of one prompt and seed, by the methods `a` and `b`."""

    concept: str
    prompt: str
    seed: int
    a: str
    b: str
    picture_a: str
    picture_b: str

    @property
    def question(self) -> Question:
        """What is asked, the same for both orders of the methods."""
        return Question(self.concept, self.prompt, self.seed, *sorted((self.a, self.b)))

    @property
    def text(self) -> str:
        """The question as judges and people are asked it. It names no method."""
        return (
            f"Which picture shows “{self.concept}” better, and is still a picture of "
            f"“{self.prompt}”?"
        )

    def picture(self, side: Side) -> str:
        """The path, from the folder, of one side's picture."""
        return self.picture_a if side == "A" else self.picture_b


def read_pairs(folder: Path) -> list[Pair]:
    """All pairs of a folder, once every picture of theirs has been looked at.

    Raises RecordError for a folder without pairs, an odd line, a pair of one method with itself or
    given twice, and for a picture that is missing, outside the folder, damaged or of another kind.
    """
    path = folder / FILE
    if not path.is_file():
        raise RecordError(f"{folder} has no {FILE}; see docs/judging.md for how to make one")
    pairs = records.read(path, Pair)
    if not pairs:
        raise RecordError(f"{path} is empty; write a line per pair")
    seen: set[Question] = set()
    for number, pair in enumerate(pairs, 1):
        try:
            _check(pair, seen, folder)
        except RecordError as error:
            raise RecordError(f"{path}, line {number}: {error}") from error
    return pairs


def of_unequal_sizes(folder: Path, pairs: Iterable[Pair]) -> int:
    """Return how many pairs have two pictures of different width or height."""
    return sum(_size(folder / p.picture_a) != _size(folder / p.picture_b) for p in pairs)


def write_pairs(folder: Path, pairs: Iterable[Pair]) -> None:
    """Write `pairs.jsonl` beside its pictures."""
    records.write(folder / FILE, pairs)


def media_type(name: str) -> str:
    """The media type of a picture by its name: "image/png" of "a/0001.png"."""
    return MEDIA_TYPES[Path(name).suffix.lower()]


def _check(pair: Pair, seen: set[Question], folder: Path) -> None:
    if pair.a == pair.b:
        raise RecordError(f"{pair.a!r} is compared with itself; give two methods")
    if pair.question in seen:
        raise RecordError("the same pair was given above; delete one of the two lines")
    seen.add(pair.question)
    for name in (pair.picture_a, pair.picture_b):
        _check_picture(folder, name)


def _check_picture(folder: Path, name: str) -> None:
    if "\0" in name or len(name) > MAX_NAME:
        raise RecordError(f"{name!r:.100} is no name of a file; correct it")
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise RecordError(f"the picture {name} lies outside the folder; copy it into the folder")
    if path.suffix.lower() not in MEDIA_TYPES:
        raise RecordError(f"the picture {name} must end in one of {', '.join(MEDIA_TYPES)}")
    if not os.path.exists(path):  # the method of a path raises where its name is too long
        raise RecordError(f"there is no picture {name}; draw it, or delete the line")
    try:
        load_picture(path, max_pixels=MAX_PIXELS)
    except ConceptError as error:
        raise RecordError(f"the picture {name} is damaged ({error}); draw it again") from error
    kind = header_of(path).format
    if Image.MIME[kind] != media_type(name):
        raise RecordError(f"the picture {name} is {kind} inside; name it as what it is")


def _size(path: Path) -> tuple[int, int]:
    header = header_of(path)
    return header.width, header.height
