"""LinEAS: the maps of all sites at once, by gradient through the steered generator.

    min_T  mean_k mean_C  W_2^2( f_k(source; T),  f_k(target) )  +  R(T) / channels

(arXiv 2503.10679, Algorithm 1): a gradient step on the cost, a proximal step on the penalty R of
the maps' deviations from the identity (`proximal`). Ours: the exact cost for any number of samples
(the public code trims and sums), and `Units`, so that rates and penalties are per channel.
Started from a hypernetwork's answer it is *refine*, the bridge between the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from tqdm import tqdm

from hypertransport.errors import ConfigError
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.sites import total_channels
from hypertransport.training.checkpoints import load_checkpoint, save_checkpoint, uninterrupted
from hypertransport.training.gradients import gradient_scale, unscale
from hypertransport.training.problem import Problem, repeated
from hypertransport.training.proximal import sparse_group_penalty, sparse_group_threshold
from hypertransport.units import Units

SAVE_EVERY = 100


@dataclass(frozen=True, kw_only=True)
class Descent:
    """How to descend. `l1` and `group` are the penalty's lambda_1 and lambda_G.

    `learning_rate` is in `Units`; SGD's is multiplied by the number of channels, over which the
    cost is a mean. `batch`: source rows of each concept in a step, a function of (`seed`, step);
    None takes all. Raises ConfigError for what cannot descend.
    """

    optimizer: Literal["adam", "sgd"] = "adam"
    steps: int = 50
    learning_rate: float = 0.1
    l1: float = 0.0
    group: float = 0.0
    batch: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.steps < 0 or self.learning_rate <= 0 or min(self.l1, self.group) < 0:
            raise ConfigError("give steps of 0 or more, a positive rate, penalties of 0 or more")
        if self.batch is not None and self.batch < 1:
            raise ConfigError(f"a batch of {self.batch} rows; give 1 or more")


# The first two are as long as the public code's runs; rates are ours, for our units.
PRESETS: Mapping[str, Descent] = MappingProxyType(
    {
        "quick": Descent(optimizer="adam", steps=50, learning_rate=0.1),
        "long": Descent(optimizer="sgd", steps=1000, learning_rate=0.001),
        "refine": Descent(optimizer="adam", steps=10, learning_rate=0.05),
    }
)


class Deviations(nn.Module):
    """What is learnt: each concept's (d_scale, d_shift), a row of `Units` for all channels."""

    def __init__(self, units: Units, start: Intervention):
        super().__init__()
        self.units = units
        d_scale, d_shift = (v.detach().clone() for v in units.deviations(start))
        self.d_scale, self.d_shift = nn.Parameter(d_scale), nn.Parameter(d_shift)

    def forward(self) -> Intervention:
        """What is learnt, as maps with gradient: one row per concept."""
        return self.units.maps(self.d_scale, self.d_shift)


def fit(
    problem: Problem,
    descent: Descent = PRESETS["quick"],
    start: Intervention | None = None,
    checkpoint: Path | None = None,
) -> Intervention:
    """LinEAS of several concepts side by side (they share forwards, not values); one row each.

    From the identity, or from `start` (a row per concept, or one without rows). No concept ends
    above the objective of its start: where all steps together did not help, it stays there. With
    `checkpoint`, a fit that was stopped goes on from that file bit for bit; whoever asks for it
    removes it when what the fit gives is on the disk. Raises InterventionError for a start on other
    sites, CheckpointError for a file that does not fit, TrainingError where the cost is no finite
    number any more.
    """
    start = start or Intervention.identity(problem.units.sites, rows=len(problem.targets))
    start = Intervention.stack([start]).to(problem.units.mean.device, torch.float32)
    start = repeated(start, len(problem.targets)) if start.rows == 1 else start
    learnt = Deviations(problem.units, start)
    descend(problem, learnt, descent, checkpoint)
    with torch.no_grad():
        return _better(problem, descent, start, learnt())


def descend(
    problem: Problem, learnt: Deviations, descent: Descent, checkpoint: Path | None = None
) -> None:
    """Take all steps that are left, saving on the way and at the end."""
    optimizer, scale = make_optimizer(learnt, descent), gradient_scale(problem)
    moments = {"adam": optimizer} if descent.optimizer == "adam" else {}  # SGD remembers nothing
    state = {"deviations": learnt}, moments
    done = load_checkpoint(checkpoint, *state) if checkpoint and checkpoint.exists() else 0
    optimizer.zero_grad()  # whatever a caller has left
    steps, total = range(done, descent.steps), descent.steps
    bar = tqdm(steps, "fitting", total, leave=None, initial=done, disable=None)
    try:
        for step in bar:
            cost = problem.cost(learnt(), batch_rows(problem, descent, step))
            (scale * cost.sum()).backward()
            unscale([*learnt.parameters()], cost.sum(), scale)
            with uninterrupted():
                update(optimizer, learnt, descent)
                done = step + 1
            bar.set_postfix(cost=f"{cost.mean().item():.4f}")
            if checkpoint and done % SAVE_EVERY == 0:
                save_checkpoint(checkpoint, done, *state)
    except KeyboardInterrupt:
        if checkpoint:
            save_checkpoint(checkpoint, done, *state)
        raise
    if checkpoint and done % SAVE_EVERY:
        save_checkpoint(checkpoint, done, *state)


def make_optimizer(learnt: Deviations, descent: Descent) -> torch.optim.Optimizer:
    """Adam, or SGD on the cost summed over channels."""
    if descent.optimizer == "adam":
        return torch.optim.Adam(learnt.parameters(), descent.learning_rate)
    rate = descent.learning_rate * total_channels(learnt.units.sites)
    return torch.optim.SGD(learnt.parameters(), rate)


def batch_rows(problem: Problem, descent: Descent, step: int) -> Int[Tensor, "n"] | None:
    """The source rows of a step, the same of every concept; None for all of them."""
    if descent.batch is None or descent.batch >= problem.samples:
        return None
    rng = np.random.default_rng((descent.seed, step))
    return torch.from_numpy(rng.permutation(problem.samples)[: descent.batch])


@torch.no_grad()
def update(optimizer: torch.optim.Optimizer, learnt: Deviations, descent: Descent) -> None:
    """Lines 11 to 13 of Algorithm 1: a step down the gradient, then the proximal step.

    The scales of a site are one group and its shifts another. Thresholds are the rate times the
    penalty; under Adam, whose steps have no common size, that is a choice [ours].
    """
    optimizer.step()
    optimizer.zero_grad()
    t = descent.learning_rate
    widths = [site.width for site in learnt.units.sites]
    for d in learnt.parameters():
        d.copy_(sparse_group_threshold(d, widths, t * descent.l1, t * descent.group))


def objective(problem: Problem, descent: Descent, maps: Intervention) -> Float[Tensor, "concepts"]:
    """The cost of all source rows and the penalty: what is minimised, of each concept."""
    widths = [site.width for site in problem.units.sites]
    penalties = [
        sparse_group_penalty(d, widths, descent.l1, descent.group)
        for d in problem.units.deviations(maps)
    ]
    return problem.cost(maps) + torch.stack(penalties).sum(0) / sum(widths)


def _better(
    problem: Problem, descent: Descent, start: Intervention, end: Intervention
) -> Intervention:
    """Of each concept the end, unless its start had the lower objective."""
    helped = objective(problem, descent, end) < objective(problem, descent, start)
    keep = helped[:, None].to(start.flatten().scale.device)
    pairs = {
        name: AffineMap(*(torch.where(keep, b, a) for a, b in zip(T, end.maps[name], strict=True)))
        for name, T in start.maps.items()
    }
    return Intervention(pairs)
