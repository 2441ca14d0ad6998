"""Train the second one-step generator: SDXL's UNet in small, by the same regression.

    python -m recipes.emojiscape.generator_sdxl

Autoencoder and text encoder are the first generator's; the UNet alone is new. As SDXL it is told a
caption twice: every token's state by cross-attention, and the pooled one through the time
embedding, which shifts the features of all its blocks.
"""

from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    LCMScheduler,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor
from torch.nn import functional as F
from transformers import CLIPTextModel, CLIPTokenizer

from hypertransport.generators.base import choose_device
from hypertransport.generators.emojiscape_sdxl import with_projection
from hypertransport.precision import autocast
from recipes.emojiscape import world as w
from recipes.emojiscape.generator import LAST_ALONE
from recipes.emojiscape.initialisation import initialise_unet
from recipes.emojiscape.loop import fit, optimizers, training_arguments
from recipes.emojiscape.prompt_tower import WIDTH
from recipes.emojiscape.regression import TIMESTEP, Examples

SEED, STEPS, BATCH, POOL = 13, 1000, 512, 300_000
WIDTHS = (16, 32, 64, 160)  # at 32, 16, 8 and 4 positions a side: where weights are many, they few
TIME_WIDTH = 8  # of the embedding of each of the six sizes that SDXL is told
SIZES = (w.SIZE, w.SIZE, 0, 0, w.SIZE, w.SIZE)  # original, crop and target, as the pipeline's


def unet() -> UNet2DConditionModel:
    """SDXL's UNet in small; its coarsest grid attends to the words.

    A norm has one group: of a few channels each, groups would take away how strong a colour is.
    """
    return UNet2DConditionModel(
        sample_size=w.GRID,
        in_channels=w.LATENT_CHANNELS,
        out_channels=w.LATENT_CHANNELS,
        block_out_channels=WIDTHS,
        layers_per_block=1,
        down_block_types=("DownBlock2D",) * len(WIDTHS),
        up_block_types=("UpBlock2D",) * len(WIDTHS),
        transformer_layers_per_block=1,
        attention_head_dim=tuple(max(1, width // 32) for width in WIDTHS),
        cross_attention_dim=WIDTH,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=TIME_WIDTH,
        projection_class_embeddings_input_dim=len(SIZES) * TIME_WIDTH + WIDTH,
        norm_num_groups=1,
        time_embedding_dim=WIDTH,
    )


def pipeline(runs: Path) -> StableDiffusionXLPipeline:
    """SDXL's pipeline with an untrained UNet, and autoencoder and text encoder of the first
    generator: one step at timestep 400, without guidance."""
    scheduler = LCMScheduler(
        prediction_type="sample", beta_schedule="scaled_linear", clip_sample=False
    )
    return StableDiffusionXLPipeline(
        text_encoder=None,  # as SDXL's refiner it has the second alone
        tokenizer=None,
        vae=AutoencoderKL.from_pretrained(runs / "autoencoder/model"),
        text_encoder_2=with_projection(CLIPTextModel.from_pretrained(runs / "prompt_tower/model")),
        tokenizer_2=CLIPTokenizer.from_pretrained(runs / "prompt_tower/model"),
        unet=unet(),
        scheduler=scheduler,
        add_watermarker=False,
    )


def main() -> None:
    args, device = training_arguments(__doc__, STEPS), choose_device(None)
    torch.manual_seed(SEED)
    out = args.runs / "generator_sdxl"
    pipe = pipeline(args.runs)
    pipe.vae.to(device)
    pipe.text_encoder_2.to(device)
    examples = Examples.make(pipe.vae, SEED, POOL)
    model = pipe.unet

    @torch.no_grad()
    def told(words: list[str]) -> dict[str, Any]:
        with autocast(device.type):
            states, _, pooled, _ = pipe.encode_prompt(
                words, device=device, do_classifier_free_guidance=False
            )
        sizes = torch.tensor([SIZES], dtype=torch.float32, device=device).expand(len(words), -1)
        added = {"text_embeds": pooled.float(), "time_ids": sizes}
        return {"encoder_hidden_states": states.float(), "added_cond_kwargs": added}

    added = told(examples.batch(0, 512)[0])["added_cond_kwargs"]
    initialise_unet(model, {name: value.cpu() for name, value in added.items()})
    model.to(device)
    model.time_embedding.requires_grad_(False)  # one timestep: what depends on it is but a bias
    model.set_attn_processor(AttnProcessor())  # so small that the fused kernel's backward is slower

    def loss_at(step: int) -> tuple[Tensor, dict[str, float]]:
        words, noise, target, rng = examples.batch(step, BATCH)
        texts = told(words)
        alone = torch.from_numpy(rng.random(BATCH) < LAST_ALONE).to(device)
        texts["encoder_hidden_states"][alone] = 0  # so that the pooled state suffices
        with autocast(device.type):
            x = model(noise, torch.tensor(TIMESTEP, device=device), **texts).sample
        return F.mse_loss(x.float(), target), {}

    fit(out, args.steps, {"unet": model}, optimizers(model, 5e-3, 2e-3), loss_at)
    pipe.save_pretrained(out / "model")


if __name__ == "__main__":
    main()
