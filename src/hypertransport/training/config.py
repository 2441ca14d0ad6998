"""The configuration of a training: one small TOML file, strict about what it holds."""

from dataclasses import dataclass
from pathlib import Path

from hypertransport import toml_files
from hypertransport.errors import ConfigError
from hypertransport.training.activations import pooling_weights

MAY_BE_ZERO = {"seed", "steps", "warm_start_steps", "embedding_noise"}


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
    gradient_checkpointing: bool = False  # less memory for one more forward (`recompute`)
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
        return toml_files.load(cls, path, MAY_BE_ZERO)
