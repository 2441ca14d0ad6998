"""Nitro-1-PixArt: PixArt-Sigma in one step (AMD, 2024). 57 sites, 65,664 channels."""

from pathlib import Path
from typing import Any

import torch
from huggingface_hub import snapshot_download
from safetensors import SafetensorError
from safetensors.torch import load_file
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

BASE = "PixArt-alpha/PixArt-Sigma-XL-2-1024-MS"
WEIGHTS = "amd/Nitro-1-PixArt"
# Not stated for HyperTransport: the like-for-like choice to DMD2's "*norm*" [ours].
PATTERNS = ("*norm1", "*norm2", "norm_out")
CALL = {"num_inference_steps": 1, "guidance_scale": 0.0, "timesteps": [400]}


def load(
    weights: str | Path | None = None,
    device: str | torch.device | None = None,
    dtype: torch.dtype | None = None,
    base: str | Path = BASE,
) -> Generator:
    """PixArt-Sigma of `base` with the one-step transformer of `weights`, or the hub's if None.

    `weights` is a .safetensors file. Raises GeneratorError when either cannot be had.
    """
    device = choose_device(device)
    dtype = half_on_gpu(dtype, device)
    path = Path(weights) if weights else _download()
    pipeline = load_pipeline(base, dtype=dtype)
    load_weights(pipeline.transformer, _read(path), path)
    pipeline.transformer.to(dtype=dtype)
    # diffusers cleans captions only with two more packages and otherwise warns: leave it off.
    call: dict[str, Any] = {**CALL, "clean_caption": False}
    call |= {"id": "nitro", "patterns": PATTERNS, "weights": path, "masks_padding": True}
    return wrap(pipeline.to(device), **call)


def _read(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise GeneratorError(f"{path} is no safetensors file; fetch {WEIGHTS} again") from error


def _download() -> Path:
    """The repository's one safetensors file, whatever it is called."""
    try:
        folder = Path(snapshot_download(WEIGHTS, allow_patterns="*.safetensors"))
    except (OSError, ValueError) as error:
        raise GeneratorError(
            f"{WEIGHTS} cannot be fetched; check the network, or give weights=PATH of a local file"
        ) from error
    files = sorted(folder.rglob("*.safetensors"))
    if len(files) != 1:
        raise GeneratorError(f"{WEIGHTS} holds {len(files)} weight files; give weights=PATH of one")
    return files[0]
