"""How a scene of the world is drawn: backdrop, sprites in their set and tint, frame."""

import colorsys

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from recipes.emojiscape.loop import CPU
from recipes.emojiscape.world import (
    COLOUR,
    COLOURS,
    FRAME,
    FRAME_KINDS,
    INK,
    NOTHING,
    PATTERN,
    PATTERNS,
    SECOND,
    SET,
    SIZE,
    SUBJECT,
    TINT,
    TINTS,
    World,
)


def backdrop(colour: tuple[int, int, int], pattern: str) -> np.ndarray:
    """One background: (3, 64, 64) in [0, 1]. Its second colour is lighter, or else darker."""
    base = np.array(colour) / 255
    light = colorsys.rgb_to_hls(*base)[1] > 0.62
    other = base * 0.72 if light else base + (1 - base) * 0.38
    y, x = np.mgrid[:SIZE, :SIZE] + 0.5
    r, angle = np.hypot(x - 32, y - 32), np.arctan2(y - 32, x - 32)
    masks = {
        "plain": 0 * x,
        "polka dot": np.hypot(x % 16 - 8, y % 16 - 8) < 4,
        "diagonal striped": (x + y) % 16 < 8,
        "gradient": y / SIZE,
        "vertically striped": x % 16 < 8,
        "horizontally striped": y % 16 < 8,
        "checkered": (x // 8 + y // 8) % 2,
        "grid": (x % 16 < 2.5) | (y % 16 < 2.5),
        "zigzag": (y + np.abs(x % 16 - 8)) % 16 < 8,
        "ringed": r % 16 < 8,
        "sunburst": np.sin(angle * 8) > 0,
        "wavy": (y + 3 * np.sin(x * np.pi / 8)) % 16 < 8,
        "brick": (y % 8 < 1.5) | ((x + 8 * (y // 8 % 2)) % 16 < 1.5),
        "diamond": np.abs(x % 16 - 8) + np.abs(y % 16 - 8) < 6,
        "crossed": np.minimum(np.abs(x % 16 - 8), np.abs(y % 16 - 8))
        + 0 * r < 1.5 * (np.maximum(np.abs(x % 16 - 8), np.abs(y % 16 - 8)) < 5),
        "starry": (np.abs(x % 32 - 16) * np.abs(y % 32 - 16) < 6)
        & (np.hypot(x % 32 - 16, y % 32 - 16) < 9),
    }  # fmt: skip
    mix = masks[pattern].astype(float)
    return base[:, None, None] * (1 - mix) + other[:, None, None] * mix


def frame(colour: tuple[int, int, int], kind: str) -> np.ndarray:
    """One frame as (4, 64, 64): colour and its coverage, within the outer ring of 6 pixels."""
    y, x = np.mgrid[:SIZE, :SIZE] + 0.5
    edge = np.minimum(np.minimum(x, y), np.minimum(SIZE - x, SIZE - y))
    along = np.where(np.minimum(x, SIZE - x) < np.minimum(y, SIZE - y), y, x)
    ring = edge < 5
    masks = {
        "solid": ring,
        "dashed": ring & (along % 16 < 10),
        "dotted": np.hypot(edge - 3, along % 8 - 4) < 2.8,
        "double": (edge < 2) | ((edge > 4) & (edge < 6)),
        "cornered": ring & (np.minimum(along, SIZE - along) < 18),
    }
    cover = masks[kind].astype(float)[None]
    return np.concatenate(
        [np.broadcast_to(np.array(colour)[:, None, None] / 255, (3, SIZE, SIZE)), cover]
    )


def tinted(rgb: Tensor, tints: Tensor, ink: Tensor) -> Tensor:
    """Recolour sprites (n, 3, h, w) in [0, 1], each by its tint (n,): a ramp from dark over the
    tint's colour to white. `ink` (n,) bool: which are line drawings, whose lines take it all."""
    colour = TINT_COLOURS.to(rgb.device)[tints][:, :, None, None]
    tints, ink = tints[:, None, None, None], ink[:, None, None, None]
    grey = torch.einsum("nchw,c->nhw", rgb, rgb.new_tensor([0.299, 0.587, 0.114]))[:, None]
    dark, light = colour * (0.3 + 1.4 * grey), colour + (1 - colour) * (2 * grey - 1)
    ramp = torch.where(ink, colour + (1 - colour) * grey, torch.where(grey < 0.5, dark, light))
    return torch.where(tints == NATURAL, rgb, torch.where(tints == INVERTED, 1 - rgb, ramp))


NATURAL, INVERTED = (list(TINTS).index(name) for name in ("natural", "inverted"))
TINT_COLOURS = torch.tensor([colour or (0, 0, 0) for colour in TINTS.values()]) / 255


def smaller(sprites: Tensor) -> Tensor:
    """Sprites (things, sets, 48, 48, 4) uint8 at 32 pixels, by area in premultiplied alpha."""
    out = []
    for rows in sprites.flatten(0, 1).split(1024):
        rows = rows.permute(0, 3, 1, 2).float()
        alpha = rows[:, 3:] / 255
        both = torch.cat([rows[:, :3] * alpha, alpha], 1)
        both = F.interpolate(both, size=(32, 32), mode="bilinear", antialias=True)
        rgb = both[:, :3] / both[:, 3:].clamp_min(1e-6)
        rgba = torch.cat([rgb, both[:, 3:] * 255], 1).clamp(0, 255).round()
        out.append(rgba.byte().permute(0, 2, 3, 1))
    return torch.cat(out).unflatten(0, sprites.shape[:2])


class Painter:
    """Draws scenes: (n, 7) attributes -> (n, 3, 64, 64) float32 in [0, 1], on a device."""

    def __init__(self, world: World, device: torch.device = CPU):
        self.world, self.device = world, device
        self.sprites = torch.from_numpy(world.sprites).to(device)
        self.small = smaller(self.sprites)
        backdrops = [[backdrop(c, p) for p in PATTERNS] for c in COLOURS.values()]
        frames = [frame(c, k) for c in COLOURS.values() for k in FRAME_KINDS]
        frames = [np.zeros_like(frames[0]), *frames]
        self.backdrops, self.frames = (
            torch.from_numpy(np.stack(v)).float().to(device) for v in (backdrops, frames)
        )

    def sprite(
        self, things: np.ndarray, sets: np.ndarray, tints: np.ndarray, small: bool = False
    ) -> Tensor:
        """Things in their sets and tints, (n, 4, 48, 48) or `small` (n, 4, 32, 32), colours and
        coverage. `NOTHING` covers nothing."""
        thing, set_, tint = (torch.as_tensor(v, device=self.device) for v in (things, sets, tints))
        picture = (self.small if small else self.sprites)[thing, set_].permute(0, 3, 1, 2) / 255
        cover = picture[:, 3:] * (thing != NOTHING)[:, None, None, None]
        return torch.cat([tinted(picture[:, :3], tint, set_ == INK), cover], 1)

    def backdrop(self, scenes: np.ndarray) -> Tensor:
        """The backgrounds of scenes alone: (n, 3, 64, 64)."""
        return self.backdrops[tuple(torch.from_numpy(scenes[:, [COLOUR, PATTERN]].T.copy()))]

    def frame(self, scenes: np.ndarray) -> Tensor:
        """The frames of scenes alone: (n, 4, 64, 64), colours and coverage."""
        return self.frames[torch.from_numpy(scenes[:, FRAME].copy())]

    def __call__(self, scenes: np.ndarray) -> Tensor:
        """Whole scenes (n, 7): (n, 3, 64, 64)."""
        canvas, look = self.backdrop(scenes), scenes[:, [SET, TINT]].T
        paste(canvas, self.sprite(scenes[:, SUBJECT], *look), 8, 8)
        paste(canvas, self.sprite(scenes[:, SECOND], *look, small=True), 32, 32)
        paste(canvas, self.frame(scenes), 0, 0)
        return canvas


def paste(canvas: Tensor, sprites: Tensor, top: int, left: int) -> None:
    """Lay sprites (n, 4, h, w) over pictures (n, 3, H, W), in place."""
    height, width = sprites.shape[2:]
    patch = canvas[:, :, top : top + height, left : left + width]
    patch += sprites[:, 3:] * (sprites[:, :3] - patch)
