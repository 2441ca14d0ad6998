"""Real diffusers pipelines and a real CLIP, tiny and with random weights, made on the spot."""

from collections.abc import Callable
from functools import partial
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
from texts import (
    EMBEDDING,
    TOKENS,
    WIDTH,
    clip_text,
    clip_text_config,
    clip_tokenizer,
    gemma_tokenizer,
    t5_text,
    text_sizes,
)
from torch import nn
from transformers.models.clip.configuration_clip import CLIPConfig
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.clip.modeling_clip import (
    CLIPModel,
    CLIPTextModel,
    CLIPTextModelWithProjection,
)
from transformers.models.clip.tokenization_clip import CLIPTokenizer
from transformers.models.gemma.tokenization_gemma import GemmaTokenizer
from transformers.models.siglip.configuration_siglip import SiglipConfig
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil
from transformers.models.siglip.modeling_siglip import SiglipModel

from hypertransport.encoders import ConceptEncoder
from hypertransport.generators.emojiscape import ID, PATTERNS
from hypertransport.hypernetwork import HyperNetwork, HyperNetworkConfig, HyperTransport
from hypertransport.sites import find_sites

PIXELS = 32


def randomise(module: nn.Module, seed: int, spread: float = 0.5) -> nn.Module:
    """Fill every weight from `seed`, so that norms and biases do something and runs repeat."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in module.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if parameter.ndim == 1 and name.endswith("weight"):  # the gain of a norm
            parameter.data = 1 + 0.2 * noise
        elif parameter.ndim > 0:
            parameter.data = noise * spread / parameter.shape[-1] ** 0.5
    return module.eval().requires_grad_(False)


def vae_config(channels: int = 4, levels: int = 2) -> dict[str, Any]:
    """`levels - 1` halvings: as small as an autoencoder of diffusers' usual kind can be."""
    return {
        "block_out_channels": (8,) * levels,
        "down_block_types": ("DownEncoderBlock2D",) * levels,
        "up_block_types": ("UpDecoderBlock2D",) * levels,
        "latent_channels": channels,
        "norm_num_groups": 4,
        "layers_per_block": 1,
        "sample_size": PIXELS,
    }


def tiny_vae(seed: int = 1, channels: int = 4) -> AutoencoderKL:
    vae = AutoencoderKL(**vae_config(channels))
    randomise(vae, seed)
    return vae


def tiny_unet(seed: int = 0, **changes: Any) -> UNet2DConditionModel:
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
    unet = UNet2DConditionModel(**config | changes)
    randomise(unet, seed)
    return unet


def tiny_sdxl(seed: int = 0) -> StableDiffusionXLPipeline:
    """Only the second text encoder, one LCM step that predicts the sample."""
    tokenizer, text_encoder = clip_text(CLIPTextModelWithProjection)
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


def tiny_pixart(seed: int = 0, kind: type = PixArtSigmaPipeline) -> Any:
    """Sigma, or Alpha, which has the same parts."""
    tokenizer, text_encoder = t5_text()
    randomise(text_encoder, seed + 2)
    scheduler: Any = DPMSolverMultistepScheduler()
    return kind(
        tokenizer=tokenizer,
        text_encoder=text_encoder,
        vae=tiny_vae(seed + 1),
        transformer=_pixart_transformer(seed),
        scheduler=scheduler,
    )


def emojiscape_pipeline(seed: int = 0) -> PixArtSigmaPipeline:
    """As emojiscape is: PixArt with CLIP for T5, one LCM step that predicts the sample."""
    tokenizer, text_encoder = clip_text(CLIPTextModel, tokens=40)
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


def emojiscape_sdxl_pipeline(parts: dict[str, Any], seed: int = 0) -> StableDiffusionXLPipeline:
    """The second emojiscape: a UNet around `parts` of the first's (`emojiscape_sdxl`)."""
    scheduler: Any = LCMScheduler(
        prediction_type="sample", beta_schedule="scaled_linear", clip_sample=False
    )
    told: Any = {"projection_class_embeddings_input_dim": 6 * 4 + WIDTH}
    return StableDiffusionXLPipeline(
        text_encoder=None,  # pyright: ignore[reportArgumentType]
        tokenizer=None,  # pyright: ignore[reportArgumentType]
        vae=tiny_vae(seed + 1, channels=6),
        unet=tiny_unet(seed, in_channels=6, out_channels=6, **told),
        scheduler=scheduler,
        add_watermarker=False,
        **parts,
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
        text_config=clip_text_config(tokenizer), vision_config=vision, projection_dim=EMBEDDING
    )
    model = CLIPModel(config)
    randomise(model, seed)
    processor = CLIPImageProcessorPil(
        size={"shortest_edge": PIXELS}, crop_size={"height": PIXELS, "width": PIXELS}
    )
    return model, tokenizer, processor


def tiny_siglip(seed: int = 0) -> tuple[SiglipModel, GemmaTokenizer, SiglipImageProcessorPil]:
    """As SigLIP 2 is, with Gemma's tokenizer."""
    tokenizer = gemma_tokenizer(padding_side="right", add_eos_token=True)
    text = {
        **text_sizes(tokenizer),
        "max_position_embeddings": TOKENS,
        "projection_size": EMBEDDING,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    vision = {
        "hidden_size": EMBEDDING,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": PIXELS,
        "patch_size": 8,
    }
    model = SiglipModel(SiglipConfig(text_config=text, vision_config=vision))
    randomise(model, seed)
    return model, tokenizer, SiglipImageProcessorPil(size={"height": PIXELS, "width": PIXELS})


def save_encoder(
    folder: Path, make: Callable[[int], tuple], seed: int = 0, dtype: torch.dtype = torch.float32
) -> Path:
    """Write a tiny concept encoder as a plain transformers folder."""
    model, tokenizer, processor = make(seed)
    nn.Module.to(model, dtype)
    for part in (model, tokenizer, processor):
        part.save_pretrained(folder)
    return folder


save_clip = partial(save_encoder, make=tiny_clip)


def save_steerable(folder: Path) -> None:
    """A tiny emojiscape in `generator`, its `encoder`, and in `hyper` a random hypernetwork."""
    pipeline = emojiscape_pipeline()
    pipeline.save_pretrained(folder / "generator")
    encoder = ConceptEncoder.from_pretrained(save_clip(folder / "encoder"))
    torch.manual_seed(0)
    sites = find_sites(pipeline.transformer, PATTERNS)
    network = HyperNetwork(HyperNetworkConfig(encoder.dim, sites, width=16, depth=1))
    for parameter in network.heads.parameters():
        nn.init.normal_(parameter, std=0.1)
    HyperTransport(network, encoder, ID).save_pretrained(folder / "hyper")
