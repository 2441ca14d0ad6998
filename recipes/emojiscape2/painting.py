"""How a scene of the world is drawn: backdrop, objects, frame, and the style over all of it."""

import numpy as np
import torch
from torch import Tensor

from recipes.emojiscape.painting import backdrop, frame, paste, smaller
from recipes.emojiscape2 import world as w
from recipes.emojiscape2.operations import styled

CPU = torch.device("cpu")
OWN = 0  # the set that the generators learn


class Painter:
    """Draws scenes: (n, 6) attributes -> (n, 3, 64, 64) float32 in [0, 1], on a device."""

    def __init__(self, world: w.World, device: torch.device = CPU):
        self.world, self.device = world, device
        self.sprites = torch.from_numpy(world.sprites).to(device)
        self.small = smaller(self.sprites)
        backdrops = [[backdrop(c, p) for p in w.PATTERNS] for c in w.COLOURS.values()]
        frames = [frame(w.COLOURS[colour], kind) for kind, colour in w.FRAMES]
        self.backdrops, self.frames = (
            torch.from_numpy(np.stack(v)).float().to(device) for v in (backdrops, frames)
        )

    def sprite(self, objects: np.ndarray, sets: int | np.ndarray = OWN, *, small: bool) -> Tensor:
        """Return objects as (n, 4, 48, 48), or small ones as (n, 4, 32, 32): colour and coverage.

        `NONE` covers nothing.
        """
        rows = (self.small if small else self.sprites)[objects, sets].permute(0, 3, 1, 2) / 255
        rows[torch.from_numpy(objects == w.NONE), 3] = 0
        return rows

    def frame(self, frames: np.ndarray) -> Tensor:
        """Return frames as (n, 4, 64, 64): colour and coverage."""
        rows = self.frames[torch.from_numpy(frames)].clone()
        rows[torch.from_numpy(frames == w.NONE), 3] = 0
        return rows

    def plain(self, scenes: np.ndarray, sets: int | np.ndarray = OWN) -> Tensor:
        """Draw scenes (n, 6) without their styles: (n, 3, 64, 64)."""
        canvas = self.backdrops[scenes[:, w.COLOUR], scenes[:, w.PATTERN]].clone()
        paste(canvas, self.sprite(scenes[:, w.SUBJECT], sets, small=False), 8, 8)
        paste(canvas, self.sprite(scenes[:, w.SECOND], sets, small=True), 32, 32)
        paste(canvas, self.frame(scenes[:, w.FRAME]), 0, 0)
        return canvas

    def __call__(self, scenes: np.ndarray, sets: int | np.ndarray = OWN) -> Tensor:
        """Draw whole scenes (n, 6): (n, 3, 64, 64)."""
        return styled(self.plain(scenes, sets), scenes[:, w.STYLE])
