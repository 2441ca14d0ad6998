"""Mutated files for every reader: only errors of ours, in bounded time and memory.

python -m benchmarks.fuzz_readers [NAMES] [--files 100000] [--seed 0] [--out FILE]
python -m benchmarks.fuzz_readers NAME --replay NUMBER

Writes docs/results/fuzz.json, of which `make docs` makes docs/fuzzing.md, and exits with 1 where
anything was found. `--replay` runs one case again and shows where its error comes from. Needs
Linux, whose /proc tells how much memory a reader takes.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from benchmarks.fuzzing import models, running
from benchmarks.fuzzing.readers import READERS
from benchmarks.measuring import what_it_is
from hypertransport.replacing import replacing
from hypertransport.terminal import quiet

RESULT = Path(__file__).parent.parent / "docs/results/fuzz.json"
FILES, SEED = 100_000, 0
VERSIONS = ("torch", "safetensors", "pillow", "transformers", "diffusers", "pydantic")


def shares(names: Sequence[str], files: int) -> dict[str, int]:
    """How many files each reader is given, at least one; all together `files` or a few more."""
    whole = sum(READERS[name].share for name in names)
    return {name: -int(-files * READERS[name].share // whole) for name in names}


def measure(name: str, count: int, seed: int) -> dict[str, Any]:
    """A row of the table: what became of so many files of one reader."""
    refused, seconds, mib, findings = 0, 0.0, 0.0, []
    for number, outcome in running.outcomes(name, seed, range(count)):
        refused += outcome.refused and not outcome.finding
        seconds, mib = max(seconds, outcome.seconds), max(mib, outcome.mib)
        if outcome.finding:
            findings.append({"number": number, "what": outcome.finding})
    return {
        "files": count, "refused": refused, "seconds": round(seconds, 3), "mib": round(mib, 1),
        "findings": findings,
    }  # fmt: skip


def measure_all(names: Sequence[str], files: int, seed: int) -> dict[str, Any]:
    """The whole record, told as it grows."""
    quiet()
    models.encoder()
    began, rows = time.monotonic(), {}
    for name, count in shares(names, files).items():
        rows[name] = measure(name, count, seed)
        print(told(name, rows[name]), flush=True)
    return {
        "date": date.today().isoformat(),
        "hardware": what_it_is(torch.device("cpu"))[0],
        "python": platform.python_version(),
        "versions": {name: version(name) for name in VERSIONS},
        "seed": seed,
        "bounds": {"seconds": running.SECONDS, "mib": running.MIB},
        "took_minutes": round((time.monotonic() - began) / 60, 1),
        "readers": rows,
    }


def told(name: str, row: dict[str, Any]) -> str:
    """A line for the terminal, and one for each kind of finding."""
    kinds = {found["what"][:60]: found for found in reversed(row["findings"])}
    lines = [f"  {found['number']}: {found['what']}" for found in kinds.values()]
    head = (
        f"{name:22} {row['files']:6} files, {row['refused']:6} refused, {row['seconds']:.2f} s, "
        f"{row['mib']:.0f} MiB, {len(row['findings'])} findings"
    )
    return "\n".join([head, *lines])


def replay(name: str, number: int, seed: int) -> None:
    """Run one case in this process; an error of no kind of ours is shown with its traceback."""
    reader = READERS[name]
    with TemporaryDirectory() as place:
        folder = Path(place)
        running.prepare(reader, name, folder, reader.files(), seed, number)
        try:
            reader.read(folder)
        except reader.refusals as error:
            print(f"refused: {error}")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAMES", help=f"of {', '.join(READERS)}")
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--replay", type=int, metavar="NUMBER")
    parser.add_argument("--out", type=Path, help=f"default: {RESULT.name}, for all readers only")
    chosen = parser.parse_args(given)
    if odd := set(chosen.names) - set(READERS):
        parser.error(f"no reader {', '.join(sorted(odd))}; give of {', '.join(READERS)}")
    return chosen


def main() -> None:
    chosen = arguments()
    if chosen.replay is not None:
        (name,) = chosen.names
        return replay(name, chosen.replay, chosen.seed)
    record = measure_all(chosen.names or list(READERS), chosen.files, chosen.seed)
    if path := chosen.out or (None if chosen.names else RESULT):
        with replacing(path) as partial:
            partial.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    sys.exit(any(row["findings"] for row in record["readers"].values()))


if __name__ == "__main__":
    main()
