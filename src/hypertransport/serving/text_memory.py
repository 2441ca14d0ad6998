"""What a pipeline's text encoders make of a prompt, remembered: they are frozen, and never steered.

A dial that is dragged, or a service whose prompts are few, then encodes a prompt once [ours]. It
should save most where text is large and steps are few, as Nitro's T5 of 4.7 billion weights.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn
from torch.utils._pytree import TreeSpec, tree_flatten, tree_unflatten

CAPACITY = 2**26  # bytes, for each encoder: eight prompts of SDXL or hundreds of PixArt
Row: TypeAlias = list[Tensor]


@contextmanager
def remember_text(
    pipeline: Any, capacity: int = CAPACITY, one_by_one: bool = False
) -> Iterator[None]:
    """Inside, each text encoder of a diffusers pipeline remembers up to `capacity` bytes of what it
    gave. For one thread at a time. A prompt's row is the one computed alone, but for rounding; bit
    for bit where they are computed `one_by_one`."""
    parts = [part for name, part in pipeline.components.items() if name.startswith("text_encoder")]
    encoders: list[Any] = [part for part in parts if isinstance(part, nn.Module)]
    own = [vars(encoder).get("forward") for encoder in encoders]  # as accelerate's hooks set it
    for encoder in encoders:
        encoder.forward = Remembering(encoder.forward, capacity, one_by_one)
    try:
        yield
    finally:
        for encoder, forward in zip(encoders, own, strict=True):
            del encoder.forward
            if forward is not None:
                encoder.forward = forward


class Remembering:
    """A text encoder's `forward`, `computed` for those rows of ids only that are not remembered.

    What was used least recently is forgotten first.
    """

    def __init__(self, computed: Callable[..., Any], capacity: int, one_by_one: bool = False):
        self.computed, self.capacity, self.one_by_one = computed, capacity, one_by_one
        self._rows: OrderedDict[Hashable, Row] = OrderedDict()
        self._forms: dict[Hashable, TreeSpec] = {}
        self._bytes = 0

    def __call__(self, input_ids: Tensor, **options: Any) -> Any:
        """As the encoder's: whatever tree of tensors it gives for ids `(rows, tokens)`, each
        `(rows, ...)`. Options that are tensors have such rows too.
        """
        tensors = {name: one for name, one in options.items() if isinstance(one, Tensor)}
        # Shapes belong to it, as rows are told apart by their bytes alone.
        alike = {k: repr(v.shape[1:] if k in tensors else v) for k, v in options.items()}
        form = (input_ids.shape[1], *sorted(alike.items()))
        told = _rows_as_bytes([input_ids, *tensors.values()])
        keys: list[Hashable] = [(form, row) for row in told]
        rows = {key: self._rows[key] for key in keys if key in self._rows}
        new = {key: i for i, key in enumerate(keys) if key not in rows}
        for keys_at_once in [[key] for key in new] if self.one_by_one else [[*new]] if new else []:
            chosen = torch.tensor([new[key] for key in keys_at_once], device=input_ids.device)
            some = {name: one[chosen] for name, one in tensors.items()}
            computed, self._forms[form] = self._compute(input_ids[chosen], options | some)
            rows |= dict(zip(keys_at_once, computed, strict=True))
        self._remember(rows)
        together = [torch.cat(leaf) for leaf in zip(*(rows[key] for key in keys), strict=True)]
        return tree_unflatten(together, self._forms[form])

    def _compute(self, input_ids: Tensor, options: dict[str, Any]) -> tuple[list[Row], TreeSpec]:
        """All leaves of each row, copied: a view would keep all other rows in memory."""
        leaves, form = tree_flatten(self.computed(input_ids, **options))
        rows = [[leaf[i : i + 1].clone() for leaf in leaves] for i in range(len(input_ids))]
        return rows, form

    def _remember(self, rows: dict[Hashable, Row]) -> None:
        for key, row in rows.items():
            if key not in self._rows:
                self._rows[key] = row
                self._bytes += _bytes_of(row)
            self._rows.move_to_end(key)
        while self._bytes > self.capacity:
            _, row = self._rows.popitem(last=False)
            self._bytes -= _bytes_of(row)


def _rows_as_bytes(tensors: Sequence[Tensor]) -> list[bytes]:
    """Each row of ids and masks, as what tells it from any other of the same kind."""
    values = [tensor.cpu().numpy() for tensor in tensors]
    return [b"".join(one.tobytes() for one in row) for row in zip(*values, strict=True)]


def _bytes_of(row: Row) -> int:
    return sum(leaf.nbytes for leaf in row)
