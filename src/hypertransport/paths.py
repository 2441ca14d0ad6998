"""Paths as users write them."""

import os
from pathlib import Path


def user_path(path: str | os.PathLike[str]) -> Path:
    """The path, with `~` or `~name` in front expanded as a shell does; `./~` is a file of that name.

    It stays as it is where there is no such user.
    """
    return Path(os.path.expanduser(path))
