"""All benchmarks, side by side with their peers: `make bench`.

python -m benchmarks.run [NAMES] [--repeats 7] [--minutes 1] [--resume] [--quick] [--out FILE]

Each benchmark runs in a process of its own and is written into docs/results/benchmarks.json when
it is done, beside what the file holds of other machines; `--resume` leaves out those that it holds
of this one. `make docs` then makes docs/benchmarks.md.
"""

import argparse
import json
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import date
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

from benchmarks.measuring import SEED, Machine, Row, Run, measure_machine
from hypertransport.generators.base import choose_device
from hypertransport.replacing import replacing
from hypertransport.terminal import quiet

ROOT = Path(__file__).parent.parent
RESULT = ROOT / "docs/results/benchmarks.json"
PLOTS = ROOT / "docs"
NAMES = (
    "new_concept", "steering_cost", "transport_cost", "training", "switching", "start_up", "growth",
    "load", "overload",
)  # fmt: skip


def measure(name: str, run: Run) -> list[dict[str, Any]]:
    """All rows of one benchmark, told as they come."""
    quiet()
    torch.manual_seed(SEED)
    rows = []
    for row in import_module(f"benchmarks.{name}").measure(run):
        print(told(row), flush=True)
        rows.append(row.to_dict())
    return rows


def told(row: Row) -> str:
    against = "" if row.ratio is None else f"  {row.ratio[0]:,.2f} times: {row.peer}"
    return f"  {row.case:<20} {row.what:<32} {row.seconds:12.6f} s  {row.ours}{against}"


def read(path: Path) -> dict[str, Any]:
    """What was measured before, of all machines."""
    return (
        json.loads(path.read_text(encoding="utf-8"))
        if path.exists()
        else {"seed": SEED, "machines": {}}
    )


def write(path: Path, record: dict[str, Any]) -> None:
    with replacing(path) as partial:
        partial.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def entry(record: dict[str, Any], machine: Machine) -> dict[str, Any]:
    """The part of a record that tells of this machine, made where there is none."""
    known = record["machines"].setdefault(machine.hardware, {"benchmarks": {}})
    known |= asdict(machine) | {"torch": torch.__version__}
    return known


def run_all(names: Sequence[str], run: Run, path: Path, resume: bool = False) -> None:
    """Measure and write, one benchmark after the other, each in a new process."""
    for name in names:
        record = read(path)
        known = entry(record, run.machine)["benchmarks"]
        if resume and name in known and known[name]["quick"] == run.quick:
            continue
        print(name, flush=True)
        began = time.monotonic()
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            rows = process.submit(measure, name, run).result()
        known[name] = {
            "date": date.today().isoformat(), "repeats": run.repeats, "quick": run.quick,
            "took_seconds": round(time.monotonic() - began, 1), "rows": rows,
        }  # fmt: skip
        write(path, record)
        if name == "growth" and path == RESULT:
            from benchmarks.plots import plot_growth

            plot_growth(rows, PLOTS)


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAMES", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--minutes", type=float, default=1.0, help="how long the overload lasts")
    parser.add_argument("--resume", action="store_true", help="leave out what is there already")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: it tests, not measures")
    parser.add_argument("--out", type=Path, default=RESULT)
    chosen = parser.parse_args(given)
    if odd := set(chosen.names) - set(NAMES):
        parser.error(f"no benchmark {', '.join(sorted(odd))}; give of {', '.join(NAMES)}")
    return chosen


def main() -> None:
    chosen, device = arguments(), choose_device(None)
    machine = measure_machine(device, chosen.quick)
    print(f"{machine.hardware}, torch {torch.__version__}", flush=True)
    run = Run(machine, device, chosen.repeats, chosen.quick, chosen.minutes)
    run_all(chosen.names or NAMES, run, chosen.out, chosen.resume)


if __name__ == "__main__":
    main()
