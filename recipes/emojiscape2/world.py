"""The world: the parts of a scene, and the choices of the noise where a caption is silent.

A scene is a row of whole numbers, one for each of `ATTRIBUTES`. An object lies in the middle; a
second, smaller one before it at the lower right. A caption always names the objects and any frame
or style; where it names no background, the noise chooses one of four quiet ones by fixed linear
functionals of itself. The image is therefore a function of caption and noise, and a one-step
generator can be trained by regression.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recipes.emojiscape.world import COLOURS, FRAME_KINDS, PATTERNS, QUIET
from recipes.emojiscape2.operations import STYLES

SIZE = 64
ATTRIBUTES = ("subject", "second", "colour", "pattern", "frame", "style")
SUBJECT, SECOND, COLOUR, PATTERN, FRAME, STYLE = range(len(ATTRIBUTES))
NONE = -1  # no second object, no frame, no style

FRAMES = tuple((kind, colour) for colour in COLOURS for kind in FRAME_KINDS)
# An unnamed background is plain, of one of these colours.
QUIET_COLOURS = np.array([list(COLOURS).index(name) for name in QUIET])
# Shares of scenes that have each of them.
WITH_SECOND, WITH_FRAME, WITH_STYLE, WITH_PATTERN, ON_QUIET = 0.45, 0.2, 0.5, 0.75, 0.4


@dataclass(frozen=True)
class World:
    """Sprites (objects, sets, 48, 48, 4) uint8, straight alpha, and names and tags of the objects.

    The sets are those of `objects.SETS`, in their order.
    """

    sprites: np.ndarray
    objects: list[dict]

    @classmethod
    def load(cls, path: Path = Path("data/objects.npz")) -> "World":
        """Read the file of `objects`. Raises FileNotFoundError that names the command to run."""
        if not path.exists():
            raise FileNotFoundError(f"{path}: run python -m recipes.emojiscape2.objects first")
        with np.load(path, allow_pickle=False) as data:
            return cls(data["sprites"], json.loads(data["things"].tobytes()))

    @property
    def names(self) -> list[str]:
        """The usual name of each object."""
        return [thing["label"] for thing in self.objects]


def random_scenes(
    rng: np.random.Generator, objects: int, n: int, with_style: float = WITH_STYLE
) -> np.ndarray:
    """Draw `n` scenes with every attribute at random: (n, 6) int."""

    def some(share: float, values: int) -> np.ndarray:
        return np.where(rng.random(n) < share, rng.integers(values, size=n), NONE)

    quiet = rng.random(n) < ON_QUIET
    patterned = rng.random(n) < WITH_PATTERN
    scenes = np.empty((n, len(ATTRIBUTES)), np.int64)
    scenes[:, SUBJECT] = rng.integers(objects, size=n)
    scenes[:, SECOND] = some(WITH_SECOND, objects)
    scenes[:, COLOUR] = np.where(
        quiet, rng.choice(QUIET_COLOURS, n), rng.integers(len(COLOURS), size=n)
    )
    scenes[:, PATTERN] = np.where(quiet | ~patterned, 0, rng.integers(len(PATTERNS), size=n))
    scenes[:, FRAME] = some(WITH_FRAME, len(FRAMES))
    scenes[:, STYLE] = some(with_style, len(STYLES))
    return scenes


def is_quiet(scenes: np.ndarray) -> np.ndarray:
    """Return (n,) bool: whether silence can mean the background of a scene."""
    return np.isin(scenes[:, COLOUR], QUIET_COLOURS) & (scenes[:, PATTERN] == 0)
