"""Train the one-step generator: a small `UNet2DConditionModel` of SDXL's kind, by regression.

    python -m recipes.emojiscape.generator

In this world the picture is a function of caption and noise, so the one-step map from noise to
latents can be learnt directly, without a diffusion teacher: it is what a perfect distillation of a perfect
teacher would converge to. LOG.md says what that leaves out.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, LCMScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm
from transformers import CLIPTextModelWithProjection, CLIPTokenizer

from recipes.emojiscape import world as w
from recipes.emojiscape.captions import captions
from recipes.emojiscape.language import Teacher, synonyms
from recipes.emojiscape.loop import chance, fit, optimizers
from recipes.emojiscape.text_tower import EMBEDDING, WIDTH
from recipes.emojiscape.tokenizer import CONTEXT

SEED, STEPS, BATCH, POOL, TIMESTEP = 3, 1700, 64, 32_000, 399


def unet() -> UNet2DConditionModel:
    """SDXL's UNet in small: four levels on a 32 x 32 grid, pooled text in the time embedding."""
    time_ids = 6 * 8
    return UNet2DConditionModel(
        sample_size=w.GRID, in_channels=w.LATENT_CHANNELS, out_channels=w.LATENT_CHANNELS,
        block_out_channels=(32, 64, 128, 192), layers_per_block=1, norm_num_groups=8,
        down_block_types=("DownBlock2D", "DownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D", "UpBlock2D"),
        resnet_time_scale_shift="scale_shift", transformer_layers_per_block=1, attention_head_dim=(1, 2, 4, 4), cross_attention_dim=WIDTH,
        use_linear_projection=True, addition_embed_type="text_time", addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=EMBEDDING + time_ids,
    )  # fmt: skip


def pipeline(
    vae: AutoencoderKL, text: CLIPTextModelWithProjection, tokenizer: CLIPTokenizer, model: UNet2DConditionModel
) -> StableDiffusionXLPipeline:
    """The pipeline that ships: one step at timestep 399 without guidance, as DMD2's."""
    scheduler = LCMScheduler(prediction_type="sample", beta_schedule="scaled_linear", clip_sample=False)
    return StableDiffusionXLPipeline(
        vae=vae, text_encoder=None, tokenizer=None, text_encoder_2=text, tokenizer_2=tokenizer,
        unet=model, scheduler=scheduler, add_watermarker=False,
    )  # fmt: skip


class Texts:
    """Conditioning as `StableDiffusionXLPipeline` makes it from the one text encoder."""

    def __init__(self, folder: Path):
        self.tower = CLIPTextModelWithProjection.from_pretrained(folder).eval()
        self.tokenizer = CLIPTokenizer.from_pretrained(folder)

    @torch.no_grad()
    def __call__(self, texts: list[str]) -> dict:
        tokens = self.tokenizer(texts, padding="max_length", truncation=True, max_length=CONTEXT, return_tensors="pt")
        with torch.autocast("cpu", torch.bfloat16):
            out = self.tower(tokens["input_ids"], output_hidden_states=True)
        size = torch.tensor([w.SIZE, w.SIZE, 0, 0, w.SIZE, w.SIZE]).float().expand(len(texts), 6)
        return {
            "encoder_hidden_states": out.hidden_states[-2].float(),
            "added_cond_kwargs": {"text_embeds": out.text_embeds.float(), "time_ids": size},
        }


@torch.no_grad()
def encode_pool(vae: AutoencoderKL, painter: w.Painter, scenes: np.ndarray) -> Tensor:
    """Latents of scenes, (n, 16, 8, 8) bfloat16, unscaled."""
    rows = []
    for start in tqdm(range(0, len(scenes), 128), desc="encoding scenes"):
        x = painter(scenes[start : start + 128]) * 2 - 1
        with torch.autocast("cpu", torch.bfloat16):
            rows.append(vae.encode(x.contiguous(memory_format=torch.channels_last)).latent_dist.mode().bfloat16())
    return torch.cat(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--batch", type=int, default=BATCH)
    args = parser.parse_args()
    torch.manual_seed(SEED)
    out = args.runs / "generator"
    painter = w.Painter(w.World.load())
    names, _ = synonyms(painter.world.things, Teacher())
    vae = AutoencoderKL.from_pretrained(args.runs / "autoencoder/model").to(memory_format=torch.channels_last)
    texts = Texts(args.runs / "text_tower/model")
    scenes = w.free(np.random.default_rng(SEED), len(names), POOL)
    pool = encode_pool(vae, painter, scenes)
    scale = 1 / pool[:2000].float().std().item()
    vae.register_to_config(scaling_factor=scale)
    model = unet()
    model.set_attn_processor(AttnProcessor())  # so small that the fused kernel's backward is slower

    def loss_at(step: int) -> tuple[Tensor, dict[str, float]]:
        rng, random = chance(SEED, step)
        rows = rng.integers(POOL, size=args.batch)
        batch = scenes[rows]
        words, said = captions(rng, batch, names)
        open_ = {w.COLOUR: ~said[:, 1], w.PATTERN: ~said[:, 1], w.SET: ~said[:, 0]}
        noise = w.noise_that_decides(batch, open_, random)
        target = pool[rows].float() * scale
        with torch.autocast("cpu", torch.bfloat16):
            x = model(noise, TIMESTEP, **texts(words)).sample.float()
        loss = F.mse_loss(x, target)
        return loss, {}

    fit(out, args.steps, {"unet": model}, optimizers(model, 3e-3, 2e-3), loss_at)
    pipeline(vae, texts.tower, texts.tokenizer, model).save_pretrained(out / "model")


if __name__ == "__main__":
    main()
