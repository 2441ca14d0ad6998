"""Emojiscape: the small one-step PixArt-Sigma that ships with the package, the sibling of Nitro."""

from pathlib import Path

import torch

from hypertransport.errors import GeneratorError
from hypertransport.generators.base import Generator, choose_device, load_pipeline, wrap
from hypertransport.weights import bundled

ID = "emojiscape-pixart"
PATTERNS = ("*norm1", "*norm2", "norm_out")
CALL = {
    "num_inference_steps": 1,
    "guidance_scale": 0.0,
    "timesteps": [400],
    "max_sequence_length": 40,  # all the positions that its CLIP has; PixArt's T5 takes 300
    "use_resolution_binning": False,  # 64 x 64 as it is, not PixArt's nearest aspect ratio
    "clean_caption": False,
}


def load(
    weights: str | Path | None = None,
    device: str | torch.device | None = None,
    dtype: torch.dtype | None = None,
) -> Generator:
    """The bundled pipeline, or another training of it from the folder `weights`.

    Stored in half precision and run in float32 unless `dtype` says otherwise. Raises
    GeneratorError when it is not there or broken.
    """
    folder = folder_of(ID, weights)
    pipeline = load_pipeline(folder, dtype=dtype or torch.float32, local_files_only=True)
    pipeline.to(choose_device(device))
    pipeline.vae.to(memory_format=torch.channels_last)  # decodes a batch a third faster on a CPU
    return wrap(pipeline, id=ID, patterns=PATTERNS, masks_padding=True, **CALL)


def folder_of(name: str, weights: str | Path | None) -> Path:
    """Where an embedded generator's pipeline lies: `weights`, or else in the package.

    Raises GeneratorError when no pipeline is there.
    """
    folder = Path(weights) if weights else bundled(name, "generator")
    if folder is None or not (folder / "model_index.json").is_file():
        cure = "name the folder of a pipeline" if weights else "reinstall the package with them"
        raise GeneratorError(f"the weights of {name} are not at {folder}; {cure}")
    return folder
