"""Files and folders that are replaced whole: whoever looks finds the old one or the new one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a new path beside `path`; what the block has written there takes its place at the end.

    A file takes the place of a file or of nothing, a folder that of an empty one or of nothing.

    When the block raises, Ctrl-C too, `path` is as it was and nothing is left beside it. Only a
    process that is killed leaves its `.<name>.<random>.partial`. Blocks for one path may overlap,
    in any number of processes: the last to end wins. Raises OSError where `path` cannot be written.
    """
    path = Path(path)
    partial = path.with_name(f".{path.name}.{token_hex(8)}.partial")
    try:
        yield partial
        os.replace(partial, path)
    finally:
        _remove(partial)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
