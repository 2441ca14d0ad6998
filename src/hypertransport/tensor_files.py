"""Safetensors files that come from outside: read whole, or refused by one error.

The library checks header and offsets, and raises errors of many kinds: its own for a torn file,
torch's for a shape that no tensor has, Python's for a type that it does not know.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import safetensors.torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from hypertransport.errors import first_line

# A ValueError for a zero byte in a path; a MemoryError for a shape of more than there is.
BROKEN = (
    OSError, SafetensorError, RuntimeError, ValueError, TypeError, AttributeError, KeyError,
    OverflowError, MemoryError,
)  # fmt: skip
MAX_DIMENSIONS = 16  # torch makes tensors of more than 64, and then refuses every operation on them


class TensorFileError(ValueError):
    """A file is no whole safetensors file. Each reader turns it into an error of its own."""


class TensorFile(NamedTuple):
    """All that a file holds."""

    tensors: dict[str, Tensor]
    metadata: dict[str, str]


def read_tensors(path: str | os.PathLike[str]) -> TensorFile:
    """Return all tensors of a file, on the CPU, and its metadata. Raises TensorFileError."""
    with refusing(), safe_open(path, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        _require_few_dimensions(tensors)
        return TensorFile(tensors, file.metadata() or {})


def parse_tensors(data: bytes) -> dict[str, Tensor]:
    """Return all tensors in the bytes of a file. Raises TensorFileError."""
    with refusing():
        tensors = safetensors.torch.load(data)
        _require_few_dimensions(tensors)
        return tensors


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what safetensors raises for a broken file into TensorFileError."""
    try:
        yield
    except BROKEN as error:
        raise TensorFileError(first_line(error)) from error


def _require_few_dimensions(tensors: Mapping[str, Tensor]) -> None:
    if odd := [name for name, value in tensors.items() if value.ndim > MAX_DIMENSIONS]:
        raise ValueError(f"{odd[0]:.80} has {tensors[odd[0]].ndim} dimensions")
