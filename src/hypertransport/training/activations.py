"""What the loss compares: activations of every site, pooled per sample.

The published losses pool by the mean over positions, which sees a tint but no structure. The
pooling is therefore a choice (`pooling_weights`), with the mean as the reference.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from typing import Any, TypeVar

import torch
from jaxtyping import Float
from torch import Tensor

from hypertransport.backbones import backbone_of
from hypertransport.errors import ConfigError, GeneratorError, brief
from hypertransport.generators.base import Generator
from hypertransport.ownership import owned
from hypertransport.sites import Site, some
from hypertransport.training.inputs import Inputs

Seen = TypeVar("Seen")


@lru_cache(maxsize=256)
def pooling_weights(pooling: str, positions: int) -> Float[Tensor, "features positions"]:
    """How positions become features: rows are weighted sums over the positions of one sample.

    `mean`: one row, the published choice. `position`: every position by itself. `random-R`: the
    mean and R - 1 random signs over positions, fixed by their count. [ours, all but `mean`]

    Raises ConfigError for any other name.
    """
    mean = torch.full((1, positions), 1 / positions)
    if pooling == "mean":
        return mean
    if pooling == "position":
        return torch.eye(positions)
    found = re.fullmatch("random-([0-9]{1,2})", pooling)
    count = int(found[1]) if found else 0
    if not 1 <= count <= 64:
        raise ConfigError(
            f"no pooling {brief(pooling)}; give mean, position or random-R (R 1 to 64)"
        )
    fixed = torch.Generator().manual_seed(positions)
    signs = torch.randint(0, 2, (count - 1, positions), generator=fixed)
    return torch.cat([mean, (2.0 * signs - 1) / positions])


def tokens(z: Float[Tensor, "rows ..."], site: Site) -> Float[Tensor, "rows positions channels"]:
    """A site's output of either layout as one list of positions, in float32."""
    return z.movedim(site.channel_dim, -1).reshape(len(z), -1, site.width).float()


def pooled(
    z: Float[Tensor, "rows ..."], site: Site, pooling: str
) -> Float[Tensor, "rows features"]:
    """One sample's activations as features: (rows, weights x channels), in float32.

    Outside any autocast: a mean rounded to bfloat16 is as coarse as the differences it is for.
    """
    positions = tokens(z, site)
    weights = pooling_weights(pooling, positions.shape[1]).to(z.device)
    with torch.autocast(z.device.type, enabled=False):
        return (weights @ positions).flatten(1)


@contextmanager
def watched(generator: Generator, look: Callable[[Tensor, Site], Tensor | None]) -> Iterator[None]:
    """A block in which `look` sees every site's output, and may give another in its place."""

    def hook(site: Site, _module: object, _args: object, z: Tensor) -> Tensor | None:
        return look(z, site)

    modules = dict(backbone_of(generator).named_modules())
    with owned(generator, "measured"), ExitStack() as stack:
        for site in generator.sites:
            handle = modules[site.name].register_forward_hook(partial(hook, site))
            stack.enter_context(handle)
        yield


def observe(
    generator: Generator,
    inputs: Mapping[str, Any],
    see: Callable[[Tensor, Site], Seen],
    act: Callable[[Seen, Tensor, Site], Tensor] | None = None,
) -> list[Seen]:
    """Run the backbone once: what `see` makes of every site's output, in site order.

    `act`, where given, replaces the output for all that follows, knowing what was seen. Whatever
    `attach` or `steer` has put on the backbone acts, and gradients flow. Raises GeneratorError
    when a site never runs.
    """
    seen: dict[str, Seen] = {}

    def look(z: Tensor, site: Site) -> Tensor | None:
        seen[site.name] = see(z, site)
        return None if act is None else act(seen[site.name], z, site)

    with watched(generator, look):
        generator.backbone(**inputs)
    if silent := {site.name for site in generator.sites} - seen.keys():
        raise GeneratorError(f"{some(silent)} never ran: wrap the generator with other patterns")
    return [seen[site.name] for site in generator.sites]


def activations(
    generator: Generator, inputs: Mapping[str, Any], pooling: str
) -> Float[Tensor, "rows features"]:
    """The features of all sites, side by side in site order, from one run (see `observe`)."""
    return torch.cat(observe(generator, inputs, partial(pooled, pooling=pooling)), 1)


@torch.no_grad()
def feature_weights(
    generator: Generator, inputs: Inputs, pooling: str
) -> Float[Tensor, "features"]:
    """Weights that turn a sum over features into a mean over channels, then over sites."""
    first = inputs.take(torch.arange(1))
    counts = [x.shape[1] for x in observe(generator, first, partial(pooled, pooling=pooling))]
    return torch.cat([torch.full((n,), 1 / (n * len(counts))) for n in counts])


@torch.no_grad()
def channel_statistics(
    generator: Generator, inputs: Mapping[str, Any]
) -> tuple[Float[Tensor, "channels"], Float[Tensor, "channels"]]:
    """Mean and standard deviation of every channel over rows and positions, in site order."""

    def moments(z: Tensor, site: Site) -> tuple[Tensor, Tensor]:
        flat = tokens(z, site).flatten(0, 1)
        return flat.mean(0), flat.std(0)

    mean, std = zip(*observe(generator, inputs, moments), strict=True)
    return torch.cat(mean), torch.cat(std)
