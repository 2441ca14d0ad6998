"""How far a concept lies from those that a hypernetwork was trained on.

    novelty(e) = min_k  d_k(e) / threshold_k ,     d_k(e) = 1 - max_i cos(e, e_ki)

`e_ki` are the training concepts as words and, where there were any, as pictures. A CLIP keeps the
two apart, so a concept is known when it is near to either. The distance to the nearest neighbour is
the score of Sun et al. (arXiv 2204.06507), here with one neighbour; `threshold_k` is its split
conformal quantile over validation concepts: of new concepts drawn alike, at most BEYOND have a
novelty above 1 (from 19 validation concepts on; with fewer it is their greatest distance).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from hypertransport.errors import CheckpointError, brief

BEYOND = 0.05
KEPT = 896  # rows of each kind at most: names of so many concepts, not their phrases as well
MAX_TRAINED = 4096  # rows that a file may hold: 6 MB in half precision at 768 numbers
KINDS = ("words", "pictures")


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Unit embeddings of training concepts, and the distances of validation concepts to them."""

    trained: Float[Tensor, "n dim"]
    distances: Float[Tensor, "validation"]

    @classmethod
    def of(
        cls, trained: Float[Tensor, "n dim"], validation: Float[Tensor, "validation dim"]
    ) -> "Neighbours":
        """Keeps every so many of more than KEPT rows."""
        kept = F.normalize(trained.float(), dim=-1)[:: math.ceil(len(trained) / KEPT)]
        return cls(kept, nearest_distance(validation.float(), kept))

    @property
    def threshold(self) -> float:
        """The distance (1 - cosine) that at most BEYOND of concepts drawn alike exceed."""
        n = len(self.distances)
        rank = min(n, math.ceil((n + 1) * (1 - BEYOND)))
        return max(self.distances.sort().values[rank - 1].item(), 1e-6)

    def novelty(self, e: Float[Tensor, "concepts dim"]) -> Float[Tensor, "concepts"]:
        """Distances to the nearest trained embedding, in thresholds."""
        return nearest_distance(e, self.trained) / self.threshold


@dataclass(frozen=True, eq=False)
class TrainedConcepts:
    """The training concepts of each kind of embedding: "words", and "pictures" where known."""

    kinds: Mapping[str, Neighbours]

    def novelty(self, e: Float[Tensor, "concepts dim"]) -> Float[Tensor, "concepts"]:
        """0 for what it keeps of what was trained on, above 1 for what is farther than validation
        concepts are."""
        return torch.stack([known.novelty(e) for known in self.kinds.values()]).amin(0)

    def tensors(self) -> dict[str, Tensor]:
        """As `from_tensors` takes it: {"trained.words": ..., "distances.words": ...}."""
        return {
            f"{field}.{kind}": getattr(known, field)
            for kind, known in self.kinds.items()
            for field in ("trained", "distances")
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor], dim: int) -> "TrainedConcepts":
        """The inverse of `tensors`, strict: CheckpointError for other names or shapes."""
        kinds = [kind for kind in KINDS if f"trained.{kind}" in tensors]
        wanted = {f"{field}.{kind}" for kind in kinds for field in ("trained", "distances")}
        if not kinds or tensors.keys() != wanted:
            raise CheckpointError(f"odd tables of trained concepts: {brief(sorted(tensors))}")
        pairs = {k: (tensors[f"trained.{k}"], tensors[f"distances.{k}"]) for k in kinds}
        for trained, distances in pairs.values():
            if trained.ndim != 2 or trained.shape[1] != dim or not 0 < len(trained) <= MAX_TRAINED:
                raise CheckpointError(f"trained concepts of shape {brief(tuple(trained.shape))}")
            if distances.ndim != 1 or not len(distances):
                raise CheckpointError(f"distances of shape {brief(tuple(distances.shape))}")
        return cls({kind: Neighbours(F.normalize(t, dim=-1), d) for kind, (t, d) in pairs.items()})


def nearest_distance(
    e: Float[Tensor, "concepts dim"], trained: Float[Tensor, "n dim"]
) -> Float[Tensor, "concepts"]:
    """1 - the greatest cosine to any row of `trained`, which are unit vectors."""
    cosines = F.normalize(e, dim=-1) @ trained.to(e.device).mT
    return (1 - cosines.amax(-1)).clamp_min(0)
