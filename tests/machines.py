"""Run the tests as other machines would: `make test-machines`.

A machine is an instruction set, bfloat16 or not, and a number of threads. The instruction set caps
torch's own kernels, oneDNN's and MKL's alike. One that this CPU lacks is skipped.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

# From the poorest to the richest: ATEN_CPU_CAPABILITY, ONEDNN_MAX_CPU_ISA, MKL_ENABLE_INSTRUCTIONS.
CAPABILITIES = {
    "default": ("SSE41", "SSE4_2"),
    "avx2": ("AVX2", "AVX2"),
    "avx512": ("AVX512_CORE", "AVX512"),
}
CAPABILITY_OF_THE_CPU = "import torch; print(torch.backends.cpu.get_cpu_capability().lower())"


class Machine(NamedTuple):
    """What a run of the tests pretends to have."""

    capability: str
    bfloat16: int
    threads: int

    def __str__(self) -> str:
        return f"{self.capability}:{self.bfloat16}:{self.threads}"

    @classmethod
    def parse(cls, text: str) -> "Machine":
        """The inverse of `str`. Raises ValueError."""
        capability, bfloat16, threads = text.split(":")
        machine = cls(capability, int(bfloat16), int(threads))
        if capability not in CAPABILITIES or machine.bfloat16 not in (0, 1) or machine.threads < 1:
            raise ValueError(f"no machine {text}")
        return machine

    @property
    def environment(self) -> dict[str, str]:
        """The variables that libraries and tests/conftest.py read."""
        onednn, mkl = CAPABILITIES[self.capability]
        return {
            "ATEN_CPU_CAPABILITY": self.capability,
            "ONEDNN_MAX_CPU_ISA": onednn,
            "MKL_ENABLE_INSTRUCTIONS": mkl,
            "HYPERTRANSPORT_BF16": str(self.bfloat16),
            "HYPERTRANSPORT_TEST_THREADS": str(self.threads),
        }


ALL = [Machine(*each) for each in product(CAPABILITIES, (0, 1), (1, 2))]


def lacking(machine: Machine, own: str) -> bool:
    """Whether a CPU of the capability `own` cannot pretend to be a machine.

    Another kind of CPU (ARM) has other names, and its poorest alone.
    """
    order = list(CAPABILITIES)
    return order.index(machine.capability) > (order.index(own) if own in order else 0)


def own_capability(environment: Mapping[str, str]) -> str:
    """What torch finds where no variable caps it, in lower case."""
    free = {k: v for k, v in environment.items() if k != "ATEN_CPU_CAPABILITY"}
    command = [sys.executable, "-c", CAPABILITY_OF_THE_CPU]
    return subprocess.check_output(command, env=free, text=True).strip()


def outcome(report: Path) -> str:
    """Counts of a JUnit report in words, or that there is none."""
    if not report.exists():
        return "no tests were run"
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for name in counts:
            counts[name] += int(suite.get(name, 0))
    bad = counts["failures"] + counts["errors"]
    passed = counts["tests"] - bad - counts["skipped"]
    return f"{passed} passed, {bad} failed, {counts['skipped']} skipped"


def run(machine: Machine, pytest_arguments: list[str]) -> tuple[bool, str]:
    """Run the tests; tells whether all passed, and how many.

    Two threads a process take two cores, so one process runs then, else one for each core.
    """
    processes = "logical" if machine.threads == 1 else "1"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        options = ["-q", "-n", processes, "--dist", "loadfile", f"--junitxml={report}"]
        command = [sys.executable, "-m", "pytest", *options, *pytest_arguments]
        done = subprocess.run(command, env=os.environ | machine.environment, check=False)
        return done.returncode == 0, outcome(report)


def run_all(machines: Iterable[Machine], pytest_arguments: list[str]) -> bool:
    """Run the tests on each machine and print a table; tells whether all passed."""
    own, rows, good = own_capability(os.environ), [], True
    for machine in machines:
        if lacking(machine, own):
            rows.append((machine, f"left out: this CPU has {own} only"))
            print(f"{machine}: {rows[-1][1]}", flush=True)
            continue
        print(f"--- {machine} (instruction set:bfloat16:threads)", flush=True)
        passed, told = run(machine, pytest_arguments)
        rows.append((machine, told))
        good &= passed
    print("\ninstruction set  bfloat16  threads  outcome")
    for (capability, bfloat16, threads), told in rows:
        print(f"{capability:15}  {'on' if bfloat16 else 'off':8}  {threads:7}  {told}")
    return good


def main() -> int:
    """What the Makefile runs: machines, then what pytest is given."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--machines",
        nargs="*",
        type=Machine.parse,
        default=[],
        metavar="SET:BF16:THREADS",
        help="such as avx2:0:1; all twelve where none is named",
    )
    arguments, pytest_arguments = parser.parse_known_args()
    return 0 if run_all(arguments.machines or ALL, pytest_arguments) else 1


if __name__ == "__main__":
    sys.exit(main())
