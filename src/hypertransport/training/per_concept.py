"""Fitting concepts one by one: what every hypernetwork is held against, and starts from.

Lin-AcT (arXiv 2410.23054) in closed form, and LinEAS (arXiv 2503.10679) by gradient on the maps
themselves: the bar, and the check of steerability. What direct fitting cannot induce, no
hypernetwork will.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from tqdm import tqdm

from hypertransport.catalogue import Entry
from hypertransport.interventions import Intervention
from hypertransport.training.cost import steered_cost
from hypertransport.training.material import Material
from hypertransport.transport import affine_fit

LARGEST_SCALE = 2.0  # of a closed-form map; from few samples it may come out as anything


@torch.no_grad()
def closed_form_maps(material: Material, entries: Sequence[Entry]) -> Intervention:
    """Lin-AcT's solution of every concept at every site at once: one row each.

    Sites are fitted independently, so the maps overshoot when all act together: a start, no more.
    Scales are kept within [0, 2], where the shift still meets the target's mean.
    """
    pairs = [_closed_form(material, entry) for entry in tqdm(entries, desc="closed-form maps")]
    scale, shift = (torch.stack(values) for values in zip(*pairs, strict=True))
    return Intervention.from_flat(material.generator.sites, scale, shift)


def _closed_form(
    material: Material, entry: Entry
) -> tuple[Float[Tensor, "channels"], Float[Tensor, "channels"]]:
    x = material.features(material.sources([entry]), pooling="mean")
    y = material.features(material.target_inputs(entry), pooling="mean")
    omega, beta = affine_fit(x, y)
    scale = omega.clamp(0, LARGEST_SCALE)
    return scale, beta + (omega - scale) * x.mean(0)


def fit_linear(
    material: Material, entries: Sequence[Entry], steps: int = 80, learning_rate: float = 0.03
) -> Intervention:
    """LinEAS with Adam for several concepts side by side (they share forwards, not values).

        min_{scale, shift}  mean_k mean_C  W_2^2( f_k(source; T),  f_k(target) )

    from the identity; one row per concept. `learning_rate` is in the hypernetwork's units: scales
    as they are, shifts in source standard deviations about the source mean.
    """
    sites = material.generator.sites
    to_activation = Intervention.from_flat(sites, material.std, material.mean)
    to_unit = to_activation.inverse()

    def maps() -> Intervention:
        return to_activation @ Intervention.from_flat(sites, 1 + d_scale, d_shift) @ to_unit

    shape = (len(entries), len(material.std))
    d_scale, d_shift = (torch.zeros(shape, device=material.std.device) for _ in range(2))
    optimizer = torch.optim.Adam([d.requires_grad_() for d in (d_scale, d_shift)], learning_rate)
    for _ in tqdm(range(steps), desc=f"fitting {len(entries)} concepts"):
        steered_cost(material, maps(), entries).sum().backward()
        optimizer.step()
        optimizer.zero_grad()
    with torch.no_grad():
        return maps()
