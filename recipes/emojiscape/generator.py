"""Train the one-step generator: PixArt-Sigma's transformer in small, by regression.

    python -m recipes.emojiscape.generator

In this world the picture is a function of caption and noise, so the one-step map from noise to
latents can be learnt directly, without a diffusion teacher: it is what a perfect distillation of a
perfect teacher would converge to. LOG.md says what that leaves out.
"""

from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    LCMScheduler,
    PixArtSigmaPipeline,
    PixArtTransformer2DModel,
)
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor
from torch.nn import functional as F
from transformers import CLIPTextModel, CLIPTokenizer

from hypertransport.generators.base import choose_device
from hypertransport.precision import autocast
from recipes.emojiscape import world as w
from recipes.emojiscape.initialisation import initialise
from recipes.emojiscape.loop import fit, optimizers, training_arguments
from recipes.emojiscape.prompt_tower import WIDTH
from recipes.emojiscape.regression import TIMESTEP, Examples
from recipes.emojiscape.tokenizer import CONTEXT

PATCH = 8
SEED, STEPS, BATCH, POOL = 3, 3300, 512, 300_000
# Share of captions of which only the last token is shown, so that one vector, the same at all
# positions, suffices to draw a scene: what it adds, a map per channel can add as well.
LAST_ALONE = 0.5
NO_SIZES = {"resolution": None, "aspect_ratio": None}


def transformer() -> PixArtTransformer2DModel:
    """PixArt-Sigma's transformer in small: 3 blocks, 16 tokens of 8 x 8 latents.

    Few wide tokens: 64 cost four times as much a picture for the same number of weights. The scale
    of positions sets the places of so small a grid as far apart as those of a large one.
    """
    return PixArtTransformer2DModel(
        sample_size=w.GRID,
        patch_size=PATCH,
        in_channels=w.LATENT_CHANNELS,
        out_channels=w.LATENT_CHANNELS,
        num_layers=3,
        num_attention_heads=12,
        attention_head_dim=32,
        cross_attention_dim=384,
        caption_channels=WIDTH,
        use_additional_conditions=False,
        interpolation_scale=0.25,
    )


def pipeline(
    vae: AutoencoderKL,
    text: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    model: PixArtTransformer2DModel,
) -> PixArtSigmaPipeline:
    """The pipeline that ships: one step at timestep 400 without guidance, as Nitro's."""
    scheduler = LCMScheduler(
        prediction_type="sample", beta_schedule="scaled_linear", clip_sample=False
    )
    return PixArtSigmaPipeline(tokenizer, text, vae, model, scheduler)


class Texts:
    """Conditioning as `PixArtSigmaPipeline` makes it: hidden states of all tokens, and their mask.

    The last token's state holds the whole caption's looks: see prompt_tower. It stays as it is.
    """

    def __init__(self, folder: Path, device: torch.device):
        self.tower = CLIPTextModel.from_pretrained(folder).to(device)
        self.tokenizer = CLIPTokenizer.from_pretrained(folder)

    @torch.no_grad()
    def __call__(self, texts: list[str]) -> dict[str, Tensor]:
        tokens = self.tokenizer(
            texts, padding=True, truncation=True, max_length=CONTEXT, return_tensors="pt"
        ).to(self.tower.device)
        with autocast(self.tower.device.type):
            states = self.tower(tokens["input_ids"]).last_hidden_state.float()
        mask = tokens["attention_mask"]
        return {"encoder_hidden_states": states, "encoder_attention_mask": mask}


def last_only(mask: Tensor) -> Tensor:
    """(n, tokens) masks that show the last token of each caption alone."""
    return F.one_hot(mask.sum(1) - 1, mask.shape[1])


def main() -> None:
    args, device = training_arguments(__doc__, STEPS), choose_device(None)
    torch.manual_seed(SEED)
    out = args.runs / "generator"
    texts = Texts(args.runs / "prompt_tower/model", device)
    vae = AutoencoderKL.from_pretrained(args.runs / "autoencoder/model").to(device)
    examples = Examples.make(vae, SEED, POOL)
    model = transformer()
    initialise(model)
    model.to(device)
    model.adaln_single.requires_grad_(False)  # one timestep: what depends on it is but a bias
    timesteps = torch.full((BATCH,), TIMESTEP, device=device)
    model.set_attn_processor(AttnProcessor())  # so small that the fused kernel's backward is slower

    def loss_at(step: int) -> tuple[Tensor, dict[str, float]]:
        words, noise, target, rng = examples.batch(step, BATCH)
        told = texts(words)
        alone = torch.from_numpy(rng.random(BATCH) < LAST_ALONE).to(device)
        mask = told["encoder_attention_mask"]
        told["encoder_attention_mask"] = torch.where(alone[:, None], last_only(mask), mask)
        with autocast(device.type):
            x = model(noise, timestep=timesteps, added_cond_kwargs=NO_SIZES, **told).sample
        return F.mse_loss(x.float(), target), {}

    fit(out, args.steps, {"transformer": model}, optimizers(model, 2.5e-3, 1e-3), loss_at)
    pipeline(vae, texts.tower, texts.tokenizer, model).save_pretrained(out / "model")


if __name__ == "__main__":
    main()
