"""A concept as the user gives it: words, a reference picture, an embedding, a weighted mix."""

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PIL import Image

from hypertransport.errors import ConceptError, StrengthError
from hypertransport.image_conversion import MAX_PIXELS, to_rgb
from hypertransport.paths import user_path
from hypertransport.picture_files import SUFFIXES, each_within, load_picture, picture_paths
from hypertransport.text_cleaning import clean_text, is_unicode

if TYPE_CHECKING:  # who asks a server for pictures need not wait for torch
    from torch import Tensor

MAX_WORDS = 512  # characters
MAX_PICTURES = 64  # of one concept


@dataclass(frozen=True)
class Words:
    """A concept in words: 1 to 512 characters of Unicode once cleaned (`clean_text`), else
    ConceptError."""

    text: str

    def __post_init__(self):
        if not isinstance(self.text, str):
            raise ConceptError(f"a {type(self.text).__name__} is no text; name a concept in words")
        if not is_unicode(self.text):
            raise ConceptError("a concept holds half a character; write it as Unicode text")
        object.__setattr__(self, "text", clean_text(self.text))
        if not self.text:
            raise ConceptError("a concept in words cannot be empty; name it, such as 'mushroom'")
        if len(self.text) > MAX_WORDS:
            raise ConceptError(
                f"a concept in words has at most {MAX_WORDS} characters, this one has "
                f"{len(self.text)}; name it in a phrase, or mix several concepts"
            )

    def leaves(self) -> "Iterator[Leaf]":
        """Itself: what an encoder turns into one vector."""
        yield self


@dataclass(frozen=True, eq=False)
class Picture:
    """A reference picture: any PIL image, which is kept as its file would be read (`to_rgb`)."""

    image: Image.Image

    def __post_init__(self):
        object.__setattr__(self, "image", to_rgb(self.image, "the reference picture"))

    @property
    def images(self) -> tuple[Image.Image, ...]:
        """It alone, as `Pictures` has several."""
        return (self.image,)

    def leaves(self) -> "Iterator[Leaf]":
        """Itself: what an encoder turns into one vector."""
        yield self


@dataclass(frozen=True, eq=False)
class Pictures:
    """One concept in several reference pictures, 1 to 64, each of which tells more of it."""

    images: tuple[Image.Image, ...]

    def __post_init__(self):
        if not 0 < len(self.images) <= MAX_PICTURES:
            raise ConceptError(
                f"{len(self.images)} reference pictures of one concept; give 1 to {MAX_PICTURES}"
            )
        object.__setattr__(self, "images", tuple(Picture(image).image for image in self.images))

    def leaves(self) -> "Iterator[Leaf]":
        """Itself: what an encoder turns into one vector."""
        yield self


@dataclass(frozen=True, eq=False)
class Embedding:
    """A vector (dim,) of the encoder's own space; its length does not matter, but is not 0."""

    vector: "Tensor"

    def __post_init__(self):
        if self.vector.ndim != 1:
            raise ConceptError(f"an embedding is one vector, not shape {tuple(self.vector.shape)}")
        if not self.vector.isfinite().all() or not self.vector.any():
            raise ConceptError("an embedding must be finite and not zero; encode the concept again")

    def leaves(self) -> "Iterator[Leaf]":
        """Itself: what an encoder turns into one vector."""
        yield self


@dataclass(frozen=True, eq=False)
class Mix:
    """A weighted sum of concepts as unit vectors; negative weights lead away from a concept."""

    parts: "tuple[tuple[Concept, float], ...]"

    def __post_init__(self):
        if not self.parts:
            raise ConceptError("a mix needs at least one concept; give (concept, weight) pairs")
        if not all(math.isfinite(weight) for _, weight in self.parts):
            raise StrengthError("the weights of a mix must be finite numbers")

    def leaves(self) -> "Iterator[Leaf]":
        """The leaves of all parts, in order."""
        for concept, _ in self.parts:
            yield from concept.leaves()


Leaf: TypeAlias = Words | Picture | Pictures | Embedding
Concept: TypeAlias = Leaf | Mix


def as_concept(x: object) -> Concept:
    """Turn what a user writes into a concept.

    A str is words; a Path is a picture file, or a folder of some (`shown_at`); a PIL image, a 1-D
    tensor and a concept are taken as they are; a sequence of images is one concept that is shown
    several times; a mapping or a sequence of (concept, weight) pairs is a mix.

    Raises ConceptError.
    """
    from torch import Tensor

    match x:
        case Words() | Picture() | Pictures() | Embedding() | Mix():
            return x
        case str():
            return Words(x)
        case Path():
            return shown_at(x)
        case Image.Image():
            return Picture(x)
        case Tensor():
            return Embedding(x)
        case Mapping():
            return _as_mix(list(x.items()))
        case Sequence() if x and all(isinstance(one, Image.Image) for one in x):
            return Pictures(tuple(x))
        case Sequence():
            return _as_mix(x)
    raise ConceptError(
        f"a {type(x).__name__} is not a concept; give words, a picture, a Path to one, a vector, "
        "or (concept, weight) pairs"
    )


def images_of(concept: object) -> tuple[Image.Image, ...]:
    """The reference pictures that a concept is given by; none for any other."""
    return concept.images if isinstance(concept, Picture | Pictures) else ()


def shown_at(path: Path, max_pixels: int = MAX_PIXELS) -> Picture | Pictures:
    """The reference picture in a file, or all of those right in a folder, which are of one concept
    and have at most `max_pixels` together.

    Raises ConceptError where there is none, too many, or one that cannot be read or is too large.
    """
    path = user_path(path)
    if not os.path.isdir(path):
        return Picture(load_picture(path, max_pixels=max_pixels))
    paths = picture_paths(path)
    if len(paths) > MAX_PICTURES:
        raise ConceptError(f"{path} holds {len(paths)} pictures; give at most {MAX_PICTURES}")
    reads = (partial(_load_within, one) for one in paths)
    return Pictures(tuple(each_within(max_pixels, reads)))


def _load_within(path: Path, max_pixels: int) -> Image.Image:
    return load_picture(path, max_pixels=max_pixels)


def require_no_file_names(concepts: Sequence[object]) -> None:
    """Raise ConceptError for a str that names a picture here: as words it would mean nothing."""
    for concept in concepts:
        if isinstance(concept, str) and names_picture(concept):
            raise ConceptError(
                f"{concept!r} is a picture's file, but a str is words: give Path({concept!r})"
            )


def names_picture(text: str) -> bool:
    """Whether a text is the name of a picture's file that is there."""
    path = user_path(text)
    return path.suffix.lower() in SUFFIXES and os.path.isfile(path)


def _as_mix(pairs: Sequence) -> Mix:
    if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        raise ConceptError(
            "a mix is a sequence of (concept, weight) pairs; among several concepts, write each "
            "mix as its own mapping or sequence of pairs"
        )
    return Mix(tuple((as_concept(concept), _weight(weight)) for concept, weight in pairs))


def _weight(given: object) -> float:
    """A number of any library, or one as text, as forms and tables give it."""
    try:
        return float(given)  # pyright: ignore[reportArgumentType]
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        raise StrengthError(
            f"{given!a:.64} is no weight of a concept in a mix; give a number such as 0.8"
        ) from error


def parse_weighted(text: str) -> tuple[str, float]:
    """Split "mushroom=0.8" at its last "=" into ("mushroom", 0.8); without one the weight is 1.

    Raises StrengthError when what follows the "=" is not a finite number.
    """
    name, sign, number = text.rpartition("=")
    if not sign:
        return text, 1.0
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if not math.isfinite(weight):
        raise StrengthError(
            f"strength {number!r} in {text!r} is not a finite number; write {name}=0.8"
        )
    return name, weight
