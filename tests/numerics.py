"""Bounds of what rounding may do, from the dtype that computes."""

import torch


def rounding(bfloat16: bool = False, size: float = 1.0, times: float = 16) -> dict[str, float]:
    """Tolerances of `torch.testing.assert_close`: `times` roundings of values as large as `size`.

    `bfloat16` is whether autocast computes in it (the fixture of that name), else float32 does.
    """
    dtype = torch.bfloat16 if bfloat16 else torch.float32
    return {"atol": times * torch.finfo(dtype).eps * size, "rtol": 0.0}
