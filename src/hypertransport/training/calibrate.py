"""What a finished training measures for its users: trained concepts and effect curves."""

import torch
from jaxtyping import Float
from torch import Tensor
from tqdm import tqdm

from hypertransport.calibration import Calibration
from hypertransport.catalogue import Entry
from hypertransport.dial import Dial
from hypertransport.interventions import Intervention
from hypertransport.network import HyperNetwork
from hypertransport.novelty import KINDS, Neighbours, TrainedConcepts
from hypertransport.steering import steer
from hypertransport.training.cost import floor_cost, fresh_cost
from hypertransport.training.material import Material

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
BOUND = 100.0  # of an effect: whatever has exploded is merely very bad
TURNS = tuple(i / 8 for i in range(9))  # of the dial
PICTURES = 4  # drawn of each concept at each of them


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


@torch.no_grad()
def measure_dial(
    network: HyperNetwork, material: Material, calibration: Calibration
) -> Dial | None:
    """How much of each validation concept, by its phrase, is seen along its calibrated map.

    None where none is seen more at strength 1 than unsteered.
    """
    words = torch.stack([material.embeddings[entry][1] for entry in material.validation])
    maps = network(words)
    maps = maps.at(calibration.gain(network.size(maps)))
    rows = tqdm(material.validation, desc="turning the dial", disable=None)
    similarity = [_seen(material, entry, maps[i], words[i]) for i, entry in enumerate(rows)]
    return Dial.of(torch.tensor(TURNS), torch.stack(similarity).cpu())


def _seen(
    material: Material, entry: Entry, T: Intervention, word: Float[Tensor, "dim"]
) -> Float[Tensor, "turns"]:
    """Mean similarity to a concept's embedding, of pictures of its first source prompts."""
    bank, means = material.banks[entry.kind], []
    prompts, seeds = bank.prompts[:PICTURES], [*bank.seeds[:PICTURES]]
    for t in TURNS:
        with steer(material.generator, T, t):
            pictures = material.generator(prompts, seeds)
        means.append((material.encoder.images(pictures) @ word.to(material.encoder.device)).mean())
    return torch.stack(means)


def _variants(material: Material, entry: Entry, kind: str) -> Tensor:
    """The (variants, dim) of one kind; the first two of all are words."""
    words, pictures = slice(0, 2), slice(2, None)
    return material.embeddings[entry][words if kind == "words" else pictures]
