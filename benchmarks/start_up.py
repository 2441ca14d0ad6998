"""From nothing: the import, the command's help, the first picture; and what a warm process takes.

Also writes docs/results/strip.json, which the README's table of milliseconds is made from. Memory
is that of the whole process. The peers are Python alone, and one picture by plain diffusers.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import torch

import hypertransport as ht
from benchmarks.measuring import Row, Run, Timed, Way, in_turns, row
from benchmarks.memory import MIB
from benchmarks.servers import serving
from hypertransport.drawing import draw
from hypertransport.generators.emojiscape import CALL
from hypertransport.parsing import CONCEPT, MODEL
from hypertransport.replacing import replacing
from hypertransport.steer_arguments import PROMPT
from hypertransport.weights import bundled

STRIP = Path(__file__).parent.parent / "docs/results/strip.json"
CELLS = [(7, s / 4) for s in range(5)]
PLAIN = """
from diffusers import DiffusionPipeline
pipeline = DiffusionPipeline.from_pretrained({folder!r})
pipeline({prompt!r}, **{call!r}).images[0].save({out!r})
"""
MOST_KIB = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
HELP, STEER = "hypertransport --help", "hypertransport steer, a strip of five"
ASK = "hypertransport steer --server, a strip of five"


def measure(run: Run) -> Iterator[Row]:
    nothing = Child("python -c pass", ["-c", "pass"])
    imported = Child("import hypertransport", ["-c", "import hypertransport"])
    helped = Child(HELP, ["-m", "hypertransport.cli", "--help"])
    ours, said, bare = cold(run, [imported, helped, nothing])
    rows = [row("process", "import", ours, bare)]
    told = {"aim": "hypertransport --help in less than 0.3 s", "reached": f"{said.median:.2f} s"}
    rows.append(row("process", "help", said, bare, **told))
    warm = list(in_turns(run, warm_ways()))
    rows += [row("emojiscape", "in a warm process", timed) for timed in warm]
    yield from rows
    with pictures() as ways:
        asked, first, plain = cold(run, ways)
        yield row("emojiscape", "first picture", first, plain)
        yield row("emojiscape", "strip by a server that runs", asked, plain)
    if not run.quick:
        write_strip(run, [said, first, asked, *warm])


class Child:
    """A process of its own, from start to end."""

    def __init__(self, how: str, arguments: list[str]):
        self.how = how
        self._command = [sys.executable, *arguments]

    def __call__(self) -> None:
        subprocess.run(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
        )

    def most_mib(self) -> float:
        """The most memory that it ever has, in another run: as a child of a process that is small,
        because Linux counts for a new process what the one had that it was forked from."""
        small = [sys.executable, "-c", MOST_KIB, *self._command]
        told = subprocess.run(small, stdout=subprocess.PIPE, text=True, check=True).stdout
        return int(told) * 1024 / MIB


def cold(run: Run, children: list[Child]) -> list[Timed]:
    found = in_turns(run, [Way(child.how, child) for child in children])
    for timed, child in zip(found, children, strict=True):
        timed.mib = child.most_mib()
    return found


@contextmanager
def pictures() -> Iterator[list[Child]]:
    """Three commands that draw, and a folder for what they write."""
    with tempfile.TemporaryDirectory() as folder, serving() as (_, address):
        steer = ["-m", "hypertransport.cli", "steer"]
        ours, theirs = f"{folder}/ours.png", f"{folder}/theirs.png"
        place = str(bundled(MODEL, "generator"))
        plain = PLAIN.format(folder=place, prompt=PROMPT, call=CALL, out=theirs)
        yield [
            Child(ASK, [*steer, "--server", address, "--out", ours]),
            Child(STEER, [*steer, "--out", ours]),
            Child("plain diffusers, one picture", ["-c", plain]),
        ]


def warm_ways() -> list[Way]:
    generator, hyper = ht.load_generator(MODEL), ht.HyperTransport.from_pretrained(MODEL)
    T = hyper(CONCEPT)
    actions: dict[str, Callable[[], object]] = {
        "words to an intervention": lambda: hyper(CONCEPT),
        "one picture, untouched": lambda: generator(PROMPT, 7),
        "a strip of five, one call": lambda: draw(generator, PROMPT, [(T, 1.0)], CELLS),
    }
    return [Way(how, action) for how, action in actions.items()]


def write_strip(run: Run, timed: list[Timed]) -> None:
    hardware = f"{run.machine.hardware}, torch {torch.__version__}"
    record: dict[str, Any] = {"date": date.today().isoformat(), "hardware": hardware}
    record["milliseconds"] = {
        t.how: {
            "median": 1000 * t.median,
            "least": 1000 * min(t.seconds),
            "most": 1000 * max(t.seconds),
        }
        for t in timed
    }
    with replacing(STRIP) as partial:
        partial.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
