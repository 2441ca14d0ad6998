"""Draw one prompt at many strengths and seeds, all rows of a batch at once."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TypeAlias

from PIL import Image

from hypertransport.errors import InterventionError
from hypertransport.generators.base import Generator
from hypertransport.interventions import Intervention
from hypertransport.steering import steer

AT_ONCE = 16  # pictures in one call of the generator: a whole strip, and not too much memory

Part: TypeAlias = tuple[Intervention, float]
Cell: TypeAlias = tuple[int, float]


def compose(parts: Sequence[Part], strengths: Sequence[float]) -> Intervention:
    """One row per strength `s`: every part `(T, w)` at strength `w s`, one after the other."""
    return reduce(Intervention.then, (T.at([w * s for s in strengths]) for T, w in parts))


def draw(
    generator: Generator,
    prompt: str,
    parts: Sequence[Part],
    cells: Sequence[Cell],
    advance: Callable[[int], object] = lambda count: None,
    mask: Image.Image | None = None,
) -> list[Image.Image]:
    """Draw one picture per cell `(seed, strength)`, a whole strip in one call of the generator.

    `advance` is told how many pictures each call has added. `mask` limits all parts to where it is
    white. Raises InterventionError for one that has not the pictures' aspect ratio.
    """
    pictures = []
    for start in range(0, len(cells), AT_ONCE):
        seeds, strengths = zip(*cells[start : start + AT_ONCE], strict=True)
        with steer(generator, compose(parts, strengths), mask=mask):
            pictures += generator(prompt, seeds)
        if mask is not None:
            _require_same_ratio(mask, pictures[-1])
        advance(len(seeds))
    return pictures


def _require_same_ratio(mask: Image.Image, picture: Image.Image) -> None:
    """Only the picture tells where the latents come as tokens (see `regions`), as FLUX's do."""
    if mask.width * picture.height != mask.height * picture.width:
        raise InterventionError(
            f"a mask of {mask.width} x {mask.height} pixels for pictures of {picture.width} x "
            f"{picture.height}: give one of that size, or of its aspect ratio"
        )
