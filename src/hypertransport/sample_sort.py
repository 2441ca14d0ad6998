"""Sorting along the samples, axis -2, of many channels at once; differentiable.

On a CPU torch sorts one number at a time; numpy's sort is vectorised, but does not say where each
value was. So float32 is turned into integers of the same order, with the places in their lower
halves, and those are sorted: 2 to 3 times as fast in all.
"""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

AT_ONCE = 2**15  # numbers that one thread sorts at a time: what is near a processor's core
LOW = 2**32 - 1
Block: TypeAlias = tuple[np.ndarray, ...]


def sort_samples(x: Float[Tensor, "*batch n channels"]) -> Float[Tensor, "*batch n channels"]:
    """Sorted along axis -2, half precision as float32, whose ties are no more than they were."""
    x = x.to(torch.promote_types(x.dtype, torch.float32))
    if x.device.type != "cpu":  # its sorts want the numbers of one channel side by side
        return x.mT.contiguous().sort(dim=-1).values.mT
    return _Sort.apply(x) if x.dtype == torch.float32 else x.sort(dim=-2).values


class _Sort(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        places = None
        values = torch.empty(x.shape)
        if ctx.needs_input_grad[0]:
            places = torch.empty(x.shape, dtype=torch.int64)
            ctx.save_for_backward(places)
        _sort_all(x, values, places)
        return values

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        (places,) = ctx.saved_tensors
        return torch.empty_like(grad).scatter_(-2, places, grad)


def _sort_all(x: Tensor, values: Tensor, places: Tensor | None) -> None:
    """Fill `values` and `places`, on as many threads as torch uses."""
    wanted = [x, values] if places is None else [x, values, places]
    sort = _sort_values if places is None else _sort_with_places
    shape = (math.prod(x.shape[:-2]), *x.shape[-2:])
    blocks = list(_blocks([v.detach().reshape(shape).numpy() for v in wanted]))
    threads = min(torch.get_num_threads(), len(blocks))
    if threads < 2:
        for block in blocks:
            sort(*block)
        return
    with ThreadPoolExecutor(threads) as pool:  # numpy lets other threads run while it sorts
        for _ in pool.map(sort, *zip(*blocks, strict=True)):
            pass


def _blocks(arrays: list[np.ndarray]) -> Iterator[Block]:
    """The same (n, some channels) of every (batch, n, channels)."""
    batch, n, channels = arrays[0].shape
    step = max(1, AT_ONCE // max(1, n))
    for row in range(batch):
        for start in range(0, channels, step):
            yield tuple(a[row, :, start : start + step] for a in arrays)


def _sort_values(x: np.ndarray, values: np.ndarray) -> None:
    columns = np.array(x.T, order="C")
    columns.sort()
    values[:] = columns.T


def _sort_with_places(x: np.ndarray, values: np.ndarray, places: np.ndarray) -> None:
    bits = _ordered(np.ascontiguousarray(x.T).view(np.int32))
    keys = bits.astype(np.int64) << 32 | np.arange(len(x))
    keys.sort()
    places[:] = (keys & LOW).T
    values[:] = _ordered((keys >> 32).astype(np.int32)).view(np.float32).T


def _ordered(bits: np.ndarray) -> np.ndarray:
    """The bits of floats as integers in the same order, and back: it is its own inverse."""
    return bits ^ ((bits >> 31) & 0x7FFFFFFF)
