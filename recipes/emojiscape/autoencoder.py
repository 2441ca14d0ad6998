"""Train the world's `AutoencoderKL`: 64 x 64 pixels to 6 channels on a 32 x 32 grid and back.

python -m recipes.emojiscape.autoencoder
"""

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor
from torch.nn import functional as F

from hypertransport.generators.base import choose_device
from hypertransport.precision import autocast
from recipes.emojiscape import world as w
from recipes.emojiscape.loop import chance, fit, training_arguments
from recipes.emojiscape.painting import Painter
from recipes.emojiscape.regression import encode

SEED, STEPS, BATCH, LEARNING_RATE, KL_WEIGHT = 1, 1250, 128, 4e-3, 1e-4


def autoencoder() -> AutoencoderKL:
    """Halves the picture once: crisp within minutes, and the UNet does the rest of the drawing."""
    return AutoencoderKL(
        latent_channels=w.LATENT_CHANNELS,
        block_out_channels=(16, 32),
        layers_per_block=1,
        norm_num_groups=8,
        mid_block_add_attention=False,
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        sample_size=w.SIZE,
        scaling_factor=1.0,
    )


def reconstruction_loss(y: Tensor, x: Tensor) -> Tensor:
    """Absolute error of pixels and of their differences, so that outlines stay sharp."""
    down = (y.diff(dim=2) - x.diff(dim=2)).abs().mean()
    right = (y.diff(dim=3) - x.diff(dim=3)).abs().mean()
    return (y - x).abs().mean() + 0.5 * (down + right) + 2 * F.mse_loss(y, x)


def main() -> None:
    args, device = training_arguments(__doc__, STEPS), choose_device(None)
    torch.manual_seed(SEED)
    out = args.runs / "autoencoder"
    painter = Painter(w.World.load(), device)
    model = autoencoder().to(device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    optimizers = {"adamw": torch.optim.AdamW(model.parameters(), LEARNING_RATE, betas=(0.9, 0.98))}

    def loss_at(step: int) -> tuple[Tensor, dict[str, Tensor]]:
        rng, noise = chance(SEED, step, device)
        x = painter(w.free(rng, len(painter.world.names), BATCH)) * 2 - 1
        x = x.contiguous(memory_format=torch.channels_last)
        with autocast(device.type):
            posterior = model.encode(x).latent_dist
            z = posterior.sample(noise)
            y = model.decode(z).sample.float()
        kl = posterior.kl().float().mean() / z[0].numel()
        loss = reconstruction_loss(y, x) + KL_WEIGHT * kl
        mse = F.mse_loss(y.detach(), x) / 4
        return loss, {"mse": mse, "kl": kl.detach(), "latent_std": z.detach().float().std()}

    fit(out, args.steps, {"autoencoder": model}, optimizers, loss_at)
    latents = encode(
        model, painter, w.free(np.random.default_rng(SEED), len(painter.world.names), 2000)
    )
    model.register_to_config(scaling_factor=1 / latents.float().std().item())
    model.save_pretrained(out / "model")


if __name__ == "__main__":
    main()
