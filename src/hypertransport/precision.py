"""Where half precision pays: a bfloat16 autocast that stays out of the way of slow machines.

The environment variable HYPERTRANSPORT_BF16 overrules the choice: 0 computes in float32
everywhere, 1 in bfloat16 even where it is slow. Unset, the device decides.
"""

import os
from functools import cache

import torch

from hypertransport.errors import ConfigError

VARIABLE = "HYPERTRANSPORT_BF16"


@cache
def has_fast_bfloat16(device_type: str) -> bool:
    """Whether a kind of device computes in bfloat16 faster than in float32.

    A CPU that has no instructions for it only imitates it: four times slower with AVX-512, about a
    hundred times without (LOG.md, fifth and seventeenth session).
    """
    if device_type == "cpu":
        return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return device_type != "cuda" or torch.cuda.is_bf16_supported(including_emulation=False)


def uses_bfloat16(device_type: str) -> bool:
    """Whether to compute in bfloat16 on a kind of device: as HYPERTRANSPORT_BF16 says, else where
    it is fast. Raises ConfigError for any other value than 0 and 1."""
    match os.environ.get(VARIABLE, ""):
        case "":
            return has_fast_bfloat16(device_type)
        case "0" | "1" as forced:
            return forced == "1"
        case value:
            raise ConfigError(
                f"{VARIABLE} is {value!r}; set it to 0 (float32) or 1 (bfloat16), or unset it"
            )


def autocast(device_type: str, wanted: bool = True) -> torch.autocast:
    """A context that runs matrix products in bfloat16 where that is `wanted` and used.

    Elsewhere all is computed in float32, which differs by no more than bfloat16's rounding.
    """
    return torch.autocast(
        device_type, torch.bfloat16, enabled=wanted and uses_bfloat16(device_type)
    )
