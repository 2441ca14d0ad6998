"""The file of an intervention. One ``.safetensors``, no pickle, and nothing in it is trusted:

- tensors ``<site>.scale`` and ``<site>.shift`` for every site, finite, and no others;
- metadata ``format`` and ``version`` (the constants below), and as JSON ``generator`` (the id it
  was made for), ``generator_revision`` (see ``generators.revisions``, or null), ``sites`` (their
  names, in order) and ``note`` (free strings).

Version 1 knew no revision; its files are read as if that were null.
"""

import json
import os
from collections.abc import Callable, Mapping
from typing import NamedTuple

import safetensors.torch
from torch import Tensor

from .errors import InterventionError
from .json_files import JsonError, parse_json
from .paths import user_path
from .replacing import current, replacing
from .sites import some
from .tensor_files import TensorFileError, read_tensors

FILE = "intervention.safetensors"  # in a folder that is shared
FORMAT, VERSION = "hypertransport.intervention", "2"
DTYPES = {f"torch.{name}" for name in ("float16", "bfloat16", "float32", "float64")}


class Header(NamedTuple):
    """What the file says about itself."""

    generator: str
    sites: tuple[str, ...]
    note: dict[str, str]
    generator_revision: str | None = None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(map(_is_text, values))


def _is_note(values: object) -> bool:
    return isinstance(values, dict) and all(map(_is_text, values.values()))


KINDS: Mapping[str, Callable[[object], bool]] = {  # of the header's fields
    "generator": _is_text,
    "sites": _are_texts,
    "note": _is_note,
    "generator_revision": lambda value: value is None or _is_text(value),
}


def write(path: str | os.PathLike, packed: bytes) -> None:
    """Write what `pack` gave, atomically: a reader sees the old file or the new one."""
    with replacing(user_path(path)) as partial:
        partial.write_bytes(packed)


def pack(header: Header, values: Mapping[str, tuple[Tensor, Tensor]]) -> bytes:
    """The content of a file: ``{site: (scale, shift)}``, and what it says about itself."""
    return safetensors.torch.save(_named(values), _to_metadata(header))


def read(path: str | os.PathLike) -> tuple[Header, dict[str, tuple[Tensor, Tensor]]]:
    """The header and ``{site: (scale, shift)}`` of a file, or of the one in a shared folder.

    InterventionError says what is wrong with it.
    """
    path = user_path(path)
    path = current(path, FILE) if os.path.isdir(path) else path
    try:
        tensors, metadata = read_tensors(path)
        header = _to_header(metadata)
        return header, _paired(header.sites, tensors)
    except TensorFileError as error:
        raise InterventionError(
            f"cannot read {path}: {error}; give a file that Intervention.save wrote"
        ) from error
    except InterventionError as error:
        raise InterventionError(f"cannot read {path}: {error}") from error


def _to_metadata(header: Header) -> dict[str, str]:
    fields = {name: json.dumps(value) for name, value in header._asdict().items()}
    return {"format": FORMAT, "version": VERSION, **fields}


def _to_header(metadata: Mapping[str, str]) -> Header:
    if metadata.get("format") != FORMAT:
        raise InterventionError("not an intervention; give a file that Intervention.save wrote")
    if metadata.get("version") == "1":
        metadata = {**metadata, "version": VERSION, "generator_revision": "null"}
    if metadata.get("version") != VERSION:
        raise InterventionError(
            f"format version {metadata.get('version')!s:.80}, but this hypertransport reads 1 to "
            f"{VERSION}; install the one that wrote it"
        )
    try:
        told = {name: parse_json(metadata[name]) for name in Header._fields}
    except (KeyError, JsonError) as error:
        raise InterventionError(f"its metadata are damaged ({error}); save it again") from error
    if odd := [name for name, is_good in KINDS.items() if not is_good(told[name])]:
        raise InterventionError(f"its metadata are damaged at {', '.join(odd)}; save it again")
    return Header(**{**told, "sites": tuple(told["sites"])})


def _named(values: Mapping[str, tuple[Tensor, Tensor]]) -> dict[str, Tensor]:
    """Contiguous copies: safetensors refuses tensors that share storage, as rows of one do."""
    return {
        f"{site}.{field}": value.detach().to("cpu", copy=True).contiguous()
        for site, pair in values.items()
        for field, value in zip(("scale", "shift"), pair, strict=True)
    }


def _paired(
    sites: tuple[str, ...], tensors: Mapping[str, Tensor]
) -> dict[str, tuple[Tensor, Tensor]]:
    keys = {site: (f"{site}.scale", f"{site}.shift") for site in sites}
    if odd := tensors.keys() ^ {key for pair in keys.values() for key in pair}:
        raise InterventionError(f"it lacks, or should not have, {some(odd)}; save it again")
    if len(keys) < len(sites):
        raise InterventionError("its metadata name a site twice; save it again")
    if odd := {str(value.dtype) for value in tensors.values()} - DTYPES:
        raise InterventionError(f"it holds {some(odd)}; save it in 16, 32 or 64 bits")
    if bad := [name for name, value in tensors.items() if not value.isfinite().all()]:
        raise InterventionError(f"{some(bad)} is not finite; make the intervention again")
    return {site: (tensors[scale], tensors[shift]) for site, (scale, shift) in keys.items()}
