"""The page on training: by hand above, and below a training file's fields and a real record."""

import inspect
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any, get_args

from hypertransport.toml_files import EXPECTED
from hypertransport.training.config import MAY_BE_ZERO, TrainConfig

FOLDER = Path(__file__).parent
RECORD = FOLDER / "results" / "hypernetwork-training.jsonl"
HALF = "<!-- From here on made by docs/generate.py from TrainConfig and a record: `make docs`. -->"
TYPES = EXPECTED | {Path: "a path"}
COSTS = ("identity", "words", "pictures", "floor")
FURTHER = "hypernetwork-further.toml"
SHOWN = f"""Mean costs of validation concepts, from [{RECORD.name}](results/{RECORD.name}): the
further steps, at a fifth of the rate, of [{FURTHER}](../recipes/emojiscape/{FURTHER}). Step 0 is
where the first training ended; from step 3000 on pictures are seen by a newer image tower."""


def training_page() -> str:
    """What is written by hand there, then the table of all fields and that of the record."""
    by_hand, _, _ = (FOLDER / "training.md").read_text(encoding="utf-8").partition(HALF)
    parts = ["## Every field of a training file", field_table()]
    parts += ["## The record of the hypernetwork that ships", SHOWN, record_table()]
    return by_hand + HALF + "\n\n" + "\n\n".join(parts) + "\n"


def field_table() -> str:
    """A line per field of `TrainConfig`: what it takes, its default, and the comment beside it."""
    source = inspect.getsource(TrainConfig)
    beside = dict(re.findall(r"^    (\w+): [^#\n]*# (.+)$", source, re.MULTILINE))
    rows = [(f"`{f.name}`", taken(f), default(f), beside[f.name]) for f in fields(TrainConfig)]
    return table(("field", "takes", "default", "what it is"), rows)


def taken(field: Field) -> str:
    """What a training file may say there, in words."""
    (kind,) = {field.type, *get_args(field.type)} & TYPES.keys()
    least = "0 or more" if field.name in MAY_BE_ZERO else "above 0"
    return f"{TYPES[kind]}, {least}" if kind in (int, float) else TYPES[kind]


def default(field: Field) -> str:
    """As TOML would have it."""
    if field.default is MISSING:
        return "required"
    return "none" if field.default is None else f"`{json.dumps(field.default)}`"


def record_table() -> str:
    """A line per measurement: mean costs of validation concepts, and the way closed on both."""
    rows = [json.loads(line) for line in RECORD.read_text(encoding="utf-8").splitlines()]
    head = ("step", *COSTS, "closed", "closed on training concepts")
    return table(head, map(measured, rows))


def measured(row: dict[str, Any]) -> list[str]:
    costs, ways = row["validation"], [row[split]["closed"] for split in ("validation", "train")]
    return [str(row["step"]), *(f"{costs[c]:.3f}" for c in COSTS), *(f"{w:.0%}" for w in ways)]


def table(head: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Markdown of a table."""
    lines = [head, ["---" for _ in head], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
