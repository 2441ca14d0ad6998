"""How long it takes from words to a strip of five pictures: `make bench`.

python benchmarks/strip.py [--repeats 7]
"""

import argparse
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import torch

import hypertransport as ht
from hypertransport.arguments import CONCEPT, MODEL, PROMPT
from hypertransport.drawing import draw

CELLS = [(7, s / 4) for s in range(5)]


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def row(what: str, action: Callable[[], object], repeats: int) -> str:
    """Median and range of several runs, after one that does not count."""
    action()
    times = sorted(1000 * seconds(action) for _ in range(repeats))
    return f"{what:<42}{statistics.median(times):>10,.1f}{times[0]:>10,.1f}{times[-1]:>10,.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7)
    repeats = parser.parse_args().repeats
    generator = ht.load_generator(MODEL)
    hyper = ht.HyperTransport.from_pretrained(MODEL)
    T = hyper(CONCEPT)
    help_command = [sys.executable, "-m", "hypertransport.cli", "--help"]
    print(f"{platform.processor() or platform.machine()}, {torch.get_num_threads()} threads")
    print(f"{'milliseconds':<42}{'median':>10}{'fastest':>10}{'slowest':>10}")
    for what, action in (
        ("hypertransport --help", lambda: subprocess.run(help_command, capture_output=True)),
        ("words to an intervention", lambda: hyper(CONCEPT)),
        ("one picture, untouched", lambda: generator(PROMPT, 7)),
        ("a strip of five, one call", lambda: draw(generator, PROMPT, [(T, 1.0)], CELLS)),
    ):
        print(row(what, action, repeats))


if __name__ == "__main__":
    main()
