"""The configuration of a training: one small TOML file, strict about what it holds."""

from dataclasses import dataclass
from pathlib import Path

from hypertransport import toml_files
from hypertransport.errors import ConfigError
from hypertransport.training.activations import pooling_weights

MAY_BE_ZERO = {"seed", "steps", "warm_start_steps", "rank", "embedding_noise"}


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """Fields of a training file. Paths are taken from the file's own folder.

    What stands beside a field also makes the table in docs/training.md.

    Raises ConfigError for a pooling that does not exist, and for a bank too small for two disjoint
    sets of `samples`: what is trained on, and what is measured on.
    """

    generator: str  # what `load_generator` takes: a name, a folder or a hub id
    encoder: str  # what `ConceptEncoder.from_pretrained` takes: the same of a CLIP or SigLIP
    catalogue: Path  # the concepts: name, kind, phrase and split of each
    prompts: Path  # JSON: for each kind of concept, source prompts silent about that kind
    out: Path  # the folder of all that the training writes
    weights: Path | None = None  # local weights of a named generator
    start: Path | None = None  # a hypernetwork's folder to go on from, without a warm start
    pictures: Path | None = None  # reference pictures, in folders `<concept name>/`
    seed: int = 0  # of all that is drawn by chance
    steps: int = 2000  # end to end, through the generator
    warm_start_steps: int = 2400  # of regression of closed-form maps; 0 begins at the identity
    warm_start_samples: int = 32  # source prompts each of those maps is fitted on, of the bank
    concepts_per_step: int = 5  # of all processes together
    accumulation: int = 1  # parts in which each process runs its share of a step
    samples: int = 16  # source and target prompts per concept
    bank: int = 256  # source prompts kept per kind
    pooling: str = "mean"  # what of a site is compared: `mean`, `position` or `random-R`
    learning_rate: float = 3e-4  # of AdamW, the peak; the linear part has a fifth of it
    embedding_noise: float = 0.0  # std of the noise on unit embeddings, in units of 1/sqrt(dim)
    rank: int = 128  # of the hypernetwork's linear part; 0 leaves it out
    width: int = 512  # of the hypernetwork's trunk
    depth: int = 3  # residual blocks of the trunk
    site_dim: int = 64  # numbers in the learned embedding of a site
    latent_dim: int = 256  # numbers that the maps of one site are read from
    own_heads: bool = False  # read by a head for each site, not by one for all of a width
    bfloat16: bool = True  # run the generator under autocast, where the device is fast at it
    gradient_checkpointing: bool = False  # less memory for one more forward
    validate_every: int = 200  # end-to-end steps from one line of the record to the next
    validation_concepts: int = 16  # measured at most, drawn by chance, and as many trained ones

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
