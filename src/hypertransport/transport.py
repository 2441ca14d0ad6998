"""One-dimensional optimal transport per channel: exact costs and closed-form affine maps.

Between two sets of numbers the optimal coupling joins equal quantiles, so everything here is
sort, gather, weighted sum. Samples lie along axis -2, channels along -1, and whatever comes
before is batch (concepts, say). All functions are differentiable once, the sort included.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable

from hypertransport.sample_sort import sort_samples

# Pairs whose differences are held at a time: what a processor's cache holds; elsewhere, memory.
AT_ONCE, AT_ONCE_ELSEWHERE = 2**20, 2**26


def transport_cost(
    x: Float[Tensor, "*batch n channels"], y: Float[Tensor, "*batch m channels"], p: float = 2.0
) -> Float[Tensor, "*batch channels"]:
    """Exact ``W_p^p`` between the samples ``x`` and ``y`` of each channel (LinEAS, 2503.10679).

    Half precision is sorted as float32: its ties would make the coupling arbitrary.
    The unit is that of the activations to the power ``p``, which must be at least 1.
    """
    return sorted_cost(sort_samples(x), sort_samples(y), p)


def sorted_cost(
    x: Float[Tensor, "*batch n channels"], y: Float[Tensor, "*batch m channels"], p: float = 2.0
) -> Float[Tensor, "*batch channels"]:
    """``transport_cost`` of samples already sorted along axis -2, as cached targets are.

    ``int_0^1 |F_x^-1(q) - F_y^-1(q)|^p dq``, which for ``n = m`` is ``mean_i |x_i - y_i|^p``. For
    ``n != m`` no sample is dropped, so the value neither depends on chance nor grows with ``n``.
    """
    return _QuantileCost.apply(x, y, p)


def affine_fit(
    x: Float[Tensor, "*batch n channels"],
    y: Float[Tensor, "*batch m channels"],
    eps: float = 1e-6,
) -> tuple[Float[Tensor, "*batch channels"], Float[Tensor, "*batch channels"]]:
    """Lin-AcT (2410.23054): the least-squares ``(scale, shift)`` of sorted ``y`` on sorted ``x``.

    ``omega = sum(a b) / sum(a^2)`` over centred coupled pairs, ``beta = mean(y) - omega mean(x)``.
    ``eps``, a variance, pulls ``omega`` towards 1, so that a channel which never moves falls back
    to ``mean_shift`` instead of dividing by zero (ours; the paper has no ridge).
    """
    x, y, weight = _couple(sort_samples(x), sort_samples(y))
    mean_x, mean_y = (weight * x).sum(-2), (weight * y).sum(-2)
    a, b = x - mean_x.unsqueeze(-2), y - mean_y.unsqueeze(-2)
    scale = ((weight * a * b).sum(-2) + eps) / ((weight * a * a).sum(-2) + eps)
    return scale, mean_y - scale * mean_x


def mean_shift(
    x: Float[Tensor, "*batch n channels"], y: Float[Tensor, "*batch m channels"]
) -> tuple[Float[Tensor, "*batch channels"], Float[Tensor, "*batch channels"]]:
    """The baseline that only moves means: ``scale = 1``, ``shift = mean(y) - mean(x)``.

    Half precision is averaged in float32, and gives float32.
    """
    mean_x, mean_y = (v.mean(-2, dtype=_exact(v.dtype)) for v in (x, y))
    return torch.ones_like(mean_x), mean_y - mean_x


def _exact(dtype: torch.dtype) -> torch.dtype:
    """At least float32: means of half precision are as coarse as the differences they are for."""
    return torch.promote_types(dtype, torch.float32)


class _QuantileCost(torch.autograd.Function):
    """``sorted_cost``, a part of the channels at a time: it keeps nothing but what it was given."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor, p: float) -> Tensor:
        ctx.save_for_backward(x, y)
        ctx.p = p
        cost = torch.empty_like(x[..., 0, :])
        with torch.autocast(x.device.type, enabled=False):
            for part in _parts(x, y):
                a, b, weight = _couple(x[..., part], y[..., part])
                cost[..., part] = (weight.mT @ _power(a - b, p)).squeeze(-2)
        return cost

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        (x, y), wanted = ctx.saved_tensors, ctx.needs_input_grad
        grids = _quantile_grid(x.shape[-2], y.shape[-2], x.device)
        found = [
            torch.zeros_like(v) if w else None for v, w in zip((x, y), wanted[:2], strict=True)
        ]
        for part in _parts(x, y):
            a, b, weight = _couple(x[..., part], y[..., part])
            slope = _slope(a - b, ctx.p).mul_(weight).mul_(grad[..., None, part])
            for d, rows, sign in zip(found, grids[:2], (1, -1), strict=True):
                if d is not None:
                    _scatter(d[..., part], rows, slope, sign)
        return *found, None


def _parts(x: Tensor, y: Tensor) -> Iterator[slice]:
    """All channels, in parts of so many pairs."""
    *batch, n, channels = x.shape
    most = AT_ONCE if x.device.type == "cpu" else AT_ONCE_ELSEWHERE
    step = max(1, most // max(1, math.prod(batch) * (n + y.shape[-2])))
    return (slice(start, start + step) for start in range(0, channels, step))


def _power(difference: Tensor, p: float) -> Tensor:
    return difference.square_() if p == 2 else difference.abs_().pow_(p)


def _slope(difference: Tensor, p: float) -> Tensor:
    """The derivative of ``_power``."""
    if p == 2:
        return difference.mul_(2)
    return difference.sgn().mul_(difference.abs_().pow_(p - 1)).mul_(p)


def _couple(
    x: Float[Tensor, "*batch n channels"], y: Float[Tensor, "*batch m channels"]
) -> tuple[
    Float[Tensor, "*batch q channels"], Float[Tensor, "*batch q channels"], Float[Tensor, "q 1"]
]:
    """Pair sorted samples by quantile: values of ``x`` and of ``y``, and the mass of each pair."""
    n, m = x.shape[-2], y.shape[-2]
    i, j, weight = _quantile_grid(n, m, x.device)
    if n != m:
        x, y = _gather(x, i), _gather(y, j)
    return x, y, weight.to(x.dtype)


def _gather(
    x: Float[Tensor, "*batch n channels"], rows: Int[Tensor, " q"]
) -> Float[Tensor, "*batch q channels"]:
    """Rows of x, in the order of its memory: a GPU sorts into columns (`sample_sort`)."""
    return x.mT.index_select(-1, rows).mT if x.stride(-2) == 1 else x.index_select(-2, rows)


def _scatter(d: Tensor, rows: Int[Tensor, " q"], slope: Tensor, sign: int) -> None:
    """Add `slope` (*batch, q, channels) to the rows of d that `_gather` took."""
    if len(rows) == d.shape[-2]:
        d.add_(slope, alpha=sign)
    elif d.stride(-2) == 1:
        d.mT.index_add_(-1, rows, slope.mT, alpha=sign)
    else:
        d.index_add_(-2, rows, slope, alpha=sign)


@lru_cache(maxsize=64)
@torch.inference_mode(False)  # a cached inference tensor would break every later backward
def _quantile_grid(
    n: int, m: int, device: torch.device
) -> tuple[Int[Tensor, " q"], Int[Tensor, " q"], Float[Tensor, "q 1"]]:
    """The merged grid of ``k/n`` and ``l/m``, in exact units of ``1/nm``: indices and weights."""
    edges = torch.cat([m * torch.arange(n + 1), n * torch.arange(m + 1)]).unique()
    left, width = edges[:-1], edges.diff()
    weight = width.double().unsqueeze(-1) / (n * m)
    return (left // m).to(device), (left // n).to(device), weight.to(device)
