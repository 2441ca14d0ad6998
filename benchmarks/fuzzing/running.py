"""Run readers on mutated files in a process of its own, with bounds on time and memory.

What a reader takes is measured for each file: seconds of the processor, and how far the process
grew meanwhile (`VmHWM` of Linux, reset before each file). Beyond `SECONDS` and `MIB` it is stopped.
"""

import resource
import shutil
import signal
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.fuzzing.mutations import mutated
from benchmarks.fuzzing.readers import READERS, Files, Reader

SECONDS = 2.0
MIB = 512
STUCK = 60.0  # seconds of the clock: a reader that waits for what never comes
LONGEST = 4_000  # characters of an error's message
VALID = -1  # the number of the file that is not mutated


class TooSlow(BaseException):
    """A reader took more than `SECONDS`; no reader may handle it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: `refused` by an error of ours, or a `finding`, empty where none."""

    refused: bool
    finding: str
    seconds: float
    mib: float


def case(reader: Reader, name: str, files: Files, seed: int, number: int) -> dict[str, bytes]:
    """The files of one case, a function of the seed, the reader's name and the number."""
    rng = Random(f"{seed}/{name}/{number}")
    changed = dict(files)
    if number != VALID:
        path = rng.choice(sorted(reader.kinds))
        changed[path] = mutated(files[path], reader.kinds[path], rng)
    return changed


def replace(folder: Path, files: Files) -> None:
    """Make a folder of these files alone."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def prepare(reader: Reader, name: str, folder: Path, files: Files, seed: int, number: int) -> None:
    """Write the files of one case into a folder."""
    replace(folder, case(reader, name, files, seed, number))
    mend(reader, folder)


def mend(reader: Reader, folder: Path) -> None:
    """Do what the reader asks for after a mutation, where the mutated file lets it."""
    with suppress(OSError, ValueError, TypeError):
        reader.after(folder)


def run(reader: Reader, folder: Path) -> Outcome:
    """Read a folder, and say what came of it."""
    refused, finding = False, ""
    before, began = _reset_peak(), process_time()
    try:
        with _limited(SECONDS):
            reader.read(folder)
    except reader.refusals as error:
        refused, finding = True, _badly_told(error)
    except (Exception, TooSlow) as error:  # the very thing that is looked for
        finding = f"{type(error).__name__}: {error}"[:300]
    seconds, mib = process_time() - began, (_peak() - before) / 1024
    if not finding and seconds > SECONDS:
        finding = f"{seconds:.1f} s"
    if not finding and mib > MIB:
        finding = f"{mib:.0f} MiB"
    return Outcome(refused, finding, seconds, mib)


def run_case(name: str, seed: int, number: int, files: Files | None = None) -> Outcome:
    """One case of a reader in `READERS`, in a folder of its own."""
    reader = READERS[name]
    with TemporaryDirectory(prefix="fuzz") as place:
        folder = Path(place)
        prepare(reader, name, folder, files or reader.files(), seed, number)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return run(reader, folder)


def outcomes(name: str, seed: int, numbers: Sequence[int]) -> Iterator[tuple[int, Outcome]]:
    """All cases of a reader, in a process that is replaced when one of them kills it."""
    left = list(numbers)
    while left:
        for number, outcome in _in_process(name, seed, left):
            left = left[1:]
            yield number, outcome


def _in_process(name: str, seed: int, numbers: Sequence[int]) -> Iterator[tuple[int, Outcome]]:
    """The cases up to the last, or to the one that ends the process."""
    ours, theirs = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(target=_work, args=(theirs, name, seed, numbers))
    process.start()
    theirs.close()
    for number in numbers:
        try:
            told = ours.recv() if ours.poll(STUCK) else None
        except EOFError:
            told = None
        if told is None:
            process.kill()
            process.join()
            what = f"it ended the process ({process.exitcode}), or took more than {STUCK:g} s"
            yield number, Outcome(False, what, 0.0, 0.0)
            return
        yield number, told
    process.join()


def _work(line: Connection, name: str, seed: int, numbers: Iterable[int]) -> None:
    bound_memory()
    files = READERS[name].files()
    for number in numbers:
        line.send(run_case(name, seed, number, files))


def bound_memory() -> None:
    """Let this process grow by twice `MIB`; what asks for more gets MemoryError, or aborts."""
    (size,) = (line.split()[1] for line in _status() if line.startswith("VmData"))
    most = int(size) * 1024 + 2 * MIB * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _badly_told(error: Exception) -> str:
    """What is wrong with a message: too long for a line, or no text at all."""
    told = str(error)
    if len(told) > LONGEST:
        return f"a message of {len(told)} characters: {told[:100]}"
    try:
        told.encode()
    except UnicodeEncodeError:
        return f"a message that is no Unicode: {told[:100]!r}"
    return ""


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise TooSlow in the block once it has taken so many seconds of the processor."""

    def stop(number: int, frame: object) -> None:
        raise TooSlow(f"more than {seconds:g} s")

    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def _reset_peak() -> float:
    """Set the peak of the memory to what is held now; that in KiB."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return _peak()


def _peak() -> float:
    (size,) = (line.split()[1] for line in _status() if line.startswith("VmHWM"))
    return float(size)


def _status() -> list[str]:
    return Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
