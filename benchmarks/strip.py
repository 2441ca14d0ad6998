"""How long it takes from words to a strip of five pictures: `make bench`.

python benchmarks/strip.py [--repeats 7]

Writes docs/results/strip.json.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import torch

import hypertransport as ht
from hypertransport.drawing import draw
from hypertransport.parsing import CONCEPT, MODEL
from hypertransport.steer_arguments import PROMPT

RESULT = Path(__file__).parent.parent / "docs/results/strip.json"
SCRATCH = tempfile.TemporaryDirectory()
CELLS = [(7, s / 4) for s in range(5)]


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def milliseconds(action: Callable[[], object], repeats: int) -> tuple[float, float, float]:
    """Median, least and most of several runs, after one that does not count."""
    action()
    times = sorted(1000 * seconds(action) for _ in range(repeats))
    return statistics.median(times), times[0], times[-1]


def run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def serving(command: list[str]) -> Iterator[str]:
    """The address of a server, a process of its own."""
    with subprocess.Popen(
        [*command, "serve", "--port=0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7)
    repeats = parser.parse_args().repeats
    generator = ht.load_generator(MODEL)
    hyper = ht.HyperTransport.from_pretrained(MODEL)
    T, strip = hyper(CONCEPT), str(Path(SCRATCH.name) / "strip.png")
    command = [sys.executable, "-m", "hypertransport.cli"]
    machine = f"{platform.machine()}, {torch.get_num_threads()} threads, torch {torch.__version__}"
    record = {"date": date.today().isoformat(), "hardware": machine, "milliseconds": {}}
    print(machine)
    print(f"{'milliseconds':<42}{'median':>10}{'fastest':>10}{'slowest':>10}")
    with serving(command) as address:
        asking = [*command, "steer", "--server", address, "--out", strip]
        for what, action in (
            ("hypertransport --help", lambda: run([*command, "--help"])),
            ("hypertransport steer, cold", lambda: run([*command, "steer", "--out", strip])),
            ("hypertransport steer --server, warm", lambda: run(asking)),
            ("words to an intervention", lambda: hyper(CONCEPT)),
            ("one picture, untouched", lambda: generator(PROMPT, 7)),
            ("a strip of five, one call", lambda: draw(generator, PROMPT, [(T, 1.0)], CELLS)),
        ):
            median, least, most = milliseconds(action, repeats)
            record["milliseconds"][what] = {"median": median, "least": least, "most": most}
            print(f"{what:<42}{median:>10,.1f}{least:>10,.1f}{most:>10,.1f}")
    SCRATCH.cleanup()
    RESULT.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
