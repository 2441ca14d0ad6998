"""The dial: strengths at which what is seen of a concept grows evenly [ours].

    V(t) = max_{u <= t} median_c (m_c(u) - m_c(0)) / (m_c(1) - m_c(0))
    dial(s) = max { t : V(t) <= s }

m_c(t) is the mean similarity, in the eyes of the encoder, of pictures steered towards validation
concept c at strength t of its calibrated map (see `calibration`) to that concept in words; what is
seen no more at 1 than at 0 is left out.
Activations change along a straight line; pictures do not: a concept shows in none for the first
part of the way, and in most of them soon after.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from hypertransport.errors import CheckpointError, brief


@dataclass(frozen=True, eq=False)
class Dial:
    """`seen` is V at `strengths`; both begin at 0, and 1 stands last in both."""

    strengths: Float[Tensor, "points"]
    seen: Float[Tensor, "points"]

    @classmethod
    def of(
        cls, strengths: Float[Tensor, "points"], similarity: Float[Tensor, "concepts points"]
    ) -> "Dial | None":
        """From m_c at strengths from 0 to 1; None where no concept is seen more at 1 than at 0."""
        grown = similarity - similarity[:, :1]
        grown = grown[grown[:, -1] > 0]
        if not len(grown):
            return None
        seen = (grown / grown[:, -1:]).median(0).values.clamp(0, 1)
        return cls(strengths, seen.cummax(0).values)

    def __call__(self, strength: float) -> float:
        """The strength to steer with, so that `strength` of what is seen at 1 is seen.

        0 and 1 are themselves, as is what lies beyond 1; `dial(-s)` is `-dial(s)`.
        """
        if not 0 < abs(strength) < 1:
            return strength
        turned = np.interp(abs(strength), self.seen.double(), self.strengths.double())
        return float(np.copysign(turned, strength))

    def tensors(self) -> dict[str, Tensor]:
        """As `from_tensors` takes it."""
        return {"strengths": self.strengths, "seen": self.seen}

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor]) -> "Dial":
        """The inverse of `tensors`, strict: CheckpointError for anything that is no dial."""
        if tensors.keys() != {"strengths", "seen"}:
            raise CheckpointError(f"odd tables of a dial: {brief(sorted(tensors))}")
        t, seen = tensors["strengths"], tensors["seen"]
        if t.ndim != 1 or t.shape != seen.shape or len(t) < 2 or not (t.diff() > 0).all():
            raise CheckpointError("a dial of odd shape; get the hypernetwork again")
        ends = torch.stack([t[0], seen[0], 1 - t[-1], 1 - seen[-1]])
        if ends.any() or not (seen.diff() >= 0).all():
            raise CheckpointError("a dial does not go from 0 to 1; get the hypernetwork again")
        return cls(t, seen)
