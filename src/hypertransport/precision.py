"""Where half precision pays: a bfloat16 autocast that stays out of the way of slow machines."""

from functools import cache

import torch


@cache
def has_fast_bfloat16(device_type: str) -> bool:
    """Whether a kind of device computes in bfloat16 faster than in float32.

    A CPU that has no instructions for it only imitates it: four times slower with AVX-512, about a
    hundred times without (LOG.md, fifth and seventeenth session).
    """
    if device_type == "cpu":
        return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return device_type != "cuda" or torch.cuda.is_bf16_supported(including_emulation=False)


def autocast(device_type: str, wanted: bool = True) -> torch.autocast:
    """A context that runs matrix products in bfloat16 where that is `wanted` and fast.

    Elsewhere all is computed in float32, which differs by no more than bfloat16's rounding.
    """
    enabled = wanted and has_fast_bfloat16(device_type)
    return torch.autocast(device_type, torch.bfloat16, enabled=enabled)
