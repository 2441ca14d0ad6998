"""The independent scorer: a convolutional network that shares nothing with what it scores.

    python -m recipes.emojiscape.recogniser

Its own architecture, seed and renderings (shifted, softened, recoloured a little, noisy); it takes
no part in training generator, encoder or hypernetwork. Its accuracy on true scenes is the
ceiling of every score it gives. Unlike transformers' image classifiers it keeps what is where
apart to the end, and reads the corner of a second thing by itself: so it learns this world within
minutes (LOG.md).
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hypertransport.generators.base import choose_device
from hypertransport.precision import autocast
from hypertransport.training.checkpoints import load_checkpoint
from recipes.emojiscape import world as w
from recipes.emojiscape.augmentation import draws
from recipes.emojiscape.loop import chance, fit, optimizers, training_arguments
from recipes.emojiscape.painting import Painter

SEED, STEPS, BATCH = 7, 2000, 256
CORNER = 28  # where a second thing begins, and room for shifts: it is small, and read by itself
WHAT = ("subject", "second", "set", "tint", "colour", "pattern", "frame")
# What is right when all that makes it up is.
WHOLE = {"style": ("set", "tint"), "background": ("colour", "pattern"), "frame": ("frame",)}


def values(names: list[str]) -> dict[str, list[str]]:
    """What each attribute can be; `second` ends with nothing, `frame` begins with none."""
    frames = [f"{kind} {colour}" for colour in w.COLOURS for kind in w.FRAME_KINDS]
    return {
        "subject": names, "second": [*names, "nothing"], "set": list(w.SETS), "tint": list(w.TINTS),
        "colour": list(w.COLOURS), "pattern": list(w.PATTERNS), "frame": ["none", *frames],
    }  # fmt: skip


class Block(nn.Module):
    """x + conv(conv(x)), batch-normalised."""

    def __init__(self, width: int):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.body(x))


def halved(a: int, b: int) -> nn.Sequential:
    """To half the sides and `b` channels."""
    down = nn.Conv2d(a, b, 3, stride=2, padding=1)
    return nn.Sequential(down, nn.BatchNorm2d(b), nn.ReLU(), Block(b))


class Recogniser(nn.Module):
    """(n, 3, 64, 64) in [-1, 1] -> logits of each attribute's `values`."""

    def __init__(self, things: int):
        super().__init__()
        self.fine = nn.Sequential(
            nn.Conv2d(3, 40, 5, stride=2, padding=2), Block(40), halved(40, 80), halved(80, 160)
        )
        self.coarse = halved(160, 256)
        self.corner = nn.Sequential(
            nn.Conv2d(3, 40, 5, padding=2), Block(40), halved(40, 80), halved(80, 160),
            halved(160, 256), nn.Flatten(), nn.Linear(25 * 256, 384), nn.ReLU(),
        )  # fmt: skip
        self.whole = nn.Sequential(nn.Linear(16 * 256, 384), nn.ReLU())
        sizes = {k: len(of) for k, of in values([""] * things).items()}
        self.heads = nn.ModuleDict({k: nn.Linear(384, n) for k, n in sizes.items()})

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        h = self.fine(x)
        corner = self.corner(x[:, :, CORNER:, CORNER:])
        whole = self.whole(self.coarse(h).flatten(1))
        return {k: head(corner if k == "second" else whole) for k, head in self.heads.items()}


def labels_of(scenes: np.ndarray, things: int) -> dict[str, Tensor]:
    """Class targets of scenes by attribute."""
    columns = dict(zip(w.ATTRIBUTES, scenes.T.copy(), strict=True))
    columns["second"] = np.where(columns["second"] < 0, things, columns["second"])
    return {k: torch.from_numpy(columns[k]) for k in WHAT}


def other_rendering(x: Tensor, random: torch.Generator) -> Tensor:
    """Another rendering of the same scenes: shifted, softened, recoloured a little, noisy."""
    dy, dx = torch.randint(-2, 3, (2,), generator=random, device=x.device).tolist()
    soft = F.avg_pool2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), 5, 1)
    normal, uniform = draws(x, random)
    x = x + uniform(1, 1, 1) * (soft - x)
    x = x * (1 + 0.08 * normal(3, 1, 1)) + 0.03 * normal(*x.shape[1:])
    return x.roll((dy, dx), (2, 3)).clamp(0, 1)


@torch.no_grad()
def recognise(model: Recogniser, pictures: Tensor) -> dict[str, Tensor]:
    """Class of every attribute in pictures (n, 3, 64, 64) in [0, 1]: {attribute: (n,)}."""
    model.eval()
    return {k: v.argmax(1) for k, v in model(pictures * 2 - 1).items()}


def load(runs: Path, things: int) -> Recogniser:
    model = Recogniser(things)
    load_checkpoint(runs / "recogniser/checkpoint.safetensors", {"recogniser": model}, {})
    return model.eval()


def correct(read: dict[str, Tensor], truth: dict[str, Tensor]) -> dict[str, np.ndarray]:
    """Which rows are read right, by attribute and by whole style and background: (n,) bool each."""
    right = {k: (read[k] == v).numpy() for k, v in truth.items()}
    return right | {k: np.logical_and.reduce([right[a] for a in v]) for k, v in WHOLE.items()}


def ceiling(model: Recogniser, painter: Painter, n: int = 2000) -> dict[str, float]:
    """Accuracy on true scenes that were never drawn in training."""
    scenes = w.free(np.random.default_rng(10**6), len(painter.world.names), n)
    read = recognise(model, painter(scenes).cpu())
    truth = labels_of(scenes, len(painter.world.names))
    there = scenes[:, w.SECOND] != w.NOTHING
    right = correct(read, truth)
    return {k: float((v[there] if k == "second" else v).mean()) for k, v in right.items()}


def main() -> None:
    args, device = training_arguments(__doc__, STEPS), choose_device(None)
    torch.manual_seed(SEED)
    painter = Painter(w.World.load(), device)
    model = Recogniser(len(painter.world.names)).to(device)

    def loss_at(step: int) -> tuple[Tensor, dict[str, Tensor]]:
        rng, random = chance(SEED, step, device)
        scenes = w.free(rng, len(painter.world.names), BATCH)
        x = other_rendering(painter(scenes), random) * 2 - 1
        with autocast(device.type):
            logits = model.train()(x.contiguous(memory_format=torch.channels_last))
        labels = labels_of(scenes, len(painter.world.names))
        labels = {k: v.to(device) for k, v in labels.items()}
        losses = {k: F.cross_entropy(logits[k].float(), v) for k, v in labels.items()}
        right = {f"{k}_right": (logits[k].argmax(1) == v).float().mean() for k, v in labels.items()}
        return torch.stack(list(losses.values())).sum(), right

    each = optimizers(model, 8e-3, 2e-3)
    fit(args.runs / "recogniser", args.steps, {"recogniser": model}, each, loss_at)
    figures = ceiling(model.cpu(), painter)
    (args.runs / "recogniser/ceiling.json").write_text(
        json.dumps(figures, indent=1), encoding="utf-8"
    )
    print(figures)


if __name__ == "__main__":
    main()
