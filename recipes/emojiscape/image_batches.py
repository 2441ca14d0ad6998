"""What the image tower is shown: scenes, bare concepts in many hands, and others (`others`)."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from recipes.emojiscape import world as w
from recipes.emojiscape.captions import captions
from recipes.emojiscape.loop import chance
from recipes.emojiscape.others import Others
from recipes.emojiscape.painting import Painter
from recipes.emojiscape.references import TOWER_SETS, ReferencePainter
from recipes.emojiscape.text_tower import phrases

SEED = 6
SCENES, REFERENCES, OTHERS = 64, 384, 384  # pictures of each in a batch
KINDS = {"thing": 0.5, "style": 0.15, "background": 0.25, "frame": 0.1}  # of the references
REDRAWN = 0.5  # share of the references to things, and of others


@dataclass(frozen=True)
class Batch:
    """Pictures (n, 3, 64, 64) in [0, 1] of scenes, then of bare concepts, then of others; what the
    scenes' captions are, which places in the vocabulary the concepts have, and of which class the
    others are.

    The pictures at `rows` are to be `redrawn`; `again` is what they show, by another hand.
    """

    pictures: Tensor
    rows: Tensor
    again: Tensor
    texts: list[str]
    places: Tensor
    classes: Tensor


class Batches:
    """Draws the batch of step `(SEED, step)`."""

    def __init__(self, painter: Painter, names: list[tuple[str, ...]], others: Others):
        self.painter, self.names, self.others = painter, names, others
        self.references = ReferencePainter(painter)

    def __call__(self, step: int) -> Batch:
        rng, _ = chance(SEED, step)
        scenes = w.free(rng, len(self.names), SCENES)
        texts, _ = captions(rng, scenes, self.names)
        free = w.free(rng, len(self.names), REFERENCES)
        _, bare, said, _ = phrases(rng, free, self.names, KINDS)
        things = bare[:, w.SUBJECT] != w.NOTHING
        kinds = np.select([things, *said.T], ["thing", "style", "background"], "frame")
        sets = rng.permuted(np.tile(TOWER_SETS, (REFERENCES, 1)), axis=1)[:, :2].T
        rows, seed = things & (rng.random(REFERENCES) < REDRAWN), int(rng.integers(2**32))
        one, another = (
            self.references(kinds, drawn_in(bare, things, s), np.random.default_rng(seed))
            for s in sets
        )
        *drawings, classes = self.others.draw(rng, OTHERS)
        strange, again = (
            self.references.on_white(drawing, np.random.default_rng(seed)) for drawing in drawings
        )
        rows = np.concatenate([np.zeros(SCENES, bool), rows, rng.random(OTHERS) < REDRAWN])
        where = torch.from_numpy(np.flatnonzero(rows))
        return Batch(
            torch.cat([self.painter(scenes), one, strange]),
            where,
            torch.cat([another, again])[(where - SCENES).to(another.device)],
            texts,
            torch.from_numpy(places(kinds, bare, len(self.names))),
            classes,
        )


def places(kinds: np.ndarray, scenes: np.ndarray, things: int) -> np.ndarray:
    """Where the catalogue lists the concepts of kinds (n,) that bare scenes (n, 7) hold: (n,), the
    inverse of `references.scene_of` for the whole catalogue."""
    tints, patterns = len(w.TINTS), len(w.PATTERNS)
    thing, frame = scenes[:, w.SUBJECT], scenes[:, w.FRAME] - 1
    style = scenes[:, w.SET] * tints + scenes[:, w.TINT]
    background = scenes[:, w.COLOUR] * patterns + scenes[:, w.PATTERN]
    starts = np.cumsum([0, things, len(w.SETS) * tints, len(w.COLOURS) * patterns])
    each = {"thing": thing, "style": style, "background": background, "frame": frame}
    within = np.stack([*each.values()]) + starts[:, None]
    return within[[list(each).index(kind) for kind in kinds], np.arange(len(scenes))]


def drawn_in(scenes: np.ndarray, things: np.ndarray, sets: np.ndarray) -> np.ndarray:
    """Scenes (n, 7) of which the `things` (n,) bool are in sets (n,) of their own."""
    scenes = scenes.copy()
    scenes[things, w.SET] = sets[things]
    return scenes
