"""DMD2: SDXL in one step (Yin et al., arXiv 2405.14867). 256 sites, 294,080 channels."""

from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_lcm import LCMScheduler
from huggingface_hub import hf_hub_download
from torch import Tensor

from hypertransport.errors import GeneratorError
from hypertransport.generators.base import (
    Generator,
    choose_device,
    half_on_gpu,
    load_pipeline,
    load_weights,
    wrap,
)

BASE = "stabilityai/stable-diffusion-xl-base-1.0"
WEIGHTS = ("tianweiy/DMD2", "dmd2_sdxl_1step_unet_fp16.bin")
PATTERNS = ("*norm*",)
# An LCM schedule of its own would start near 979, where these weights give noise.
CALL = {"num_inference_steps": 1, "guidance_scale": 0.0, "timesteps": [399]}


def load(
    weights: str | Path | None = None,
    device: str | torch.device | None = None,
    dtype: torch.dtype | None = None,
    base: str | Path = BASE,
) -> Generator:
    """SDXL of `base` with the one-step UNet of `weights`, a local .bin, or the hub's if None.

    Raises GeneratorError when either cannot be had. The weights are CC-BY-NC-SA 4.0.
    """
    device = choose_device(device)
    dtype = half_on_gpu(dtype, device)
    # Only the hub's repository keeps a half-precision variant beside the full one: half to fetch.
    variant = "fp16" if base == BASE and dtype == torch.float16 else None
    student = _student(base, weights).to(dtype=dtype)
    pipeline = load_pipeline(base, dtype=dtype, variant=variant, unet=student)
    pipeline.scheduler = LCMScheduler.from_config(pipeline.scheduler.config)
    return wrap(pipeline.to(device), id="dmd2", patterns=PATTERNS, **CALL)


def _student(base: str | Path, weights: str | Path | None) -> Any:
    """The teacher's architecture with the student's weights; the teacher's are never fetched."""
    path = weights or _download()
    try:
        config: Any = UNet2DConditionModel.load_config(base, subfolder="unet")
    except (OSError, ValueError) as error:
        raise GeneratorError(f"no SDXL UNet at {base}: {error}") from error
    with torch.device("meta"):
        unet: Any = UNet2DConditionModel.from_config(config)
    load_weights(unet, _read(path), path)
    return unet


def _read(path: str | Path) -> dict[str, Tensor]:
    """The published file is a pickle: only tensors are taken from it, no code is run."""
    try:
        return dict(torch.load(path, map_location="cpu", weights_only=True, mmap=True))
    except (OSError, RuntimeError, TypeError, UnpicklingError) as error:
        raise GeneratorError(
            f"{path} holds no plain tensors ({type(error).__name__}); fetch {WEIGHTS[1]} again"
        ) from error


def _download() -> str:
    try:
        return hf_hub_download(*WEIGHTS)
    except (OSError, ValueError) as error:
        raise GeneratorError(
            f"{WEIGHTS[0]} cannot be fetched; check the network, or give weights=PATH of a local "
            f"{WEIGHTS[1]}"
        ) from error
