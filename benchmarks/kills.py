"""Kill what writes files, at random moments, and compare the result with an uninterrupted run's.

python -m benchmarks.kills [NAMES] [--kills 50] [--seed 0] [--out FILE]

Each run is a process of its own, which SIGKILL ends: half of them after a random time, half of them
right before a random change of a file (a writing open, a rename, a removal, ...). It is then run
again, as a user would do, and killed again, until it ends by itself. All files must then be those
of the uninterrupted run, bit for bit, and nothing else may lie beside them. What was finished
before a kill must still be there after it.

The figures go to docs/results/kills.json; `make docs` makes the table of docs/resuming.md.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.killed_runs import RUNS, Run
from hypertransport.evaluation.benchmark import hardware
from hypertransport.replacing import replacing

RESULT = Path(__file__).parent.parent / "docs/results/kills.json"
MOST = 4  # kills of one run, before it is left to end
CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.chmod", "os.link"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass
class Figures:
    """What came of the kills of one kind of run."""

    what: str
    kills: int = 0
    timed: int = 0
    aimed: int = 0
    results: int = 0
    same: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Reference:
    """The uninterrupted run: its result, its seconds, and how often it changed a file."""

    result: dict[str, Any]
    seconds: float
    changes: int


def measure(run: Run, kills: int, seed: int, folder: Path) -> Figures:
    """Kill a run so many times. Whatever is not as it should be is told in `problems`."""
    figures, chance = Figures(run.what), random.Random(f"{seed}/{run.name}")
    began = time.monotonic()
    base = folder / "base"
    base.mkdir(parents=True)
    run.prepare(base)
    reference = _reference(run, shutil.copytree(base, folder / "reference"))
    while figures.kills < kills and not figures.problems:
        place = shutil.copytree(base, folder / f"run-{figures.results}")
        _until_it_ends(run, place, reference, figures, chance, kills)
        figures.results += 1
        odd = _differences(run.result(place), reference.result)
        figures.same += not odd
        figures.problems += [f"another result: {', '.join(odd)}"] if odd else []
        shutil.rmtree(place)
    figures.seconds = round(time.monotonic() - began, 1)
    return figures


def _until_it_ends(
    run: Run,
    place: Path,
    reference: Reference,
    figures: Figures,
    chance: random.Random,
    kills: int,
) -> None:
    finished = run.finished(place)
    for _ in range(MOST):
        if figures.kills == kills:
            break
        aimed = chance.random() < 0.5
        at = chance.randrange(reference.changes) if aimed else None
        after = None if aimed else chance.uniform(0, reference.seconds)
        status = _run(run, place, at, after)
        if status == 0:
            return
        if status != -signal.SIGKILL:
            figures.problems.append(f"it failed with {status} after a kill")
            return
        figures.kills += 1
        figures.aimed += aimed
        figures.timed += not aimed
        lost = run.lost(finished, finished := run.finished(place))
        figures.problems += [f"lost: {lost}"] if lost else []
    if status := _run(run, place):
        figures.problems.append(f"it failed with {status} after a kill")


def _reference(run: Run, place: Path) -> Reference:
    seen, began = place.with_name("changes"), time.monotonic()
    if status := _run(run, place, count=seen):
        raise RuntimeError(f"the uninterrupted run of {run.name} failed with {status}")
    return Reference(
        run.result(place), time.monotonic() - began, int(seen.read_text(encoding="utf-8"))
    )


def _run(
    run: Run,
    place: Path,
    at: int | None = None,
    after: float | None = None,
    count: Path | None = None,
) -> int:
    """The exit status of one process: killed before its change number `at`, or `after` seconds."""
    child = os.fork()
    if not child:
        _child(run, place, at, count)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _child(run: Run, place: Path, at: int | None, count: Path | None) -> None:
    """Never returns. All that it prints goes to a file beside its folder."""
    status = 1
    try:
        with place.with_suffix(".log").open("a", encoding="utf-8") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        changes = _watch(place, at)
        run.start(place)
        if count:
            count.write_text(str(changes()), encoding="utf-8")
        status = 0
    finally:
        sys.stderr.flush()
        os._exit(status)


def _watch(folder: Path, at: int | None) -> Callable[[], int]:
    """Count the changes of files in `folder` from now on; die before the one of number `at`."""
    seen = [0]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        changes = event in CHANGES or (event == "open" and (arguments[2] or 0) & WRITING)
        if changes and str(arguments[0]).startswith(str(folder)):
            if seen[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)
            seen[0] += 1

    sys.addaudithook(hook)
    return lambda: seen[0]


def _differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The names under which two results differ."""
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAMES", help=f"of {', '.join(RUNS)}")
    parser.add_argument("--kills", type=int, default=50, help="of each")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=RESULT)
    chosen = parser.parse_args(given)
    if odd := set(chosen.names) - set(RUNS):
        parser.error(f"nothing is called {', '.join(sorted(odd))}; give of {', '.join(RUNS)}")
    return chosen


def main() -> int:
    import torch

    chosen = arguments()
    torch.set_num_threads(1)
    record = (
        json.loads(chosen.out.read_text(encoding="utf-8")) if chosen.out.exists() else {"runs": {}}
    )
    for name in chosen.names or RUNS:
        with TemporaryDirectory() as folder:
            figures = measure(RUNS[name], chosen.kills, chosen.seed, Path(folder))
        print(name, json.dumps(asdict(figures)), flush=True)
        where = {"seed": chosen.seed, "date": date.today().isoformat()}
        where["hardware"] = hardware(torch.device("cpu"))
        record["runs"][name] = where | asdict(figures)
        with replacing(chosen.out) as partial:
            partial.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return int(any(run["problems"] for run in record["runs"].values()))


if __name__ == "__main__":
    sys.exit(main())
