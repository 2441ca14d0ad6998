"""Paths as users write them."""

import os
from pathlib import Path


def user_path(path: str | os.PathLike[str]) -> Path:
    """The path, with `~` or `~name` in front expanded as a shell does.

    It stays as it is where there is no such user; a file of that name is `./~name`.
    """
    return Path(os.path.expanduser(path))


def user_source(source: str | Path) -> str | Path:
    """A folder, or the name of something that is none, with `~` in front expanded."""
    return user_path(source) if isinstance(source, Path) else os.path.expanduser(source)
