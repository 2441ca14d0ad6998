"""Picture files as a user has them: read whole or refused, bounded in bytes and pixels."""

import os
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from hypertransport.errors import ConceptError
from hypertransport.image_conversion import MAX_PIXELS, check_size, reading, to_rgb
from hypertransport.paths import user_path
from hypertransport.png_metadata import separate_profile

MAX_BYTES = 16 * 2**20
# An explicit list: Pillow also tries formats that start other programs (EPS) or are rarely tested.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".apng", ".jpe", ".jfif", ".jif")
SUFFIXES += (".jfi", ".pjpeg", ".pjp", ".dib")
# Pictures that are not read, and that a folder would otherwise lose without a word.
OTHER_SUFFIXES = (".avif", ".heic", ".heif", ".ico", ".jp2", ".jxl", ".pcx", ".ppm", ".psd", ".qoi")
OTHER_SUFFIXES += (".raw", ".svg", ".tga", ".tif", ".tiff", ".dng", ".eps", ".pgm", ".exr", ".hdr")
MAX_SCANS = 100  # of a JPEG: a progressive one has some 10, and each takes time for all pixels
SCAN = b"\xff\xda"


def load_picture(
    path: str | Path, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """Read a picture file as upright sRGB of mode RGB, on white where it is transparent.

    See `image_conversion` for the steps; of an animation it is the first frame. Raises ConceptError
    when the file is missing, too large, truncated or no picture. The size is checked before any
    pixel is decoded, so a decompression bomb costs nothing.
    """
    path = user_path(path)
    return decode_picture(_read(path, max_bytes), path, max_pixels)


def picture_paths(folder: Path) -> list[Path]:
    """The picture files right in a folder, by their names; hidden files are none of them.

    Raises ConceptError where there is none, where one is of a format that is not read, or where the
    folder cannot be read.
    """
    folder = user_path(folder)
    try:
        files = sorted(path for path in folder.iterdir() if not _is_aside(path))
    except OSError as error:
        raise ConceptError(f"{folder} cannot be read ({error.strerror}); check it") from error
    if other := [path for path in files if path.suffix.lower() in OTHER_SUFFIXES]:
        raise ConceptError(
            f"{other[0]} is of a format that is not read; convert it to one of "
            f"{', '.join(FORMATS)}, or take it out of the folder"
        )
    found = [path for path in files if path.suffix.lower() in SUFFIXES]
    if not found:
        raise ConceptError(f"there is no picture in {folder}; put {', '.join(FORMATS)} files there")
    return found


def decode_picture(
    data: bytes, name: str | Path = "the picture", max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """The picture in the bytes of a file, as `load_picture` reads it; errors call it `name`."""
    if data.count(SCAN) > MAX_SCANS and data.startswith(b"\xff\xd8"):
        raise ConceptError(f"{name} is a JPEG of more than {MAX_SCANS} scans; save it again")
    data, profile = separate_profile(data)
    with reading(name):
        image = Image.open(BytesIO(data), formats=FORMATS)
        check_size(image, name, max_pixels)
        if profile is not None:
            image.info["icc_profile"] = profile
        return to_rgb(image, name, max_pixels)


class PictureHeader(NamedTuple):
    """What a file says before its pixels; `format` is one of `FORMATS`."""

    format: str
    width: int
    height: int


def header_of(path: str | Path, max_bytes: int = MAX_BYTES) -> PictureHeader:
    """Return what a picture file says of itself, without reading pixels. Raises ConceptError."""
    path = user_path(path)
    data, _ = separate_profile(_read(path, max_bytes))
    with reading(path):
        image = Image.open(BytesIO(data), formats=FORMATS)
        return PictureHeader(image.format or "", *image.size)


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


def _is_aside(path: Path) -> bool:
    """What systems put beside the files of a folder (macOS: ._x.png), and folders in it."""
    return path.name.startswith(".") or path.is_dir()
