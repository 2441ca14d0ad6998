"""One writer at a time for what two must not write at once, between threads and processes.

The lock is the operating system's: it ends with its holder, whatever ends that.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from hypertransport.errors import OutputError


@contextmanager
def one_writer(path: str | os.PathLike[str], *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of `path`, the file `.<name>.lock` beside it, which is removed at the end.

    `wait` until another holder is done. Raises OutputError where there is one and `wait` is off,
    and where `path` cannot be written.
    """
    path = Path(path)
    try:
        lock = acquired(path.with_name(f".{path.name}.lock"), wait=wait)
    except OSError as error:
        raise OutputError(
            f"cannot write to {path} ({error.strerror}); choose another place"
        ) from error
    if lock is None:
        raise OutputError(
            f"another process is writing {path}; wait until it ends, or choose another output"
        )
    try:
        yield
    finally:
        discard(lock)


def acquired(path: Path, *, wait: bool = False) -> FileLock | None:
    """The lock of the file `path`, held; None where another holds it and `wait` is off."""
    if not path.parent.is_dir():  # which filelock would make
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(path.parent))
    lock = FileLock(path)
    try:
        lock.acquire(blocking=wait)
    except Timeout:
        return None
    return lock


def discard(lock: FileLock) -> None:
    """Remove a lock's file and release it. Whoever waits for it finds that the file is gone and
    tries again with a new one, so that two never hold locks of one name."""
    Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()
