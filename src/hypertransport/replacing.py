"""Files that are replaced whole: whoever reads one finds the old content or the new."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a new path beside `path`; what the block has written there takes its place at the end.

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
        partial.unlink(missing_ok=True)
