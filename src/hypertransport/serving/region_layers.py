"""Concepts that act in a part of the picture each: a steering with masks for each of a request's.

A mask costs every picture a little, so there is none before somebody asks for a region.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor

from hypertransport.errors import InterventionError
from hypertransport.generators.base import Generator
from hypertransport.interventions import Intervention
from hypertransport.serving.areas import FINEST, Area, area_mask
from hypertransport.steering import Steering, steer

MAX_LAYERS = 8  # concepts with a region in one request
EVERYWHERE = (0.0, 0.0, 1.0, 1.0)
TRIAL = "a picture"

Inside: TypeAlias = tuple[Area, Intervention]


class RegionLayers:
    """Up to `MAX_LAYERS` steerings inside an `outer` one, with as many rows, kept on `stack`.

    They are put on when first needed and stay: to take them off would have compiled code compiled
    again. Used by the thread that owns the generator.
    """

    def __init__(
        self, generator: Generator, identity: Intervention, outer: Steering, stack: ExitStack
    ):
        self._generator, self._identity, self._outer = generator, identity, outer
        self._stack = stack
        self._layers: list[Steering] = []
        self._size: tuple[int, int] | None = None  # height and width of masks
        self._refusal: str | None = None

    def require(self, areas: Sequence[Area]) -> None:
        """Raise InterventionError unless a request may have these regions.

        The first time, two pictures are drawn to see whether the generator takes any at all.
        """
        if len(areas) > MAX_LAYERS:
            raise InterventionError(
                f"{len(areas)} concepts with a region; give at most {MAX_LAYERS} in one request"
            )
        if self._size is None and self._refusal is None:
            self._try()
        if self._refusal is not None:
            raise InterventionError(
                f"this model takes no regions; leave them out ({self._refusal})"
            )
        for area in areas:
            self._mask(area)

    def set(self, rows: Sequence[Sequence[Inside]]) -> None:
        """What the next call draws inside areas: for each picture its regions, in order.

        Each must have passed `require`.
        """
        while len(self._layers) < max(map(len, rows)):
            self._layers.append(self._put_on())
        for depth, layer in enumerate(self._layers):
            here = [row[depth] if depth < len(row) else None for row in rows]
            here += [None] * (self._outer.rows - len(here))
            maps = [self._identity if inside is None else inside[1] for inside in here]
            masks = [self._mask(EVERYWHERE if inside is None else inside[0]) for inside in here]
            layer.set(Intervention.stack(maps), mask=torch.stack(masks))
            layer.select(range(len(rows)))

    def _put_on(self) -> Steering:
        maps = Intervention.stack([self._identity] * self._outer.rows)
        masks = torch.stack([self._mask(EVERYWHERE)] * self._outer.rows)
        return self._stack.enter_context(steer(self._generator, maps, mask=masks))

    def _mask(self, area: Area) -> Float[Tensor, "height width"]:
        assert self._size is not None  # `require` has been called
        return area_mask(area, *self._size)

    def _try(self) -> None:
        """Find the size of masks in the ratio of the pictures, or why there can be none."""
        self._outer.select([0])
        picture = self._generator(TRIAL)
        scale = min(1.0, FINEST / max(picture.size))
        size = max(1, round(picture.height * scale)), max(1, round(picture.width * scale))
        try:
            with steer(self._generator, self._identity, mask=torch.ones(size)):
                self._generator(TRIAL)
        except InterventionError as error:
            self._refusal = str(error)
        else:
            self._size = size
