"""Replace files and folders atomically: readers see the old state or the new one, never a mixture.

What is written is synchronised with the disk before it takes its place, so that a power cut leaves
the old state or the new one too. It has the permissions of what it replaces, or those of the umask.
"""

import os
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from filelock import FileLock

from hypertransport.locking import acquired, discard, one_writer

LOCK = ".lock"
COMMITTED = ".committed"  # a whole new set of files, on its way into the folder around it
SET = "files"
_LOCK = re.compile(r"\..+\.lock")
_STAGING = re.compile(r"\..+\.\d+\.partial")


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a new path; what the block has written there takes the place of `path` at the end.

    A file takes the place of a file or of nothing, a folder that of an empty one or of nothing.

    When the block raises, Ctrl-C too, `path` is as it was and nothing is left beside it. A process
    that is killed leaves a folder `.<name>.<number>.partial`, which the next block for `path`
    removes (`remove_stale`). Blocks for one path may overlap, in any number of processes: the last
    to end wins. Raises OSError where `path` cannot be written.
    """
    path = Path(path)
    with _staging(path) as folder:
        partial = folder / path.name
        yield partial
        _settle(partial, path)
        os.replace(partial, path)
        _sync(path.parent)


@contextmanager
def replacing_files(
    folder: str | os.PathLike[str], without: Collection[str] = ()
) -> Iterator[Path]:
    """Yield a new folder; the files that the block has written there replace those of `folder`.

    They replace them as a set, and all other files stay, but those named in `without`, which are
    removed. Readers must look by `current` or `read_current`: a process that is killed while the
    files move leaves those that have not moved yet in `.committed`, and the next block moves them.
    Raises OSError where `folder` cannot be written; it is as it was then.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with _staging(folder / SET) as place:
        new = place / SET
        new.mkdir()
        yield new
        for file in new.iterdir():
            if (folder / file.name).is_dir():
                raise IsADirectoryError(f"{folder / file.name} is a folder; rename it")
            _settle(file, folder / file.name)
        _sync(new)
        with one_writer(folder / COMMITTED, wait=True):
            _complete(folder)
            os.replace(new, folder / COMMITTED)  # from here on readers find the new set
            _sync(folder)
            _complete(folder)
            for name in without:
                (folder / name).unlink(missing_ok=True)


def current(folder: Path, name: str) -> Path:
    """Where one file of the set in `folder` lies, for readers that look at no other."""
    path, committed = folder / name, folder / COMMITTED / name
    return committed if not path.exists() and committed.exists() else path


def read_current(folder: Path, name: str) -> bytes:
    """The content of a file of the set in `folder`. Raises OSError where there is none.

    Two calls may read two sets, where one is replaced in between.
    """
    with suppress(FileNotFoundError, NotADirectoryError):
        return (folder / COMMITTED / name).read_bytes()
    return (folder / name).read_bytes()


def remove_stale(folder: Path) -> None:
    """Remove what killed processes have left in `folder`: what is half written, and locks.

    What a living process uses stays, and so does what looks like neither.
    """
    for path in folder.iterdir() if folder.is_dir() else ():
        if _is_lock(path) and (lock := acquired(path)):
            discard(lock)
        elif _is_staging(path) and (lock := _claim(path)):
            _release(path, lock)


def _is_lock(path: Path) -> bool:
    return bool(_LOCK.fullmatch(path.name)) and path.is_file() and not path.stat().st_size


def _is_staging(path: Path) -> bool:
    if not _STAGING.fullmatch(path.name) or not path.is_dir():
        return False
    return (path / LOCK).is_file() or not any(path.iterdir())  # killed before or after it had one


# --- the folder in which something is written -----------------------------------------------------


@contextmanager
def _staging(path: Path) -> Iterator[Path]:
    """An empty folder beside `path` for this block alone; those of dead processes are removed."""
    number, lock = next((i, lock) for i in count() if (lock := _claim(_place(path, i))))
    place = _place(path, number)
    try:
        _clear(place)
        _remove_after(path, number)
        yield place
    finally:
        _release(place, lock)


def _place(path: Path, number: int) -> Path:
    return path.with_name(f".{path.name}.{number}.partial")


def _claim(place: Path) -> FileLock | None:
    """Make a folder, or take one whose maker is dead; None where another process uses it."""
    while True:
        place.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):  # another process has just removed it
            return acquired(place / LOCK)


def _remove_after(path: Path, number: int) -> None:
    """Remove the folders of dead processes that wrote `path` beside others."""
    for later in count(number + 1):
        place = _place(path, later)
        if not place.exists():
            return
        if lock := _claim(place):
            _release(place, lock)


def _release(place: Path, lock: FileLock) -> None:
    """Remove a folder, its lock last: without that another process may claim it at any moment."""
    _clear(place)
    discard(lock)
    with suppress(OSError):  # claimed, or removed by the one who claimed it
        place.rmdir()


def _clear(place: Path) -> None:
    for path in place.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


# --- from there to where it belongs ---------------------------------------------------------------


def _complete(folder: Path) -> None:
    """Move the files of a committed set to where they belong, if there is one."""
    committed = folder / COMMITTED
    if not committed.is_dir():
        return
    for file in sorted(committed.iterdir()):
        os.replace(file, folder / file.name)
    _sync(folder)
    committed.rmdir()


def _settle(partial: Path, path: Path) -> None:
    """Give what was written its permissions, and wait until all of it lies on the disk.

    Safetensors, among others, lets nobody but the owner read what it writes.
    """
    usual = partial.parent.stat().st_mode & 0o666  # the folder was made under the umask
    if not partial.is_dir():
        mode = path.stat().st_mode & 0o7777 if path.is_file() else usual
        _finish(partial, mode)
        return
    for folder, _, names in os.walk(partial, topdown=False):
        for name in names:
            _finish(Path(folder, name), usual)
        _sync(Path(folder))


def _finish(file: Path, mode: int) -> None:
    with file.open("rb+") as opened:
        if file.stat().st_mode & 0o7777 != mode:
            file.chmod(mode)
        os.fsync(opened.fileno())


def _sync(folder: Path) -> None:
    """Wait until the names in a folder lie on the disk, where the system can be asked for that."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
