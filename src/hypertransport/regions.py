"""Where in the picture a concept acts: a mask in image coordinates, brought to each site's grid.

``z + m (T(z) - z)`` at every position, with ``m`` the mean of the mask over the position's area.
The mask must have the aspect ratio of the latents that the network is given. Which positions a
site has is told by their number alone:

- ``(B, C, h, w)`` has its grid, which must have that aspect ratio;
- ``(B, N, C)`` or ``(B, C, N)`` is a grid read row by row, if ``N = h w`` has that aspect ratio.

Latents that come as a list of tokens already, as those of FLUX do, do not tell: there a mask of
another ratio goes unnoticed if it has a grid of as many positions (64 are 8 by 8, and 4 by 16).

All else (text, text and picture in one list, heads of attention) is no part of the picture, and
an InterventionError names the site: leave it out with ``Intervention.without``. A text of as many
tokens as such a grid (256 on a square) cannot be told from a picture: leave it out as well.
"""

import math
from typing import TypeAlias

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate

from .buffers import Buffers
from .deep_grey import unit_values
from .errors import ConceptError, InterventionError
from .image_conversion import MAX_PIXELS, check_size, to_rgb, upright

Mask: TypeAlias = Tensor | Image.Image


class Region:
    """A mask in use, ``(B, H, W)`` in [0, 1]: one per row, or one for all; changed in place.

    Raises InterventionError as ``as_mask`` does.
    """

    def __init__(self, mask: Mask, device: torch.device | None) -> None:
        self._mask = Buffers(as_mask(mask).to(device=device, copy=True))
        self._resized: dict[tuple[object, ...], Tensor] = {}

    def __len__(self) -> int:
        return len(self._mask)

    def fitting(self, mask: Mask) -> Float[Tensor, "rows height width"]:
        """A mask that can be ``set`` here; InterventionError for another size or other rows."""
        new, (old,) = as_mask(mask), self._mask.whole
        if new.shape[1:] != old.shape[1:] or len(new) not in (1, len(old)):
            raise InterventionError(
                f"a mask of {tuple(new.shape)} for a steering of {tuple(old.shape)}: "
                "give (rows, height, width) as it began, or start a new steer"
            )
        return new

    def set(self, mask: Float[Tensor, "rows height width"]) -> None:
        """Overwrite the mask by one that ``fitting`` has let pass; a single row fills them all."""
        self._mask.set((mask,))
        self._resized.clear()

    def select(self, rows: Tensor | None) -> None:
        """Use the masks of these rows; see ``Buffers.select``."""
        self._mask.select(rows)
        self._resized.clear()

    def require_ratio(self, latents: object) -> None:
        """Refuse a mask of another aspect ratio than latents ``(B, C, h, w)``: InterventionError.

        Latents of any other form do not tell.
        """
        if not isinstance(latents, Tensor) or latents.ndim != 4:
            return
        (h, w), (height, width) = latents.shape[2:], self._mask.whole[0].shape[1:]
        if not _alike(h, w, height, width):
            raise InterventionError(
                f"a mask of {height} x {width} for latents of {h} x {w}: give a mask of the "
                "picture's height and width, or of their ratio"
            )

    def on(self, z: Tensor, channel_dim: int, site: str) -> Float[Tensor, "rows ..."]:
        """The mask at each position of ``z``, in its dtype, to be broadcast over channels.

        ``(B, 1, h, w)`` for ``(B, C, h, w)``; ``(B, N, 1)`` or ``(B, 1, N)`` for tokens. Raises
        InterventionError, naming the site, where the positions are no grid of the picture.
        """
        (mask,) = self._mask.now(z.device)
        grid = picture_grid(z.shape, channel_dim, *mask.shape[1:])
        if grid is None:
            raise InterventionError(
                f"the positions of {site}, an output of {tuple(z.shape)}, are no grid of a picture "
                f"of {tuple(mask.shape[1:])}: give a mask of the picture's height and width; "
                f"if they are none of its positions, steer with T.without({site!r})"
            )
        resized = self._at(mask, grid, z.dtype)
        if z.ndim == 4:
            return resized
        return resized.flatten(2) if channel_dim == 1 else resized.flatten(2).mT

    def _at(
        self, mask: Tensor, grid: tuple[int, int], dtype: torch.dtype
    ) -> Float[Tensor, "rows 1 h w"]:
        """Resized once for all sites of a grid; compiled code does it anew to see new values."""
        if torch.compiler.is_compiling():
            return _resize(mask, grid, dtype)
        key = (*grid, dtype, mask.device)
        if key not in self._resized:
            self._resized[key] = _resize(mask, grid, dtype)
        return self._resized[key]


def as_mask(mask: Mask) -> Float[Tensor, "rows height width"]:
    """``(H, W)`` or ``(B, H, W)`` in [0, 1], 1 where the concept acts; or a PIL image.

    An image is read as its file is (`image_conversion`): 1 where it is white or transparent. Raises
    InterventionError for another shape or other values.
    """
    if isinstance(mask, Image.Image):
        mask = _values(mask)
    if not isinstance(mask, Tensor):
        raise InterventionError(
            f"a {type(mask).__name__} is no mask: give a tensor, or a picture (ht.load_picture)"
        )
    if mask.ndim not in (2, 3) or not mask.numel():
        raise InterventionError(
            f"a mask of shape {tuple(mask.shape)}: give (height, width) or (rows, height, width)"
        )
    values = mask.detach().float()
    if not ((values >= 0) & (values <= 1)).all():
        raise InterventionError("a mask must be from 0 to 1 everywhere: 1 where the concept acts")
    return values if mask.ndim == 3 else values.unsqueeze(0)


def _values(mask: Image.Image) -> Float[Tensor, "height width"]:
    """From 0 to 1: the luminance of an upright sRGB image, on white where it is transparent."""
    try:
        check_size(mask, "the mask", MAX_PIXELS)
        if mask.mode == "F":  # which keeps its precision
            return torch.from_numpy(unit_values(upright(mask), "the mask"))
        return torch.from_numpy(np.array(to_rgb(mask, "the mask").convert("L"))) / 255
    except ConceptError as error:
        raise InterventionError(f"no mask: {error}") from error


def picture_grid(
    shape: torch.Size, channel_dim: int, height: int, width: int
) -> tuple[int, int] | None:
    """``(h, w)`` of a site's positions on a picture of this aspect ratio; None if they are not."""
    if len(shape) == 3:
        return _token_grid(shape[2 if channel_dim == 1 else 1], height, width)
    if len(shape) == 4 and channel_dim == 1 and _alike(shape[2], shape[3], height, width):
        return shape[2], shape[3]
    return None


def _token_grid(count: int, height: int, width: int) -> tuple[int, int] | None:
    """The ``h w = count`` nearest to the aspect ratio: ``h = sqrt(count height / width)``."""
    guess = round(math.sqrt(count * height / width))
    for h in (guess, guess - 1, guess + 1):
        if h > 0 and count % h == 0 and _alike(h, count // h, height, width):
            return h, count // h
    return None


def _alike(h: int, w: int, height: int, width: int) -> bool:
    """The same aspect ratio, up to less than one position, which rounding may cost."""
    return abs(h * width - w * height) < max(height, width)


def _resize(
    mask: Float[Tensor, "rows height width"], grid: tuple[int, int], dtype: torch.dtype
) -> Float[Tensor, "rows 1 h w"]:
    return interpolate(mask.unsqueeze(1), grid, mode="area").to(dtype)
