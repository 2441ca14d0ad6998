"""Train the second one-step generator: SDXL's UNet in small, by the same regression.

    python -m recipes.emojiscape.generator_sdxl

As SDXL it has two text encoders and trains neither: that of the first generator, for the tokens'
states, and the concept encoder's text tower, whose projected state goes into the time embedding.
Both are files that are there anyway, so the UNet alone is new.
"""

from pathlib import Path
from typing import Any

import torch
from diffusers import LCMScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor
from torch.nn import functional as F
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from hypertransport.precision import autocast
from recipes.emojiscape import world as w
from recipes.emojiscape.initialisation import initialise_unet
from recipes.emojiscape.loop import fit, optimizers, training_arguments
from recipes.emojiscape.prompt_tower import WIDTH
from recipes.emojiscape.regression import TIMESTEP, Examples

SEED, STEPS, BATCH, POOL = 13, 2500, 128, 64_000
WIDTHS = (16, 48, 96, 192)  # at 32, 16, 8 and 4 positions a side: where weights are many, they few
TIME_WIDTH = 8  # of the embedding of each of the six sizes that SDXL is told


def unet(projection: int) -> UNet2DConditionModel:
    """SDXL's UNet in small; of its four grids the coarsest attends to the words.

    Text scales and shifts the features of every block (SDXL's only shifts them): so one vector, the
    same everywhere, can make another patch at each place.
    """
    levels = len(WIDTHS)
    return UNet2DConditionModel(
        sample_size=w.GRID,
        in_channels=w.LATENT_CHANNELS,
        out_channels=w.LATENT_CHANNELS,
        block_out_channels=WIDTHS,
        layers_per_block=1,
        down_block_types=("DownBlock2D",) * (levels - 1) + ("CrossAttnDownBlock2D",),
        up_block_types=("CrossAttnUpBlock2D",) + ("UpBlock2D",) * (levels - 1),
        attention_head_dim=tuple(max(1, width // 32) for width in WIDTHS),
        cross_attention_dim=2 * WIDTH,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=TIME_WIDTH,
        projection_class_embeddings_input_dim=6 * TIME_WIDTH + projection,
        norm_num_groups=16,
        resnet_time_scale_shift="scale_shift",
        time_embedding_dim=384,
    )


def pipeline(runs: Path, vae: Any) -> StableDiffusionXLPipeline:
    """SDXL's pipeline with an untrained UNet: one step at timestep 400, without guidance."""
    words, whole = runs / "prompt_tower/model", runs / "image_tower/model"
    encoder = CLIPTextModelWithProjection.from_pretrained(whole)
    scheduler = LCMScheduler(
        prediction_type="sample", beta_schedule="scaled_linear", clip_sample=False
    )
    return StableDiffusionXLPipeline(
        vae=vae,
        text_encoder=CLIPTextModel.from_pretrained(words),
        text_encoder_2=encoder,
        tokenizer=CLIPTokenizer.from_pretrained(words),
        tokenizer_2=CLIPTokenizer.from_pretrained(whole),
        unet=unet(encoder.config.projection_dim),
        scheduler=scheduler,
        add_watermarker=False,
    )


def main() -> None:
    args = training_arguments(__doc__, STEPS)
    torch.manual_seed(SEED)
    out = args.runs / "generator_sdxl"
    examples = Examples.make(args.runs, SEED, POOL)
    pipe = pipeline(args.runs, examples.vae)
    model = pipe.unet
    initialise_unet(model)
    model.time_embedding.requires_grad_(False)  # one timestep: what depends on it is but a bias
    model.set_attn_processor(AttnProcessor())  # so small that the fused kernel's backward is slower
    side = w.SIZE
    sizes = torch.tensor([[side, side, 0, 0, side, side]], dtype=torch.float32).expand(BATCH, -1)

    @torch.no_grad()
    def told(words: list[str]) -> dict[str, Any]:
        states, _, pooled, _ = pipe.encode_prompt(words, do_classifier_free_guidance=False)
        added = {"text_embeds": pooled, "time_ids": sizes}
        return {"encoder_hidden_states": states, "added_cond_kwargs": added}

    def loss_at(step: int) -> tuple[Tensor, dict[str, float]]:
        words, noise, target, _ = examples.batch(step, BATCH)
        with autocast("cpu"):
            x = model(noise, torch.tensor(TIMESTEP), **told(words)).sample
        return F.mse_loss(x.float(), target), {}

    fit(out, args.steps, {"unet": model}, optimizers(model, 4e-3, 1.5e-3), loss_at)
    pipe.save_pretrained(out / "model")


if __name__ == "__main__":
    main()
