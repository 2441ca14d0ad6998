"""What has one writer at a time, between threads and processes, whatever ends them."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hypertransport.errors import OutputError
from hypertransport.locking import one_writer

HOLDING = """
import sys
from hypertransport.locking import one_writer

with one_writer(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.jsonl"


@pytest.fixture
def holder(path: Path):
    """Another process that holds the lock of `path`."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, path],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_nothing_is_left_by_a_lock(path: Path) -> None:
    with one_writer(path):
        assert len(list(path.parent.iterdir())) == 1
    with pytest.raises(ZeroDivisionError), one_writer(path):
        raise ZeroDivisionError
    assert not list(path.parent.iterdir())


def test_a_second_process_is_refused_until_the_first_ends(path: Path, holder) -> None:
    with pytest.raises(OutputError, match="another process is writing"):
        one_writer(path).__enter__()
    holder.stdin.close()
    holder.wait()
    with one_writer(path):
        pass


def test_a_killed_process_holds_nothing(path: Path, holder) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert len(list(path.parent.iterdir())) == 1  # its file, which no one holds
    with one_writer(path):
        pass
    assert not list(path.parent.iterdir())


def test_a_second_thread_is_refused_too(path: Path) -> None:
    with one_writer(path), ThreadPoolExecutor(1) as pool, pytest.raises(OutputError):
        pool.submit(one_writer(path).__enter__).result()


def test_those_that_wait_come_one_after_the_other(path: Path) -> None:
    path.write_text("0")

    def add(_: int) -> None:
        with one_writer(path, wait=True):
            path.write_text(str(int(path.read_text()) + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    assert path.read_text() == "40"
    assert list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for folder in ("file", "missing"):
        with pytest.raises(OutputError, match="there is no such folder"):
            one_writer(tmp_path / folder / "table.jsonl").__enter__()
