"""What ComfyUI publishes, as far as a node meets it: its UNet's names and its model's contract.

No code of ComfyUI's: its blocks are built here, in the order in which its UNet is known to append
them, around the very modules of a UNet of diffusers. What steers the one steers the other.
"""

from collections.abc import Callable
from typing import Any

import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import nn


def _residual(block: Any) -> nn.Module:
    """`in_layers.0` and `out_layers.0` are its norms."""
    view = nn.Module()
    view.in_layers = nn.Sequential(block.norm1, nn.SiLU(), block.conv1)
    view.out_layers = nn.Sequential(block.norm2, nn.SiLU(), block.dropout, block.conv2)
    return view


class ComfyUNet(nn.Module):
    """The modules of `unet` by ComfyUI's names; it draws what `unet` draws."""

    def __init__(self, unet: UNet2DConditionModel):
        super().__init__()
        self._drawing = [unet]  # in a list, so that it adds no names
        self.num_res_blocks = [len(block.resnets) for block in unet.down_blocks]
        self.input_blocks = nn.ModuleList([nn.Sequential(unet.conv_in)])
        for block in unet.down_blocks:
            self._append(self.input_blocks, block)
            for sampler in block.downsamplers or ():
                self.input_blocks.append(nn.Sequential(sampler))
        first, last = unet.mid_block.resnets
        attention = unet.mid_block.attentions[0]
        self.middle_block = nn.Sequential(_residual(first), attention, _residual(last))
        self.output_blocks = nn.ModuleList()
        for block in unet.up_blocks:
            self._append(self.output_blocks, block)
            for sampler in block.upsamplers or ():
                self.output_blocks[-1].append(sampler)
        self.out = nn.Sequential(unet.conv_norm_out, nn.SiLU(), unet.conv_out)

    def _append(self, blocks: nn.ModuleList, block: Any) -> None:
        attentions = getattr(block, "attentions", None) or [None] * len(block.resnets)
        for residual, attention in zip(block.resnets, attentions, strict=True):
            layers = [_residual(residual)] + ([] if attention is None else [attention])
            blocks.append(nn.Sequential(*layers))

    def forward(self, x: torch.Tensor, timesteps: torch.Tensor, **rest: Any) -> torch.Tensor:
        return self._drawing[0](x, timesteps, **rest).sample


class Executor:
    """Calls the wrappers of a network one inside the other, and then the network."""

    def __init__(self, network: nn.Module, wrappers: list[Callable]):
        self.class_obj, self._wrappers = network, wrappers

    def __call__(self, *args: Any, **kwargs: Any) -> torch.Tensor:
        if not self._wrappers:
            return self.class_obj.forward(*args, **kwargs)
        first, *rest = self._wrappers
        return first(Executor(self.class_obj, rest), *args, **kwargs)


class ModelPatcher:
    """A model that is shared by its clones, each with wrappers of its own."""

    def __init__(self, network: nn.Module):
        self._objects = {"diffusion_model": network}
        self.wrappers: dict[str, dict[str, list[Callable]]] = {}

    def clone(self) -> "ModelPatcher":
        clone = ModelPatcher(self.get_model_object("diffusion_model"))
        for kind, keyed in self.wrappers.items():
            clone.wrappers[kind] = {key: list(wrappers) for key, wrappers in keyed.items()}
        return clone

    def get_model_object(self, name: str) -> nn.Module:
        return self._objects[name]

    def add_wrapper_with_key(self, kind: str, key: str, wrapper: Callable) -> None:
        self.wrappers.setdefault(kind, {}).setdefault(key, []).append(wrapper)

    def draw(self, *args: Any, **kwargs: Any) -> torch.Tensor:
        """As its sampler calls the network."""
        keyed = self.wrappers.get("diffusion_model", {}).values()
        wrappers = [wrapper for several in keyed for wrapper in several]
        return Executor(self.get_model_object("diffusion_model"), wrappers)(*args, **kwargs)
