"""What strength means: effect curves of validation concepts, measured when a training ends.

    E_c(s) = (C_c(0) - C_c(s)) / (C_c(0) - F_c)

is the share of the way from unsteered pictures (0) to pictures whose prompt names the concept (1)
that concept c has gone at strength s: C_c is its transport cost, F_c the floor [ours]. From that:

- `level`, the median of E_c(1): what strength 1 means for every concept once it is calibrated;
- gain g_c: the least strength at which E_c is `level`, or that of its greatest effect. A new
  concept's gain is predicted from the size m of its intervention, log g = a + b log m, by least
  squares over validation concepts. Where left-out concepts are predicted no better so than by a
  constant, b is 0;
- `limit`: beyond it E_c has fallen by more than SLACK for most concepts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor

from hypertransport.errors import CheckpointError, brief

SLACK = 0.05  # of the way: less is noise of the source rows


@dataclass(frozen=True, eq=False)
class Calibration:
    """The measurement: `strengths` ascend from 0 and hold 1; a row of `effects` is one concept.

    `sizes` are the root mean squares of each intervention's deviations from the identity.
    """

    strengths: Float[Tensor, "strengths"]
    effects: Float[Tensor, "concepts strengths"]
    sizes: Float[Tensor, "concepts"]

    @property
    def level(self) -> float:
        """The median effect at strength 1, a share of the way."""
        return self.effects[:, self.strengths == 1].median().item()

    @property
    def limit(self) -> float:
        """The strength beyond which the effect of most concepts shrinks again."""
        fallen = self.effects < self.effects.cummax(1).values - SLACK
        steady = (~fallen).cumprod(1).sum(1) - 1  # index of the last strength before the first fall
        ends = self.strengths[steady].sort().values
        return ends[len(ends) // 2].item()

    @cached_property
    def gains(self) -> Float[Tensor, "concepts"]:
        """The strength at which each validation concept has the common effect."""
        curves = self.effects.tolist()
        return torch.tensor([_reaching(self.level, self.strengths.tolist(), E) for E in curves])

    def gain(self, sizes: Float[Tensor, "*rows"]) -> Float[Tensor, "*rows"]:
        """What to multiply strengths by, for interventions of such sizes; never extrapolated."""
        a, b = self._line
        log_size = _log(sizes.to(self.sizes.device)).clamp(*_log(self.sizes).aminmax())
        return (a + b * log_size).exp().clamp(*self.gains.aminmax()).to(sizes)

    @cached_property
    def _line(self) -> tuple[float, float]:
        x, y = _log(self.sizes), self.gains.double().log()
        dx = x - x.mean()
        if len(x) < 3 or not dx.square().sum():
            return y.mean().item(), 0.0
        b = ((dx * y).sum() / dx.square().sum()).item()
        a = (y.mean() - b * x.mean()).item()
        leverage = 1 / len(x) + dx.square() / dx.square().sum()
        left_out = ((y - a - b * x) / (1 - leverage).clamp_min(1e-9)).square().sum()
        constant = ((y - y.mean()) / (1 - 1 / len(x))).square().sum()
        return (a, b) if left_out < constant else (y.mean().item(), 0.0)

    def tensors(self) -> dict[str, Tensor]:
        """As `from_tensors` takes it: its fields by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor]) -> "Calibration":
        """The inverse of `tensors`, strict: CheckpointError for other names or shapes."""
        if tensors.keys() != {field.name for field in fields(cls)}:
            raise CheckpointError(f"odd tables of effect curves: {brief(sorted(tensors))}")
        s, effects, sizes = (tensors[name] for name in ("strengths", "effects", "sizes"))
        if (s.ndim, sizes.ndim) != (1, 1) or effects.shape != (len(sizes), len(s)):
            raise CheckpointError("effect curves of odd shapes; get the hypernetwork again")
        ascending = effects.numel() and s[0] == 0 and (s == 1).any() and (s.diff() > 0).all()
        if not ascending or (sizes < 0).any():
            raise CheckpointError("effect curves at odd strengths; get the hypernetwork again")
        return cls(s, effects, sizes)


def _reaching(level: float, strengths: list[float], effects: list[float]) -> float:
    """The least strength at which the broken line of effects is at `level`, else at its highest.

    1 where there is nothing to equalise: the median concept does not move at all.
    """
    if level <= 0:
        return 1.0
    for (s0, e0), (s1, e1) in pairwise(zip(strengths, effects, strict=True)):
        if e0 < level <= e1:
            return s0 + (s1 - s0) * (level - e0) / (e1 - e0)
    return max(zip(effects[1:], strengths[1:], strict=True))[1]


def _log(sizes: Float[Tensor, "*rows"]) -> Float[Tensor, "*rows"]:
    return sizes.double().clamp_min(1e-6).log()
