"""The catalogue of a world: the concepts in it, and which of them are trained on.

A list of `{"name", "kind", "phrase", "split"}` in JSON, beside the weights that it belongs to; of
"natural" images there are no weights. Anyone may steer towards other words; the catalogue says what
is learnt and what is held out.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from hypertransport import weights
from hypertransport.errors import CheckpointError, brief
from hypertransport.json_files import read_json
from hypertransport.paths import user_path

FILE = "catalogue.json"
WORLDS = ("emojiscape", "natural")
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept: its name ("mushroom") and the words that add it to a prompt ("with a mushroom").

    `kind` is a word of the world's own, as "thing" or "style"; `split` one of `SPLITS`: "test" is
    never seen in any training of a hypernetwork. Raises CheckpointError for anything else.
    """

    name: str
    kind: str
    phrase: str
    split: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[a-z]+", self.kind) or self.split not in SPLITS:
            raise CheckpointError(f"{brief(self.name)} has an odd kind or split; {AGAIN}")
        if not self.name.strip() or not self.phrase.strip():
            raise CheckpointError(f"a concept without a name or a phrase ({brief(self)}); {AGAIN}")


AGAIN = "get the catalogue again"
FIELDS = {field.name for field in fields(Entry)}


def load(world: str = "emojiscape") -> list[Entry]:
    """All concepts of one of `WORLDS`, or of that of a bundled model, in the order of its file.

    Raises CheckpointError for a world without a catalogue, and for a damaged one.
    """
    shipped = weights.bundled(world, FILE)
    if not shipped and world not in WORLDS:
        raise CheckpointError(f"{world!r} has no catalogue; give one of {', '.join(WORLDS)}")
    return read(shipped or weights.FOLDER / world / FILE)


def kinds(entries: Iterable[Entry]) -> list[str]:
    """The kinds of some concepts, each once, in their order."""
    return list(dict.fromkeys(entry.kind for entry in entries))


def read(path: Path) -> list[Entry]:
    """The concepts of a catalogue file, strictly: CheckpointError for any odd field or value."""
    path = user_path(path)
    if not os.path.isfile(path):  # the method of a path raises where its name is too long
        raise CheckpointError(
            f"there is no catalogue at {path}; install the package with its weights"
        )
    rows = read_json(path, CheckpointError, "the catalogue")
    if not isinstance(rows, list):
        raise CheckpointError(f"{path} is no list of concepts; {AGAIN}")
    entries = [_entry(row) for row in rows]
    if len({(entry.kind, entry.name) for entry in entries}) < len(entries):
        raise CheckpointError(f"{path} names a concept twice; {AGAIN}")
    return entries


def _entry(row: object) -> Entry:
    if not isinstance(row, dict) or row.keys() != FIELDS:
        raise CheckpointError(f"{brief(row)} has not the fields {sorted(FIELDS)}; {AGAIN}")
    if not all(isinstance(value, str) for value in row.values()):
        raise CheckpointError(f"{brief(row)} holds something else than text; {AGAIN}")
    return Entry(**row)
