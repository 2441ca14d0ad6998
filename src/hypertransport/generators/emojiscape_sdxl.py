"""Emojiscape with SDXL's UNet: the second embedded family, the small sibling of DMD2."""

from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers.models.clip.configuration_clip import CLIPTextConfig
from transformers.models.clip.modeling_clip import CLIPTextModel, CLIPTextModelWithProjection
from transformers.models.clip.tokenization_clip import CLIPTokenizer

from hypertransport.complete_weights import complete_weights
from hypertransport.errors import GeneratorError, first_line
from hypertransport.generators import emojiscape
from hypertransport.generators.base import (
    LOADING_ERRORS,
    Generator,
    choose_device,
    load_pipeline,
    wrap,
)
from hypertransport.generators.dmd2 import PATTERNS
from hypertransport.library_errors import loading

ID = "emojiscape-sdxl"
CALL = {"num_inference_steps": 1, "guidance_scale": 0.0, "timesteps": [400]}


def load(
    weights: str | Path | None = None,
    device: str | torch.device | None = None,
    dtype: torch.dtype | None = None,
) -> Generator:
    """The bundled UNet, autoencoder and scheduler, and emojiscape-pixart's text encoder; or, from
    the folder `weights`, a whole pipeline of another training.

    Stored in 8 bits and run in float32 unless `dtype` says otherwise. Raises GeneratorError when it
    is not there or broken.
    """
    dtype = dtype or torch.float32
    folder = emojiscape.folder_of(ID, weights)
    parts: dict[str, Any] = {}
    if weights is None:
        parts = shared_parts(emojiscape.folder_of(emojiscape.ID, None), dtype)
    pipeline = load_pipeline(folder, dtype=dtype, local_files_only=True, **parts)
    pipeline.to(choose_device(device))
    pipeline.vae.to(memory_format=torch.channels_last)  # decodes a batch a third faster on a CPU
    return wrap(pipeline, id=ID, patterns=PATTERNS, **CALL)


def shared_parts(folder: Path, dtype: torch.dtype) -> dict[str, Any]:
    """What SDXL's pipeline takes from the folder of a PixArt of ours: text encoder and tokenizer.
    Raises GeneratorError."""
    try:
        with loading(folder), complete_weights():
            tower = CLIPTextModel.from_pretrained(folder / "text_encoder", dtype=dtype)
            tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
            return {"text_encoder_2": with_projection(tower), "tokenizer_2": tokenizer}
    except LOADING_ERRORS as error:
        raise GeneratorError(
            f"cannot load the parts of {emojiscape.ID} from {folder} ({first_line(error)}); "
            "reinstall the package with its weights"
        ) from error


def with_projection(tower: CLIPTextModel) -> CLIPTextModelWithProjection:
    """The same text tower as SDXL's second: its pooled state is projected by the identity."""
    width = tower.config.hidden_size
    sizes: Any = tower.config.to_dict() | {"projection_dim": width}
    with torch.device("meta"):
        encoder = CLIPTextModelWithProjection(CLIPTextConfig(**sizes))
    eye = torch.eye(width, dtype=tower.dtype)
    encoder.text_model = tower
    encoder.text_projection.weight = nn.Parameter(eye, requires_grad=False)
    return encoder.eval()
