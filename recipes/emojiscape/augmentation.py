"""How pictures are changed in training, so that other drawings of a thing are not foreign."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

BEND = 0.08  # how far another hand's lines are off, in half pictures


def jittered(x: Tensor, random: torch.Generator) -> Tensor:
    """Pictures (n, 3, 64, 64) moved, turned, scaled, recoloured and noisy, some mirrored."""
    normal, uniform = draws(x, random)
    turn = torch.eye(2, device=x.device) + 0.12 * normal(2, 2)
    turn[uniform() < 0.3, :, 0] *= -1
    u = uniform(3) * 2 - 1
    theta = torch.cat([turn * (1 + 0.15 * u[:, :1, None]), u[:, 1:, None] * 0.12], 2)
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    x = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
    mix = torch.eye(3, device=x.device) + 0.1 * normal(3, 3)
    x = torch.einsum("ncd,ndhw->nchw", mix, x)
    return (x + 0.04 * normal(*x.shape[1:])).clamp(0, 1)


def redrawn(x: Tensor, other: Tensor, random: torch.Generator) -> Tensor:
    """Things on white (n, 3, 64, 64) as yet another hand might draw them: turned, bent, recoloured,
    darker or lighter; some blended with an `other` drawing of them, some grey or soft, some with
    a piece left out."""
    normal, uniform = draws(x, random)
    blend = torch.where(uniform(1, 1, 1) < 0.3, uniform(1, 1, 1), torch.zeros((), device=x.device))
    ink = F.grid_sample(1 - x.lerp(other, blend), bent(x, random), align_corners=False)
    ink = torch.einsum("ncd,ndhw->nchw", hues(x, random), ink)
    ink = torch.where(uniform(1, 1, 1) < 0.1, ink.mean(1, keepdim=True), ink)
    ink = torch.where(uniform(1, 1, 1) < 0.2, F.avg_pool2d(ink, 3, 1, 1), ink)
    off = [torch.arange(side, device=x.device) / side - uniform(1) for side in x.shape[2:]]
    piece = torch.maximum(off[0].abs()[:, :, None], off[1].abs()[:, None]) < 0.15
    ink = torch.where(piece[:, None] & (uniform(1, 1, 1) < 0.2), 0.0, ink)
    return 1 - ink.clamp(1e-3, 1) ** (0.3 * normal(1, 1, 1)).exp()


def bent(x: Tensor, random: torch.Generator) -> Tensor:
    """Where each of n pictures is looked up: (n, h, w, 2). Lines are bent, half of the pictures
    turned and larger or smaller too."""
    normal, uniform = draws(x, random)
    some = (uniform() < 0.5).float()
    angle, size = 0.4 * normal() * some, (0.2 * normal() * some).exp()
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], 1).view(-1, 2, 2)
    theta = F.pad(size[:, None, None] * turn, (0, 1))
    bend = F.interpolate(BEND * normal(2, 4, 4), list(x.shape[2:]), mode="bicubic")
    return F.affine_grid(theta, list(x.shape), align_corners=False) + bend.permute(0, 2, 3, 1)


def hues(x: Tensor, random: torch.Generator) -> Tensor:
    """(n, 3, 3) that recolour n pictures; a fifth of them have their channels in another order."""
    normal, uniform = draws(x, random)
    order = torch.where(uniform(1) < 0.2, uniform(3).argsort(1), torch.arange(3, device=x.device))
    return torch.eye(3, device=x.device)[order] + 0.2 * normal(3, 3)


def draws(
    x: Tensor, random: torch.Generator
) -> tuple[Callable[..., Tensor], Callable[..., Tensor]]:
    """What draws (n, *shape) numbers for x of n rows: normal, and uniform in [0, 1)."""

    def normal(*shape: int) -> Tensor:
        return torch.randn(len(x), *shape, generator=random, device=x.device)

    def uniform(*shape: int) -> Tensor:
        return torch.rand(len(x), *shape, generator=random, device=x.device)

    return normal, uniform
