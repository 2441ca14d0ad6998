"""What is replaced is there whole, or as it was, and nothing lies beside it."""

import os
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from hypertransport.locking import one_writer
from hypertransport.replacing import (
    COMMITTED,
    current,
    read_current,
    remove_stale,
    replacing,
    replacing_files,
)


@pytest.fixture(params=[None, b"old"], ids=["nothing", "a file"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where something is to be written, over what lies there already."""
    path = tmp_path / "file.txt"
    if request.param is not None:
        path.write_bytes(request.param)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_what_was_written_is_there_and_nothing_else(path: Path) -> None:
    with replacing(path) as partial:
        partial.write_bytes(b"new")
    assert contents(path.parent) == {"file.txt": b"new"}
    assert list(path.parent.iterdir()) == [path]


def test_until_the_end_readers_find_what_was_there(path: Path) -> None:
    before = contents(path.parent)
    with replacing(path) as partial:
        partial.write_bytes(b"ne")
        assert contents(path.parent) == before


def write_half(partial: Path, error: type[BaseException]) -> None:
    partial.parent.mkdir(exist_ok=True)
    partial.write_bytes(b"ne")
    raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_block_that_fails_leaves_what_was_there(path: Path, error: type[BaseException]) -> None:
    before = contents(path.parent)
    with pytest.raises(error), replacing(path) as partial:
        write_half(partial, error)
    assert contents(path.parent) == before
    with pytest.raises(error), replacing(path):
        raise error
    assert contents(path.parent) == before
    assert {file.name for file in path.parent.iterdir()} == before.keys()


def test_a_replacement_that_fails_leaves_what_was_there(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    before = contents(path.parent)
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space left"), replacing(path) as partial:
        partial.write_bytes(b"new")
    assert contents(path.parent) == before


def test_blocks_that_overlap_do_not_mix_and_the_last_to_end_wins(path: Path) -> None:
    with replacing(path) as slow:
        slow.write_bytes(b"slow")
        with replacing(path) as quick:
            quick.write_bytes(b"quick")
        assert path.read_bytes() == b"quick"
    assert contents(path.parent) == {"file.txt": b"slow"}


def test_a_name_without_a_folder_is_written_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with replacing("file.txt") as partial:
        partial.write_bytes(b"new")
    assert contents(tmp_path) == {"file.txt": b"new"}


@pytest.mark.parametrize("empty", [False, True], ids=["nothing", "an empty folder"])
def test_a_folder_is_there_whole_and_nothing_else(tmp_path: Path, empty: bool) -> None:
    folder = tmp_path / "folder"
    if empty:
        folder.mkdir()
    with replacing(folder) as partial:
        (partial / "within").mkdir(parents=True)
        (partial / "within" / "file.txt").write_bytes(b"new")
    assert list(tmp_path.iterdir()) == [folder]
    assert contents(folder / "within") == {"file.txt": b"new"}


def test_half_a_folder_is_not_left(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "folder") as partial:
        write_half(partial / "file.txt", KeyboardInterrupt)
    assert not list(tmp_path.iterdir())


def test_a_folder_with_something_in_it_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "old.txt").write_bytes(b"old")
    with pytest.raises(OSError, match="not empty"), replacing(folder) as partial:
        partial.mkdir()
    assert list(tmp_path.iterdir()) == [folder]
    assert contents(folder) == {"old.txt": b"old"}


# --- permissions, and the disk --------------------------------------------------------------------


@pytest.fixture(params=[0o022, 0o027, 0o077], ids=oct)
def usual(request: pytest.FixtureRequest) -> Iterator[int]:
    """The mode of new files under some umask."""
    before = os.umask(request.param)
    yield 0o666 & ~request.param
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def write_tensors(path: Path) -> None:
    """As safetensors does, for nobody but the owner."""
    save_file({"x": torch.ones(2)}, path)
    assert mode(path) == 0o600


def test_new_files_have_the_mode_of_the_umask(usual: int, tmp_path: Path) -> None:
    with replacing(tmp_path / "x") as partial:
        write_tensors(partial)
    with replacing(tmp_path / "folder") as partial:
        (partial / "within").mkdir(parents=True)
        write_tensors(partial / "within" / "x")
    with replacing_files(tmp_path / "set") as new:
        write_tensors(new / "x")
    for path in (tmp_path / "x", tmp_path / "folder" / "within" / "x", tmp_path / "set" / "x"):
        assert mode(path) == usual


def test_a_file_keeps_the_mode_that_it_was_given(usual: int, path: Path) -> None:
    path.write_bytes(b"old")
    path.chmod(0o640)
    with replacing(path) as partial:
        partial.write_bytes(b"new")
    with replacing_files(path.parent) as new:
        (new / path.name).write_bytes(b"newer")
    assert mode(path) == 0o640
    assert path.read_bytes() == b"newer"


def test_a_file_lies_on_the_disk_before_it_takes_its_place(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[tuple[str, int]] = []
    sync, replace = os.fsync, os.replace

    def synced(opened: int) -> None:
        events.append(("sync", os.fstat(opened).st_ino))
        sync(opened)

    def replaced(source: Path, target: Path) -> None:
        events.append(("replace", source.stat().st_ino))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    with replacing(path) as partial:
        partial.write_bytes(b"new")
    file, folder = path.stat().st_ino, path.parent.stat().st_ino
    assert events == [("sync", file), ("replace", file), ("sync", folder)]


# --- killed ---------------------------------------------------------------------------------------


def killed(work: Callable[[], object]) -> None:
    """Run some work in a process that kills itself in it."""
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_writing(path: Path) -> None:
    with replacing(path) as partial:
        partial.write_bytes(b"ne")
        die()


def die_holding(path: Path) -> None:
    with one_writer(path):
        die()


def test_the_next_block_removes_what_a_killed_process_has_left(path: Path) -> None:
    killed(lambda: die_writing(path))
    left = {file for file in path.parent.iterdir() if file != path}
    assert len(left) == 1
    with replacing(path) as partial:
        assert not partial.exists()
        partial.write_bytes(b"new")
    assert list(path.parent.iterdir()) == [path]


def test_two_that_were_killed_at_once_leave_nothing_for_long(path: Path) -> None:
    def die_within() -> None:
        with replacing(path):
            die_writing(path)

    killed(die_within)
    with replacing(path) as partial:
        partial.write_bytes(b"new")
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_is_cleared_of_dead_processes_alone(path: Path) -> None:
    before = contents(path.parent)
    other = path.with_name("other")
    killed(lambda: die_writing(other))
    killed(lambda: die_holding(other))
    (path.parent / ".begun.0.partial").mkdir()  # died before it had a lock
    (path.parent / ".mine.0.partial").mkdir()  # of somebody else's: nothing locks it
    (path.parent / ".mine.0.partial" / "file").write_text("mine")
    (path.parent / ".mine.lock").write_text("mine")
    with replacing(path) as partial:
        partial.write_bytes(b"new")
        with one_writer(path):
            remove_stale(path.parent)
            assert (path.parent / ".file.txt.lock").exists()
        assert partial.read_bytes() == b"new"
        assert contents(path.parent) == before | {".mine.lock": b"mine"}
    assert {file.name for file in path.parent.iterdir()} == {
        path.name,
        ".mine.0.partial",
        ".mine.lock",
    }
    remove_stale(path.parent / "none")


# --- sets of files --------------------------------------------------------------------------------

OLD, NEW = {"a": b"old a", "b": b"old b", "c": b"old c"}, {"a": b"new a", "b": b"new b"}


def write_set(folder: Path, files: dict[str, bytes]) -> None:
    with replacing_files(folder, without=OLD.keys() - files.keys()) as new:
        for name, data in files.items():
            (new / name).write_bytes(data)


def found(folder: Path) -> dict[str, bytes]:
    """The set, as a reader finds it who knows from `b` whether there is a `c`."""
    b = read_current(folder, "b")
    names = "ab" if b == NEW["b"] else "abc"
    return {name: read_current(folder, name) for name in names}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a set of files, and some that are a user's."""
    folder = tmp_path / "folder"
    write_set(folder, OLD)
    (folder / "mine").mkdir()
    (folder / "mine" / "notes.txt").write_text("mine")
    (folder / "mine.txt").write_text("mine")
    return folder


def require_only(folder: Path, files: dict[str, bytes]) -> None:
    assert contents(folder) == files | {"mine.txt": b"mine"}
    assert {path.name for path in folder.iterdir()} == files.keys() | {"mine.txt", "mine"}
    assert contents(folder / "mine") == {"notes.txt": b"mine"}


def test_a_set_is_replaced_and_all_else_stays(folder: Path) -> None:
    require_only(folder, OLD)
    write_set(folder, NEW)
    require_only(folder, NEW)


def test_a_block_that_fails_leaves_the_old_set(folder: Path) -> None:
    def fail(new: Path) -> None:
        (new / "a").write_bytes(b"ne")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), replacing_files(folder) as new:
        fail(new)
    with pytest.raises(IsADirectoryError, match="rename it"):
        write_set(folder, {**OLD, "a": b"ne", "mine": b"ne"})
    require_only(folder, OLD)


@pytest.mark.parametrize("function", ["replace", "fsync", "unlink", "rmdir"])
def test_wherever_a_kill_comes_readers_find_the_old_set_or_the_new_and_the_next_block_ends_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    """Before each call of the system that changes the folder, until none is left to die in."""
    original, seen = getattr(os, function), []

    def die_in(number: int) -> int:
        def dying(*arguments: object, **options: object) -> object:
            calls.append(1)
            return die() if len(calls) > number else original(*arguments, **options)

        calls: list[int] = []
        child = os.fork()
        if not child:
            setattr(os, function, dying)
            write_set(folder, NEW)
            os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    for number in count():
        write_set(folder, OLD)
        require_only(folder, OLD)
        if die_in(number) == 0:
            break
        seen.append(found(folder))
        assert seen[-1] in (OLD, NEW)
        assert contents(folder)["mine.txt"] == b"mine"
    assert seen
    require_only(folder, NEW)


def test_one_file_of_a_set_is_found_before_it_has_moved(folder: Path) -> None:
    assert current(folder, "a") == folder / "a"
    assert current(folder, "new") == folder / "new"
    (folder / COMMITTED).mkdir()
    (folder / COMMITTED / "new").write_bytes(b"new")
    assert current(folder, "new").read_bytes() == b"new"
    assert read_current(folder, "new") == b"new"


def test_of_two_sets_the_last_to_end_wins(folder: Path) -> None:
    with replacing_files(folder) as new:
        write_set(folder, NEW)
        for name, data in OLD.items():
            (new / name).write_bytes(data)
    require_only(folder, OLD)


def test_a_set_waits_for_another_that_moves(folder: Path) -> None:
    with one_writer(folder / COMMITTED):
        child = os.fork()
        if not child:
            write_set(folder, NEW)
            os._exit(0)
        assert os.waitpid(child, os.WNOHANG) == (0, 0)
        assert found(folder) == OLD
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    require_only(folder, NEW)
