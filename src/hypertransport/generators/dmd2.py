"""DMD2: SDXL in one step or four (Yin et al., arXiv 2405.14867). 256 sites, 294,080 channels."""

import struct
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError

import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_lcm import LCMScheduler
from huggingface_hub import hf_hub_download
from torch import Tensor

from hypertransport.errors import GeneratorError
from hypertransport.generators.architectures import SDXL_BASE_UNET
from hypertransport.generators.base import (
    Generator,
    choose_device,
    half_on_gpu,
    load_weights,
    wrap,
)
from hypertransport.generators.students import Teacher

BASE = "stabilityai/stable-diffusion-xl-base-1.0"
BASE_REVISION = "462165984030d82259a11f4367a4eed129e94a7b"
REPOSITORY = "tianweiy/DMD2"
REVISION = "be22767697a1f3ca656b73c776e15fa335c86c6c"
PATTERNS = ("*norm*",)
# Torch's reader of pickles runs over a torn one until it meets what it cannot do.
BROKEN = (
    OSError, RuntimeError, TypeError, ValueError, LookupError, AttributeError, EOFError,
    ArithmeticError, MemoryError, struct.error, UnpicklingError,
)  # fmt: skip
TEACHER = Teacher(BASE, BASE_REVISION, "unet", UNet2DConditionModel, SDXL_BASE_UNET)


@dataclass(frozen=True, slots=True)
class Student:
    """One of the published distillations: its file, and the timesteps that it was distilled at."""

    id: str
    file: str
    timesteps: tuple[int, ...]


# An LCM schedule of its own would start near 979, where the one-step weights give noise.
STUDENTS = {
    1: Student("dmd2", "dmd2_sdxl_1step_unet_fp16.bin", (399,)),
    4: Student("dmd2-4step", "dmd2_sdxl_4step_unet_fp16.bin", (999, 749, 499, 249)),
}


def load(
    weights: str | Path | None = None,
    device: str | torch.device | None = None,
    dtype: torch.dtype | None = None,
    base: str | Path = BASE,
    steps: int = 1,
    revision: str | None = None,
) -> Generator:
    """SDXL of `base` with the UNet of `weights`, a local .bin, or the hub's if None.

    `steps` is 1 or 4: the weights are others, and so are the timesteps. `revision` is that of the
    hub's weights; that of `base` is the one that DMD2 was tried with, unless `base` names another
    (user/name@revision). Raises GeneratorError for another number of steps, or when either part
    cannot be had. The weights are CC-BY-NC 4.0.
    """
    if steps not in STUDENTS:
        raise GeneratorError(f"there is no DMD2 of {steps} steps; give steps=1 or steps=4")
    student = STUDENTS[steps]
    device = choose_device(device)
    dtype = half_on_gpu(dtype, device)
    # Only the hub's repository keeps a half-precision variant beside the full one: half to fetch.
    variant = "fp16" if base == BASE and dtype == torch.float16 else None
    unet = TEACHER.empty_denoiser(base)
    path = weights or _download(student.file, revision or REVISION)
    load_weights(unet, _read(path), path)
    pipeline = TEACHER.pipeline(base, unet, dtype, variant=variant)
    pipeline.scheduler = LCMScheduler.from_config(pipeline.scheduler.config)
    call = {"num_inference_steps": steps, "timesteps": [*student.timesteps], "guidance_scale": 0.0}
    generator = wrap(pipeline.to(device), id=student.id, patterns=PATTERNS, weights=path, **call)
    if base == BASE:
        TEACHER.warn_of_changes(generator, PATTERNS)
    return generator


def _read(path: str | Path) -> dict[str, Tensor]:
    """The published file is a pickle: only tensors are taken from it, no code is run."""
    try:
        return dict(torch.load(path, map_location="cpu", weights_only=True, mmap=True))
    except BROKEN as error:
        raise GeneratorError(
            f"{path} holds no plain tensors ({type(error).__name__}); fetch it from {REPOSITORY}"
        ) from error


def _download(file: str, revision: str) -> str:
    try:
        return hf_hub_download(REPOSITORY, file, revision=revision)
    except (OSError, ValueError) as error:
        raise GeneratorError(
            f"{file} of {REPOSITORY} at revision {revision} cannot be fetched; check the network, "
            "give another revision, or weights=PATH of a local copy"
        ) from error
