"""What both generators learn from: captions, the noise that goes with them, and the latents."""

from dataclasses import dataclass

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor
from tqdm import tqdm

from hypertransport.precision import autocast
from recipes.emojiscape import world as w
from recipes.emojiscape.captions import captions
from recipes.emojiscape.language import Teacher, synonyms
from recipes.emojiscape.loop import chance
from recipes.emojiscape.painting import Painter

TIMESTEP = 400


@dataclass(frozen=True)
class Examples:
    """Scenes with their latents, (n, 6, 32, 32) bfloat16, unscaled; `names` are of the things."""

    vae: AutoencoderKL
    scenes: np.ndarray
    pool: Tensor
    names: list[tuple[str, ...]]
    seed: int

    @classmethod
    def make(cls, vae: AutoencoderKL, seed: int, number: int) -> "Examples":
        """So many scenes of `seed`, drawn and encoded."""
        painter = Painter(w.World.load())
        names, _ = synonyms(painter.world.things, Teacher())
        scenes = w.free(np.random.default_rng(seed), len(names), number)
        pool = encode(vae.to(memory_format=torch.channels_last), painter, scenes)
        return cls(vae, scenes, pool, names, seed)

    def batch(self, step: int, size: int) -> tuple[list[str], Tensor, Tensor, np.random.Generator]:
        """Captions, noise and latents to draw from it, both (size, 6, 32, 32), of one step; and
        what is left of its randomness."""
        rng, random = chance(self.seed, step)
        rows = rng.integers(len(self.scenes), size=size)
        scenes = self.scenes[rows]
        words, said = captions(rng, scenes, self.names)
        noise = w.noise_that_decides(scenes, ~said[:, 1], random)
        return words, noise, self.pool[rows].float() * self.vae.config.scaling_factor, rng


@torch.no_grad()
def encode(vae: AutoencoderKL, painter: Painter, scenes: np.ndarray) -> Tensor:
    """Latents of scenes, (n, 6, 32, 32) bfloat16, unscaled."""
    rows = []
    for start in tqdm(range(0, len(scenes), 128), desc="encoding scenes"):
        x = painter(scenes[start : start + 128]) * 2 - 1
        with autocast("cpu"):
            rows.append(
                vae.encode(x.contiguous(memory_format=torch.channels_last))
                .latent_dist.mode()
                .bfloat16()
            )
    return torch.cat(rows)
