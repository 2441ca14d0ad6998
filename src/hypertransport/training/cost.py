"""The cost of a training's concepts: trained on, or measured on rows unlike their targets'."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from hypertransport.catalogue import Entry
from hypertransport.interventions import Intervention
from hypertransport.training.material import Material, key
from hypertransport.training.problem import each_map, weighted_cost

CONCEPTS_AT_ONCE = 4


def steered_cost(
    material: Material, maps: Intervention | None, entries: Sequence[Entry], start: int = 0
) -> Float[Tensor, "concepts"]:
    """`Problem.cost` of each concept under its row of `maps` (None: unsteered).

    `start` 0 takes the source rows whose prompts the targets share, 1 takes others.
    """
    return material.problem(entries, start).cost(maps)


def fresh_cost(
    material: Material, maps: Intervention | None, entries: Sequence[Entry]
) -> Float[Tensor, "concepts"]:
    """`steered_cost` on source rows that share nothing with the targets, a few concepts at a time.

    Rows are of one bank for all concepts of a kind: others may have been trained on them.
    """
    parts = []
    for i in range(0, len(entries), CONCEPTS_AT_ONCE):
        some = slice(i, i + CONCEPTS_AT_ONCE)
        part = None if maps is None else each_map(maps, lambda v, some=some: v[some])
        parts.append(steered_cost(material, part, entries[some], start=1))
    return torch.cat(parts)


def floor_cost(material: Material, entries: Sequence[Entry]) -> Float[Tensor, "concepts"]:
    """The cost between two independent sets of each concept's targets: nothing can do better."""
    keys = [key(entry) for entry in entries]
    return weighted_cost(material.floor.batch(keys), material.targets.batch(keys), material.weights)
