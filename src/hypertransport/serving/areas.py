"""Where in its picture a concept of a request acts: a box, or a mask that somebody has painted."""

from collections.abc import Sequence
from typing import TypeAlias

import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate

from hypertransport.errors import InterventionError
from hypertransport.regions import as_mask

FINEST = 128  # the longer side of a mask: no site of the usual targets has a finer grid

Box: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom: 0 to 1 of a picture
Painted: TypeAlias = Float[Tensor, "h w"]
Area: TypeAlias = Box | Painted


def as_area(given: Sequence[int | float] | Image.Image | Tensor) -> Area:
    """The sides of a box, or a mask: 1 (white) where the concept acts, of any size.

    Masks are kept no finer than `FINEST`, as they wait in memory. Raises InterventionError for an
    impossible box, and as `as_mask` does.
    """
    if isinstance(given, Image.Image | Tensor):
        return _painted(given)
    if len(given) == 4:
        left, top, right, bottom = map(float, given)
        if 0 <= left < right <= 1 and 0 <= top < bottom <= 1:
            return left, top, right, bottom
    raise InterventionError(
        f"a region of {list(given)}: give [left, top, right, bottom] from 0 to 1 of the picture, "
        "with left < right and top < bottom"
    )


def area_mask(area: Area, height: int, width: int) -> Float[Tensor, "height width"]:
    """How much of each cell of a grid lies in the area: 1 within, 0 without, shares between.

    Raises InterventionError for a mask of another aspect ratio than the grid's.
    """
    if isinstance(area, tuple):
        left, top, right, bottom = area
        return torch.outer(_covered(top, bottom, height), _covered(left, right, width))
    h, w = area.shape
    if abs(h * width - w * height) >= max(h, w, height, width):  # up to rounding
        raise InterventionError(
            f"a mask of {w} x {h} for pictures of the ratio {width} x {height}: give one of the "
            "pictures' width and height, or of their ratio"
        )
    return _resized(area, height, width)


def _painted(mask: Image.Image | Tensor) -> Painted:
    rows = as_mask(mask)
    if len(rows) != 1:
        raise InterventionError(f"{len(rows)} masks for one concept; give one")
    height, width = rows.shape[1:]
    scale = min(1.0, FINEST / max(height, width))
    return _resized(rows[0], max(1, round(height * scale)), max(1, round(width * scale)))


def _resized(mask: Painted, height: int, width: int) -> Float[Tensor, "height width"]:
    return interpolate(mask[None, None], (height, width), mode="area")[0, 0]


def _covered(first: float, last: float, cells: int) -> Float[Tensor, "cells"]:
    """The share of each of so many equal parts of [0, 1] that lies in [first, last]."""
    edges = torch.arange(cells + 1, dtype=torch.float64)
    starts, ends = edges[:-1].clamp(min=first * cells), edges[1:].clamp(max=last * cells)
    return (ends - starts).clamp(min=0).float()
