"""Draw and score every cell of an evaluation; what is done is on the disk, and not done again."""

import platform
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image

from hypertransport import catalogue
from hypertransport.catalogue import Entry
from hypertransport.drawing import AT_ONCE
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import ConfigError
from hypertransport.evaluation import records
from hypertransport.evaluation.config import PROMPTING, UNSTEERED, EvaluationConfig
from hypertransport.evaluation.methods import Methods
from hypertransport.evaluation.scorers import Classifier, Clauses, Scorer, read_labels
from hypertransport.evaluation.scoring import Scores, Scoring
from hypertransport.evaluation.table import Cell, Row, encoded, folder_of, sample
from hypertransport.generators import load_generator
from hypertransport.generators.base import Generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.interventions import Intervention
from hypertransport.steering import steer
from hypertransport.strips import check_folder, save
from hypertransport.training.prompts import prompted


class Unsteered(NamedTuple):
    """The untouched generator's picture of a prompt and a seed, and its unit vector."""

    picture: Image.Image
    embedded: Float[np.ndarray, " dim"]


class Benchmark:
    """All that evaluating takes, loaded once. `entries` are the concepts of its sample."""

    def __init__(
        self,
        config: EvaluationConfig,
        generator: Generator,
        scoring: Scoring,
        methods: Methods,
        entries: Sequence[Entry],
    ):
        self.config, self.generator = config, generator
        self.scoring, self.methods = scoring, methods
        self.entries = {(entry.kind, entry.name): entry for entry in entries}
        shots = list(product(config.prompts, range(config.seeds)))
        self.kept = set(shots[: config.keep])
        self.unsteered = dict(zip(shots, self._draw_unsteered(shots), strict=True))

    @classmethod
    def load(
        cls,
        config: EvaluationConfig,
        entries: Sequence[Entry],
        scorers: Sequence[Scorer] = (),
        labels: Mapping[str, Clauses] | None = None,
    ) -> "Benchmark":
        """Load what a configuration names, to score `entries`.

        `scorers` of one's own, and the `labels` by which they know texts, join those it names; its
        digest does not tell them. Raises CheckpointError, ConfigError or GeneratorError for what
        does not serve as its part.
        """
        generator = load_generator(config.generator, weights=config.weights)
        hyper = HyperTransport.from_pretrained(config.hypernetwork or config.generator)
        hyper.to(generator.device)
        encoder = hyper.encoder
        if config.encoder:
            encoder = ConceptEncoder.from_pretrained(config.encoder).to(generator.device)
        named = [Classifier.from_pretrained(p).to(generator.device) for p in config.scorers]
        told = read_labels(config.labels) if config.labels else {}
        scoring = Scoring(encoder, [*named, *scorers], told | dict(labels or {}), entries)
        methods = Methods(config, generator, hyper, whole_catalogue(config))
        return cls(config, generator, scoring, methods, entries)

    def run(
        self,
        cells: Iterable[Cell],
        path: Path,
        advance: Callable[[int], object] = lambda count: None,
        done: Collection[Cell] = (),
    ) -> None:
        """Append a row per cell to the table at `path`; pictures go into the folder `folder_of` it.

        Cells are in the order of `plan`, those that the table has already (`done`) among them.
        `advance` is told how many rows each call of the generator has added. Killed at any moment,
        the rows so far are there, and their pictures. What is drawn together does not depend on
        what is done, so that a run that goes on gives what an uninterrupted one gives, bit for bit.
        """
        for (kind, name, method), group in groupby(cells, key=lambda cell: cell[:3]):
            entry, open_chunks = self.entries[kind, name], _open_chunks(list(group), done)
            T, seconds = None, 0.0
            if open_chunks and method not in (UNSTEERED, PROMPTING):
                T, seconds = self.methods(method, entry)
            for chunk in open_chunks:
                rows = self._rows(entry, chunk, T, seconds, folder_of(path))
                missing = [row for row in rows if row.cell not in done]
                for row in missing:
                    records.append(path, row)
                advance(len(missing))

    def _rows(
        self,
        entry: Entry,
        cells: Sequence[Cell],
        T: Intervention | None,
        seconds: float,
        folder: Path,
    ) -> list[Row]:
        pictures = self._draw(entry, cells, T)
        for cell, picture in zip(cells, pictures, strict=True):
            if (cell.prompt, cell.seed) in self.kept:
                check_folder(cell.picture(folder).parent)
                save(picture, cell.picture(folder))
        embedded = self.scoring.embed(pictures)
        before = np.stack([self.unsteered[cell.prompt, cell.seed].embedded for cell in cells])
        prompts = [cell.prompt for cell in cells]
        scores = self.scoring(entry, prompts, pictures, embedded, before)
        return [
            self._row(cell, seconds, found, x)
            for cell, found, x in zip(cells, scores, embedded, strict=True)
        ]

    def _row(self, cell: Cell, seconds: float, scores: Scores, x: Float[np.ndarray, " dim"]) -> Row:
        return Row(
            **cell._asdict(),
            seconds=seconds,
            scores=scores,
            embedding=encoded(x),
            config=self.config.digest,
            made=f"{date.today().isoformat()}, {hardware(self.generator.device)}",
        )

    def _draw(
        self, entry: Entry, cells: Sequence[Cell], T: Intervention | None
    ) -> list[Image.Image]:
        prompts, seeds = [cell.prompt for cell in cells], [cell.seed for cell in cells]
        if T is not None:
            strengths = [self.methods.strength(cell.method, cell.strength) for cell in cells]
            with steer(self.generator, T, strengths):
                return self.generator(prompts, seeds)
        if cells[0].method == PROMPTING:
            return self.generator([prompted(prompt, entry.phrase) for prompt in prompts], seeds)
        return [self.unsteered[shot].picture for shot in zip(prompts, seeds, strict=True)]

    def _draw_unsteered(self, shots: Sequence[tuple[str, int]]) -> list[Unsteered]:
        pictures = []
        for start in range(0, len(shots), AT_ONCE):
            prompts, seeds = zip(*shots[start : start + AT_ONCE], strict=True)
            pictures += self.generator(prompts, seeds)
        return [*map(Unsteered, pictures, self.scoring.embed(pictures))]


def _open_chunks(cells: Sequence[Cell], done: Collection[Cell]) -> list[Sequence[Cell]]:
    """The calls of the generator that all cells take, of which not all are done."""
    chunks = [cells[start : start + AT_ONCE] for start in range(0, len(cells), AT_ONCE)]
    return [chunk for chunk in chunks if any(cell not in done for cell in chunk)]


def hardware(device: torch.device) -> str:
    """What computes: "x86_64, 2 threads, torch 2.13.0"."""
    cpu = f"{platform.machine()}, {torch.get_num_threads()} threads"
    what = torch.cuda.get_device_name(device) if device.type == "cuda" else cpu
    return f"{what}, torch {torch.__version__}"


def whole_catalogue(config: EvaluationConfig) -> list[Entry]:
    """All concepts of the generator's world, or of the catalogue that was given."""
    if config.catalogue:
        return catalogue.read(config.catalogue)
    return catalogue.load(config.generator)


def concepts(config: EvaluationConfig) -> list[Entry]:
    """The sample of concepts that a configuration asks for, the same at every call."""
    held_out = [entry for entry in whole_catalogue(config) if entry.split == config.split]
    if not held_out:
        raise ConfigError(f"the catalogue has no concept of the split {config.split!r}")
    return sample(held_out, config.concepts)
