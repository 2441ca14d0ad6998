"""The folder of a hypernetwork: config.json, two .safetensors. Nothing in it is trusted.

- config.json: `format` and `version` (the constants below), `generator` and `encoder` (the ids it
  works with), `generator_revision` (see `generators.revisions`, or null), `network` (its sizes and
  sites), `training` (a `TrainingRecord`, or null), `weights_sha256` and `tables_sha256` (of the
  other files, whole; the latter null where there are no tables);
- model.safetensors: the state of the network, finite numbers. Never a pickle;
- tables.safetensors, likewise: what `novelty` ("trained.", "distances."), `calibration` and `dial`
  ("effects." and "dial." before their fields) know, each left out where unknown.

A tensor is float32, float16 or int8. An int8 one `x` counts in units of the float32 `x.unit`, one
for each row (its last dimension); there is no other int8.

Version 1 knew none of revision, training and tables; its folders are read as if all were null.
Versions 1 and 2 knew no `own_heads` in `network`; theirs are read as if it were false. Versions 1
to 3 knew no int8. Versions 1 to 4 knew no `rank` in `network`; theirs are read as if it were 0.
Versions 1 to 5 knew no dial.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import safetensors.torch
import torch
from torch import Tensor

from hypertransport.errors import CheckpointError, brief
from hypertransport.hub import CARD
from hypertransport.json_files import JsonError, parse_json
from hypertransport.replacing import current, read_current, replacing_files
from hypertransport.sites import some
from hypertransport.tensor_files import TensorFileError, parse_tensors

FORMAT, VERSION = "hypertransport.hypernetwork", 6
CONFIG, WEIGHTS, TABLES = "config.json", "model.safetensors", "tables.safetensors"
FLOATS = {32: torch.float32, 16: torch.float16, 8: torch.float16}  # of what is not int8, by bits
UNIT, LARGE = ".unit", 2**12  # in 8 bits a matrix of so many numbers becomes int8
STORED = {"torch.float16", "torch.float32", "torch.int8"}
KINDS = {  # of the fields in config.json
    "generator": str,
    "encoder": str,
    "network": dict,
    "generator_revision": str | None,
    "training": dict | None,
    "weights_sha256": str,
    "tables_sha256": str | None,
}
SINCE_2 = ("generator_revision", "training", "tables_sha256")


class Header(NamedTuple):
    """What the folder says about itself."""

    generator: str
    encoder: str
    network: dict[str, Any]
    generator_revision: str | None = None
    training: dict[str, Any] | None = None


def write(
    folder: Path,
    header: Header,
    state: Mapping[str, Tensor],
    tables: Mapping[str, Tensor],
    bits: int,
    card: str | None = None,
) -> None:
    """Replace all files, and the model card if given, as a set: readers find the old or the new.

    `bits` of a number: 32, 16, or 8 in large matrices and 16 elsewhere. ValueError for another.
    """
    if bits not in FLOATS:
        raise ValueError(f"numbers of {bits} bits; give one of {', '.join(map(str, FLOATS))}")
    weights, more = _packed(state, bits), _packed(tables, bits) if tables else None
    config = {"format": FORMAT, "version": VERSION, **header._asdict()}
    config["weights_sha256"] = sha256(weights).hexdigest()
    config["tables_sha256"] = sha256(more).hexdigest() if more else None
    files = {CONFIG: json.dumps(config, indent=1).encode(), WEIGHTS: weights}
    files |= ({TABLES: more} if more else {}) | ({CARD: card.encode()} if card else {})
    with replacing_files(folder, without=() if more else (TABLES,)) as new:
        for name, data in files.items():
            (new / name).write_bytes(data)


def read(folder: Path) -> tuple[Header, dict[str, Tensor], dict[str, Tensor]]:
    """The header, and weights and tables as float32; CheckpointError says what is wrong."""
    config = _read_config(folder)
    try:
        weights = _read_tensors(folder, WEIGHTS, config["weights_sha256"])
        digest = config["tables_sha256"]
        tables = _read_tensors(folder, TABLES, digest) if digest else {}
    except CheckpointError:
        if _read_config(folder) != config:  # another process has replaced the set meanwhile
            return read(folder)
        raise
    return Header(*(config[field] for field in Header._fields)), weights, tables


def encoder_of(folder: Path) -> str | None:
    """The encoder that a folder names, None where no hypernetwork is. Raises CheckpointError."""
    if not current(folder, CONFIG).is_file():
        return None
    try:
        return _read_config(folder)["encoder"]
    except CheckpointError as error:
        raise CheckpointError(f"cannot load {folder}: {error}") from error


def with_keys(values: object, expected: set[str], what: str) -> dict[str, Any]:
    """`values` if it is a table of exactly these fields, else CheckpointError."""
    if not isinstance(values, dict) or values.keys() != expected:
        odd = brief(sorted(expected ^ set(values))) if isinstance(values, dict) else "no table"
        raise CheckpointError(f"{what} lacks or adds fields ({odd}); get the hypernetwork again")
    return values


def _packed(tensors: Mapping[str, Tensor], bits: int) -> bytes:
    stored: dict[str, Tensor] = {}
    for name, value in tensors.items():
        if bits == 8 and value.ndim > 1 and value.numel() >= LARGE:
            stored[name], stored[name + UNIT] = _as_int8(value)
        else:
            stored[name] = value.to(FLOATS[bits])
    return safetensors.torch.save({k: v.cpu().contiguous() for k, v in stored.items()})


def _as_int8(value: Tensor) -> tuple[Tensor, Tensor]:
    """Whole numbers from -127 to 127, and the unit of each row, of which the largest is 127."""
    unit = value.float().abs().amax(-1, keepdim=True).clamp_min(1e-30) / 127
    return (value.float() / unit).round().to(torch.int8), unit


def _as_float(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The inverse of `_packed`, strict: KeyError for an int8 without its unit, one for each row."""
    whole = {name: value for name, value in tensors.items() if value.dtype == torch.int8}
    units = {name: tensors.pop(name + UNIT) for name in whole}
    if odd := [k for k, v in whole.items() if units[k].shape != (*v.shape[:-1], 1)]:
        raise KeyError(f"odd shapes at {some(odd)}")
    return {k: v.float() * units[k] if k in units else v.float() for k, v in tensors.items()}


def _read_config(folder: Path) -> dict[str, Any]:
    try:
        config = parse_json(read_current(folder, CONFIG))
    except (OSError, JsonError) as error:
        raise CheckpointError(f"{CONFIG} is damaged ({error})") from error
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise CheckpointError(f"{CONFIG} is not a hypernetwork's; give another folder")
    config = _as_of_today(config)
    if config.get("version") != VERSION:
        raise CheckpointError(
            f"it has format version {brief(config.get('version'))}, this hypertransport reads 1 to "
            f"{VERSION}; install the version that wrote it"
        )
    with_keys(config, {"format", "version", *KINDS}, CONFIG)
    if odd := [name for name, kind in KINDS.items() if not isinstance(config[name], kind)]:
        raise CheckpointError(f"{CONFIG} is damaged at {odd}; get the hypernetwork again")
    return config


def _as_of_today(config: dict[str, Any]) -> dict[str, Any]:
    """The same in the words of this version, where it is of an older one."""
    if config.get("version") == 1:
        config = {**dict.fromkeys(SINCE_2), **config, "version": 2}
    if config.get("version") == 2 and isinstance(config.get("network"), dict):
        config = {**config, "network": {"own_heads": False, **config["network"]}, "version": 3}
    if config.get("version") == 3:
        config = {**config, "version": 4}
    if config.get("version") == 4 and isinstance(config.get("network"), dict):
        config = {**config, "network": {"rank": 0, **config["network"]}, "version": 5}
    if config.get("version") == 5:
        config = {**config, "version": 6}
    return config


def _read_tensors(folder: Path, name: str, digest: str) -> dict[str, Tensor]:
    try:
        data = read_current(folder, name)
        tensors = parse_tensors(data)
    except (OSError, TensorFileError) as error:
        raise CheckpointError(f"{name} is missing or damaged ({error})") from error
    if sha256(data).hexdigest() != digest:
        raise CheckpointError(f"{name} is not the one its {CONFIG} was saved with")
    if odd := {str(t.dtype) for t in tensors.values()} - STORED:
        raise CheckpointError(f"{name} holds {', '.join(sorted(odd))}, not float weights")
    try:
        values = _as_float(tensors)
    except (KeyError, RuntimeError) as error:
        raise CheckpointError(f"{name} lacks the units of its int8 ({error})") from error
    if not all(value.isfinite().all() for value in values.values()):
        raise CheckpointError(f"{name} holds numbers that are not finite; train it again")
    return values
