"""One-dimensional optimal transport per channel: exact costs and closed-form affine maps.

Between two sets of numbers the optimal coupling joins equal quantiles, so everything here is
sort, gather, weighted sum. Samples lie along axis -2, channels along -1, and whatever comes
before is batch (concepts, say). All functions are differentiable, the sort included.
"""

from functools import lru_cache

import torch
from jaxtyping import Float, Int
from torch import Tensor


def transport_cost(
    x: Float[Tensor, "*batch n channels"], y: Float[Tensor, "*batch m channels"], p: float = 2.0
) -> Float[Tensor, "*batch channels"]:
    """Exact ``W_p^p`` between the samples ``x`` and ``y`` of each channel (LinEAS, 2503.10679).

    Half precision is sorted as float32: its ties would make the coupling arbitrary.
    The unit is that of the activations to the power ``p``, which must be at least 1.
    """
    return sorted_cost(_sorted(x), _sorted(y), p)


def sorted_cost(
    x: Float[Tensor, "*batch n channels"], y: Float[Tensor, "*batch m channels"], p: float = 2.0
) -> Float[Tensor, "*batch channels"]:
    """``transport_cost`` of samples already sorted along axis -2, as cached targets are.

    ``int_0^1 |F_x^-1(q) - F_y^-1(q)|^p dq``, which for ``n = m`` is ``mean_i |x_i - y_i|^p``. For
    ``n != m`` no sample is dropped, so the value neither depends on chance nor grows with ``n``.
    """
    x, y, weight = _couple(x, y)
    return (weight * (x - y).abs().pow(p)).sum(-2)


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
    x, y, weight = _couple(_sorted(x), _sorted(y))
    mean_x, mean_y = (weight * x).sum(-2), (weight * y).sum(-2)
    a, b = x - mean_x.unsqueeze(-2), y - mean_y.unsqueeze(-2)
    scale = ((weight * a * b).sum(-2) + eps) / ((weight * a * a).sum(-2) + eps)
    return scale, mean_y - scale * mean_x


def mean_shift(
    x: Float[Tensor, "*batch n channels"], y: Float[Tensor, "*batch m channels"]
) -> tuple[Float[Tensor, "*batch channels"], Float[Tensor, "*batch channels"]]:
    """The baseline that only moves means: ``scale = 1``, ``shift = mean(y) - mean(x)``."""
    shift = y.mean(-2) - x.mean(-2)
    return torch.ones_like(shift), shift


def _sorted(x: Float[Tensor, "*batch n channels"]) -> Float[Tensor, "*batch n channels"]:
    return x.to(torch.promote_types(x.dtype, torch.float32)).sort(dim=-2).values


def _couple(
    x: Float[Tensor, "*batch n channels"], y: Float[Tensor, "*batch m channels"]
) -> tuple[
    Float[Tensor, "*batch q channels"], Float[Tensor, "*batch q channels"], Float[Tensor, "q 1"]
]:
    """Pair sorted samples by quantile: values of ``x`` and of ``y``, and the mass of each pair."""
    n, m = x.shape[-2], y.shape[-2]
    i, j, weight = _quantile_grid(n, m, x.device)
    if n != m:
        x, y = x.index_select(-2, i), y.index_select(-2, j)
    return x, y, weight.to(x.dtype)


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
