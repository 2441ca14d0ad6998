"""Where a hypernetwork's linear part begins: ridge regression of the closed-form maps.

Of rank r, in closed form [ours]. Over some hundred concepts a network that is regressed learns the
maps of each by heart; what is linear in the embedding holds for concepts never seen (LOG.md).
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from hypertransport.catalogue import Entry
from hypertransport.network import Linear, standardised
from hypertransport.training.material import Material
from hypertransport.training.per_concept import closed_form_maps
from hypertransport.units import Units

NOISE = 0.15  # on each number of a standardised embedding: explains most of validation concepts


def warm_start(linear: Linear, units: Units, material: Material) -> None:
    """Set the linear part of a hypernetwork, whose `units` these are, to what the embeddings of all
    training concepts tell of their maps."""
    entries = material.train
    deviations = units.deviations(closed_form_maps(material, entries))
    share, x = variants(material, entries)
    begin(linear, x, share, torch.cat(deviations, -1))


def variants(
    material: Material, entries: Sequence[Entry]
) -> tuple[Float[Tensor, "rows concepts"], Float[Tensor, "rows dim"]]:
    """All embeddings of some concepts, standardised, and how often each is drawn for which.

    Words half of the time, as `draw_embeddings` does. The shares sum to 1.
    """
    groups = [material.embeddings[entry] for entry in entries]
    x = standardised(torch.cat(groups))
    share = x.new_zeros(len(x), len(entries))
    row = 0
    for concept, group in enumerate(groups):
        words, pictures = 2, len(group) - 2
        of_words = 0.5 if pictures else 1.0
        share[row : row + words, concept] = of_words / words
        share[row + words : row + len(group), concept] = (1 - of_words) / max(1, pictures)
        row += len(group)
    return share / len(entries), x


@torch.no_grad()
def begin(
    linear: Linear,
    x: Float[Tensor, "rows dim"],
    share: Float[Tensor, "rows concepts"],
    y: Float[Tensor, "concepts out"],
    noise: float = NOISE,
) -> None:
    """The best map of `linear`'s rank from x to y, under noise of this size on each number of x.

        min_A  E |(x + noise) A - y|^2,  rank A <= r:   G = Cov x + noise^2 = L L^T,
        L^-1 Cov(x, y) = U S V^T,   A = (L^-T U_r) (S_r V_r^T)     (reduced-rank regression)

    The code x L^-T U_r has about unit variance, so that one learning rate suits all of it.
    """
    x, share, y = (v.cpu().double() for v in (x, share, y))
    mean_x, mean_y = share.sum(1) @ x, share.sum(0) @ y
    x, y = x - mean_x, y - mean_y
    gram = x.T @ (share.sum(1)[:, None] * x) + noise**2 * torch.eye(x.shape[1]).double()
    root = torch.linalg.cholesky(gram)
    u, s, v = torch.linalg.svd(
        torch.linalg.solve_triangular(root, x.T @ share @ y, upper=False), full_matrices=False
    )
    rank = min(linear.down.out_features, len(s))
    down = torch.linalg.solve_triangular(root.T, u[:, :rank], upper=True).T
    linear.down.weight[:rank] = down.to(linear.down.weight)
    linear.down.bias[:rank] = -(down @ mean_x).to(linear.down.bias)
    linear.up.weight[:, :rank] = (s[:rank, None] * v[:rank]).T.to(linear.up.weight)
    linear.up.bias.copy_(mean_y)
