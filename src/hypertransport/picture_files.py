"""Picture files as a user has them: read whole or refused, bounded in bytes and pixels."""

import os
import struct
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from hypertransport.errors import ConceptError

MAX_BYTES = 16 * 2**20
MAX_PIXELS = 40_000_000
# An explicit list: Pillow also tries formats that start other programs (EPS) or are rarely tested.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)
BROKEN_EXIF = (TypeError, AttributeError)


def load_picture(
    path: str | Path, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """Read a picture file as RGB: upright by its EXIF note, on white where it is transparent.

    Raises ConceptError when the file is missing, too large, truncated or no picture. The size is
    checked before any pixel is decoded, so a decompression bomb costs nothing.
    """
    return decode_picture(_read(Path(path), max_bytes), path, max_pixels)


def picture_paths(folder: Path) -> list[Path]:
    """The picture files right in a folder, by their names.

    Raises ConceptError where there is none, or it cannot be read.
    """
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    except OSError as error:
        raise ConceptError(f"{folder} cannot be read ({error.strerror}); check it") from error
    if not found:
        raise ConceptError(f"there is no picture in {folder}; put {', '.join(FORMATS)} files there")
    return found


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
            return flatten(ImageOps.exif_transpose(image))
        except Image.DecompressionBombError as error:
            raise ConceptError(f"{name}: too many pixels to be read; scale it down") from error
        except ConceptError:
            raise
        except (*BROKEN, *BROKEN_EXIF) as error:
            raise ConceptError(
                f"{name} is not a picture or is broken; give a whole {', '.join(FORMATS)} file"
            ) from error


def each_within(
    max_pixels: int, reads: Iterable[Callable[[int], Image.Image]]
) -> Iterator[Image.Image]:
    """Pictures that are read one after the other, with at most so many pixels together: each is
    told how many are left. Raises what reading raises."""
    for read in reads:
        picture = read(max_pixels)
        max_pixels -= pixels_of(picture)
        yield picture


def pixels_of(image: Image.Image) -> int:
    """How many there are."""
    return image.width * image.height


def flatten(image: Image.Image) -> Image.Image:
    """RGB, with transparent parts on white, as an encoder trained on opaque pictures expects."""
    image = in_8_bits(image)
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def in_8_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits, as depth maps and masks have it, scaled to 8: Pillow would cut it off."""
    if not image.mode.startswith("I;16"):
        return image
    return image.convert("I").point(lambda v: v * (1 / 257) + 0.5).convert("L")


def _read(path: Path, max_bytes: int) -> bytes:
    if not os.path.isfile(path):  # the method of a path raises where its name is too long
        raise ConceptError(f"there is no picture at {path!s:.200}; check the path")
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise ConceptError(f"{path} cannot be read ({error.strerror}); check its rights") from error
    if len(data) > max_bytes:
        raise ConceptError(f"{path} is larger than {max_bytes:,} bytes; scale the picture down")
    return data


def _check_pixels(name: str | Path, image: Image.Image, max_pixels: int) -> None:
    if pixels_of(image) > max_pixels:
        raise ConceptError(
            f"{name} has {image.width} x {image.height} pixels, more than {max_pixels:,}; "
            "scale it down"
        )
