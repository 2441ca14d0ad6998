"""Reference pictures: one concept shown alone, as a user would show it.

    python -m recipes.emojiscape.references

Writes data/pictures/<concept>/*.png (not of test concepts) and data/pictures-unseen/. A thing lies
on white, in each set; a style is a sheet of four things drawn in it, several times; a background,
with nothing on it, and a frame, around white, are drawn alike by all: once.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

from recipes.emojiscape import world as w
from recipes.emojiscape.catalogue import concepts
from recipes.emojiscape.painting import Painter

SEEN = (*range(len(w.SETS)), *w.ENCODER)


class ReferencePainter:
    """Draws references of a concept: (3, 64, 64) in [0, 1]."""

    def __init__(self, painter: Painter):
        self.painter, self.things = painter, len(painter.world.names)

    def __call__(self, kind: str, scene: np.ndarray, rng: np.random.Generator) -> Tensor:
        canvas = np.ones((3, w.SIZE, w.SIZE), np.float32)
        if kind == "background":
            canvas = self.painter.backdrops[scene[w.COLOUR], scene[w.PATTERN]].copy()
        elif kind == "frame":
            self.painter.paste(canvas, self.painter.frames[scene[w.FRAME]], 0, 0)
        elif kind == "style":
            for top, left in ((0, 0), (0, 32), (32, 0), (32, 32)):
                look = rng.integers(self.things), scene[w.SET], scene[w.TINT]
                self.painter.paste(
                    canvas, self.painter.sprite(self.painter.small, *look), top, left
                )
        else:
            look = scene[w.SUBJECT], scene[w.SET], scene[w.TINT]
            top, left = rng.integers(4, 13, 2)
            self.painter.paste(
                canvas, self.painter.sprite(self.painter.world.sprites, *look), top, left
            )
        return torch.from_numpy(canvas)


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
    """Pictures of one concept: one in each set that the image tower saw, or in each unseen one."""
    rng = np.random.default_rng((5 + unseen, *name.encode()))
    pictures, sets = [], w.UNSEEN if unseen else SEEN
    for drawn_in in sets if kind in ("thing", "style") else sets[:1]:
        scene = scene_of(kind, number)
        if kind == "thing":
            scene[w.SET] = drawn_in
        pictures.append(to_image(painter(kind, scene, rng)))
    return pictures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    data = parser.parse_args().data
    painter = ReferencePainter(Painter(w.World.load(data / "sprites.npz")))
    where = numbered(painter.painter.world.names)
    entries = json.loads((data / "catalogue.json").read_text())
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
