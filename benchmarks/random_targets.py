"""The denoisers of the paper's targets at full size, with random weights, and inputs for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from diffusers.models.transformers.pixart_transformer_2d import PixArtTransformer2DModel
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.pipelines.pixart_alpha.pipeline_pixart_sigma import PixArtSigmaPipeline
from diffusers.pipelines.stable_diffusion_xl.pipeline_stable_diffusion_xl import (
    StableDiffusionXLPipeline,
)
from torch import Tensor

from hypertransport.errors import GeneratorError
from hypertransport.generators import dmd2, nitro
from hypertransport.generators.base import Generator, wrap
from hypertransport.sites import total_channels
from hypertransport.training.config import TrainConfig
from hypertransport.training.inputs import Inputs
from tests.published import PIXART, SDXL

RECIPES = Path(__file__).parent.parent / "recipes/natural"


def recipe(name: str) -> TrainConfig:
    """The training file of a target: the sizes of its hypernetwork, and of a step."""
    return TrainConfig.load(RECIPES / f"{name}.toml")


def noise(generator: Generator, seed: int) -> Callable[..., Tensor]:
    """`draw(*shape)`: the same random numbers on every device, as the denoiser takes them."""
    draw, like = torch.Generator().manual_seed(seed), next(generator.backbone.parameters())
    return lambda *shape: torch.randn(shape, generator=draw).to(like)


def sdxl_inputs(generator: Generator, rows: int, pixels: int, seed: int) -> dict[str, Any]:
    """What the SDXL pipeline calls its UNet with, at DMD2's one timestep."""
    config: Any = generator.backbone.config
    draw = noise(generator, seed)
    sample = draw(rows, config.in_channels, pixels // 8, pixels // 8)
    pooled = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
    sizes = torch.tensor([pixels, pixels, 0, 0, pixels, pixels]).repeat(rows, 1)
    return {
        "sample": sample,
        "timestep": torch.tensor(dmd2.STUDENTS[1].timesteps[0], device=sample.device),
        "encoder_hidden_states": draw(rows, 77, config.cross_attention_dim),
        "added_cond_kwargs": {"text_embeds": draw(rows, pooled), "time_ids": sizes.to(sample)},
        "return_dict": False,
    }


def pixart_inputs(generator: Generator, rows: int, pixels: int, seed: int) -> dict[str, Any]:
    """What the PixArt-Sigma pipeline calls its transformer with, at Nitro's one timestep."""
    config: Any = generator.backbone.config
    draw = noise(generator, seed)
    sample = draw(rows, config.in_channels, pixels // 8, pixels // 8)
    return {
        "hidden_states": sample,
        "encoder_hidden_states": draw(rows, 300, config.caption_channels),
        "encoder_attention_mask": torch.ones(rows, 300, dtype=torch.int64, device=sample.device),
        "timestep": torch.tensor(nitro.CALL["timesteps"] * rows, device=sample.device),
        "added_cond_kwargs": {"resolution": None, "aspect_ratio": None},
        "return_dict": False,
    }


@dataclass(frozen=True)
class Target:
    """One of the paper's targets: what its denoiser is, and what must be counted in it."""

    pipeline: type
    part: str  # the denoiser's name in the pipeline
    backbone: type
    config: dict[str, Any]
    values: Callable[..., dict[str, Any]]  # that the pipeline calls it with
    patterns: tuple[str, ...]
    sites: int
    channels: int

    def inputs(self, generator: Generator, rows: int, pixels: int, seed: int) -> Inputs:
        """What the denoiser is called with for so many random rows."""
        return Inputs.of(lambda n: self.values(generator, n, pixels, seed), rows)


TARGETS = {
    "dmd2": Target(
        *(StableDiffusionXLPipeline, "unet", UNet2DConditionModel, SDXL),
        *(sdxl_inputs, dmd2.PATTERNS, 256, 294_080),
    ),
    "nitro": Target(
        *(PixArtSigmaPipeline, "transformer", PixArtTransformer2DModel, PIXART),
        *(pixart_inputs, nitro.PATTERNS, 57, 65_664),
    ),
}


def build(
    name: str,
    device: torch.device,
    dtype: torch.dtype = torch.bfloat16,
    changes: Mapping[str, Any] = MappingProxyType({}),
) -> Generator:
    """A target with random weights, of this dtype from the start: float32 takes twice as much.

    `changes` are made to the published configuration."""
    target, default = TARGETS[name], torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with device:
            backbone = target.backbone(**target.config | dict(changes))
    finally:
        torch.set_default_dtype(default)
    parts = [p.name for p in signature(target.pipeline).parameters.values() if p.default is p.empty]
    pipeline = target.pipeline(**dict.fromkeys(parts) | {target.part: backbone})
    return wrap(pipeline, id=name, patterns=target.patterns)


def counts(generator: Generator, target: Target) -> dict[str, int]:
    """Sites, channels, numbers per concept and weights; GeneratorError unless as published."""
    sites, channels = len(generator.sites), total_channels(generator.sites)
    if (sites, channels) != (target.sites, target.channels):
        raise GeneratorError(
            f"{generator.id} has {sites} sites of {channels:,} channels, {target.sites} of "
            f"{target.channels:,} are published; look for what diffusers has changed"
        )
    weights = sum(parameter.numel() for parameter in generator.backbone.parameters())
    return {"sites": sites, "channels": channels, "numbers": 2 * channels, "weights": weights}
