"""The memory that a GPU would need for the parts beside the denoiser: text encoders and VAE.

python -m benchmarks.full_size_parts [--pixels 512 1024] [--out FILE]

As `benchmarks.full_size_memory` works it out: on tensors without values, by what is held at a time.
Writes docs/results/full-size-parts.json.
"""

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.models.clip.configuration_clip import CLIPTextConfig
from transformers.models.clip.modeling_clip import CLIPTextModel, CLIPTextModelWithProjection
from transformers.models.t5.configuration_t5 import T5Config
from transformers.models.t5.modeling_t5 import T5EncoderModel

from benchmarks.full_size import ROOT, size
from benchmarks.full_size_memory import META, Held
from benchmarks.memory import GIB
from hypertransport.replacing import replacing

RESULT = ROOT / "docs/results/full-size-parts.json"
IMAGES = 8  # that a server draws at once unless told otherwise
# Sizes of the published configurations, as far as they are not what the classes have by default.
CLIP_L = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_attention_heads": 12,
    "projection_dim": 768,
}
CLIP_G = {
    "hidden_size": 1280,
    "intermediate_size": 5120,
    "num_hidden_layers": 32,
    "num_attention_heads": 20,
    "projection_dim": 1280,
}
T5_XXL = {
    "d_model": 4096,
    "d_kv": 64,
    "d_ff": 10240,
    "num_layers": 24,
    "num_heads": 64,
    "feed_forward_proj": "gated-gelu",
}
VAE = {
    "block_out_channels": (128, 256, 512, 512),
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "layers_per_block": 2,
    "sample_size": 1024,
}


def clip_encoders() -> list[tuple[nn.Module, int]]:
    """SDXL's two, and how many tokens each reads."""
    sizes: Any = CLIP_L
    large: Any = CLIP_G
    kinds = (
        CLIPTextModel(CLIPTextConfig(**sizes)),
        CLIPTextModelWithProjection(CLIPTextConfig(**large)),
    )
    return [(kind, 77) for kind in kinds]


def t5_encoder() -> list[tuple[nn.Module, int]]:
    """PixArt's, and how many tokens it reads."""
    sizes: Any = T5_XXL
    return [(T5EncoderModel(T5Config(**sizes)), 300)]


# Text encoders run in the type that is loaded; SDXL's pipeline decodes in float32 all the same.
TARGETS: dict[str, tuple[Callable[[], list[tuple[nn.Module, int]]], torch.dtype]] = {
    "dmd2": (clip_encoders, torch.float32),
    "nitro": (t5_encoder, torch.float16),
}


def attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, **options: Any
) -> Tensor:
    """What a GPU chooses for heads as wide as the VAE's, and in float32: no product is kept."""
    mask = None if attn_mask is None else attn_mask.expand(*query.shape[:-1], key.shape[-2])
    told = mask, False, options.get("dropout_p", 0.0), options.get("is_causal", False)
    return torch.ops.aten._scaled_dot_product_efficient_attention(query, key, value, *told)[0]


@torch.no_grad()
def predict(name: str, sizes: list[int]) -> dict[str, float]:
    """GiB at the most, of each part by itself, by what it is."""
    encoders, dtype = TARGETS[name]
    found: dict[str, float] = {}
    with Held(META) as held, patch.object(F, "scaled_dot_product_attention", attention), META:
        texts = [(model.to(torch.float16), tokens) for model, tokens in encoders()]
        found["text encoders, float16: weights"] = held.now / GIB

        def read() -> None:
            for model, tokens in texts:
                model(torch.zeros(IMAGES, tokens, dtype=torch.int64))

        found[f"text encoders, float16: {IMAGES} prompts"] = held.peak_of(read) / GIB
        del texts, read
        vae: Any = AutoencoderKL(**VAE)
        vae.to(dtype)
        held.peak_of(lambda: None)
        kind = str(dtype).removeprefix("torch.")
        found[f"VAE, {kind}: weights"] = held.now / GIB
        for pixels in sizes:
            for images, sliced, how in (
                (1, True, "an image"),
                (IMAGES, True, f"{IMAGES} images, one by one,"),
                (IMAGES, False, f"{IMAGES} images at once"),
            ):
                latents = torch.zeros(images, 4, pixels // 8, pixels // 8, dtype=dtype)
                (vae.enable_slicing if sliced else vae.disable_slicing)()
                peak = held.peak_of(lambda latents=latents: vae.decode(latents))
                found[f"VAE, {kind}: {how} of {pixels} pixels"] = peak / GIB
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pixels", nargs="+", type=size, default=[512, 1024])
    parser.add_argument("--out", type=Path, default=RESULT)
    arguments = parser.parse_args()
    record: dict[str, Any] = {"date": date.today().isoformat(), "torch": torch.__version__}
    record["targets"] = {name: predict(name, arguments.pixels) for name in TARGETS}
    with replacing(arguments.out) as partial_file:
        partial_file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    for name, parts in record["targets"].items():
        for what, gib in parts.items():
            print(f"{name:<8}{what:<56}{gib:8.2f} GiB")


if __name__ == "__main__":
    main()
