"""What a text's state should hold: what is said, and what it looks like, both read linearly."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from recipes.emojiscape import world as w
from recipes.emojiscape.painting import Painter

SIZES = {"subject": 1, "second": 1, "set": 5, "tint": 13, "colour": 17, "pattern": 17, "frame": 81}
LOOKS = {
    "subject": 24 * 24 * 4, "second": 24 * 24 * 4, "background": 8 * 8 * 3, "frame": 16 * 16 * 4,
}  # fmt: skip


class Readings(nn.Module):
    """Linear heads on (n, width), for training only: what is said and what it looks like."""

    def __init__(self, things: int, width: int):
        super().__init__()
        sizes = {k: (things + 1 if k in ("subject", "second") else n) for k, n in SIZES.items()}
        self.says = nn.ModuleDict({k: nn.Linear(width, n) for k, n in sizes.items()})
        self.looks = nn.ModuleDict({k: nn.Linear(width, n) for k, n in LOOKS.items()})


def premultiplied(pictures: Tensor) -> Tensor:
    """(..., 4, h, w) colours and coverage: colours about grey, none where nothing covers."""
    cover = pictures[..., 3:, :, :]
    return torch.cat([(pictures[..., :3, :, :] - 0.5) * cover, cover], -3)


class Thumbnails:
    """Small premultiplied pictures of what a text names, as flat targets; nothing is nought.

    A thing of which no style is said looks as the world draws it then, softly shaded.
    """

    def __init__(self, painter: Painter):
        self.painter = painter
        tiles = painter.backdrops[..., 16:32, 16:32].flatten(0, 1)
        self.tiles = F.avg_pool2d(tiles, 2).flatten(1)
        self.frames = F.avg_pool2d(premultiplied(painter.frames), 4).flatten(1)

    def __call__(self, scenes: np.ndarray, said: np.ndarray) -> dict[str, Tensor]:
        style = (scenes[:, [w.SET, w.TINT]] * said[:, :1]).T
        tile = torch.from_numpy(scenes[:, w.COLOUR] * len(w.PATTERNS) + scenes[:, w.PATTERN])
        known = torch.from_numpy(said[:, 1, None]).to(self.painter.device)
        things = {
            name: F.avg_pool2d(premultiplied(self.painter.sprite(things, *style)), 2).flatten(1)
            for name, things in (("subject", scenes[:, w.SUBJECT]), ("second", scenes[:, w.SECOND]))
        }
        return things | {
            "background": self.tiles[tile] * known,
            "frame": self.frames[torch.from_numpy(scenes[:, w.FRAME].copy())],
        }


def said_labels(scenes: np.ndarray, said: np.ndarray, things: int) -> dict[str, Tensor]:
    """Class targets; an attribute that the text leaves open has a class of its own, the last."""
    style, background = said.T
    columns = {
        "subject": np.where(scenes[:, w.SUBJECT] < 0, things, scenes[:, w.SUBJECT]),
        "second": np.where(scenes[:, w.SECOND] < 0, things, scenes[:, w.SECOND]),
        "set": np.where(style, scenes[:, w.SET], 4),
        "tint": np.where(style, scenes[:, w.TINT], 12),
        "colour": np.where(background, scenes[:, w.COLOUR], 16),
        "pattern": np.where(background, scenes[:, w.PATTERN], 16),
        "frame": scenes[:, w.FRAME],
    }
    return {k: torch.from_numpy(v) for k, v in columns.items()}


@dataclass(frozen=True)
class Answers:
    """What states of so many texts or pictures should be read as."""

    labels: dict[str, Tensor]
    looks: dict[str, Tensor]

    @classmethod
    def of(cls, thumbnails: Thumbnails, scenes: np.ndarray, said: np.ndarray) -> "Answers":
        painter = thumbnails.painter
        labels = said_labels(scenes, said, len(painter.world.names))
        looks = thumbnails(scenes, said)
        return cls({k: v.to(painter.device) for k, v in labels.items()}, looks)


def reading_loss(
    heads: Readings, states: Tensor, answers: Answers
) -> tuple[Tensor, dict[str, Tensor]]:
    """How badly states (n, width) tell what is said and what it looks like; and the figures:
    the share of subjects read right, and of each look the share of its variance unexplained."""
    labels, targets = answers.labels, answers.looks
    logits = {k: heads.says[k](states) for k in labels}
    says = torch.stack([F.cross_entropy(logits[k], v) for k, v in labels.items()]).sum()
    looks = {k: F.mse_loss(heads.looks[k](states), v) for k, v in targets.items()}
    figures = {k: v.detach() / targets[k].var(0).mean() for k, v in looks.items()}
    right = (logits["subject"].argmax(1) == labels["subject"]).float().mean()
    loss = 0.1 * says + 100 * torch.stack(list(looks.values())).sum()
    return loss, {"says": says.detach(), "right": right, **figures}
