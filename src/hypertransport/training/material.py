"""Everything a training looks at, made once: concepts, their embeddings, source inputs and targets."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from tqdm import tqdm

from hypertransport.catalogue import Entry, read
from hypertransport.concepts import load_picture
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import ConfigError
from hypertransport.generators import load_generator
from hypertransport.generators.base import Generator
from hypertransport.sites import Site
from hypertransport.training.activations import TargetCache, activations, feature_weights, record_bank, take
from hypertransport.training.config import TrainConfig

FLOOR_SEEDS, TARGET_SEEDS = 2_000_000, 1_000_000  # targets share no noise with the sources


@dataclass(frozen=True)
class Bank:
    """Source prompts of one kind and the backbone's inputs for them, row by row."""

    prompts: list[str]
    inputs: dict[str, Any]


class Material:
    """What `amortized` trains on. Concepts of the split `test` are never read.

    `weights` (features,) sum the transport cost over features to a mean over channels and sites, in
    units of each feature's source variance.
    """

    def __init__(self, config: TrainConfig):
        self.config = config
        self.generator: Generator = load_generator(config.generator)
        self.encoder = ConceptEncoder.from_pretrained(config.encoder)
        entries = read(config.catalogue)
        self.train = [e for e in entries if e.split == "train"]
        validation = [e for e in entries if e.split == "validation"]
        rng = np.random.default_rng(config.seed)
        monitored = min(config.validation_concepts, len(validation))
        self.validation = [validation[i] for i in rng.permutation(len(validation))[:monitored]]
        self.banks = self._record_banks()
        self.weights = self._weights()
        self.embeddings = {e.name: self._embed(e) for e in tqdm(self.concepts, desc="embedding concepts")}
        self.targets = self._cache("targets", self.concepts, TARGET_SEEDS)
        self.floor = self._cache("floor", self.monitored, FLOOR_SEEDS)

    @property
    def concepts(self) -> list[Entry]:
        return self.train + self.validation

    @property
    def monitored(self) -> list[Entry]:
        """As many training as validation concepts, to be measured alike."""
        return self.train[:: max(1, len(self.train) // len(self.validation))][: len(self.validation)] + self.validation

    def rows(self, entry: Entry, start: int = 0) -> Int[Tensor, "samples"]:
        """The source rows that belong to a concept: a function of its name. `start` 1 gives others, disjoint."""
        digest = hashlib.sha256(f"{self.config.seed}/{entry.name}".encode()).digest()
        order = np.random.default_rng(int.from_bytes(digest[:8])).permutation(self.config.bank)
        return torch.from_numpy(order[start * self.config.samples :][: self.config.samples])

    def sources(self, entries: Sequence[Entry], start: int = 0) -> dict[str, Any]:
        """Inputs of `samples` source rows for each concept, concept after concept."""
        parts = [take(self.banks[e.kind].inputs, self.rows(e, start)) for e in entries]
        return _stack(parts)

    # --- made once ---

    def _record_banks(self) -> dict[str, Bank]:
        try:
            prompts = json.loads(self.config.prompts.read_text())
        except (OSError, json.JSONDecodeError) as error:
            raise ConfigError(f"cannot read the prompts {self.config.prompts}: {error}") from error
        banks = {}
        for number, kind in enumerate(sorted({e.kind for e in self.concepts})):
            some = prompts.get(kind, [])[: self.config.bank]
            if len(some) < max(self.config.bank, 2 * self.config.samples):
                raise ConfigError(f"{self.config.prompts}: {len(some)} prompts for '{kind}', fewer than the bank")
            seeds = range(number * 100_000, number * 100_000 + len(some))
            banks[kind] = Bank(some, record_bank(self.generator, some, seeds))
        return banks

    @torch.no_grad()
    def _weights(self) -> Float[Tensor, "features"]:
        some = [take(bank.inputs, torch.arange(64)) for bank in self.banks.values()]
        x = torch.cat([activations(self.generator, inputs, self.config.pooling) for inputs in some])
        variance = x.var(0)
        return feature_weights(self.generator, some[0], self.config.pooling) / (variance + 0.05 * variance.mean())

    def _embed(self, entry: Entry) -> Float[Tensor, "variants dim"]:
        """Words first (name, then phrase), reference pictures after."""
        variants: list[Any] = [entry.name, entry.phrase]
        if self.config.pictures:
            variants += [load_picture(path) for path in sorted((self.config.pictures / entry.name).glob("*.png"))]
        return self.encoder.encode(variants)

    def _cache(self, name: str, entries: Sequence[Entry], seed: int) -> TargetCache:
        """Targets of each concept: its prompts with the phrase added, through the untouched generator."""
        path = self.config.out / f"{name}.safetensors"
        key = self._key(entries, seed)
        if path.exists() and TargetCache(path).metadata == key:
            return TargetCache(path)
        features = {e.name: self._target(e, seed) for e in tqdm(entries, desc=f"running {name}")}
        return TargetCache.write(path, features, key)

    @torch.no_grad()
    def _target(self, entry: Entry, seed: int) -> Float[Tensor, "samples features"]:
        rows = self.rows(entry, start=int(seed == FLOOR_SEEDS)).tolist()
        prompts = [f"{self.banks[entry.kind].prompts[i]} {entry.phrase}" for i in rows]
        inputs = self.generator.record_inputs(prompts, [seed + i for i in rows])
        with torch.autocast("cpu", torch.bfloat16, enabled=self.config.bfloat16):
            return activations(self.generator, inputs, self.config.pooling)

    def _key(self, entries: Sequence[Entry], seed: int) -> dict[str, str]:
        told = (self.config.generator, self.config.seed, self.config.bank, self.config.samples, self.config.pooling)
        words = [(e.name, e.phrase, e.kind) for e in entries]
        digest = hashlib.sha256(json.dumps([told, words, seed, self.config.prompts.read_text()]).encode())
        return {"made_from": digest.hexdigest()}


def _stack(parts: list[Any]) -> Any:
    first = parts[0]
    if isinstance(first, dict):
        return {key: _stack([part[key] for part in parts]) for key in first}
    return torch.cat(parts) if isinstance(first, Tensor) and first.ndim > 1 else first


@torch.no_grad()
def channel_statistics(generator: Generator, inputs: dict[str, Any]) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of every channel over rows and positions: (channels,) each."""
    moments: dict[str, tuple[Tensor, Tensor]] = {}
    modules = dict(generator.backbone.named_modules())

    def keep(site: Site):
        def hook(_module: Any, _args: Any, output: Tensor) -> None:
            flat = output.float().movedim(site.channel_dim, -1).flatten(0, -2)
            moments[site.name] = (flat.mean(0), flat.std(0))

        return hook

    handles = [modules[s.name].register_forward_hook(keep(s)) for s in generator.sites]
    try:
        generator.backbone(**inputs)
    finally:
        for handle in handles:
            handle.remove()
    mean, std = zip(*(moments[site.name] for site in generator.sites), strict=True)
    return torch.cat(mean), torch.cat(std)


def write_record(path: Path, values: dict[str, Any]) -> None:
    """Append one line to a JSON-lines record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(values) + "\n")
