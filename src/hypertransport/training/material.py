"""All that a training looks at, made once: concepts, their embeddings, source inputs, targets."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from tqdm import tqdm

from hypertransport.catalogue import Entry, read
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import ConfigError
from hypertransport.generators import load_generator
from hypertransport.generators.base import Generator
from hypertransport.interventions import Intervention
from hypertransport.picture_files import load_picture, picture_paths
from hypertransport.text_files import read_text
from hypertransport.training.activations import channel_statistics
from hypertransport.training.config import TrainConfig
from hypertransport.training.inputs import Inputs, record_bank
from hypertransport.training.problem import Problem, cost_units, features, inverse_variances
from hypertransport.training.prompts import prompted, read_prompts_by_kind
from hypertransport.training.recompute import checkpoint_blocks
from hypertransport.training.target_cache import TargetCache

KIND_SEEDS = 100_000  # the sources of two kinds share no noise
STATISTICS_ROWS = 64  # source rows of each kind that means and variances are taken over


@dataclass(frozen=True)
class Bank:
    """Source prompts of one kind, their seeds, and the backbone's inputs for them, row by row."""

    prompts: list[str]
    seeds: Sequence[int]
    inputs: Inputs


def key(entry: Entry) -> str:
    """What an entry's targets are stored under: the same name may be of two kinds."""
    return f"{entry.kind}/{entry.name}"


class Material:
    """What `amortized` trains on. Concepts of the split `test` are never read.

    `weights` and `units` are those of every `problem`, over sources of all kinds; `mean` and `std`
    (channels,) each channel's over the rows and positions of a kind, in the mean over kinds.
    `embeddings` hold each concept's (variants, dim).

    `entries`, where given, takes the place of the catalogue's training and validation concepts: to
    fit concepts one by one, or to measure on those that were held out.

    Raises ConfigError, GeneratorError or CheckpointError for what does not serve as its part.
    """

    def __init__(self, config: TrainConfig, entries: Sequence[Entry] | None = None):
        self.config = config
        self.train, self.validation = self._split() if entries is None else (list(entries), [])
        kinds = sorted({entry.kind for entry in self.concepts})
        prompts = read_prompts_by_kind(config.prompts, kinds, config.bank)
        self.generator: Generator = load_generator(config.generator, weights=config.weights)
        checkpoint_blocks(self.generator, config.gradient_checkpointing)
        self.encoder = ConceptEncoder.from_pretrained(config.encoder)
        self.banks = self._record_banks(prompts)
        self.weights = inverse_variances(self.generator, self._some(), config.pooling)
        self.units = cost_units(self.generator, self._some())
        self.mean, self.std = self._statistics()
        bar = tqdm(self.concepts, desc="embedding concepts", disable=None)
        self.embeddings = {entry: self._embed(entry) for entry in bar}
        self.targets = self._cache("targets", self.concepts, start=0)
        self.floor = self._cache("floor", self.monitored, start=1)

    @property
    def concepts(self) -> list[Entry]:
        """All that is read: what is trained on, then what is validated on."""
        return self.train + self.validation

    @property
    def monitored(self) -> list[Entry]:
        """As many training as validation concepts, to be measured alike; all where none is."""
        n = len(self.validation) or len(self.train)
        return self.train[:: max(1, len(self.train) // n)][:n] + self.validation

    def chances(self, entry: Entry) -> Float[Tensor, "variants"]:
        """How often each embedding of a concept is drawn: words half of the time, pictures else."""
        pictures = len(self.embeddings[entry]) - 2
        words = 0.5 if pictures else 1.0
        shares = [words / 2] * 2 + [0.5 / max(1, pictures)] * pictures
        return torch.tensor(shares, dtype=torch.float64)  # NumPy wants a sum of 1 that is as exact

    def draw(
        self, entries: Sequence[Entry], rng: np.random.Generator
    ) -> Float[Tensor, "concepts dim"]:
        """One embedding of each concept, of words or of a reference picture (`chances`).

        With noise of `embedding_noise` / sqrt(dim) on each number, to bridge what words leave out.
        """
        chances = [self.chances(entry).numpy() for entry in entries]
        chosen = [rng.choice(len(p), p=p) for p in chances]
        e = torch.stack([self.embeddings[e][i] for e, i in zip(entries, chosen, strict=True)])
        noise = torch.from_numpy(rng.standard_normal(e.shape)).to(e)
        return e + self.config.embedding_noise / e.shape[1] ** 0.5 * noise

    def rows(
        self, entry: Entry, start: int = 0, samples: int | None = None
    ) -> Int[Tensor, "samples"]:
        """The source rows of a concept, a function of what it is; `start` 1 gives disjoint ones.

        More `samples` than the configuration's are those, and others than `start` 1 gives.
        """
        digest = hashlib.sha256(f"{self.config.seed}/{key(entry)}".encode()).digest()
        order = np.random.default_rng(int.from_bytes(digest[:8])).permutation(self.config.bank)
        own = self.config.samples
        more = order[2 * own :][: max(0, (samples or own) - own)]
        return torch.from_numpy(
            np.concatenate([order[start * own :][: min(own, samples or own)], more])
        )

    def sources(
        self, entries: Sequence[Entry], start: int = 0, samples: int | None = None
    ) -> Inputs:
        """Inputs of `samples` source rows for each concept, concept after concept."""
        rows = [self.rows(entry, start, samples) for entry in entries]
        return Inputs.join(
            [self.banks[e.kind].inputs.take(r) for e, r in zip(entries, rows, strict=True)]
        )

    def target_inputs(self, entry: Entry, start: int = 0, samples: int | None = None) -> Inputs:
        """Inputs of a concept's target rows: prompts and noise of its sources, the phrase added.

        Common noise [ours] leaves in the training loss what the concept changes; costs are measured
        on the sources of the other `start`, which share nothing with the targets.
        """
        bank, rows = self.banks[entry.kind], self.rows(entry, start, samples).tolist()
        prompts = [prompted(bank.prompts[i], entry.phrase) for i in rows]
        return record_bank(self.generator, prompts, [bank.seeds[i] for i in rows])

    def problem(self, entries: Sequence[Entry], start: int = 0) -> Problem:
        """What a fit needs to know of some concepts; `start` 0 are the targets' own sources."""
        return Problem(
            self.generator,
            self.sources(entries, start),
            self.targets.batch([key(e) for e in entries]),
            self.weights,
            self.units,
            self.config.pooling,
            self.config.bfloat16,
        )

    def features(
        self, inputs: Mapping[str, Any], maps: Intervention | None = None
    ) -> Float[Tensor, "rows features"]:
        """One run of the generator, steered by `maps`, read as the configuration says."""
        return features(self.generator, inputs, maps, self.config.pooling, self.config.bfloat16)

    # --- made once --------------------------------------------------------------------------------

    def _split(self) -> tuple[list[Entry], list[Entry]]:
        """The training concepts, and as many of the validation concepts as are to be measured."""
        config, entries = self.config, read(self.config.catalogue)
        train = [e for e in entries if e.split == "train"]
        validation = [e for e in entries if e.split == "validation"]
        if len(train) < config.concepts_per_step or not validation:
            raise ConfigError(
                f"{config.catalogue} has {len(train)} concepts to train on and {len(validation)} "
                f"to validate with; at least {config.concepts_per_step} and 1 are needed"
            )
        if config.pictures and not config.pictures.is_dir():
            raise ConfigError(f"there are no pictures at {config.pictures}; leave the field out")
        order = np.random.default_rng(config.seed).permutation(len(validation))
        return train, [validation[i] for i in order[: config.validation_concepts]]

    def _record_banks(self, prompts: Mapping[str, list[str]]) -> dict[str, Bank]:
        """Text of one length in all: `sources` joins rows of several kinds."""
        banks, every = {}, [text for texts in prompts.values() for text in texts]
        for number, (kind, texts) in enumerate(prompts.items()):
            seeds = range(number * KIND_SEEDS, number * KIND_SEEDS + len(texts))
            inputs = record_bank(self.generator, texts, seeds, as_long_as=every)
            banks[kind] = Bank(texts, seeds, inputs)
        return banks

    def _some(self) -> list[Inputs]:
        """The first source rows of each kind."""
        rows = torch.arange(min(STATISTICS_ROWS, self.config.bank))
        return [bank.inputs.take(rows) for bank in self.banks.values()]

    def _statistics(self) -> tuple[Float[Tensor, "channels"], Float[Tensor, "channels"]]:
        moments = [channel_statistics(self.generator, inputs) for inputs in self._some()]
        mean, std = (torch.stack(values).mean(0) for values in zip(*moments, strict=True))
        return mean, std.clamp_min(1e-3)

    def _embed(self, entry: Entry) -> Float[Tensor, "variants dim"]:
        """Words first (name, then phrase), reference pictures after."""
        variants: list[Any] = [entry.name, entry.phrase]
        if self.config.pictures:
            folder = self.config.pictures / entry.name
            variants += map(load_picture, picture_paths(folder) if folder.is_dir() else ())
        return self.encoder.encode(variants).to(self.generator.device)

    def _cache(self, name: str, entries: Sequence[Entry], start: int) -> TargetCache:
        """Features of each concept's target rows, used again for as long as nothing changed."""
        path, made_from = self.config.out / f"{name}.safetensors", self._made_from(entries, start)
        if path.exists() and (cache := TargetCache(path)).metadata == made_from:
            return cache
        named = {key(entry): entry for entry in entries}

        def run(concept: str) -> Float[Tensor, "samples features"]:
            with torch.no_grad():
                return self.features(self.target_inputs(named[concept], start)).cpu()

        shape = self.config.samples, len(self.weights)
        return TargetCache.write(path, list(named), shape, run, made_from)

    def _made_from(self, entries: Sequence[Entry], start: int) -> dict[str, str]:
        """A digest of all that decides the target features. The sources' variances, which `weights`
        holds, tell one backbone from another, but hold nothing of words that only phrases have."""
        config = self.config
        told: list[Any] = [self.weights.tolist(), config.generator, str(config.weights)]
        told += [_digest(self.generator.pipeline.components)]
        told += [config.seed, config.bank, config.samples]
        told += [config.pooling, config.bfloat16, start, read_text(config.prompts)]
        told += [(e.name, e.phrase, e.kind) for e in entries]
        return {"made_from": hashlib.sha256(json.dumps(told).encode()).hexdigest()}


def _digest(components: Mapping[str, Any]) -> str:
    """Of the weights of a pipeline's text encoders."""
    whole = hashlib.sha256()
    for name in sorted(name for name in components if name.startswith("text_encoder")):
        for weight in components[name].state_dict().values() if components[name] else ():
            whole.update(weight.cpu().contiguous().flatten().view(torch.uint8).numpy())
    return whole.hexdigest()
