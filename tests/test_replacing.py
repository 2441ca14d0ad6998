"""What is replaced is there whole, or as it was, and nothing lies beside it."""

import os
from pathlib import Path

import pytest

from hypertransport.replacing import replacing


@pytest.fixture(params=[None, b"old"], ids=["nothing", "a file"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where something is to be written, over what lies there already."""
    path = tmp_path / "file.txt"
    if request.param is not None:
        path.write_bytes(request.param)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_what_was_written_is_there_and_nothing_else(path: Path) -> None:
    with replacing(path) as partial:
        partial.write_bytes(b"new")
    assert contents(path.parent) == {"file.txt": b"new"}


def test_until_the_end_readers_find_what_was_there(path: Path) -> None:
    before = contents(path.parent)
    with replacing(path) as partial:
        partial.write_bytes(b"ne")
        assert contents(path.parent) == before | {partial.name: b"ne"}


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
