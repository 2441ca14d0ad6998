"""Where a hypernetwork begins: at regression of the training concepts' closed-form maps [ours].

Both of its parts are told the whole maps, the linear one in closed form (`ridge`), the network by
steps, and each gives a share. What is linear in the embedding carries over to things never seen,
the network holds what is not; they err differently, so that both are nearer than either (LOG.md).
"""

import numpy as np
import torch
from accelerate import PartialState
from jaxtyping import Float
from torch import Tensor
from tqdm import tqdm

from hypertransport.network import HyperNetwork
from hypertransport.training.material import Material
from hypertransport.training.optimization import learning_rate, parts
from hypertransport.training.per_concept import closed_form_maps
from hypertransport.training.ridge import begin, variants

MIXTURES, MIXED = 64, 4  # in a step, and concepts in each
RATE = 1e-3
LINEAR_SHARE = 0.7  # of the maps, that the linear part gives; the network gives the rest
LEAST_SIZE = 0.1  # of the mean: what is smaller, a mixture that nearly cancels, weighs no more
DRAWS = 1  # what the randomness is for; end-to-end steps draw from (seed, step) alone


def warm_start(network: HyperNetwork, material: Material) -> None:
    """Set an untrained hypernetwork to what embeddings tell of causal Lin-AcT's maps.

    These are fitted here, to all training concepts of `material`, by `closed_form_maps`. Its
    processes each do it for themselves, alike, as it is a function of the configuration.
    """
    samples = material.config.warm_start_samples
    fitted = closed_form_maps(material, material.train, samples)
    maps = torch.cat(network.units.deviations(fitted), -1)
    regress(network, material, maps)
    if network.linear is not None:
        begin(network.linear, *variants(material, material.train), maps)
        _share(network)


def regress(network: HyperNetwork, material: Material, maps: Float[Tensor, "concepts out"]) -> None:
    """Regress the maps of all training concepts, while the linear part is still zero.

    `maps` are their deviations (d_scale, d_shift) from the identity, in the network's `units`.

    On mixtures of a few concepts and the same mixtures of their maps, after mixup (arXiv
    1710.09412): of some hundred concepts alone it would learn each by heart. Errors are relative
    to the size of what is regressed, or concepts with small maps would be neglected.
    """
    config, entries = material.config, material.train
    least = LEAST_SIZE * maps.square().mean()
    optimizer = torch.optim.AdamW(parts(network)[0])
    quiet = None if PartialState().is_main_process else True
    for step in tqdm(range(config.warm_start_steps), desc="warm start", disable=quiet):
        optimizer.param_groups[0]["lr"] = learning_rate(RATE, step, config.warm_start_steps)
        rng = np.random.default_rng((config.seed, DRAWS, step))
        some = rng.integers(len(entries), size=(MIXTURES, MIXED))
        e = material.draw([entries[i] for i in some.flat], rng)
        mixture = torch.from_numpy(rng.dirichlet(np.full(MIXED, 0.6), len(some))).to(e)
        mixed = torch.einsum("nm,nmd->nd", mixture, e.unflatten(0, some.shape))
        targets = torch.einsum("nm,nmc->nc", mixture, maps[some])
        found = torch.cat(network.units.deviations(network(mixed)), -1)
        error, size = ((v**2).mean(1) for v in (found - targets, targets))
        (error / (size + least)).mean().backward()
        optimizer.step()
        network.zero_grad()  # the linear part's too, which the optimizer does not know


@torch.no_grad()
def _share(network: HyperNetwork) -> None:
    """Let the linear part give `LINEAR_SHARE` of its maps, the network the rest of its own."""
    assert network.linear is not None
    for share, part in ((LINEAR_SHARE, network.linear.up), (1 - LINEAR_SHARE, network.heads)):
        for parameter in part.parameters():
            parameter.mul_(share)
