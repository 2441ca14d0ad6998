"""The folder of a hypernetwork: config.json, two .safetensors. Nothing in it is trusted.

- config.json: `format` and `version` (the constants below), `generator` and `encoder` (the ids it
  works with), `generator_revision` (see `generators.revisions`, or null), `network` (its sizes and
  sites), `training` (a `TrainingRecord`, or null), `weights_sha256` and `tables_sha256` (of the
  other files, whole; the latter null where there are no tables);
- model.safetensors: the state of the network, all float32 or float16, finite. Never a pickle;
- tables.safetensors, likewise: what `novelty` ("trained.", "distances.") and `calibration`
  ("effects." before its fields) know, each left out where unknown.

Version 1 knew none of revision, training and tables; its folders are read as if all were null.
Versions 1 and 2 knew no `own_heads` in `network`; theirs are read as if it were false.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from hypertransport.errors import CheckpointError
from hypertransport.replacing import replacing

FORMAT, VERSION = "hypertransport.hypernetwork", 3
CONFIG, WEIGHTS, TABLES = "config.json", "model.safetensors", "tables.safetensors"
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
    dtype: torch.dtype,
) -> None:
    """Replace all files, each atomically; a set torn apart by a crash fails the hashes."""
    folder.mkdir(parents=True, exist_ok=True)
    weights, more = _packed(state, dtype), _packed(tables, dtype) if tables else None
    config = {"format": FORMAT, "version": VERSION, **header._asdict()}
    config["weights_sha256"] = sha256(weights).hexdigest()
    config["tables_sha256"] = sha256(more).hexdigest() if more else None
    described = json.dumps(config, indent=1).encode()
    for name, data in ((WEIGHTS, weights), (TABLES, more), (CONFIG, described)):
        if data is not None:
            with replacing(folder / name) as partial:
                partial.write_bytes(data)
    if more is None:
        (folder / TABLES).unlink(missing_ok=True)


def read(folder: Path) -> tuple[Header, dict[str, Tensor], dict[str, Tensor]]:
    """The header, and weights and tables as float32; CheckpointError says what is wrong."""
    config = _read_config(folder / CONFIG)
    weights = _read_tensors(folder / WEIGHTS, config["weights_sha256"])
    digest = config["tables_sha256"]
    tables = _read_tensors(folder / TABLES, digest) if digest else {}
    return Header(*(config[field] for field in Header._fields)), weights, tables


def encoder_of(folder: Path) -> str | None:
    """The encoder that a folder names, None where no hypernetwork is. Raises CheckpointError."""
    if not (folder / CONFIG).is_file():
        return None
    try:
        return _read_config(folder / CONFIG)["encoder"]
    except CheckpointError as error:
        raise CheckpointError(f"cannot load {folder}: {error}") from error


def with_keys(values: object, expected: set[str], what: str) -> dict[str, Any]:
    """`values` if it is a table of exactly these fields, else CheckpointError."""
    if not isinstance(values, dict) or values.keys() != expected:
        odd = sorted(expected ^ set(values)) if isinstance(values, dict) else "no table"
        raise CheckpointError(f"{what} lacks or adds fields ({odd}); get the hypernetwork again")
    return values


def _packed(tensors: Mapping[str, Tensor], dtype: torch.dtype) -> bytes:
    return safetensors.torch.save(
        {name: value.to("cpu", dtype).contiguous() for name, value in tensors.items()}
    )


def _read_config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{path.name} is damaged ({error})") from error
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise CheckpointError(f"{path.name} is not a hypernetwork's; give another folder")
    config = _as_of_today(config)
    if config.get("version") != VERSION:
        raise CheckpointError(
            f"it has format version {config.get('version')}, this hypertransport reads 1 to "
            f"{VERSION}; install the version that wrote it"
        )
    with_keys(config, {"format", "version", *KINDS}, path.name)
    if odd := [name for name, kind in KINDS.items() if not isinstance(config[name], kind)]:
        raise CheckpointError(f"{path.name} is damaged at {odd}; get the hypernetwork again")
    return config


def _as_of_today(config: dict[str, Any]) -> dict[str, Any]:
    """The same in the words of this version, where it is of an older one."""
    if config.get("version") == 1:
        config = {**dict.fromkeys(SINCE_2), **config, "version": 2}
    if config.get("version") == 2 and isinstance(config.get("network"), dict):
        config = {**config, "network": {"own_heads": False, **config["network"]}, "version": 3}
    return config


def _read_tensors(path: Path, digest: str) -> dict[str, Tensor]:
    try:
        data = path.read_bytes()
        tensors = safetensors.torch.load(data)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path.name} is missing or damaged ({error})") from error
    if sha256(data).hexdigest() != digest:
        raise CheckpointError(f"{path.name} is not the one its {CONFIG} was saved with")
    if odd := {str(t.dtype) for t in tensors.values()} - {"torch.float16", "torch.float32"}:
        raise CheckpointError(f"{path.name} holds {', '.join(sorted(odd))}, not float weights")
    if not all(tensor.isfinite().all() for tensor in tensors.values()):
        raise CheckpointError(f"{path.name} holds numbers that are not finite; train it again")
    return {name: tensor.float() for name, tensor in tensors.items()}
