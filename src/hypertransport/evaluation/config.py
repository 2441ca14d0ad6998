"""The configuration of an evaluation: which methods, on which concepts, how drawn, how scored."""

from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from hypertransport import toml_files
from hypertransport.catalogue import SPLITS
from hypertransport.errors import ConfigError, brief
from hypertransport.generators import DESCRIBED, described
from hypertransport.generators.revisions import digest_of, weight_files
from hypertransport.hypernetwork_files import encoder_of
from hypertransport.paths import user_source
from hypertransport.training.prompts import NEUTRAL
from hypertransport.weights import WORLD, bundled

UNSTEERED, PROMPTING = "unsteered", "prompting"
HYPERTRANSPORT = "hypertransport"
BY_PICTURE, BY_PICTURES = "hypertransport-picture", "hypertransport-pictures"
METHODS = {
    HYPERTRANSPORT: "the hypernetwork, given the concept's phrase, as all others are",
    BY_PICTURE: "the hypernetwork, given a reference picture",
    BY_PICTURES: "the hypernetwork, given all reference pictures of the concept at once",
    PROMPTING: "no steering: the concept's phrase is added to the prompt",
    "nearest": "the trained concept whose embedding is nearest, fitted by LinEAS",
    "mean-shift": "fitted to the concept: every channel's mean is moved",
    "lin-act": "fitted in closed form (Lin-AcT), each site by itself",
    "lin-act-causal": "fitted in closed form, site after site, with the earlier ones active",
    "lineas": "fitted end to end (LinEAS), 50 steps of Adam",
    "lineas-long": "fitted end to end (LinEAS), 1000 steps of SGD",
    "refine": "LinEAS from the hypernetwork's answer, 10 steps",
}


@dataclass(frozen=True, kw_only=True)
class EvaluationConfig:
    """Fields of an evaluation file, all with defaults. Paths are taken from the file's own folder.

    `generator`, `weights`: what `load_generator` takes. `hypernetwork`, `catalogue`: what ships
    with it, unless given. `encoder`: what pictures are scored by, as
    `ConceptEncoder.from_pretrained` takes it; by default the hypernetwork's own, which flatters it.
    `scorers`: folders of image-classification models of transformers, which took no part in
    training; `labels`: a JSON object that says by which of their labels a concept or a prompt is
    recognised (see `scorers`). `pictures` holds reference pictures in folders `<concept name>/`;
    where a concept has too few for `picture`, its last one counts.

    Raises ConfigError for a method or split that does not exist, for anything given twice, and for
    fields that need another one.
    """

    generator: str = "emojiscape"
    weights: Path | None = None
    hypernetwork: Path | None = None
    encoder: str | None = None
    catalogue: Path | None = None
    split: str = "validation"
    concepts: int = 8  # a random sample, with at least two of each kind
    methods: tuple[str, ...] = (HYPERTRANSPORT, PROMPTING, "lin-act")
    prompts: tuple[str, ...] = NEUTRAL[-2:]  # none that direct fits use
    seeds: int = 2
    strengths: tuple[float, ...] = (0.5, 1.0)  # and 0, which is the unsteered picture
    samples: int = 16  # source prompts that a concept is fitted on
    calibrated: bool = False  # the hypernetwork's strengths (`HyperTransport.__call__`)
    one_dial: bool = False  # then all methods' strengths are turned by its dial, fits' as well
    pictures: Path | None = None
    picture: int = 0  # of a concept's, from 0, is what `hypertransport-picture` is given
    scorers: tuple[Path, ...] = ()
    labels: Path | None = None
    keep: int = 1  # pairs of a prompt and a seed whose pictures are kept

    def __post_init__(self) -> None:
        if unknown := set(self.methods) - METHODS.keys():
            odd = brief(sorted(unknown))
            raise ConfigError(f"unknown methods {odd}; known are {sorted(METHODS)}")
        if self.split not in SPLITS:
            raise ConfigError(f"no split {brief(self.split)}; give one of {', '.join(SPLITS)}")
        for name in ("methods", "prompts", "strengths", "scorers"):
            values = getattr(self, name)
            if len(set(values)) < len(values):
                raise ConfigError(f"{name} holds something twice; leave one out")
        if not (self.methods and self.prompts and self.strengths):
            raise ConfigError("give at least one of methods, prompts and strengths each")
        if self.one_dial and not self.calibrated:
            raise ConfigError(
                "one_dial is that of a calibrated hypernetwork; set calibrated = true"
            )
        if self.picture < 0:
            raise ConfigError("picture counts reference pictures from 0")
        shown = [method for method in (BY_PICTURE, BY_PICTURES) if method in self.methods]
        if shown and self.pictures is None:
            raise ConfigError(f"{shown[0]} needs reference pictures; give pictures = 'FOLDER'")

    @classmethod
    def load(cls, path: Path) -> "EvaluationConfig":
        """Read a TOML file. Raises ConfigError when it is missing, or any field is not as above."""
        return toml_files.load(cls, path)

    @cached_property
    def digest(self) -> str:
        """Twelve characters that two evaluations share only if fields and weights are equal.

        The weights are those in local folders, what ships included, by their whole content: taken
        once, a few seconds for each gigabyte. Of a name on the hub the name alone counts, and of
        any other path its last part: on another machine, the folder is another. Raises
        CheckpointError for a damaged hypernetwork.
        """
        files = [file for place in self._places() for file in weight_files(place)]
        given = [getattr(self, field.name) for field in fields(self)]
        return sha256(f"{_named(given)} {digest_of(files)}".encode()).hexdigest()[:12]

    def _places(self) -> list[str | Path]:
        """Where all weights are, as they are loaded: files, folders, or names on the hub."""
        hyper = self.hypernetwork or bundled(self.generator, "hypernetwork") or self.generator
        own = encoder_of(Path(hyper))
        encoders = [bundled(name, "encoder") or name for name in (own, self.encoder) if name]
        return [*self._pipeline(), hyper, *encoders, *self.scorers]

    def _pipeline(self) -> list[str | Path]:
        """Where the generator's weights are; all that ship share parts of the first of them."""
        own, shared = bundled(self.generator, "generator"), bundled(WORLD, "generator")
        place = user_source(self.generator)
        if self.generator.endswith(DESCRIBED):
            return [place, described.read(Path(place))[1]]
        if self.weights or not (own and shared):
            return [self.weights or place]
        return [*dict.fromkeys((own, shared))]


def _named(value: object) -> object:
    """A value of a configuration, with the name of every path in its place."""
    if isinstance(value, (list, tuple)):
        return [_named(one) for one in value]
    return value.name if isinstance(value, Path) else value
