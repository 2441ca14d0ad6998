"""The memory that a GPU would need for `benchmarks.full_size`, worked out without one.

python -m benchmarks.full_size_memory [--targets dmd2 nitro] [--pixels 512 1024] [--out FILE]

The same code runs on tensors that have shapes and no values (torch's device "meta"), and every
storage is counted from when it is made until nothing holds it. What autocast and attention do on a
GPU is done by hand. Writes docs/results/full-size-memory.json; docs/full-size.md says what is
left out.
"""

import argparse
import gc
import json
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

from benchmarks.full_size import CONCEPTS, ROOT, SAMPLES, SEED, actions, random_problem, size
from benchmarks.memory import GIB
from benchmarks.random_targets import TARGETS, build, counts, recipe
from hypertransport.replacing import replacing

RESULT = ROOT / "docs/results/full-size-memory.json"
META = torch.device("meta")
BLOCK = 512  # bytes: what CUDA's allocator rounds every tensor up to
# Of the functions that backbones call, those whose arguments CUDA's autocast casts, and to what.
IN_HALF = ("linear", "conv2d")
IN_SINGLE = ("layer_norm", "group_norm", "interpolate")

# --- what is held ---------------------------------------------------------------------------------


class Held(TorchDispatchMode):
    """A block in which the bytes of all tensors on a device are counted, and the most of them."""

    def __init__(self, device: torch.device):
        super().__init__()
        self.device, self.now, self.peak = device, 0, 0
        self._alive: dict[int, weakref.finalize] = {}

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        found = func(*args, **(kwargs or {}))
        for value in tree_leaves(found):
            if isinstance(value, Tensor) and value.device.type == self.device.type:
                self._note(value.untyped_storage())
        return found

    def _note(self, storage: torch.UntypedStorage) -> None:
        key, size = storage._cdata, -(-storage.nbytes() // BLOCK) * BLOCK
        if key in self._alive:  # a view, or changed in place
            return
        self._alive[key] = weakref.finalize(storage, self._forget, key, size)
        self.now += size
        self.peak = max(self.peak, self.now)

    def _forget(self, key: int, size: int) -> None:
        del self._alive[key]
        self.now -= size

    def peak_of(self, action: Callable[[], object]) -> int:
        """The most bytes that are held while `action` runs once, with all that is held already."""
        gc.collect()  # what was held before in circles, as maps by whom they steered
        self.peak = self.now
        action()
        return self.peak


# --- a GPU in thought -----------------------------------------------------------------------------


@contextmanager
def like_a_gpu() -> Iterator[None]:
    """A block in which tensors without values go the way that CUDA's would under bfloat16 autocast.

    torch's own autocast refuses them, and its attention would write out every product of query and
    key. A number that is asked of such a tensor is 1.
    """
    half = {name: cast(getattr(F, name), torch.bfloat16) for name in IN_HALF}
    single = {name: cast(getattr(F, name), torch.float32) for name in IN_SINGLE}
    functions = half | single | {"scaled_dot_product_attention": attention}
    item, none = Tensor.item, torch.autocast("cpu", enabled=False)

    def number(tensor: Tensor) -> Any:
        return 1.0 if tensor.is_meta else item(tensor)

    with (
        patch.dict(vars(F), functions),
        patch.object(Tensor, "item", number),
        patch.object(torch, "autocast", lambda *_, **__: none),
    ):
        yield


def cast(function: Callable[..., Tensor], dtype: torch.dtype) -> Callable[..., Tensor]:
    """The function under autocast: a hypernetwork, float32 throughout, runs outside of one."""

    def to(value: Any) -> Any:
        return value.to(dtype) if isinstance(value, Tensor) and value.is_floating_point() else value

    def called(*args: Any, **kwargs: Any) -> Tensor:
        given = [v for v in tree_leaves((args, kwargs)) if isinstance(v, Tensor)]
        if any(value.dtype == torch.bfloat16 for value in given):
            args, kwargs = tree_map(to, (args, kwargs))
        return function(*args, **kwargs)

    return called


def attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
) -> Tensor:
    """What a GPU chooses in bfloat16: FlashAttention, or the memory-efficient one for a mask."""
    if attn_mask is None:
        options = dropout_p, is_causal
        return torch.ops.aten._scaled_dot_product_flash_attention(query, key, value, *options)[0]
    mask = attn_mask.expand(*query.shape[:-1], key.shape[-2])
    options = mask, True, dropout_p, is_causal
    return torch.ops.aten._scaled_dot_product_efficient_attention(query, key, value, *options)[0]


# --- the whole ------------------------------------------------------------------------------------


def predict(name: str, pixels: int, shape: tuple[int, int]) -> dict[str, float]:
    """GiB at the most of each of `full_size.actions`, by what it is; the second run counts."""
    config = replace(recipe(name), bfloat16=False)  # `like_a_gpu` does it
    target, found = TARGETS[name], {}
    with Held(META) as held, like_a_gpu():
        generator = build(name, META)
        counts(generator, target)
        problem = random_problem(generator, target, pixels, config, shape)
        for what, action in actions(generator, target, pixels, problem, config):
            action()
            found[what] = held.peak_of(action) / GIB
            rows = f"{pixels:>5} pixels{shape[0] * shape[1]:>4} rows  "
            print(f"{name:<8}{rows}{what:<48}{found[what]:8.2f} GiB", flush=True)
    return found


def shapes(name: str) -> list[tuple[int, int]]:
    """Concepts and samples of a step: as in `full_size`, and as the recipe trains."""
    config = recipe(name)
    return [(CONCEPTS, SAMPLES), (config.concepts_per_step, config.samples)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", nargs="+", choices=TARGETS, default=[*TARGETS])
    parser.add_argument("--pixels", nargs="+", type=size, default=[512, 1024])
    parser.add_argument("--out", type=Path, default=RESULT)
    arguments = parser.parse_args()
    record: dict[str, Any] = {"date": date.today().isoformat(), "torch": torch.__version__}
    record |= {"dtype": "bfloat16", "seed": SEED, "targets": {}}
    for name in arguments.targets:
        record["targets"][name] = [
            {"pixels": pixels, "rows": shape[0] * shape[1], "gib": predict(name, pixels, shape)}
            for pixels in arguments.pixels
            for shape in shapes(name)
        ]
        with replacing(arguments.out) as partial_file:
            partial_file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
