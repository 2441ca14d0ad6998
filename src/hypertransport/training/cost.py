"""The loss of every training here, end to end over all sites (arXiv 2605.08254, 2503.10679):

    mean_k mean_C  W_2^2( f_k(source; T),  f_k(target) )

where f_k are the pooled activations of site k while every site is steered by T. Batches mix
concepts: each row of one forward pass carries its own concept's maps.
"""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from hypertransport.catalogue import Entry
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.training.material import Material, key
from hypertransport.transport import sorted_cost

CONCEPTS_AT_ONCE = 4


def steered_cost(
    material: Material, maps: Intervention | None, entries: Sequence[Entry], start: int = 0
) -> Float[Tensor, "concepts"]:
    """The transport cost of each concept under its row of `maps` (None: unsteered).

    In units of the source's variance. `start` 0 takes the source rows whose prompts the targets
    share, 1 takes others.
    """
    samples = material.config.samples
    rows = None if maps is None else repeated(maps, samples)
    x = material.features(material.sources(entries, start), rows)
    y = material.targets.batch([key(e) for e in entries])
    return weighted_cost(x.unflatten(0, (len(entries), samples)), y, material.weights)


def weighted_cost(
    x: Float[Tensor, "concepts n features"],
    y: Float[Tensor, "concepts m features"],
    weights: Float[Tensor, "features"],
) -> Float[Tensor, "concepts"]:
    """W_2^2 per feature against sorted `y`, then the weighted sum over features."""
    return sorted_cost(x.float().sort(1).values, y.to(x.device)) @ weights.to(x.device)


def fresh_cost(
    material: Material, maps: Intervention | None, entries: Sequence[Entry]
) -> Float[Tensor, "concepts"]:
    """`steered_cost` on source rows that no step has seen, a few concepts at a time."""
    parts = []
    for i in range(0, len(entries), CONCEPTS_AT_ONCE):
        some = slice(i, i + CONCEPTS_AT_ONCE)
        part = None if maps is None else _each(maps, lambda v, some=some: v[some])
        parts.append(steered_cost(material, part, entries[some], start=1))
    return torch.cat(parts)


def repeated(maps: Intervention, samples: int) -> Intervention:
    """Each concept's row for each of its samples, concept after concept."""
    return _each(maps, lambda v: v.repeat_interleave(samples, 0))


def _each(maps: Intervention, change: Callable[[Tensor], Tensor]) -> Intervention:
    pairs = {name: AffineMap(change(T.scale), change(T.shift)) for name, T in maps.maps.items()}
    return Intervention(pairs)
