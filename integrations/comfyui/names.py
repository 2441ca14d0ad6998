"""Sites by the names that ComfyUI's UNet has for them, instead of diffusers'.

Both are the UNet of Stable Diffusion and SDXL; only the order in which it is written down differs.
ComfyUI numbers all blocks of a half through, the samplers between the levels included:

    down_blocks.1.resnets.0.norm1               input_blocks.4.0.in_layers.0
    down_blocks.1.attentions.0.norm             input_blocks.4.1.norm
    mid_block.resnets.1.norm2                   middle_block.2.out_layers.0
    up_blocks.0.attentions.2.transformer_blocks.9.norm3
                                                output_blocks.2.1.transformer_blocks.9.norm3
    conv_norm_out                               out.0
"""

import re
from collections.abc import Sequence

from hypertransport.errors import InterventionError

SITE = re.compile(r"(?:(down|up)_blocks\.(\d+)|mid_block)\.(resnets|attentions)\.(\d+)\.(.+)")
HALVES = {"down": "input_blocks", "up": "output_blocks"}
RESNET_NORMS = {"norm1": "in_layers.0", "norm2": "out_layers.0"}


def comfy_name(site: str, blocks: Sequence[int]) -> str:
    """The module of ComfyUI's UNet that diffusers calls `site`.

    `blocks` are the residual blocks of each level on the way down, its `num_res_blocks`. Raises
    InterventionError for what is no norm layer of such a UNet.
    """
    if site == "conv_norm_out":
        return "out.0"
    if (found := SITE.fullmatch(site)) is None:
        raise _unknown(site)
    half, level, kind, index, rest = found.groups()
    number = _number(half, int(level or 0), int(index), blocks)
    if number is None or (kind == "resnets" and rest not in RESNET_NORMS):
        raise _unknown(site)
    if half is None:  # residual block, attention, residual block
        place = f"middle_block.{2 * number if kind == 'resnets' else 1}"
    else:
        place = f"{HALVES[half]}.{number}.{0 if kind == 'resnets' else 1}"
    return f"{place}.{RESNET_NORMS[rest] if kind == 'resnets' else rest}"


def _number(half: str | None, level: int, index: int, blocks: Sequence[int]) -> int | None:
    """Of a block in its half, or None where there is none.

    On the way down, block 0 is the first convolution and each level ends in a sampler of its own;
    on the way up there is one residual block more, and samplers belong to the last.
    """
    match half:
        case "down":
            counts, start = [*blocks], 1 + level
        case "up":
            counts, start = [count + 1 for count in reversed(blocks)], 0
        case _:
            counts, start = [2], 0
    if level >= len(counts) or index >= counts[level]:
        return None
    return start + sum(counts[:level]) + index


def _unknown(site: str) -> InterventionError:
    return InterventionError(
        f"{site} is no norm layer of a UNet of Stable Diffusion or SDXL; choose a hypernetwork "
        "that was trained for the model"
    )
