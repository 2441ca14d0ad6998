"""Gradient checkpointing of the backbone: its blocks run again on the way back, steered as before.

A step then keeps what goes into each block instead of all that happens inside: far less memory for
one more forward (Chen et al., arXiv 1604.06174). Maps and pooling are on the backbone for one run
only, so they have to be put on again for the second run of its blocks.
"""

from collections.abc import Mapping
from contextvars import copy_context
from functools import partial
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from hypertransport.backbones import backbone_of
from hypertransport.errors import GeneratorError
from hypertransport.generators.base import Generator
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.sites import Site
from hypertransport.steering import attach
from hypertransport.training.activations import activations, pooled, watched


def checkpoint_blocks(generator: Generator, on: bool = True) -> None:
    """Switch gradient checkpointing on or off, by diffusers' own switch.

    Raises GeneratorError where it is to be on for a backbone that diffusers has none for.
    """
    backbone: Any = backbone_of(generator)
    if not on:
        backbone.disable_gradient_checkpointing()
        return
    try:
        backbone.enable_gradient_checkpointing()
    except ValueError as error:
        raise GeneratorError(
            f"{type(backbone).__name__} has no gradient checkpointing in diffusers; leave it off"
        ) from error


def steered_activations(
    generator: Generator, inputs: Mapping[str, Any], maps: Intervention, pooling: str
) -> Float[Tensor, "rows features"]:
    """`activations` under `maps`, whose gradients are right with checkpointed blocks too.

    `backward` may be called anywhere (under `attach` only inside its block), and once.
    """
    values = [v for T in maps.maps.values() for v in T]
    if torch.is_grad_enabled() and any(v.requires_grad for v in values):
        return _SteeredRun.apply(generator, inputs, pooling, [*maps.maps], *values)  # pyright: ignore[reportReturnType]
    with attach(generator, maps):
        return activations(generator, inputs, pooling)


class _SteeredRun(torch.autograd.Function):
    """A run with a graph of its own, which backward goes through with the maps on once more."""

    @staticmethod
    def forward(
        ctx: Any,
        generator: Generator,
        inputs: Mapping[str, Any],
        pooling: str,
        names: list[str],
        *values: Tensor,
    ) -> Tensor:
        leaves = [v.detach().requires_grad_() for v in values]
        pairs = map(AffineMap, leaves[::2], leaves[1::2])
        maps = Intervention(dict(zip(names, pairs, strict=True)))
        with torch.enable_grad(), attach(generator, maps):
            x = activations(generator, inputs, pooling)
        ctx.run = x, leaves, maps, generator, pooling
        ctx.owner = copy_context()  # on a GPU, backward runs in a thread of its own
        return x.detach()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:  # pyright: ignore[reportIncompatibleMethodOverride]
        return None, None, None, None, *ctx.owner.run(_gradients, *ctx.run, gradient)


def _gradients(
    x: Tensor,
    leaves: list[Tensor],
    maps: Intervention,
    generator: Generator,
    pooling: str,
    gradient: Tensor,
) -> tuple[Tensor, ...]:
    with attach(generator, maps), watched(generator, partial(_pool_again, pooling)):
        return torch.autograd.grad(x, leaves, gradient, allow_unused=True)


def _pool_again(pooling: str, z: Tensor, site: Site) -> None:
    """What a block computed in its first run, and is dropped: kept, it would keep the graph."""
    pooled(z, site, pooling)
