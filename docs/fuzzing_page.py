"""The page of the fuzzing: by hand above, and below what docs/results/fuzz.json says."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docs.results_page import table

FOLDER = Path(__file__).parent
HALF = "<!-- From here on made by docs/generate.py from docs/results/fuzz.json. -->"
HEAD = ("reader", "files", "read", "refused", "findings", "most seconds", "most MiB")


def fuzzing_page() -> str:
    """What is written by hand there, then the table of all readers."""
    by_hand, _, _ = (FOLDER / "fuzzing.md").read_text(encoding="utf-8").partition(HALF)
    record = json.loads((FOLDER / "results/fuzz.json").read_text(encoding="utf-8"))
    return "\n\n".join([by_hand + HALF, *made(record)]) + "\n"


def made(record: Mapping[str, Any]) -> list[str]:
    """All that follows from a record, as paragraphs."""
    rows = record["readers"]
    files, findings = (sum(map(count, rows.values())) for count in (_files, _findings))
    seconds, mib = (max(row[name] for row in rows.values()) for name in ("seconds", "mib"))
    versions = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    told = (
        f"{files:,} mutated files, {findings} findings; the slowest took {seconds:.2f} s of the "
        f"processor, and the largest {mib:.0f} MiB, of {record['bounds']['seconds']:g} s and "
        f"{record['bounds']['mib']} MiB. {record['date']}, {record['took_minutes']:g} minutes, "
        f"seed {record['seed']}; {record['hardware']}; Python {record['python']}, {versions}."
    )
    return [told, table(HEAD, [_line(name, row) for name, row in rows.items()])]


def _line(name: str, row: Mapping[str, Any]) -> list[str]:
    """One reader; what was neither read nor refused is a finding."""
    findings, files = _findings(row), row["files"]
    counts = (files, files - row["refused"] - findings, row["refused"], findings)
    return [name, *(f"{count:,}" for count in counts), f"{row['seconds']:.2f}", f"{row['mib']:.0f}"]


def _files(row: Mapping[str, Any]) -> int:
    return row["files"]


def _findings(row: Mapping[str, Any]) -> int:
    return len(row["findings"])
