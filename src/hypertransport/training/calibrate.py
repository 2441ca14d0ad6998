"""What a finished training measures for its users: trained concepts and effect curves."""

import torch
from torch import Tensor

from hypertransport.calibration import Calibration
from hypertransport.catalogue import Entry
from hypertransport.network import HyperNetwork
from hypertransport.novelty import KINDS, Neighbours, TrainedConcepts
from hypertransport.training.cost import floor_cost, fresh_cost
from hypertransport.training.material import Material

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
BOUND = 100.0  # of an effect: whatever has exploded is merely very bad


def trained_concepts(material: Material) -> TrainedConcepts:
    """All embeddings that training draws from: names and phrases, and pictures where all have any.

    Validation concepts have a distance for each of their own: users give one at a time, too.
    """
    kinds = {}
    for kind in KINDS:
        trained, validation = (
            [_variants(material, entry, kind) for entry in entries]
            for entries in (material.train, material.validation)
        )
        if all(map(len, trained + validation)):
            kinds[kind] = Neighbours.of(torch.cat(trained).cpu(), torch.cat(validation).cpu())
    return TrainedConcepts(kinds)


@torch.no_grad()
def effect_curves(network: HyperNetwork, material: Material) -> Calibration | None:
    """The effect of each validation concept, by its name, at each of STRENGTHS, on fresh rows.

    None where no concept costs more than the floor, so that there is no way to go.
    """
    entries = material.validation
    maps = network(torch.stack([material.embeddings[entry][0] for entry in entries]))
    costs = torch.stack([fresh_cost(material, maps.at(s), entries) for s in STRENGTHS], 1)
    gap = costs[:, 0] - floor_cost(material, entries).to(costs)
    far = gap > 0
    if not far.any():
        return None
    effects = (costs[:, :1] - costs)[far] / gap[far, None]
    bounded = effects.nan_to_num(nan=-BOUND).clamp(-BOUND, BOUND)
    return Calibration(torch.tensor(STRENGTHS), bounded.cpu(), network.size(maps)[far].cpu())


def _variants(material: Material, entry: Entry, kind: str) -> Tensor:
    """The (variants, dim) of one kind; the first two of all are words."""
    words, pictures = slice(0, 2), slice(2, None)
    return material.embeddings[entry][words if kind == "words" else pictures]
