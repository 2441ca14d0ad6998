"""From nothing: the import, the command's help, the first picture; and what a warm process takes.

Also writes docs/results/strip.json, which the README's table of milliseconds is made from. Memory
is that of the whole process. The peers are Python alone, and one picture by plain diffusers.
"""

import json
import os
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
from benchmarks.measuring import MIB, Row, Run, Timed, Way, in_turns, row
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
    """A process of its own, from start to end; `mib` is the most memory that it ever had."""

    def __init__(self, how: str, arguments: list[str]):
        self.how, self.mib = how, 0.0
        self._command = [sys.executable, *arguments]

    def __call__(self) -> None:
        process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, self._command)
        self.mib = usage.ru_maxrss * 1024 / MIB


def cold(run: Run, children: list[Child]) -> list[Timed]:
    found = in_turns(run, [Way(child.how, child) for child in children])
    for timed, child in zip(found, children, strict=True):
        timed.mib = child.mib
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
        partial.write_text(json.dumps(record, indent=1) + "\n")
