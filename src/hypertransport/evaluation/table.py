"""The table of an evaluation: a line per picture, from which every figure is made.

    {"kind": "background", "concept": "brick navy", "method": "lin-act", "prompt": "a rooster",
     "seed": 0, "strength": 0.5, "seconds": 2.1, "scores": {"clip.concept": 0.31, ...},
     "embedding": "...", "config": "5d41402abc4b", "made": "2026-11-27, ..."}   (in one line)

Tables of several shards are put together by putting their lines together.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import numpy as np
from jaxtyping import Float

from hypertransport.catalogue import Entry
from hypertransport.errors import ConfigError
from hypertransport.evaluation import records
from hypertransport.evaluation.config import PROMPTING, UNSTEERED, EvaluationConfig
from hypertransport.evaluation.records import RecordError


class Cell(NamedTuple):
    """One picture to draw and score. `prompt` is without the concept, whatever the method.

    Prompting has no strength: it is at 1, and what is unsteered at 0.
    """

    kind: str
    concept: str
    method: str
    prompt: str
    seed: int
    strength: float

    def picture(self, folder: Path) -> Path:
        """Where the picture lies, if it was kept."""
        digest = sha256(repr(tuple(self)).encode()).hexdigest()[:12]
        return folder / self.method / f"{quote(self.concept, safe=' ')[:80]}-{digest}.png"


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one cell.

    `seconds` is what the method took for the concept, its encoding included, drawing not.
    `scores` are by name; `embedding` is the picture's unit vector, float16 in base64; `config` the
    digest of the configuration and the weights; `made` says when and on what hardware.
    """

    kind: str
    concept: str
    method: str
    prompt: str
    seed: int
    strength: float
    seconds: float
    scores: dict[str, float]
    embedding: str
    config: str
    made: str

    @property
    def cell(self) -> Cell:
        """What was drawn."""
        return Cell(self.kind, self.concept, self.method, self.prompt, self.seed, self.strength)


class Shard(NamedTuple):
    """Part `index` of `count`, from 1: the concepts in turn, so that all take about as long."""

    index: int = 1
    count: int = 1

    def of(self, entries: Sequence[Entry]) -> list[Entry]:
        """Its concepts; all shards' are disjoint and together complete."""
        return list(entries[self.index - 1 :: self.count])


def sample(entries: Sequence[Entry], count: int, seed: int = 0) -> list[Entry]:
    """About `count` random concepts with every kind in proportion, at least two of each."""
    rng = np.random.default_rng(seed)
    chosen: list[Entry] = []
    for kind in dict.fromkeys(entry.kind for entry in entries):
        some = [entry for entry in entries if entry.kind == kind]
        share = max(2, round(count * len(some) / len(entries)))
        chosen += [some[i] for i in rng.permutation(len(some))[:share]]
    return chosen


def plan(config: EvaluationConfig, entries: Iterable[Entry]) -> list[Cell]:
    """All cells of some concepts: concept after concept, method after method, each once."""
    strengths = {UNSTEERED: (0.0,), PROMPTING: (1.0,)}
    return [
        Cell(entry.kind, entry.name, method, prompt, seed, strength)
        for entry in entries
        for method in (UNSTEERED, *config.methods)
        for strength in strengths.get(method, config.strengths)
        for prompt in config.prompts
        for seed in range(config.seeds)
    ]


def resume(path: Path, config: EvaluationConfig) -> set[Cell]:
    """The cells that a table has, none if there is none; a line that was cut off is gone.

    Raises RecordError for a line that is no row, ConfigError for a table of another configuration
    or of other weights.
    """
    digest = config.digest  # of the weights as they are before any is loaded, for a new table too
    records.mend(path)
    rows = records.read(path, Row) if path.exists() else []
    if any(row.config != digest for row in rows):
        raise ConfigError(
            f"{path} was made with another configuration or other weights; give another --out"
        )
    return {row.cell for row in rows}


def read(paths: Sequence[Path]) -> list[Row]:
    """The rows of all shards. RecordError for none, a repeated one, or another configuration's."""
    rows = [row for path in paths for row in records.read(path, Row)]
    if not rows:
        raise RecordError("there is no row in the table; run `hypertransport evaluate` first")
    if len({row.config for row in rows}) > 1:
        raise RecordError("these tables are of different configurations; report each by itself")
    if len({row.cell for row in rows}) < len(rows):
        raise RecordError("the tables overlap; give each shard once")
    return rows


def folder_of(path: Path) -> Path:
    """Where the pictures of a table lie: beside it, under its name without suffix."""
    return path.with_suffix("")


def encoded(embedding: Float[np.ndarray, " dim"]) -> str:
    """A unit vector as text."""
    return base64.b64encode(embedding.astype("<f2").tobytes()).decode()


def embeddings(rows: Sequence[Row]) -> Float[np.ndarray, "rows dim"]:
    """The pictures' unit vectors, as precise as float16."""
    parts = [np.frombuffer(base64.b64decode(row.embedding), "<f2") for row in rows]
    return np.stack(parts).astype(np.float32)
