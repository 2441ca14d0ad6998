"""The page on what is interrupted: by hand above, and below the figures of `benchmarks.kills`."""

import json
from pathlib import Path

from docs.training_page import table

FOLDER = Path(__file__).parent
RESULT = FOLDER / "results" / "kills.json"
HALF = "<!-- From here on made by docs/generate.py from results/kills.json: `make docs`. -->"


def kills_page() -> str:
    """What is written by hand there, then a line for each kind of run that was killed."""
    by_hand, _, _ = (FOLDER / "resuming.md").read_text(encoding="utf-8").partition(HALF)
    return by_hand + HALF + "\n\n" + kills_table() + "\n"


def kills_table() -> str:
    """How often each was killed, and whether its results are those of an uninterrupted run."""
    head = ("run", "kills", "after a time", "at a file", "ended", "same result", "problems", "date")
    counts = ("kills", "timed", "aimed", "results", "same")
    return table(
        head,
        (
            [run["what"], *(str(run[name]) for name in counts)]
            + [str(len(run["problems"])), run["date"]]
            for run in json.loads(RESULT.read_text(encoding="utf-8"))["runs"].values()
        ),
    )
