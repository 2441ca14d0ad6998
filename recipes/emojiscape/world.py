"""The world: what a scene is made of, and what the noise decides when nobody says.

A scene is a row of seven whole numbers, `ATTRIBUTES`. A thing of which no style is said is softly
shaded; a second thing lies before it, at the lower right. Which of four quiet backgrounds there is
when none is said, the noise decides, by fixed linear functionals of itself (`decide`): the world is
a *function* of caption and noise, which lets a one-step generator be trained by regression.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

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
INK = SETS.index("ink")
TINTS = {
    "natural": None, "sepia": (150, 104, 58), "grey": (128, 128, 128), "red": (220, 40, 40),
    "orange": (240, 132, 28), "gold": (222, 178, 34), "green": (40, 160, 60),
    "teal": (20, 150, 150),
    "blue": (40, 90, 225), "purple": (130, 52, 176), "pink": (240, 90, 160), "inverted": None,
}  # fmt: skip
UNSEEN, ENCODER = (4, 5), (*range(6, 14),)  # sets that no scene of a training is drawn in
FRAME_KINDS = ("solid", "dashed", "dotted", "double", "cornered")
USUAL = 0.3  # share of scenes in the first set and untinted, besides those that chance makes so
QUIET = ("mint", "sky blue", "lavender", "beige")  # an unnamed background is plain, of these
CALM = 0.4  # share of scenes on such a background


@dataclass(frozen=True)
class World:
    """Sprites (things, sets, 48, 48, 4) uint8 and their names.

    After the world's four sets, 4 and 5 are unseen; 6 to 13 are for the encoder alone: three of
    emoji, then five pooled from packages of icons, the k-th with the k-th icon of each thing.
    """

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
    sets = rng.choice(UNSEEN, size=n) if unseen_sets else rng.integers(4, size=n)
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


# --- what the noise decides ---------------------------------------------------------------------

BITS = len(QUIET).bit_length() - 1  # that choose among the quiet colours


def functionals() -> Tensor:
    """Orthonormal functionals of the noise, (bits, channels, 32, 32): the means of its first
    channels. A bit is the sign of one of them."""
    v = torch.zeros(BITS, LATENT_CHANNELS, GRID, GRID)
    v[range(BITS), range(BITS)] = 1 / GRID
    return v


def decide(noise: Tensor) -> np.ndarray:
    """The colours (n,) that noise (n, channels, 32, 32) chooses for the silent."""
    bits = (torch.einsum("nchw,bchw->nb", noise, functionals()) > 0).long()
    return QUIET_COLOURS[(bits @ 2 ** torch.arange(BITS)).numpy()]


def noise_that_decides(scenes: np.ndarray, silent: np.ndarray, random: torch.Generator) -> Tensor:
    """Standard normal noise conditioned on deciding as `scenes` are: (n, channels, 32, 32), where
    `random` is.

    `silent`: (n,) bool, where the noise must decide so (and can: a quiet colour); elsewhere its
    bits are free. Exact: a functional of unit length is standard normal, whose size and sign are
    independent.
    """
    device = random.device
    noise = torch.randn(len(scenes), LATENT_CHANNELS, GRID, GRID, generator=random, device=device)
    v = functionals().to(device)
    values = torch.einsum("nchw,bchw->nb", noise, v)
    number = torch.from_numpy((scenes[:, COLOUR, None] == QUIET_COLOURS).argmax(1))
    bits = (number[:, None] >> torch.arange(BITS) & 1).to(device)
    decides = torch.from_numpy(silent)[:, None].to(device)
    wanted = torch.where(decides, values.abs() * (2 * bits - 1), values)
    return noise + torch.einsum("nb,bchw->nchw", wanted - values, v)
