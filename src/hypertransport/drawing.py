"""Draw one prompt at many strengths and seeds, all rows of a batch at once."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TypeAlias

from PIL import Image

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
) -> list[Image.Image]:
    """Draw one picture per cell `(seed, strength)`, a whole strip in one call of the generator.

    `advance` is told how many pictures each call has added.
    """
    pictures = []
    for start in range(0, len(cells), AT_ONCE):
        seeds, strengths = zip(*cells[start : start + AT_ONCE], strict=True)
        with steer(generator, compose(parts, strengths)):
            pictures += generator(prompt, seeds)
        advance(len(seeds))
    return pictures
