"""Closed forms without a gradient, one run of the generator each: Lin-AcT (arXiv 2410.23054).

All fit pooled activations (means over positions) of each site by itself; `targets` are the same of
the unsteered generator, sites side by side. The causal variant, the paper's sequential maps, fits
each site on what reaches it while all earlier ones act. Every function returns one row per concept
and raises ConfigError when `targets` are not means.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor

from hypertransport.errors import ConfigError
from hypertransport.generators.base import Generator
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.sites import Site, total_channels
from hypertransport.steering import affine
from hypertransport.training.activations import observe, pooled
from hypertransport.training.inputs import row_count
from hypertransport.transport import affine_fit, mean_shift

LARGEST_SCALE = 2.0  # of a closed-form map; from few samples it may come out as anything

Targets: TypeAlias = Float[Tensor, "concepts m channels"]
Fit: TypeAlias = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


def mean_act(generator: Generator, sources: Mapping[str, Any], targets: Targets) -> Intervention:
    """Mean-AcT, the mean shift: ``T(z) = z + mean(b) - mean(a)`` at every site."""
    return _fit_sites(generator, sources, targets, mean_shift)


def lin_act(generator: Generator, sources: Mapping[str, Any], targets: Targets) -> Intervention:
    """Lin-AcT at all sites at once, each as if no other acted: together they overshoot."""
    return _fit_sites(generator, sources, targets, bounded_affine_fit)


def causal_lin_act(
    generator: Generator, sources: Mapping[str, Any], targets: Targets
) -> Intervention:
    """Lin-AcT site by site, in the order in which they run, each with all earlier ones active.

    One run is enough: a site's map is fitted when its output is there, and acts on all that
    follows.
    """
    return _fit_sites(generator, sources, targets, bounded_affine_fit, causal=True)


def bounded_affine_fit(
    x: Float[Tensor, "concepts n channels"], y: Float[Tensor, "concepts m channels"]
) -> tuple[Float[Tensor, "concepts channels"], Float[Tensor, "concepts channels"]]:
    """`affine_fit` with scales kept within [0, 2] [ours]; the shift still meets the mean."""
    omega, beta = affine_fit(x, y)
    scale = omega.clamp(0, LARGEST_SCALE)
    return scale, beta + (omega - scale) * x.mean(-2)


@torch.no_grad()
def _fit_sites(
    generator: Generator,
    sources: Mapping[str, Any],
    targets: Targets,
    fit: Fit,
    causal: bool = False,
) -> Intervention:
    if targets.shape[2] != total_channels(generator.sites):
        raise ConfigError("closed forms fit means over positions; pool the targets by 'mean'")
    y = dict(zip(generator.sites, targets.split(_widths(generator), 2), strict=True))
    concepts, samples = len(targets), row_count(sources) // len(targets)

    def see(z: Tensor, site: Site) -> AffineMap:
        x = pooled(z, site, "mean").unflatten(0, (concepts, samples))
        return AffineMap(*fit(x, y[site]))

    def act(T: AffineMap, z: Tensor, site: Site) -> Tensor:
        rows = AffineMap(*(v.repeat_interleave(samples, 0) for v in T))
        return affine(z, rows, site.channel_dim)

    maps = observe(generator, sources, see, act if causal else None)
    names = [site.name for site in generator.sites]
    return Intervention(dict(zip(names, maps, strict=True)))


def _widths(generator: Generator) -> list[int]:
    return [site.width for site in generator.sites]
