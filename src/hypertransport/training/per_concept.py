"""Fitting concepts one by one: what every hypernetwork is held against, and starts from.

The bar, and the check of steerability: what direct fitting cannot induce, no hypernetwork will.
Nothing here needs an encoder, so any wrapped generator will do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import torch
from tqdm import tqdm

from hypertransport.catalogue import Entry
from hypertransport.errors import ConfigError
from hypertransport.generators.base import Generator
from hypertransport.interventions import Intervention
from hypertransport.precision import autocast
from hypertransport.torch_state import plain_torch
from hypertransport.training import lineas
from hypertransport.training.activations import pooling_weights
from hypertransport.training.lin_act import causal_lin_act, lin_act, mean_act
from hypertransport.training.lineas import PRESETS, Descent
from hypertransport.training.material import Material
from hypertransport.training.problem import Problem, features, pose, weighted_cost
from hypertransport.training.prompts import NEUTRAL

CLOSED_FORMS: Mapping[str, Callable[..., Intervention]] = MappingProxyType(
    {"mean-shift": mean_act, "lin-act": lin_act, "lin-act-causal": causal_lin_act}
)
MEAN = "mean"


class Costs(NamedTuple):
    """Transport costs on source prompts and noise that no fit has seen, in source variances.

    `floor`: between two independent sets of targets; nothing can do better.
    """

    unsteered: float
    fitted: float
    floor: float

    def __str__(self) -> str:
        return (
            f"cost on unseen prompts: {self.unsteered:.4f} unsteered, {self.fitted:.4f} fitted, "
            f"{self.floor:.4f} at the floor"
        )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How one concept is fitted: by a closed form of this name, or (None) by a descent.

    The first `samples` prompts are fitted on, the next as many are measured on. Raises ConfigError
    when there are too few, for an unknown pooling, and for one that a closed form does not fit.
    """

    closed_form: str | None = None
    descent: Descent = PRESETS["quick"]
    prompts: Sequence[str] = NEUTRAL
    samples: int = 32
    pooling: str = MEAN

    def __post_init__(self) -> None:
        pooling_weights(self.pooling, 1)
        if self.closed_form and self.pooling != MEAN:
            raise ConfigError(f"{self.closed_form} fits means; give no pooling but {MEAN!r}")
        if self.samples < 2 or len(self.prompts) < 2 * self.samples:
            raise ConfigError(
                f"{len(self.prompts)} source prompts for {self.samples} samples to fit on and as "
                "many to measure on; give at least 2 samples, and twice as many prompts"
            )

    @plain_torch(gradients=True)
    def solve(
        self,
        generator: Generator,
        phrase: str,
        start: Intervention | None = None,
        checkpoint: Path | None = None,
    ) -> tuple[Intervention, Costs]:
        """The map (without rows) that does for prompts what adding `phrase` to them would.

        A descent begins at `start`, or the identity; `checkpoint` is as in `lineas.fit`.
        """
        problem, fresh = self.pose(generator, phrase), self.pose(generator, phrase, part=1)
        maps = self.fit(problem, start, checkpoint)
        return maps[0], measure(problem, fresh, maps)

    @plain_torch(gradients=True)
    def fit(
        self,
        problem: Problem,
        start: Intervention | None = None,
        checkpoint: Path | None = None,
    ) -> Intervention:
        """The maps of a problem, one row per concept."""
        if self.closed_form:
            closed_form = CLOSED_FORMS[self.closed_form]
            return closed_form(problem.generator, problem.sources, problem.targets)
        return lineas.fit(problem, self.descent, start, checkpoint)

    @plain_torch()
    def pose(self, generator: Generator, phrase: str, part: int = 0) -> Problem:
        """The problem of adding `phrase`, on prompts to fit on (part 0) or to measure on (1)."""
        seeds = range(part * self.samples, (part + 1) * self.samples)
        prompts = [self.prompts[seed] for seed in seeds]
        return pose(generator, prompts, [phrase], seeds, self.pooling)


@torch.no_grad()
def measure(problem: Problem, fresh: Problem, maps: Intervention) -> Costs:
    """What `maps` make of fresh sources, held against the targets they were fitted to."""
    unseen = replace(problem, sources=fresh.sources)
    floor = weighted_cost(fresh.targets, problem.targets, problem.weights)
    return Costs(*(cost.mean().item() for cost in (unseen.cost(), unseen.cost(maps), floor)))


@torch.no_grad()
def closed_form_maps(
    material: Material, entries: Sequence[Entry], samples: int | None = None
) -> Intervention:
    """Causal Lin-AcT's solution of every concept: one row each, from so many source prompts, or
    as many as the configuration of `material` says.

    Each site is fitted with all earlier ones active; fitted all at once they overshoot together.
    """
    generator, half = material.generator, material.config.bfloat16
    fitted = []
    for entry in tqdm(entries, desc="closed-form maps", disable=None):
        y = features(generator, material.target_inputs(entry, samples=samples), bfloat16=half)
        sources = material.sources([entry], samples=samples)
        with autocast(generator.device.type, half):
            fitted.append(causal_lin_act(generator, sources, y[None]))
    return Intervention.stack(fitted)
