"""Proximal operators of the sparse group lasso, LinEAS's penalty (arXiv 2503.10679, Algorithm 1).

The penalty is on deviations from the identity, so that what it sets to zero is left untouched:

    R(x) = lambda_1 |x|_1  +  lambda_G sum_k sqrt(C_k) |x_k|_2          (group k: site k, C_k wide)

    prox_{t R}(v) = argmin_x  1/2 |x - v|_2^2 + t R(x)

Rows along the leading axes are problems of their own. All operators are the identity at t = 0.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor


def soft_threshold(v: Float[Tensor, "*rows channels"], t: float) -> Float[Tensor, "*rows channels"]:
    """``ST_t``, the operator of ``t |x|_1``: every number goes towards 0 by t, and stops there."""
    return v.sign() * (v.abs() - t).clamp_min(0)


def group_threshold(
    v: Float[Tensor, "*rows channels"], t: float
) -> Float[Tensor, "*rows channels"]:
    """``Prox_{t |.|_2}``: the whole vector shrinks by t in length, and is exactly 0 up to there."""
    length = torch.linalg.vector_norm(v, dim=-1, keepdim=True)
    return v * (1 - t / length.clamp_min(torch.finfo(v.dtype).tiny)).clamp_min(0)


def sparse_group_threshold(
    v: Float[Tensor, "*rows channels"], widths: Sequence[int], l1: float, group: float
) -> Float[Tensor, "*rows channels"]:
    """``Prox_{lambda_G |.|_2} o ST_{lambda_1}`` of each site (Algorithm 1): the operator of R.

    `l1` and `group` are ``t lambda_1`` and ``t lambda_G``; `widths` are the sites' channels.
    """
    sites = soft_threshold(v, l1).split(list(widths), -1)
    return torch.cat([group_threshold(x, group * x.shape[-1] ** 0.5) for x in sites], -1)


def sparse_group_penalty(
    x: Float[Tensor, "*rows channels"], widths: Sequence[int], l1: float, group: float
) -> Float[Tensor, "*rows"]:
    """``R(x)`` of each row."""
    lengths = [
        width**0.5 * torch.linalg.vector_norm(site, dim=-1)
        for width, site in zip(widths, x.split(list(widths), -1), strict=True)
    ]
    return l1 * x.abs().sum(-1) + group * torch.stack(lengths).sum(0)
