"""A concept as the user gives it: words, a reference picture, an embedding, a weighted mix."""

import math
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PIL import Image, ImageOps

from hypertransport.errors import ConceptError, StrengthError

if TYPE_CHECKING:  # who asks a server for pictures need not wait for torch
    from torch import Tensor

MAX_WORDS = 512  # characters
MAX_BYTES = 16 * 2**20
MAX_PIXELS = 40_000_000
# An explicit list: Pillow also tries formats that start other programs (EPS) or are rarely tested.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)


@dataclass(frozen=True)
class Words:
    """A concept in words: 1 to 512 characters of Unicode once stripped, else ConceptError."""

    text: str

    def __post_init__(self):
        object.__setattr__(self, "text", self.text.strip())
        if not self.text:
            raise ConceptError("a concept in words cannot be empty; name it, such as 'mushroom'")
        if len(self.text) > MAX_WORDS:
            raise ConceptError(
                f"a concept in words has at most {MAX_WORDS} characters, this one has "
                f"{len(self.text)}; name it in a phrase, or mix several concepts"
            )
        if not is_unicode(self.text):
            raise ConceptError("a concept holds half a character; write it as Unicode text")

    def leaves(self) -> "Iterator[Leaf]":
        """Itself: what an encoder turns into one vector."""
        yield self


@dataclass(frozen=True, eq=False)
class Picture:
    """A reference picture; see `load_picture` for how a file becomes one."""

    image: Image.Image

    def __post_init__(self):
        if 0 in self.image.size:
            raise ConceptError("a reference picture needs at least one pixel; give another one")
        object.__setattr__(self, "image", _flatten(self.image))

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


Leaf: TypeAlias = Words | Picture | Embedding
Concept: TypeAlias = Leaf | Mix


def as_concept(x: object) -> Concept:
    """Turn what a user writes into a concept.

    A str is words; a Path is a picture file; a PIL image, a 1-D tensor and a concept are taken as
    they are; a mapping or a sequence of (concept, weight) pairs is a mix. Raises ConceptError.
    """
    from torch import Tensor

    match x:
        case Words() | Picture() | Embedding() | Mix():
            return x
        case str():
            return Words(x)
        case Path():
            return Picture(load_picture(x))
        case Image.Image():
            return Picture(x)
        case Tensor():
            return Embedding(x)
        case Mapping():
            return _as_mix(list(x.items()))
        case Sequence():
            return _as_mix(x)
    raise ConceptError(
        f"a {type(x).__name__} is not a concept; give words, a picture, a Path to one, a vector, "
        "or (concept, weight) pairs"
    )


def _as_mix(pairs: Sequence) -> Mix:
    if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        raise ConceptError(
            "a mix is a sequence of (concept, weight) pairs; among several concepts, write each "
            "mix as its own mapping or sequence of pairs"
        )
    return Mix(tuple((as_concept(concept), float(weight)) for concept, weight in pairs))


def is_unicode(text: str) -> bool:
    """Whether it can be written as UTF-8; half of a surrogate pair cannot, nor be tokenized."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


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


def load_picture(
    path: str | Path, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """Read a picture file as RGB: upright by its EXIF note, on white where it is transparent.

    Raises ConceptError when the file is missing, too large, truncated or no picture. The size is
    checked before any pixel is decoded, so a decompression bomb costs nothing.
    """
    return decode_picture(_read(Path(path), max_bytes), path, max_pixels)


def decode_picture(
    data: bytes, name: str | Path = "the picture", max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """The picture in the bytes of a file, as `load_picture` reads it; errors call it `name`."""
    with warnings.catch_warnings():
        # What Pillow warns about (size, odd metadata) is refused just below, or does no harm.
        warnings.simplefilter("ignore")
        try:
            image = Image.open(BytesIO(data), formats=FORMATS)
            _check_pixels(name, image, max_pixels)
            return _flatten(ImageOps.exif_transpose(image))
        except Image.DecompressionBombError as error:
            raise ConceptError(f"{name}: too many pixels to be read; scale it down") from error
        except ConceptError:
            raise
        except BROKEN as error:
            raise ConceptError(
                f"{name} is not a picture or is broken; give a whole {', '.join(FORMATS)} file"
            ) from error


def _read(path: Path, max_bytes: int) -> bytes:
    if not path.is_file():
        raise ConceptError(f"there is no picture at {path}; check the path")
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise ConceptError(f"{path} cannot be read ({error.strerror}); check its rights") from error
    if len(data) > max_bytes:
        raise ConceptError(f"{path} is larger than {max_bytes:,} bytes; scale the picture down")
    return data


def _check_pixels(name: str | Path, image: Image.Image, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise ConceptError(
            f"{name} has {image.width} x {image.height} pixels, more than {max_pixels:,}; "
            "scale it down"
        )


def _flatten(image: Image.Image) -> Image.Image:
    """RGB, with transparent parts on white, as an encoder trained on opaque pictures expects."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")
