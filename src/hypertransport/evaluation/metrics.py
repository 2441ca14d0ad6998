"""What pictures are scored by: pure functions of embeddings, and of scores along a strength.

Embeddings are rows of any model with an image and a text tower; nothing here knows which one. All
values are without unit.
"""

from math import nan

import numpy as np
from jaxtyping import Float

SIGMA, SCALE = 10.0, 1000.0  # as published with CMMD
STILL = 1e-5  # a unit vector in float32 moves by about a tenth of this under another batch size


# --- of pictures ----------------------------------------------------------------------------------


def similarity(
    x: Float[np.ndarray, "#n dim"], y: Float[np.ndarray, "#n dim"]
) -> Float[np.ndarray, " n"]:
    """Cosine of each row of `x` with the same row of `y`, -1 to 1; a single row goes with all.

    Of a picture and a text it is CLIPScore (Hessel et al. 2021, arXiv 2104.08718) without that
    paper's factor of 2.5 and cut at 0; of two pictures, CLIP-I. A row of zeros is similar to none:
    0.
    """
    return (_unit(x) * _unit(y)).sum(-1)


def directional_similarity(
    picture: Float[np.ndarray, "#n dim"],
    unsteered: Float[np.ndarray, "#n dim"],
    text: Float[np.ndarray, "#n dim"],
    prompt: Float[np.ndarray, "#n dim"],
) -> Float[np.ndarray, " n"]:
    """Whether pictures moved as words did, -1 to 1: cos(picture - unsteered, text - prompt).

    `text` is the prompt with the concept in it. Given unit vectors. 0 where a picture did not move:
    the direction of what rounding left would be noise.
    Source: StyleGAN-NADA (Gal et al. 2021, arXiv 2108.00946), section 4.1.
    """
    moved = np.linalg.norm(picture - unsteered, axis=-1) > STILL
    return np.where(moved, similarity(picture - unsteered, text - prompt), 0.0)


def cmmd(
    x: Float[np.ndarray, "n dim"],
    y: Float[np.ndarray, "m dim"],
    sigma: float = SIGMA,
    scale: float = SCALE,
) -> float:
    """The distance of two sets of unit embeddings: squared MMD under a Gaussian kernel, scaled.

        scale ( mean k(x, x') + mean k(y, y') - 2 mean k(x, y) ),  k = exp(-|x - y|^2 / 2 sigma^2)

    0 for equal sets, at most 2 `scale`. As published it is of CLIP ViT-L/14@336; values under
    another encoder do not compare. The means hold the pairs of a row with itself, as in the
    published code, so that two samples of n rows of one distribution differ by about 1 / n.
    Source: Jayasumana et al. 2024, arXiv 2401.09603; google-research/cmmd/distance.py.
    """
    within = _kernel(x, x, sigma).mean() + _kernel(y, y, sigma).mean()
    return float(scale * (within - 2 * _kernel(x, y, sigma).mean()))


# --- of scores along a strength -------------------------------------------------------------------


def content_kept(steered: Float[np.ndarray, " n"], unsteered: float) -> Float[np.ndarray, " n"]:
    """The share of what was there that is still there: ratios of mean scores, from 0.

    Scores say how surely pictures show what their prompts ask for. Above 1 where steering made that
    clearer; not a number where the unsteered pictures do not show it either.
    """
    return steered / unsteered if unsteered > 0 else np.full(len(steered), nan)


def monotonicity(strength: Float[np.ndarray, " n"], effect: Float[np.ndarray, " n"]) -> float:
    """Spearman's rank correlation of effect and strength: 1 where every step up adds effect.

    Equal values share the mean of their ranks. Not a number where either never changes.
    Source: Spearman 1904; the same as scipy.stats.spearmanr.
    """
    x, y = (_ranks(v) - (len(v) - 1) / 2 for v in (strength, effect))
    size = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / size) if size > 0 else nan


def effect_at_content(
    effect: Float[np.ndarray, " n"], content: Float[np.ndarray, " n"], least: float
) -> float:
    """The greatest effect along a curve while at least so much of the content is kept.

    Points are in the order of strength, and joined by straight lines. So methods are compared at
    equal content, whatever their strengths mean. Not a number where content is always below.
    """
    enough = content >= least
    crossing = np.flatnonzero(enough[1:] != enough[:-1])
    there = (least - content[crossing]) / (content[crossing + 1] - content[crossing])
    between = effect[crossing] + there * (effect[crossing + 1] - effect[crossing])
    reached = [*effect[enough], *between]
    return float(max(reached)) if reached else nan


# --- parts ----------------------------------------------------------------------------------------


def _unit(x: Float[np.ndarray, "n dim"]) -> Float[np.ndarray, "n dim"]:
    size = np.linalg.norm(x, axis=-1, keepdims=True)
    return np.divide(x, size, out=np.zeros_like(x), where=size > 0)


def _kernel(
    x: Float[np.ndarray, "n dim"], y: Float[np.ndarray, "m dim"], sigma: float
) -> Float[np.ndarray, "n m"]:
    """Gaussian kernel of all pairs, in float64: the means differ by a millionth of themselves."""
    x, y = x.astype(np.float64), y.astype(np.float64)
    squared = (x**2).sum(-1)[:, None] + (y**2).sum(-1) - 2 * x @ y.T
    return np.exp(-squared / (2 * sigma**2))


def _ranks(x: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """Ranks from 0, those of equal values averaged."""
    below = (x[:, None] > x).sum(1)
    equal = (x[:, None] == x).sum(1)
    return below + (equal - 1) / 2
