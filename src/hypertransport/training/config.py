"""The configuration of a training: one small TOML file, strict about what it holds."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from hypertransport.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """Fields of a training file. Paths are taken from the file's own folder.

    `prompts` is a JSON object: for each kind of concept, source prompts that are silent about that kind.
    `pictures`, where given, holds reference pictures as `<concept name>/*.png`.
    """

    generator: str
    encoder: str
    catalogue: Path
    prompts: Path
    out: Path
    pictures: Path | None = None
    seed: int = 0
    steps: int = 2000
    warm_start_steps: int = 500
    concepts_per_step: int = 5
    samples: int = 16  # source and target prompts per concept
    bank: int = 256  # source prompts kept per kind
    pooling: str = "mean"
    learning_rate: float = 1e-3
    width: int = 512
    depth: int = 3
    site_dim: int = 64
    latent_dim: int = 256
    bfloat16: bool = True
    validate_every: int = 200
    validation_concepts: int = 16

    @classmethod
    def load(cls, path: Path) -> "TrainConfig":
        """Read a TOML file. Raises ConfigError for a missing file and for any field that is not as above."""
        try:
            values = tomllib.loads(path.read_text())
        except OSError as error:
            raise ConfigError(f"cannot read the training file {path}: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} is no valid TOML: {error}") from error
        known = {field.name: field for field in fields(cls)}
        if unknown := values.keys() - known.keys():
            raise ConfigError(f"{path}: unknown fields {sorted(unknown)}; known are {sorted(known)}")
        required = ("generator", "encoder", "catalogue", "prompts", "out")
        if missing := [name for name in required if name not in values]:
            raise ConfigError(f"{path}: missing fields {missing}")
        return cls(**{name: _value(path, name, known[name].type, values[name]) for name in values})


def _value(path: Path, name: str, type_: Any, value: Any) -> Any:
    """A field's value as its type; numbers must be positive, paths are resolved beside the file."""
    if type_ in (Path, Path | None):
        if isinstance(value, str):
            return (path.parent / value).resolve()
    elif type_ is float and type(value) in (int, float) and value > 0:
        return float(value)
    elif type_ is int and type(value) is int and value >= 0:
        return value
    elif type_ in (str, bool) and type(value) is type_:
        return value
    raise ConfigError(f"{path}: {name} = {value!r} is not a valid {getattr(type_, '__name__', 'path')}")
