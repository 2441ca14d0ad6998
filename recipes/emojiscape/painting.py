"""How a scene of the world is drawn: backdrop, sprites in their set and tint, frame."""

import colorsys

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from recipes.emojiscape.world import (
    COLOUR,
    COLOURS,
    FRAME,
    FRAME_KINDS,
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


def tinted(rgb: np.ndarray, tint: str, ink: bool) -> np.ndarray:
    """Recolour (..., 3) in [0, 1] by a ramp from dark over the tint to white; ink takes it all."""
    if tint == "natural":
        return rgb
    if tint == "inverted":
        return 1 - rgb
    colour = np.array(TINTS[tint]) / 255
    grey = (rgb @ np.array([0.299, 0.587, 0.114]))[..., None]
    if ink:
        return colour + (1 - colour) * grey
    return np.where(grey < 0.5, colour * (0.3 + 1.4 * grey), colour + (1 - colour) * (2 * grey - 1))


def smaller(sprites: np.ndarray) -> np.ndarray:
    """Sprites (things, sets, 48, 48, 4) at 32 pixels, by area in premultiplied alpha."""
    out = np.empty((*sprites.shape[:2], 32, 32, 4), np.uint8)
    for i, rows in enumerate(torch.from_numpy(sprites).float().permute(0, 1, 4, 2, 3)):
        alpha = rows[:, 3:] / 255
        both = torch.cat([rows[:, :3] * alpha, alpha], 1)
        both = F.interpolate(both, size=(32, 32), mode="bilinear", antialias=True)
        rgb = both[:, :3] / both[:, 3:].clamp_min(1e-6)
        rgba = torch.cat([rgb, both[:, 3:] * 255], 1).clamp(0, 255).round()
        out[i] = rgba.byte().permute(0, 2, 3, 1).numpy()
    return out


class Painter:
    """Draws scenes: (n, 7) attributes -> (n, 3, 64, 64) float32 in [0, 1]."""

    def __init__(self, world: World):
        self.world = world
        self.small = smaller(world.sprites)
        self.backdrops = np.stack(
            [[backdrop(c, p) for p in PATTERNS] for c in COLOURS.values()]
        ).astype(np.float32)
        frames = [frame(c, k) for c in COLOURS.values() for k in FRAME_KINDS]
        self.frames = np.stack([np.zeros_like(frames[0]), *frames]).astype(np.float32)

    def sprite(self, sprites: np.ndarray, thing: int, set_: int, tint: int) -> np.ndarray:
        picture = sprites[thing, set_].astype(np.float32) / 255
        rgb = tinted(picture[..., :3], list(TINTS)[tint], ink=set_ == 3)
        return np.concatenate([rgb, picture[..., 3:]], -1).transpose(2, 0, 1)

    @staticmethod
    def paste(canvas: np.ndarray, sprite: np.ndarray, top: int, left: int) -> None:
        height, width = sprite.shape[1:]
        patch = canvas[:, top : top + height, left : left + width]
        patch += sprite[3] * (sprite[:3] - patch)

    def scene(self, row: np.ndarray) -> np.ndarray:
        canvas = self.backdrops[row[COLOUR], row[PATTERN]].copy()
        look = row[SET], row[TINT]
        if row[SUBJECT] != NOTHING:
            self.paste(canvas, self.sprite(self.world.sprites, row[SUBJECT], *look), 8, 8)
        if row[SECOND] != NOTHING:
            self.paste(canvas, self.sprite(self.small, row[SECOND], *look), 32, 32)
        self.paste(canvas, self.frames[row[FRAME]], 0, 0)
        return canvas

    def __call__(self, scenes: np.ndarray) -> Tensor:
        return torch.from_numpy(np.stack([self.scene(row) for row in scenes]))
