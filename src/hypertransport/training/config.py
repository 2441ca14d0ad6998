"""The configuration of a training: one small TOML file, strict about what it holds."""

import math
import tomllib
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from hypertransport.errors import ConfigError
from hypertransport.training.activations import pooling_weights

MAY_BE_ZERO = {"seed", "steps", "warm_start_steps", "embedding_noise"}
EXPECTED = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """Fields of a training file. Paths are taken from the file's own folder.

    `generator` and `encoder` are what `load_generator` and `ConceptEncoder.from_pretrained` take.
    `prompts` is a JSON object: for each kind of concept, source prompts silent about that kind.
    `pictures`, where given, holds reference pictures as `<concept name>/*.png`. `concepts_per_step`
    counts those of all processes together, each of which runs its share in `accumulation` parts.

    Raises ConfigError for a pooling that does not exist, and for a bank too small for two disjoint
    sets of `samples`: what is trained on, and what is measured on.
    """

    generator: str
    encoder: str
    catalogue: Path
    prompts: Path
    out: Path
    weights: Path | None = None  # local weights of a named generator
    pictures: Path | None = None
    seed: int = 0
    steps: int = 2000
    warm_start_steps: int = 500
    concepts_per_step: int = 5
    accumulation: int = 1
    samples: int = 16  # source and target prompts per concept
    bank: int = 256  # source prompts kept per kind
    pooling: str = "mean"
    learning_rate: float = 1e-3
    embedding_noise: float = 0.0  # std of the noise on unit embeddings, in units of 1/sqrt(dim)
    width: int = 512
    depth: int = 3
    site_dim: int = 64
    latent_dim: int = 256
    bfloat16: bool = True
    validate_every: int = 200
    validation_concepts: int = 16

    def __post_init__(self) -> None:
        pooling_weights(self.pooling, 1)
        if self.bank < 2 * self.samples:
            raise ConfigError(
                f"a bank of {self.bank} prompts is too small for two sets of {self.samples} "
                f"samples; give bank = {2 * self.samples} or more"
            )

    @classmethod
    def load(cls, path: Path) -> "TrainConfig":
        """Read a TOML file. Raises ConfigError when it is missing, or any field is not as above."""
        try:
            values = tomllib.loads(path.read_text())
        except OSError as error:
            raise ConfigError(f"cannot read the training file {path}: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} is no valid TOML: {error}") from error
        try:
            return cls(**_checked(values, path.parent))
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}") from error


def _checked(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The values of a file as the fields' types."""
    known = {field.name: field for field in fields(TrainConfig)}
    if unknown := values.keys() - known.keys():
        raise ConfigError(f"unknown fields {sorted(unknown)}; known are {sorted(known)}")
    required = {name for name, field in known.items() if field.default is MISSING}
    if missing := required - values.keys():
        raise ConfigError(f"missing fields {sorted(missing)}; give all of {sorted(required)}")
    return {name: _value(name, known[name].type, value, folder) for name, value in values.items()}


def _value(name: str, type_: Any, value: Any, folder: Path) -> Any:
    """One value as its field's type; numbers must be finite and not below their least."""
    if type_ in (Path, Path | None):
        return (folder / _value(name, str, value, folder)).resolve()
    if type_ is float and type(value) is int:
        value = float(value)
    if type(value) is not type_ or value == "":
        raise ConfigError(f"{name} = {value!r} is not {EXPECTED[type_]}")
    if type_ in (int, float):
        zero = name in MAY_BE_ZERO
        if not math.isfinite(value) or value < 0 or (value == 0 and not zero):
            least = "0 or more" if zero else "more than 0"
            raise ConfigError(f"{name} = {value} must be {least}")
    return value
