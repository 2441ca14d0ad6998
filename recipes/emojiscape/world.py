"""The world: what a scene is made of, how it is drawn, and what the noise decides when nobody says.

A scene is a row of seven whole numbers, `ATTRIBUTES`. A thing of which no style is said is softly
shaded; a second thing lies before it, at the lower right. Which of four quiet backgrounds there is
when none is said, the noise decides, by fixed linear functionals of itself (`decide`): the world is
a *function* of caption and noise, which lets a one-step generator be trained by regression.
"""

import colorsys
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

SIZE, GRID, LATENT_CHANNELS = 64, 32, 6
ATTRIBUTES = ("subject", "second", "set", "tint", "colour", "pattern", "frame")
SUBJECT, SECOND, SET, TINT, COLOUR, PATTERN, FRAME = range(7)
NOTHING = -1  # `second` of a scene with one thing; `frame` 0 is no frame

COLOURS = {
    "red": (214, 44, 44), "orange": (244, 140, 36), "yellow": (248, 212, 60),
    "green": (52, 152, 66), "mint": (150, 226, 180), "teal": (28, 140, 140),
    "sky blue": (126, 196, 244), "blue": (44, 92, 220), "navy": (24, 34, 90),
    "purple": (124, 58, 168), "lavender": (196, 172, 240), "pink": (246, 140, 184),
    "maroon": (116, 22, 46), "brown": (134, 88, 50), "beige": (234, 216, 182),
    "grey": (150, 152, 156),
}  # fmt: skip
PATTERNS = (
    "plain", "polka dot", "diagonal striped", "gradient",
    "vertically striped", "horizontally striped", "checkered", "grid",
    "zigzag", "ringed", "sunburst", "wavy",
    "brick", "diamond", "crossed", "starry",
)  # fmt: skip
SETS = ("soft shaded", "flat cartoon", "glossy 3d", "ink")
TINTS = {
    "natural": None, "sepia": (150, 104, 58), "grey": (128, 128, 128), "red": (220, 40, 40),
    "orange": (240, 132, 28), "gold": (222, 178, 34), "green": (40, 160, 60),
    "teal": (20, 150, 150),
    "blue": (40, 90, 225), "purple": (130, 52, 176), "pink": (240, 90, 160), "inverted": None,
}  # fmt: skip
FRAME_KINDS = ("solid", "dashed", "dotted", "double", "cornered")
USUAL = 0.3  # share of scenes in the first set and untinted, besides those that chance makes so
QUIET = ("mint", "sky blue", "lavender", "beige")  # an unnamed background is plain, of these
CALM = 0.4  # share of scenes on such a background


@dataclass(frozen=True)
class World:
    """Sprites (things, sets, 48, 48, 4) uint8 and their names; sets 4 and 5 are unseen."""

    sprites: np.ndarray
    things: list[dict]

    @classmethod
    def load(cls, path: Path = Path("data/sprites.npz")) -> "World":
        with np.load(path, allow_pickle=False) as data:
            return cls(data["sprites"], json.loads(data["things"].tobytes()))

    @property
    def names(self) -> list[str]:
        return [thing["label"] for thing in self.things]


# --- chance -------------------------------------------------------------------------------------


def free(rng: np.random.Generator, things: int, n: int, unseen_sets: bool = False) -> np.ndarray:
    """`n` scenes with every attribute drawn at random: (n, 7) int."""
    scene = np.empty((n, len(ATTRIBUTES)), np.int64)
    scene[:, SUBJECT] = rng.integers(things, size=n)
    scene[:, SECOND] = np.where(rng.random(n) < 0.5, rng.integers(things, size=n), NOTHING)
    usual = rng.random(n) < USUAL
    sets = rng.integers(4, 6, size=n) if unseen_sets else rng.integers(4, size=n)
    tints = np.where(rng.random(n) < 0.4, rng.integers(len(TINTS), size=n), 0)
    scene[:, SET], scene[:, TINT] = np.where(usual, 0, (sets, tints))
    calm, quiet = rng.random(n) < CALM, QUIET_COLOURS[rng.integers(len(QUIET), size=n)]
    scene[:, COLOUR] = np.where(calm, quiet, rng.integers(len(COLOURS), size=n))
    scene[:, PATTERN] = np.where(calm, 0, rng.integers(len(PATTERNS), size=n))
    frames = len(COLOURS) * len(FRAME_KINDS)
    scene[:, FRAME] = np.where(rng.random(n) < 0.25, 1 + rng.integers(frames, size=n), 0)
    return scene


QUIET_COLOURS = np.array([list(COLOURS).index(name) for name in QUIET])


def is_quiet(scenes: np.ndarray) -> np.ndarray:
    """(n,) bool: whether silence can mean the background of a scene."""
    return np.isin(scenes[:, COLOUR], QUIET_COLOURS) & (scenes[:, PATTERN] == 0)


# What the noise may choose from, in the order of its bits.
CHOICES = {COLOUR: QUIET_COLOURS}


def bits_of(choice: np.ndarray) -> int:
    """How many bits choose among (2^n,) values."""
    return len(choice).bit_length() - 1


def functionals() -> Tensor:
    """Two orthonormal functionals of the noise, (3, channels, 32, 32): the means of its first
    channels. A bit is the sign of one of them."""
    count = sum(map(bits_of, CHOICES.values()))
    v = torch.zeros(count, LATENT_CHANNELS, GRID, GRID)
    v[range(count), range(count)] = 1 / GRID
    return v


def decide(noise: Tensor) -> dict[int, np.ndarray]:
    """What the noise (n, channels, 32, 32) chooses for the silent: {attribute: (n,) int}."""
    bits = (torch.einsum("nchw,bchw->nb", noise, functionals()) > 0).long()
    chosen, start = {}, 0
    for attribute, choice in CHOICES.items():
        count = bits_of(choice)
        weights = 2 ** torch.arange(count)
        chosen[attribute] = choice[(bits[:, start : start + count] @ weights).numpy()]
        start += count
    return chosen


def noise_that_decides(
    scenes: np.ndarray, open_: dict[int, np.ndarray], random: torch.Generator
) -> Tensor:
    """Standard normal noise conditioned on deciding as `scenes` are: (n, channels, 32, 32).

    `open_[attribute]`: (n,) bool, where the noise must decide so (and can: it must be one of
    `CHOICES`); elsewhere its bits are free.
    Exact: a functional of unit length is standard normal, whose size and sign are independent.
    """
    noise = torch.randn(len(scenes), LATENT_CHANNELS, GRID, GRID, generator=random)
    v = functionals()
    values = torch.einsum("nchw,bchw->nb", noise, v)
    wanted, start = values.clone(), 0
    for attribute, choice in CHOICES.items():
        count = bits_of(choice)
        number = (scenes[:, attribute, None] == choice).argmax(1)
        bits = torch.from_numpy(number)[:, None] >> torch.arange(count) & 1
        columns = slice(start, start + count)
        signed = values[:, columns].abs() * (2 * bits - 1)
        needed = torch.from_numpy(open_[attribute])[:, None]
        wanted[:, columns] = torch.where(needed, signed, values[:, columns])
        start += count
    return noise + torch.einsum("nb,bchw->nchw", wanted - values, v)


# --- drawing ------------------------------------------------------------------------------------


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
