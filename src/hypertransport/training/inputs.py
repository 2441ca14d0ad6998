"""Inputs of the backbone, recorded once and drawn from ever after.

Some go with the rows of a batch, others all rows share, which their shapes do not tell: SDXL's
timestep is one number and PixArt's one per row, FLUX's list of positions is as long as its picture,
and HiDream stacks its texts by layers first. So it is looked at: what grows with one row more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from hypertransport.errors import GeneratorError
from hypertransport.generators.base import Generator

AT_ONCE = 32  # prompts that one run of the pipeline encodes; `record_inputs` takes 64 at most


class Inputs(Mapping[str, Any]):
    """Keyword arguments of the backbone for a number of rows.

    `by_row` is nested as `values` are, down to the axis of a tensor along which the rows lie (0 for
    a list of them), or None for what all rows share.
    """

    def __init__(self, values: Mapping[str, Any], by_row: Mapping[str, Any]):
        self._values, self._by_row = values, by_row

    @classmethod
    def of(cls, make: Callable[[int], Mapping[str, Any]], rows: int) -> "Inputs":
        """What `make` gives for so many rows; what goes with them, it is asked for one and two."""
        return cls(make(rows), _observed(make))

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def take(self, rows: Int[Tensor, "n"]) -> "Inputs":
        """Some of the rows, in this order, as often as they are named."""

        def pick(axis: int, value: Any) -> Any:
            if isinstance(value, Tensor):
                return value.index_select(axis, rows.to(value.device))
            return [value[i] for i in rows.tolist()]

        return Inputs(_changed(pick, self._by_row, self._values), self._by_row)

    @staticmethod
    def join(parts: "Sequence[Inputs]") -> "Inputs":
        """The rows of all parts, one after another; what they share is the first's."""

        def cat(axis: int, *values: Any) -> Any:
            if isinstance(values[0], Tensor):
                return torch.cat(values, axis)
            return [one for value in values for one in value]

        by_row = parts[0]._by_row
        return Inputs(_changed(cat, by_row, *(part._values for part in parts)), by_row)


@torch.no_grad()
def record_bank(
    generator: Generator,
    prompts: Sequence[str],
    seeds: Sequence[int],
    batch: int = AT_ONCE,
    as_long_as: Sequence[str] = (),
) -> Inputs:
    """The backbone's inputs for any number of prompts.

    Where the family masks its padding, text is as long as the longest of the prompts, and of those
    of `as_long_as`, with which it will be joined. Raises GeneratorError when there is not one row
    per prompt, as under guidance, and for a family whose text is as long as each call's prompts.
    """
    length = generator.short_text([*prompts, *as_long_as])
    by_row, parts = None, []
    for i in range(0, len(prompts), batch):
        chunk = list(prompts[i : i + batch])
        values = generator.record_inputs(chunk, list(seeds[i : i + batch]), **length)
        if (rows := row_count(values)) != len(chunk):
            raise GeneratorError(
                f"{generator.id} runs {rows} rows for {len(chunk)} prompts: train on a "
                "generator without guidance (guidance_scale=0)"
            )
        by_row = by_row or _observed(partial(_alike, generator, chunk[0], length))
        parts.append(Inputs(values, by_row))
    try:
        return Inputs.join(parts)
    except RuntimeError as error:
        raise GeneratorError(
            f"{generator.id} makes text of another length for other prompts ({error}); give it a "
            "max_sequence_length that pads all to one, or prompts of one length"
        ) from error


def row_count(inputs: Mapping[str, Any]) -> int:
    """The batch's length: in every family of diffusers the latents come first."""
    return len(next(iter(inputs.values())))


def _alike(generator: Generator, prompt: str, length: dict[str, int], rows: int) -> dict[str, Any]:
    return generator.record_inputs([prompt] * rows, [0] * rows, **length)


def _observed(make: Callable[[int], Mapping[str, Any]]) -> dict[str, Any]:
    """What goes with the rows, by a look at one row and at two."""
    one, two = make(1), make(2)
    return {name: _grows(one[name], two[name]) for name in one}


def _grows(one: Any, two: Any) -> Any:
    """Nested as they are: the axis along which one became two, or None."""
    if isinstance(one, Mapping):
        return {name: _grows(one[name], two[name]) for name in one}
    if isinstance(one, Tensor):
        sizes = list(zip(one.shape, two.shape, strict=True))
        return sizes.index((1, 2)) if (1, 2) in sizes else None
    if isinstance(one, list | tuple):
        return 0 if (len(one), len(two)) == (1, 2) else [*map(_grows, one, two)]
    return None


def _changed(change: Callable[..., Any], by_row: Any, *values: Any) -> Any:
    """The same nesting, `change` made to what goes with the rows."""
    if by_row is None:
        return values[0]
    if isinstance(by_row, int):
        return change(by_row, *values)
    if isinstance(by_row, Mapping):
        return {
            name: _changed(change, one, *(value[name] for value in values))
            for name, one in by_row.items()
        }
    return [_changed(change, one, *of) for one, *of in zip(by_row, *values, strict=True)]
