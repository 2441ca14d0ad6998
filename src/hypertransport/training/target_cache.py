"""Target features on disk: written concept after concept, read as they are asked for.

A plain safetensors file, of tens of gigabytes for a large generator. Safetensors itself writes only
what is all in memory; here the header, which names every tensor, goes ahead of the first.
"""

import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TypeAlias

import torch
from jaxtyping import Float
from safetensors import safe_open
from torch import Tensor
from tqdm import tqdm

from hypertransport.errors import CheckpointError
from hypertransport.locking import one_writer
from hypertransport.tensor_files import TensorFileError, refusing

Shape: TypeAlias = tuple[int, int]


class TargetCache:
    """Sorted target features of every concept on disk, memory-mapped: (m, features) each, float32.

    Raises CheckpointError for a file that is damaged, or of other tensors.
    """

    def __init__(self, path: Path):
        self.path = path
        try:
            with refusing():
                self._file = safe_open(path, "pt")
                self._names = set(self._file.keys())
                kinds = {self._kind(name) for name in self._names}
        except TensorFileError as error:
            raise CheckpointError(f"{path} is damaged ({error}); delete it") from error
        if len(kinds) > 1 or any(dtype != "F32" or len(shape) != 2 for dtype, *shape in kinds):
            raise CheckpointError(f"{path} holds other tensors than target features; delete it")
        self.metadata: dict[str, str] = self._file.metadata() or {}

    def __getitem__(self, concept: str) -> Float[Tensor, "m features"]:
        if concept not in self._names:
            raise CheckpointError(f"{self.path} holds no target features of {concept}; delete it")
        return self._file.get_tensor(concept)

    def _kind(self, name: str) -> tuple[str | int, ...]:
        """The type and the shape of a tensor, as the header has them."""
        stored = self._file.get_slice(name)
        return stored.get_dtype(), *stored.get_shape()

    def batch(self, concepts: Sequence[str]) -> Float[Tensor, "concepts m features"]:
        """The features of several concepts, in this order."""
        return torch.stack([self[name] for name in concepts])

    @classmethod
    def write(
        cls,
        path: Path,
        concepts: Sequence[str],
        shape: Shape,
        features: Callable[[str], Tensor],
        metadata: Mapping[str, str],
    ) -> "TargetCache":
        """Sort each concept's `features(concept)` along the samples and store them.

        They are asked for one concept after the other, and none is held when the next is. They go
        into `.<name>.partial` beside `path`, which takes the place of `path` at the end. A run that
        was stopped or killed goes on from there with the concept that it was at, if `concepts`,
        `shape` and `metadata` are the same: `metadata` should tell all that decides the features.
        One process at a time writes a `path`; another waits, and takes what it finds then if that
        was made from the same.

        Raises CheckpointError for features of another `shape`, (m, features); OSError where
        `path` cannot be written. It is as it was then.
        """
        names = sorted(concepts)  # as safetensors orders them
        header, before = _header(names, shape, metadata), _identity(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with one_writer(path, wait=True):
            if _identity(path) == before or not _begins_with(path, header):
                _write(path, names, shape, features, header)
        return cls(path)


def _write(
    path: Path,
    names: Sequence[str],
    shape: Shape,
    features: Callable[[str], Tensor],
    header: bytes,
) -> None:
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("a+b") as file:
        done = _go_on(file, header, _size(shape))
        for name in tqdm(
            names[done:], f"running {path.stem}", len(names), initial=done, disable=None
        ):
            file.write(_sorted(features(name), shape, name))
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file lies at `path`; another one after it has been replaced."""
    if not path.exists():
        return None
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


def _begins_with(path: Path, header: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(header)) == header


def _go_on(file: IO[bytes], header: bytes, size: int) -> int:
    """How many tensors of `size` bytes a stopped run left whole behind this very `header`.

    The file, open to be appended to, ends with the last of them afterwards.
    """
    file.seek(0)
    if file.read(len(header)) != header:
        file.truncate(0)
        file.write(header)
        return 0
    whole = (file.seek(0, os.SEEK_END) - len(header)) // size
    file.truncate(len(header) + whole * size)
    return whole


def _header(names: Sequence[str], shape: Shape, metadata: Mapping[str, str]) -> bytes:
    """What safetensors puts ahead of float32 tensors of one shape: JSON, after its length."""
    size = _size(shape)
    table: dict[str, object] = {"__metadata__": dict(metadata)}
    for i, name in enumerate(names):
        offsets = [i * size, (i + 1) * size]
        table[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": offsets}
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # so that the tensors are aligned
    return len(text).to_bytes(8, "little") + text


def _size(shape: Shape) -> int:
    """The bytes of a float32 tensor."""
    return 4 * math.prod(shape)


def _sorted(x: Float[Tensor, "..."], shape: Shape, concept: str) -> memoryview:
    """The bytes of one concept's features, sorted along the samples."""
    if tuple(x.shape) != shape:
        raise CheckpointError(
            f"the target features of {concept} are {tuple(x.shape)}, not {shape} as all others: "
            "give every concept as many samples"
        )
    rows = x.float().sort(0).values.contiguous().numpy()
    return rows.astype("<f4", copy=False).data
