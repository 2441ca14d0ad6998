"""Fitting one concept at a time: LinEAS (arXiv 2503.10679), the bar and the check of steerability.

    min_{scale, shift}  mean_k mean_C  W_2^2( f_k(source; T),  f_k(target) )

The published objective on the maps themselves, end to end over all sites, from the identity. What
direct fitting cannot induce, no hypernetwork will.
"""

from collections.abc import Sequence

import torch
from tqdm import tqdm

from hypertransport.catalogue import Entry
from hypertransport.interventions import Intervention
from hypertransport.training.amortized import make_network, steered_cost
from hypertransport.training.material import Material


def fit_linear(
    material: Material, entries: Sequence[Entry], steps: int = 80, learning_rate: float = 0.03
) -> Intervention:
    """LinEAS with Adam for several concepts side by side (they share forwards, not values): one row each.

    `learning_rate` is in the hypernetwork's units: scales as they are, shifts in source standard
    deviations about the source mean.
    """
    units = make_network(material)
    deviations = torch.zeros(2, len(entries), len(units.source_std), requires_grad=True)
    optimizer = torch.optim.Adam([deviations], learning_rate)
    for _ in tqdm(range(steps), desc=f"fitting {len(entries)} concepts"):
        loss = steered_cost(material, units.maps(*deviations), entries).sum()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    with torch.no_grad():
        return units.maps(*deviations)
