"""Architectures of the named targets: the fields of their published configurations that matter.

They ship, so that what can be steered is known before anything is fetched.
"""

import json
from pathlib import Path
from typing import Any

import diffusers
from accelerate import init_empty_weights
from torch import nn

FOLDER = Path(__file__).parent
SDXL_BASE_UNET, PIXART_SIGMA_TRANSFORMER = "sdxl-base-unet", "pixart-sigma-transformer"


def read(name: str) -> dict[str, Any]:
    """A configuration of diffusers; what it leaves out is as its class has it by default."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def build(config: Any, kind: Any = None) -> nn.Module:
    """A module without weights: its parameters are on the meta device, its buffers are not.

    `kind` is its class, where it is not the one that the configuration names.
    """
    with init_empty_weights():
        return (kind or getattr(diffusers, config["_class_name"])).from_config(config)
