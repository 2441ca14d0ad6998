"""Real diffusers pipelines and a real CLIP, tiny and with random weights, made on the spot."""

from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.transformers.pixart_transformer_2d import PixArtTransformer2DModel
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.pipelines.pixart_alpha.pipeline_pixart_sigma import PixArtSigmaPipeline
from diffusers.pipelines.stable_diffusion_xl.pipeline_stable_diffusion_xl import (
    StableDiffusionXLPipeline,
)
from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
from diffusers.schedulers.scheduling_lcm import LCMScheduler
from tokenizers import pre_tokenizers
from torch import nn
from transformers.models.clip.configuration_clip import CLIPConfig, CLIPTextConfig
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.clip.modeling_clip import (
    CLIPModel,
    CLIPTextModel,
    CLIPTextModelWithProjection,
)
from transformers.models.clip.tokenization_clip import CLIPTokenizer
from transformers.models.t5.configuration_t5 import T5Config
from transformers.models.t5.modeling_t5 import T5EncoderModel
from transformers.models.t5.tokenization_t5 import T5Tokenizer

WIDTH = 16
TOKENS = 16
EMBEDDING = 8
PIXELS = 32


def randomise(module: nn.Module, seed: int) -> nn.Module:
    """Fill every weight from `seed`, so that norms and biases do something and runs repeat."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in module.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if parameter.ndim == 1 and name.endswith("weight"):  # the gain of a norm
            parameter.data = 1 + 0.2 * noise
        elif parameter.ndim > 0:
            parameter.data = noise * 0.5 / parameter.shape[-1] ** 0.5
    return module.eval().requires_grad_(False)


def clip_tokenizer(tokens: int = TOKENS) -> CLIPTokenizer:
    """Byte-level: every letter is a token, so any text has a distinct encoding."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    pieces = alphabet + [letter + "</w>" for letter in alphabet]
    vocab = {piece: i for i, piece in enumerate([*pieces, "<|startoftext|>", "<|endoftext|>"])}
    return CLIPTokenizer(vocab=vocab, merges=[], model_max_length=tokens)


def _text_config(tokenizer: CLIPTokenizer) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": tokenizer.model_max_length,
        "projection_dim": EMBEDDING,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }


def tiny_vae(seed: int = 1, channels: int = 4) -> AutoencoderKL:
    config: dict[str, Any] = {
        "block_out_channels": (8, 8),
        "down_block_types": ("DownEncoderBlock2D",) * 2,
        "up_block_types": ("UpDecoderBlock2D",) * 2,
        "latent_channels": channels,
        "norm_num_groups": 4,
        "layers_per_block": 1,
        "sample_size": PIXELS,
    }
    vae = AutoencoderKL(**config)
    randomise(vae, seed)
    return vae


def tiny_unet(seed: int = 0) -> UNet2DConditionModel:
    """The SDXL kind: added text and time-id conditioning, attention in the inner block only."""
    config: dict[str, Any] = {
        "sample_size": PIXELS // 2,
        "block_out_channels": (8, WIDTH),
        "layers_per_block": 1,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
        "attention_head_dim": (1, 2),
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 4,
        "transformer_layers_per_block": (1, 1),
        "projection_class_embeddings_input_dim": 6 * 4 + EMBEDDING,
        "cross_attention_dim": WIDTH,
        "norm_num_groups": 4,
        "use_linear_projection": True,
    }
    unet = UNet2DConditionModel(**config)
    randomise(unet, seed)
    return unet


def tiny_sdxl(seed: int = 0) -> StableDiffusionXLPipeline:
    """Only the second text encoder, one LCM step that predicts the sample."""
    tokenizer = clip_tokenizer()
    text_encoder = CLIPTextModelWithProjection(CLIPTextConfig(**_text_config(tokenizer)))
    randomise(text_encoder, seed + 2)
    scheduler: Any = LCMScheduler(prediction_type="sample")
    return StableDiffusionXLPipeline(
        vae=tiny_vae(seed + 1),
        text_encoder=None,  # pyright: ignore[reportArgumentType] diffusers takes one or both
        text_encoder_2=text_encoder,
        tokenizer=None,  # pyright: ignore[reportArgumentType]
        tokenizer_2=tokenizer,
        unet=tiny_unet(seed),
        scheduler=scheduler,
        add_watermarker=False,
    )


def tiny_pixart(seed: int = 0) -> PixArtSigmaPipeline:
    tokenizer = _t5_tokenizer()
    text_encoder = T5EncoderModel(
        T5Config(
            vocab_size=len(tokenizer),
            d_model=WIDTH,
            d_kv=8,
            d_ff=2 * WIDTH,
            num_layers=1,
            num_heads=2,
        )
    )
    randomise(text_encoder, seed + 2)
    scheduler: Any = DPMSolverMultistepScheduler()
    return PixArtSigmaPipeline(
        tokenizer=tokenizer,
        text_encoder=text_encoder,
        vae=tiny_vae(seed + 1),
        transformer=_pixart_transformer(seed),
        scheduler=scheduler,
    )


def emojiscape_pipeline(seed: int = 0) -> PixArtSigmaPipeline:
    """As emojiscape is: PixArt with CLIP for T5, one LCM step that predicts the sample."""
    tokenizer: Any = clip_tokenizer(tokens=40)
    text_encoder: Any = CLIPTextModel(CLIPTextConfig(**_text_config(tokenizer)))
    randomise(text_encoder, seed + 2)
    scheduler: Any = LCMScheduler(
        prediction_type="sample", beta_schedule="scaled_linear", clip_sample=False
    )
    return PixArtSigmaPipeline(
        tokenizer=tokenizer,
        text_encoder=text_encoder,
        vae=tiny_vae(seed + 1, channels=6),
        transformer=_pixart_transformer(seed, patch_size=4, in_channels=6, out_channels=6),
        scheduler=scheduler,
    )


def _pixart_transformer(
    seed: int, patch_size: int = 2, in_channels: int = 4, out_channels: int = 8
) -> PixArtTransformer2DModel:
    transformer = PixArtTransformer2DModel(
        patch_size=patch_size,
        num_attention_heads=2,
        attention_head_dim=WIDTH // 2,
        in_channels=in_channels,
        out_channels=out_channels,
        num_layers=2,
        cross_attention_dim=WIDTH,
        sample_size=PIXELS // 2,
        caption_channels=WIDTH,
        use_additional_conditions=False,
    )
    randomise(transformer, seed)
    return transformer


def _t5_tokenizer() -> T5Tokenizer:
    specials = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    letters = [(letter, -3.0) for letter in "abcdefghijklmnopqrstuvwxyz "]
    return T5Tokenizer(vocab=specials + letters, extra_ids=0, model_max_length=300)


def tiny_clip(seed: int = 0) -> tuple[CLIPModel, CLIPTokenizer, CLIPImageProcessorPil]:
    tokenizer = clip_tokenizer()
    vision = {
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": PIXELS,
        "patch_size": 8,
        "projection_dim": EMBEDDING,
    }
    config = CLIPConfig(
        text_config=_text_config(tokenizer), vision_config=vision, projection_dim=EMBEDDING
    )
    model = CLIPModel(config)
    randomise(model, seed)
    processor = CLIPImageProcessorPil(
        size={"shortest_edge": PIXELS}, crop_size={"height": PIXELS, "width": PIXELS}
    )
    return model, tokenizer, processor


def save_clip(folder: Path, seed: int = 0, dtype: torch.dtype = torch.float32) -> Path:
    """Write the tiny CLIP as a plain transformers folder."""
    model, tokenizer, processor = tiny_clip(seed)
    nn.Module.to(model, dtype)
    for part in (model, tokenizer, processor):
        part.save_pretrained(folder)
    return folder
