"""A pipeline of one's own, and what it is called with: a TOML file in the place of a model's name.

pipeline = "me/my-one-step"  # a hub id, or a folder, taken from the file's own
revision = "v1.0"  # a commit, tag or branch of the hub's repository
patterns = ["*norm1", "*norm2"]

[call]
num_inference_steps = 1
guidance_scale = 0.0
"""

import inspect
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from hypertransport import toml_files
from hypertransport.errors import GeneratorError
from hypertransport.generators.base import (
    Generator,
    choose_device,
    half_on_gpu,
    load_pipeline,
    wrap,
)
from hypertransport.paths import user_path

GIVEN = {"prompt", "generator"}  # by every call of a generator


@dataclass(frozen=True, kw_only=True)
class Description:
    """Fields of such a file; `id`, `patterns` and `masks_padding` are what `wrap` takes.

    `id` is the file's name without its suffix, unless given; `revision` and `variant` those of the
    pipeline's weights; `call` what the pipeline is called with, beside prompt and noise.
    """

    pipeline: str
    revision: str | None = None
    variant: str | None = None
    id: str | None = None
    patterns: tuple[str, ...] = ("*norm*",)
    masks_padding: bool = False
    call: Mapping[str, Any] = field(default_factory=dict)


def read(path: Path) -> tuple[Description, str | Path]:
    """What a file says, and where its pipeline is: a folder, or a name on the hub.

    Raises ConfigError where it is missing, or any field is not as above.
    """
    path = user_path(path)
    found = toml_files.load(Description, path)
    folder = path.parent / user_path(found.pipeline)
    return found, folder if os.path.isdir(folder) else found.pipeline


def load(
    path: Path,
    device: str | torch.device | None,
    dtype: torch.dtype | None,
    revision: str | None = None,
) -> Generator:
    """The pipeline that a file describes, as a generator; of another `revision` where it is given.

    Raises ConfigError as `read` does, and GeneratorError where it cannot be loaded, or takes
    nothing of a name that stands in `call`.
    """
    told, place = read(path)
    chosen = choose_device(device)
    which = {"revision": revision or told.revision, "variant": told.variant}
    pipeline = load_pipeline(place, dtype=half_on_gpu(dtype, chosen), **which)
    takes = inspect.signature(pipeline.__call__).parameters.keys() - GIVEN
    if odd := sorted(told.call.keys() - takes):
        raise GeneratorError(
            f"{path}: a call of {type(pipeline).__name__} takes no {', '.join(odd)}; it takes "
            + ", ".join(sorted(takes))
        )
    return wrap(
        pipeline.to(chosen),
        id=told.id or path.stem,
        patterns=told.patterns,
        masks_padding=told.masks_padding,
        **told.call,
    )
