"""An intervention on a clone of ComfyUI's model: there while the clone samples, and gone after."""

from typing import Any

import torch

from hypertransport.backbones import find_places, require_finite
from hypertransport.interventions import Intervention
from hypertransport.steering import attach

from .names import comfy_name

KEY = "hypertransport"
WRAPPER = "diffusion_model"  # comfy.patcher_extension.WrappersMP.DIFFUSION_MODEL
NETWORK = "diffusion_model"  # where a model keeps its UNet


class Steered:
    """Wraps each call of a UNet: the maps act inside it, and what was there before is put back.

    Nothing else of the model is touched, neither weights nor names, so that clones, LoRAs and
    offloading go on as they did.
    """

    def __init__(self, intervention: Intervention):
        self._on: dict[torch.device, Intervention] = {}
        self._intervention = intervention

    def __call__(self, executor: Any, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        """Run what comes next, down to the UNet, which the executor knows as `class_obj`."""
        if x.device not in self._on:
            self._on[x.device] = self._intervention.to(x.device)
        with attach(executor.class_obj, self._on[x.device]):
            return executor(x, *args, **kwargs)


def patched(model: Any, intervention: Intervention) -> Any:
    """A clone of a ComfyUI model (a `ModelPatcher`) that `intervention` steers.

    Its sites have diffusers' names. Several patches act one after the other. Raises
    InterventionError where the model is not the one that it was made for.
    """
    unet = model.get_model_object(NETWORK)
    blocks = getattr(unet, "num_res_blocks", ())  # no UNet has none: its names are then not found
    renamed = {comfy_name(site, blocks): T for site, T in intervention.maps.items()}
    steering = Intervention(renamed)
    require_finite(steering, find_places(unet, steering))
    clone = model.clone()
    clone.add_wrapper_with_key(WRAPPER, KEY, Steered(steering))
    return clone
