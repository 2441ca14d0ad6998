"""Reference pictures: one concept shown alone, as a user would show it.

    python -m recipes.emojiscape.references

Writes data/pictures/<concept>/*.png (not of test concepts) and data/pictures-unseen/. A thing lies
on white, in each set; a style is a sheet of four things drawn in it, several times; a background,
with nothing on it, and a frame, around white, are drawn alike by all: once.
"""

import argparse
import json
from itertools import product
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from recipes.emojiscape import world as w
from recipes.emojiscape.catalogue import concepts
from recipes.emojiscape.painting import Painter, paste

TOWER_SETS = (*range(len(w.SETS)), *w.ENCODER)  # that the image tower learns from
SEEN = TOWER_SETS[:7]  # of them the sets of emoji: a concept has no more pictures in data/pictures
LOOK = [w.SUBJECT, w.SET, w.TINT]


class ReferencePainter:
    """Draws concepts alone: (n, 3, 64, 64) in [0, 1]."""

    def __init__(self, painter: Painter):
        self.painter, self.things = painter, len(painter.world.names)
        self.draw = {
            "thing": self.thing,
            "style": self.style,
            "background": lambda scenes, _: painter.backdrop(scenes),
            "frame": self.frame,
        }

    def __call__(self, kinds: np.ndarray, scenes: np.ndarray, rng: np.random.Generator) -> Tensor:
        """The concept of a kind (n,) that each scene (n, 7) holds, placed by chance."""
        pictures = self.white(len(scenes))
        for kind, draw in self.draw.items():
            rows = np.flatnonzero(kinds == kind)
            pictures[torch.from_numpy(rows)] = draw(scenes[rows], rng)
        return pictures

    def white(self, n: int) -> Tensor:
        """Empty pictures: (n, 3, 64, 64)."""
        return torch.ones(n, 3, w.SIZE, w.SIZE, device=self.painter.device)

    def thing(self, scenes: np.ndarray, rng: np.random.Generator) -> Tensor:
        """Each thing on white, somewhere about the middle."""
        return self.on_white(self.painter.sprite(*scenes[:, LOOK].T), rng)

    def on_white(self, sprites: Tensor, rng: np.random.Generator) -> Tensor:
        """Sprites (n, 4, 48, 48) on white, each somewhere about the middle."""
        pictures, places = self.white(len(sprites)), rng.integers(4, 13, (len(sprites), 2))
        paste(pictures, placed(sprites, torch.from_numpy(places).to(sprites.device)), 0, 0)
        return pictures

    def style(self, scenes: np.ndarray, rng: np.random.Generator) -> Tensor:
        """Sheets of four things, the same style for all four of a sheet."""
        pictures = self.white(len(scenes))
        things = rng.integers(self.things, size=(4, len(scenes)))
        for some, (top, left) in zip(things, product((0, 32), repeat=2), strict=True):
            look = scenes[:, [w.SET, w.TINT]].T
            paste(pictures, self.painter.sprite(some, *look, small=True), top, left)
        return pictures

    def frame(self, scenes: np.ndarray, rng: np.random.Generator) -> Tensor:
        """Each frame around white; nothing of it is left to chance."""
        pictures = self.white(len(scenes))
        paste(pictures, self.painter.frame(scenes), 0, 0)
        return pictures


def placed(sprites: Tensor, places: Tensor) -> Tensor:
    """Sprites (n, 4, h, h) on pictures of 64 x 64, empty elsewhere: (n, 4, 64, 64). `places` (n, 2)
    of their tops and lefts leave room for them."""
    room = w.SIZE - sprites.shape[2]
    wide = F.pad(sprites, (room,) * 4)
    y, x = ((room - place)[:, None] + torch.arange(w.SIZE).to(place) for place in places.T)
    n = torch.arange(len(sprites), device=sprites.device)
    return wide.permute(0, 2, 3, 1)[n[:, None, None], y[:, :, None], x[:, None]].permute(0, 3, 1, 2)


def scene_of(kind: str, number: int) -> np.ndarray:
    """The scene that holds the `number`-th concept of a kind, in catalogue order, and no more."""
    scene = np.zeros(len(w.ATTRIBUTES), np.int64)
    scene[w.SECOND] = w.NOTHING
    if kind == "thing":
        scene[w.SUBJECT] = number
    elif kind == "style":
        scene[w.SET], scene[w.TINT] = divmod(number, len(w.TINTS))
    elif kind == "background":
        scene[w.COLOUR], scene[w.PATTERN] = divmod(number, len(w.PATTERNS))
    else:
        scene[w.FRAME] = number + 1
    return scene


def numbered(names: list[str]) -> dict[str, tuple[str, int]]:
    """Concept name -> (kind, its number within the kind)."""
    seen: dict[str, int] = {}
    out = {}
    for kind, name in concepts(names):
        out[name] = (kind, seen.get(kind, 0))
        seen[kind] = seen.get(kind, 0) + 1
    return out


def to_image(picture: Tensor) -> Image.Image:
    return Image.fromarray((picture.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).numpy())


def references(
    painter: ReferencePainter, name: str, kind: str, number: int, unseen: bool = False
) -> list[Image.Image]:
    """Pictures of one concept: one in each set of `SEEN`, or in each unseen one."""
    rng = np.random.default_rng((5 + unseen, *name.encode()))
    sets = np.array(w.UNSEEN if unseen else SEEN)
    scenes = np.stack([scene_of(kind, number)] * (len(sets) if kind in ("thing", "style") else 1))
    if kind == "thing":
        scenes[:, w.SET] = sets
    return [to_image(picture) for picture in painter(np.full(len(scenes), kind), scenes, rng)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    data = parser.parse_args().data
    painter = ReferencePainter(Painter(w.World.load(data / "sprites.npz")))
    where = numbered(painter.painter.world.names)
    entries = json.loads((data / "catalogue.json").read_text(encoding="utf-8"))
    for entry in tqdm(entries, desc="reference pictures"):
        for unseen in (False, True):
            if not unseen and entry["split"] == "test":
                continue
            folder = data / ("pictures-unseen" if unseen else "pictures") / entry["name"]
            folder.mkdir(parents=True, exist_ok=True)
            for i, image in enumerate(
                references(painter, entry["name"], *where[entry["name"]], unseen)
            ):
                image.save(folder / f"{i}.png")


if __name__ == "__main__":
    main()
