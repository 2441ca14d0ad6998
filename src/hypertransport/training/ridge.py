"""Reduced-rank ridge regression: where a hypernetwork's linear part begins (`warm_start`)."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from hypertransport.catalogue import Entry
from hypertransport.network import Linear, standardised
from hypertransport.training.material import Material

NOISE = 0.15  # on each number of a standardised embedding: explains most of validation concepts


def variants(
    material: Material, entries: Sequence[Entry]
) -> tuple[Float[Tensor, "rows dim"], Float[Tensor, "rows concepts"]]:
    """All embeddings of some concepts, standardised, and how often training draws each for which
    concept; these shares sum to 1."""
    x = standardised(torch.cat([material.embeddings[entry] for entry in entries]))
    share = torch.block_diag(*(material.chances(entry)[:, None] for entry in entries))
    return x, share / len(entries)


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
        L^-1 Cov(x, y) = U S V^T,   A = (L^-T U_r) (S_r V_r^T)

    which is reduced-rank regression (Izenman, 1975) with a ridge. The code x L^-T U_r has about
    unit variance, so that one learning rate suits all of it. `share` sums to 1, `noise` is above 0.
    """
    x, share, y = x.cpu().double(), share.cpu().double(), y.cpu()
    mean = share.sum(1) @ x
    x = x - mean
    gram = x.T @ (share.sum(1)[:, None] * x) + noise**2 * torch.eye(x.shape[1]).double()
    root = torch.linalg.cholesky(gram)
    both = ((x.T @ share).to(y) @ y).double()  # x is centred, so y, which may be large, need not be
    told = torch.linalg.solve_triangular(root, both, upper=False)
    u, s, v = torch.linalg.svd(told, full_matrices=False)
    rank = min(linear.down.out_features, len(s))
    down = torch.linalg.solve_triangular(root.T, u[:, :rank], upper=True).T
    linear.down.weight[:rank] = down.to(linear.down.weight)
    linear.down.bias[:rank] = -(down @ mean).to(linear.down.bias)
    linear.up.weight[:, :rank] = (s[:rank, None] * v[:rank]).T.to(linear.up.weight)
    linear.up.bias.copy_(share.sum(0).to(y) @ y)
