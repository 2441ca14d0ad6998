"""How generators are stored, so that all that ships stays within its bounds.

diffusers reads any of it as it is, in the precision that it is asked for.
"""

import torch
from diffusers import PixArtTransformer2DModel
from torch import Tensor, nn

EIGHT = torch.float8_e4m3fn  # three bits of mantissa: errors of some 2%, which average out


def round_to_8_bits(model: nn.Module) -> None:
    """Matrices and kernels in 8 bits, vectors in 16, in place."""
    for parameter in model.parameters():
        parameter.data = parameter.data.to(EIGHT if parameter.ndim > 1 else torch.float16)


@torch.no_grad()
def settle_timestep(model: PixArtTransformer2DModel, timestep: int) -> None:
    """For a one-step generator what the timestep says is a constant: biases hold it, and matrices
    that nothing is left for are zeros of 8 bits. At any other timestep it then says the same."""
    said = model.adaln_single
    shifts, embedded = said(torch.tensor([timestep]), None, 1, torch.float32)
    embedder = said.emb.timestep_embedder
    for layer, constant in ((said.linear, shifts), (embedder.linear_2, embedded)):
        _always(layer, constant[0])
    _always(embedder.linear_1, torch.zeros(embedder.linear_1.out_features))


def _always(layer: nn.Linear, constant: Tensor) -> None:
    layer.weight.data = torch.zeros_like(layer.weight, dtype=EIGHT)
    layer.bias.data = constant.clone()
