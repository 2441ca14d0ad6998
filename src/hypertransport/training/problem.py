"""The transport problem of one concept or several: all that a fit looks at, for any generator.

    mean_k mean_C  W_2^2( f_k(source; T),  f_k(target) )           (arXiv 2503.10679, 2605.08254)

where f_k are the pooled activations of site k while every site is steered by T. Batches mix
concepts: each row of one forward pass carries its own concept's maps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from hypertransport.errors import ConfigError
from hypertransport.generators.base import Generator
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.precision import autocast
from hypertransport.sample_sort import sort_samples
from hypertransport.training.activations import activations, feature_weights
from hypertransport.training.inputs import Inputs, record_bank, row_count
from hypertransport.training.prompts import prompted
from hypertransport.training.recompute import steered_activations
from hypertransport.transport import sorted_cost
from hypertransport.units import Units

FLOOR_VARIANCE = 0.05  # of the mean variance: a channel that hardly moves must not outweigh all


@dataclass(frozen=True, eq=False)
class Problem:
    """Source inputs and target activations of `concepts`, in one generator.

    `sources` are inputs of the backbone, as many rows for each concept, concept after concept.
    `targets` are sorted along m. `weights` sum the cost over features to a mean over channels and
    sites, in units of each feature's source variance; `units` are the same for the channels' maps.
    """

    generator: Generator
    sources: Inputs
    targets: Float[Tensor, "concepts m features"]
    weights: Float[Tensor, "features"]
    units: Units
    pooling: str = "mean"
    bfloat16: bool = False

    @property
    def samples(self) -> int:
        """Source rows of each concept."""
        return row_count(self.sources) // len(self.targets)

    def cost(
        self, maps: Intervention | None = None, rows: Int[Tensor, "n"] | None = None
    ) -> Float[Tensor, "concepts"]:
        """The transport cost of each concept under its row of `maps` (None: unsteered).

        `rows`, where given, are those source rows of every concept that are run; targets are
        always compared as a whole.
        """
        concepts, inputs = len(self.targets), self.sources
        if rows is not None:
            places = self.samples * torch.arange(concepts)[:, None] + rows
            inputs = inputs.take(places.flatten())
        each = None if maps is None else repeated(maps, row_count(inputs) // concepts)
        x = features(self.generator, inputs, each, self.pooling, self.bfloat16)
        return weighted_cost(x.unflatten(0, (concepts, -1)), self.targets, self.weights)


@torch.no_grad()
def pose(
    generator: Generator,
    prompts: Sequence[str],
    phrases: Sequence[str],
    seeds: Sequence[int] | None = None,
    pooling: str = "mean",
) -> Problem:
    """The problem of prompts as they are against the same with each phrase added.

    One concept per phrase. Targets share prompts and noise (`seeds`; default: 0, 1, ...) with
    their sources [ours], which leaves in the cost what the concept changes. Raises ConfigError for
    an unknown pooling and for fewer than two prompts, GeneratorError for a generator under
    guidance.
    """
    if len(prompts) < 2:
        raise ConfigError(f"{len(prompts)} source prompts have no variance; give 2 or more")
    seeds = range(len(prompts)) if seeds is None else seeds
    bank = record_bank(generator, prompts, seeds)
    targets = []
    for phrase in phrases:
        inputs = record_bank(generator, [prompted(p, phrase) for p in prompts], seeds)
        targets.append(features(generator, inputs, pooling=pooling).sort(0).values)
    return Problem(
        generator,
        Inputs.join([bank] * len(phrases)),
        torch.stack(targets),
        inverse_variances(generator, [bank], pooling),
        cost_units(generator, [bank]),
        pooling,
    )


def features(
    generator: Generator,
    inputs: Mapping[str, Any],
    maps: Intervention | None = None,
    pooling: str = "mean",
    bfloat16: bool = False,
) -> Float[Tensor, "rows features"]:
    """One run of the generator, steered by `maps`, under autocast where `bfloat16` says so."""
    with autocast(generator.device.type, bfloat16):
        if maps is None:
            return activations(generator, inputs, pooling)
        return steered_activations(generator, inputs, maps, pooling)


def weighted_cost(
    x: Float[Tensor, "concepts n features"],
    y: Float[Tensor, "concepts m features"],
    weights: Float[Tensor, "features"],
) -> Float[Tensor, "concepts"]:
    """W_2^2 per feature against sorted `y`, then the weighted sum over features."""
    return sorted_cost(sort_samples(x.float()), y.to(x.device)) @ weights.to(x.device)


def repeated(maps: Intervention, samples: int) -> Intervention:
    """Each concept's row for each of its samples, concept after concept."""
    return each_map(maps, lambda v: v.repeat_interleave(samples, 0))


def each_map(maps: Intervention, change: Callable[[Tensor], Tensor]) -> Intervention:
    """The same change made to every scale and every shift."""
    pairs = {name: AffineMap(change(T.scale), change(T.shift)) for name, T in maps.maps.items()}
    return Intervention(pairs)


# --- what the unsteered generator's activations are measured in -----------------------------------


@torch.no_grad()
def inverse_variances(
    generator: Generator, banks: Sequence[Inputs], pooling: str
) -> Float[Tensor, "features"]:
    """Weights for a mean over channels, then sites, in units of each feature's variance [ours]."""
    _, variance = _moments(generator, banks, pooling)
    return feature_weights(generator, banks[0], pooling).to(variance.device) / variance


def cost_units(generator: Generator, banks: Sequence[Inputs]) -> Units:
    """The units that the cost of means is measured in, so that one rate suits all channels.

    In them a channel's own cost has a curvature of 2 / channels in both numbers, as far as sites
    are equally wide and its variance is not near the floor.
    """
    mean, variance = _moments(generator, banks, "mean")
    return Units(generator.sites, mean, variance.sqrt())


@torch.no_grad()
def _moments(
    generator: Generator, banks: Sequence[Inputs], pooling: str
) -> tuple[Float[Tensor, "features"], Float[Tensor, "features"]]:
    """Mean and variance of pooled activations over rows, the variance with a floor."""
    x = torch.cat([activations(generator, inputs, pooling) for inputs in banks])
    variance = x.var(0)
    return x.mean(0), variance + FLOOR_VARIANCE * variance.mean()
