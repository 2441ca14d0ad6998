"""One affine map per channel, ``z -> scale * z + shift``: how it acts, and its algebra."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from .errors import InterventionError


class AffineMap(NamedTuple):
    """``z -> scale * z + shift`` per channel; a leading axis holds one map per row of a batch."""

    scale: Float[Tensor, "*rows channels"]
    shift: Float[Tensor, "*rows channels"]


class Cut(Mapping[str, AffineMap]):
    """All channels' map cut into sites of so many channels each, as views of it.

    Not before one is asked for [ours]: of most interventions none ever is, and a thousand small
    tensors take longer to make than all that is in them.
    """

    def __init__(self, widths: Mapping[str, int], whole: AffineMap):
        self.widths, self.whole = widths, whole

    @cached_property
    def _parts(self) -> dict[str, AffineMap]:
        scales, shifts = (values.split([*self.widths.values()], -1) for values in self.whole)
        return {k: AffineMap(*pair) for k, *pair in zip(self.widths, scales, shifts, strict=True)}

    def __getitem__(self, name: str) -> AffineMap:
        return self._parts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.widths)

    def __len__(self) -> int:
        return len(self.widths)


def affine(
    z: Float[Tensor, "batch ..."],
    T: AffineMap,
    channel_dim: int,
    mask: Float[Tensor, "rows ..."] | None = None,
) -> Float[Tensor, "batch ..."]:
    """``scale * z + shift`` along ``channel_dim``, row by row, in one multiply-add.

    With a mask, which has the dimensions of ``z``, ``z + mask (T(z) - z)``: exact at 0 and at 1.
    Raises InterventionError unless the batch is a multiple of the rows.
    """
    scale, shift = T
    batch, given = z.shape[0], 1 if scale.ndim == 1 else scale.shape[0]
    rows = given if mask is None else max(given, mask.shape[0])
    if batch % rows:
        raise InterventionError(
            f"the intervention has {rows} rows but the batch {batch}: give one row per image, or "
            "say which rows are drawn (num_images_per_prompt, Steering.select)"
        )
    if given > 1 or channel_dim not in (-1, z.ndim - 1):  # else they fit as they are
        shape = [given] + [1] * (z.ndim - 1)
        shape[channel_dim] = -1
        scale, shift = scale.view(shape), shift.view(shape)
    grouped = z if rows in (1, batch) else z.unflatten(0, (-1, rows))
    out = torch.addcmul(shift, grouped, scale)
    if mask is not None:
        out = torch.lerp(grouped.to(out.dtype), out, mask.to(out.dtype))
    out = out.to(z.dtype)
    return out if grouped is z else out.reshape(z.shape)


def check_map(name: str, T: AffineMap) -> None:
    """Raise InterventionError, naming the site, unless scale and shift agree."""
    scale, shift = T
    if scale.shape != shift.shape or scale.ndim not in (1, 2) or not scale.numel():
        raise InterventionError(
            f"scale {tuple(scale.shape)} and shift {tuple(shift.shape)} at {name}: "
            "both must be (channels,) or (rows, channels)"
        )
    if scale.dtype != shift.dtype or not scale.is_floating_point():
        raise InterventionError(
            f"scale is {scale.dtype} and shift {shift.dtype} at {name}: give one float type"
        )


def blend(T: AffineMap, s: Float[Tensor, "*rows"]) -> AffineMap:
    """``(1 - s) z + s T(z)``, with ``s`` as ``()`` or ``(B, 1)``."""
    return AffineMap((1 - s) + s * T.scale, s * T.shift)


def undo(T: AffineMap, where: Bool[Tensor, "*rows"]) -> AffineMap:
    """``z -> (z - shift) / scale`` in the rows ``where``, ``()`` or ``(B, 1)``; else ``T``."""
    scale = torch.where(where, T.scale, 1)  # so that no other row divides, nor its gradient
    return AffineMap(
        torch.where(where, 1 / scale, T.scale), torch.where(where, -T.shift / scale, T.shift)
    )


def is_flat(T: AffineMap) -> Bool[Tensor, "*rows channels"]:
    """Where the scale is so close to 0 that the map cannot be undone."""
    return T.scale.abs() <= torch.finfo(T.scale.dtype).eps


def compose(first: AffineMap, second: AffineMap) -> AffineMap:
    """``z -> second(first(z))``."""
    return AffineMap(second.scale * first.scale, second.scale * first.shift + second.shift)


def cat_rows(maps: Sequence[AffineMap]) -> AffineMap:
    """The rows of all; a map without rows is one."""
    scales, shifts = zip(*maps, strict=True)
    return AffineMap(*(torch.cat([torch.atleast_2d(v) for v in vs]) for vs in (scales, shifts)))
