"""Drawings of what is no thing of the world, by two hands or more each (`other_sprites`)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from recipes.emojiscape.loop import CPU


@dataclass(frozen=True)
class Others:
    """Drawings (n, 48, 48, 4) uint8, straight alpha; of which class each is, (n,), ascending."""

    drawings: Tensor
    classes: Tensor

    @classmethod
    def load(cls, path: Path = Path("data/others.npz"), device: torch.device = CPU) -> "Others":
        with np.load(path, allow_pickle=False) as data:
            return cls(*(torch.from_numpy(data[k]).to(device) for k in ("drawings", "classes")))

    def __len__(self) -> int:
        return int(self.classes[-1]) + 1

    def draw(self, rng: np.random.Generator, n: int) -> tuple[Tensor, Tensor, Tensor]:
        """Drawings, each as likely, others of the same, both (n, 4, 48, 48) in [0, 1], and which
        classes (n,) they are of."""
        number = torch.bincount(self.classes)
        starts = number.cumsum(0) - number
        rows = torch.from_numpy(rng.integers(len(self.drawings), size=n)).to(number.device)
        share = torch.from_numpy(rng.random(n)).to(number.device)
        of = self.classes[rows]
        some = torch.stack([rows, starts[of] + (share * number[of]).long()])
        one, another = self.drawings[some].permute(0, 1, 4, 2, 3) / 255
        return one, another, of
