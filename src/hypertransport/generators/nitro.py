"""Nitro-1-PixArt: PixArt-Sigma in one step (AMD, 2024). 57 sites, 65,664 channels."""

from pathlib import Path
from typing import Any

import torch
from diffusers.models.transformers.pixart_transformer_2d import PixArtTransformer2DModel
from huggingface_hub import snapshot_download
from torch import Tensor

from hypertransport.errors import GeneratorError
from hypertransport.generators.architectures import PIXART_SIGMA_TRANSFORMER
from hypertransport.generators.base import (
    Generator,
    choose_device,
    half_on_gpu,
    load_weights,
    wrap,
)
from hypertransport.generators.students import Teacher
from hypertransport.tensor_files import TensorFileError, read_tensors

BASE = "PixArt-alpha/PixArt-Sigma-XL-2-1024-MS"
BASE_REVISION = "e102b3591cc82e97071b8b4cb90d834d0c487207"
WEIGHTS = "amd/Nitro-1-PixArt"
REVISION = "5ec4fb111168ccfc01c1f4dda1a0ac7100d252fa"
# Not stated for HyperTransport: the like-for-like choice to DMD2's "*norm*" [ours].
PATTERNS = ("*norm1", "*norm2", "norm_out")
CALL = {"num_inference_steps": 1, "guidance_scale": 0.0, "timesteps": [400]}
TEACHER = Teacher(
    BASE, BASE_REVISION, "transformer", PixArtTransformer2DModel, PIXART_SIGMA_TRANSFORMER
)


def load(
    weights: str | Path | None = None,
    device: str | torch.device | None = None,
    dtype: torch.dtype | None = None,
    base: str | Path = BASE,
    revision: str | None = None,
) -> Generator:
    """PixArt-Sigma of `base` with the one-step transformer of `weights`, or the hub's if None.

    `weights` is a .safetensors file. `revision` is that of the hub's weights; that of `base` is the
    one that Nitro was tried with, unless `base` names another (user/name@revision). Raises
    GeneratorError when either cannot be had, and before anything is fetched when packages that its
    tokenizer takes are not installed.
    """
    device = choose_device(device)
    dtype = half_on_gpu(dtype, device)
    transformer = TEACHER.empty_denoiser(base)
    path = Path(weights) if weights else _download(revision or REVISION)
    load_weights(transformer, _read(path), path)
    pipeline = TEACHER.pipeline(base, transformer, dtype)
    # diffusers cleans captions only with two more packages and otherwise warns: leave it off.
    call: dict[str, Any] = {**CALL, "clean_caption": False}
    call |= {"id": "nitro", "patterns": PATTERNS, "weights": path, "masks_padding": True}
    generator = wrap(pipeline.to(device), **call)
    if base == BASE:
        TEACHER.warn_of_changes(generator, PATTERNS)
    return generator


def _read(path: Path) -> dict[str, Tensor]:
    try:
        return read_tensors(path).tensors
    except TensorFileError as error:
        raise GeneratorError(f"{path} is no safetensors file; fetch {WEIGHTS} again") from error


def _download(revision: str) -> Path:
    """The repository's one safetensors file, whatever it is called."""
    try:
        folder = Path(snapshot_download(WEIGHTS, allow_patterns="*.safetensors", revision=revision))
    except (OSError, ValueError) as error:
        raise GeneratorError(
            f"{WEIGHTS} at revision {revision} cannot be fetched; check the network, give another "
            "revision, or weights=PATH of a local file"
        ) from error
    files = sorted(folder.rglob("*.safetensors"))
    if len(files) != 1:
        raise GeneratorError(f"{WEIGHTS} holds {len(files)} weight files; give weights=PATH of one")
    return files[0]
