"""Any PIL image as upright sRGB, whether it came from a file, from numpy or from another library.

The steps are always these, so that a picture is the same by its path, as an image and in base64:

1. EXIF orientation: the pixels are turned upright.
2. Deep grey is scaled to 8 bits: ``I;16`` and ``I`` have 16 bits, ``F`` is from 0 to 1.
3. An embedded ICC profile is converted to sRGB (relative colorimetric, black point compensated). A
   broken profile, or one of another colour space than the pixels, is ignored, as browsers do.
4. Transparent parts are composited on white.
"""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, NamedTuple

from PIL import Image, ImageCms, ImageOps

from hypertransport.errors import ConceptError

MAX_PIXELS = 25_000_000  # of which reading takes up to 18 bytes each: below half a GiB
# Whatever Pillow raises for files that are truncated or damaged, their EXIF data included.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError)
BROKEN_MORE = (AttributeError, OverflowError, struct.error, zlib.error)
GREY_LEVELS = {"L;2": 85, "L;4": 17}  # 8-bit steps from one grey level of such a PNG to the next
INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION


class Opaque(NamedTuple):
    """The colours of an image, in 8 bits, and its alpha channel of mode L where it has one."""

    colors: Image.Image
    alpha: Image.Image | None


def to_rgb(
    image: Image.Image, name: object = "the picture", max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """Return a new upright sRGB image of mode RGB, without metadata; transparent parts are white.

    Raises ConceptError, which calls the image `name`, where it has no pixels or more than
    `max_pixels`, where its file is broken, or where the range of deep grey is ambiguous.
    """
    check_size(image, name, max_pixels)
    with reading(name):
        profile = image.info.get("icc_profile")
        colors, alpha = _split(upright(image), name)
        return _without_metadata(_on_white(_to_srgb(colors, profile), alpha))


def check_size(image: Image.Image, name: object, max_pixels: int) -> None:
    """Raise ConceptError unless it is an image that has from 1 to `max_pixels` pixels."""
    if not isinstance(image, Image.Image):
        raise ConceptError(f"a {type(image).__name__} is no picture; give a PIL image")
    if 0 in image.size:
        raise ConceptError(f"{name} needs at least one pixel; give another one")
    if image.width * image.height > max_pixels:
        raise ConceptError(
            f"{name} has {image.width} x {image.height} pixels, more than {max_pixels:,}; "
            "scale it down"
        )


@contextmanager
def reading(name: object) -> Iterator[None]:
    """A block in which Pillow reads a file: what it raises becomes a ConceptError."""
    with warnings.catch_warnings():
        # What Pillow warns about (size, odd metadata) is refused elsewhere, or does no harm.
        warnings.simplefilter("ignore")
        try:
            yield
        except Image.DecompressionBombError as error:
            raise ConceptError(f"{name}: too many pixels to be read; scale it down") from error
        except ConceptError:
            raise
        except (*BROKEN, *BROKEN_MORE) as error:
            raise ConceptError(
                f"{name} is not a picture or is broken ({type(error).__name__}); give a whole one"
            ) from error


def upright(image: Image.Image) -> Image.Image:
    """Return a copy turned by its EXIF orientation, its transparent value in units of its pixels.

    Pillow reads the transparent value of a PNG as it is stored, but scales the pixels to 8 bits.
    """
    tiles = getattr(image, "tile", None)  # until the pixels are loaded
    stored = tiles[0][3] if tiles else None
    image = ImageOps.exif_transpose(image)
    value = image.info.get("transparency")
    if isinstance(value, tuple) and (stored == "RGB;16B" or max(value) > 255):
        image.info["transparency"] = tuple(part >> 8 for part in value)
    elif isinstance(value, int) and isinstance(stored, str) and stored in GREY_LEVELS:
        image.info["transparency"] = value * GREY_LEVELS[stored]
    return image


def _split(image: Image.Image, name: object) -> Opaque:
    """Colours and alpha of an upright image."""
    if image.mode.startswith(("I", "F")):
        from hypertransport import deep_grey  # who asks a server for pictures waits for no numpy

        return Opaque(deep_grey.in_8_bits(image, name), deep_grey.alpha(image))
    if image.mode == "La":  # Pillow converts it to nothing else
        image = image.convert("LA")
    if not image.has_transparency_data:
        return Opaque(image, None)
    if image.mode in ("1", "L", "LA"):
        image = image.convert("LA")
        return Opaque(image.getchannel("L"), image.getchannel("A"))
    image = image.convert("RGBA")
    return Opaque(image.convert("RGB"), image.getchannel("A"))


def _to_srgb(colors: Image.Image, profile: object) -> Image.Image:
    """8-bit colours as sRGB of mode RGB, by the ICC profile where it is one of their space."""
    if isinstance(profile, bytes):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            space: Any = source.profile  # Pillow's hints mislead
            mode = _mode_of(space.xcolor_space.strip(), colors.mode)
            if mode is not None:
                return _converted(colors.convert(mode), source)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile says nothing about the colours
    return colors.convert("RGB")


def _mode_of(space: str, mode: str) -> str | None:
    """The mode in which a profile of this colour space applies to pixels of `mode`, if any."""
    if space == "RGB":
        return None if mode in ("CMYK", "LAB") else "RGB"
    if space == "GRAY":
        return "L" if mode in ("1", "L") else None
    return mode if space.upper() == mode else None  # CMYK and Lab


def _converted(colors: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    target = ImageCms.createProfile("sRGB")
    found = ImageCms.profileToProfile(colors, source, target, INTENT, "RGB", flags=FLAGS)
    assert found is not None  # as it is not done in place
    return found


def _on_white(colors: Image.Image, alpha: Image.Image | None) -> Image.Image:
    if alpha is None:
        return colors
    colors.putalpha(alpha)
    return Image.alpha_composite(Image.new("RGBA", colors.size, "white"), colors).convert("RGB")


def _without_metadata(image: Image.Image) -> Image.Image:
    """A copy without orientation and profile, which have been applied."""
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean
