"""Grey images of more than 8 bits, as depth maps and masks have them.

The modes ``I;16`` and ``I`` are of 16 bits, ``F`` is from 0 to 1. Other ranges are ambiguous and
refused: whether 255 is white or nearly black would be a guess.
"""

import numpy as np
from jaxtyping import Float32
from PIL import Image

from hypertransport.errors import ConceptError


def unit_values(image: Image.Image, name: object) -> Float32[np.ndarray, "height width"]:
    """Return the values of a deep grey image in [0, 1].

    Raises ConceptError, which calls the image `name`, where the range is ambiguous or a value is no
    finite number.
    """
    if image.mode == "F":
        return _checked(np.array(image), name)
    values = np.asarray(image.convert("I"))
    if image.mode == "I" and (values.min() < 0 or not _is_16_bits(int(values.max()))):
        raise ConceptError(
            f"{name} is of 32-bit integers from {values.min()} to {values.max()}: give 16 bits, "
            "from 0 to 65535, or convert it to uint8 where 255 is white"
        )
    return values.astype(np.float32) / 65535


def in_8_bits(image: Image.Image, name: object) -> Image.Image:
    """Return a deep grey image scaled to mode L; raises as `unit_values` does."""
    return Image.fromarray((unit_values(image, name) * 255 + 0.5).astype(np.uint8))


def alpha(image: Image.Image) -> Image.Image | None:
    """Return the alpha channel of mode L where one grey value counts as transparent."""
    transparent = image.info.get("transparency")
    if transparent is None:
        return None
    opaque = np.asarray(image.convert("I")) != transparent
    return Image.fromarray(opaque.astype(np.uint8) * 255)


def _is_16_bits(most: int) -> bool:
    """Whether the largest value tells so: up to 255 it may as well be one of 8 bits."""
    return most == 0 or 255 < most <= 65535


def _checked(values: np.ndarray, name: object) -> np.ndarray:
    if not np.isfinite(values).all():
        raise ConceptError(f"{name} holds values that are no finite numbers; replace them")
    if values.min() < 0 or values.max() > 1:
        raise ConceptError(
            f"{name} is of floats from {values.min():g} to {values.max():g}: scale it to 0 to 1, "
            "where 1 is white"
        )
    return values
