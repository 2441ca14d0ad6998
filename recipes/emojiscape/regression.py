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
    """Scenes (n, 7), a caption of each and whether it names the background, (n,) bool; and their
    latents (n, 6, 32, 32) in bfloat16, scaled, on the autoencoder's device."""

    scenes: np.ndarray
    words: list[str]
    named: np.ndarray
    latents: Tensor
    seed: int

    @classmethod
    def make(cls, vae: AutoencoderKL, seed: int, number: int) -> "Examples":
        """So many scenes of `seed`, described, drawn and encoded."""
        painter, rng = Painter(w.World.load(), vae.device), np.random.default_rng(seed)
        names, _ = synonyms(painter.world.things, Teacher())
        scenes = w.free(rng, len(names), number)
        words, said = captions(rng, scenes, names)
        latents = encode(vae, painter, scenes) * vae.config.scaling_factor
        return cls(scenes, words, said[:, 1], latents, seed)

    def batch(self, step: int, size: int) -> tuple[list[str], Tensor, Tensor, np.random.Generator]:
        """Captions, noise and latents to draw from it, both (size, 6, 32, 32), of one step; and
        what is left of its randomness."""
        rng, random = chance(self.seed, step, self.latents.device)
        rows = rng.integers(len(self.scenes), size=size)
        noise = w.noise_that_decides(self.scenes[rows], ~self.named[rows], random)
        words = [self.words[row] for row in rows]
        return words, noise, self.latents[torch.from_numpy(rows)].float(), rng


@torch.no_grad()
def encode(vae: AutoencoderKL, painter: Painter, scenes: np.ndarray) -> Tensor:
    """Latents of scenes, (n, 6, 32, 32) bfloat16, unscaled."""
    vae = vae.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    rows = []
    for start in tqdm(range(0, len(scenes), 256), desc="encoding scenes"):
        x = painter(scenes[start : start + 256]) * 2 - 1
        with autocast(x.device.type):
            z = vae.encode(x.contiguous(memory_format=torch.channels_last)).latent_dist.mode()
        rows.append(z.bfloat16())
    return torch.cat(rows)
