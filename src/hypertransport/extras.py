"""Optional packages: what only some commands need, and the line that installs it."""

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from hypertransport.errors import HyperTransportError, first_line

PROJECT = "hypertransport"
CLONE = Path(__file__).resolve().parents[2]  # where the package lies in the `src` of a checkout


class MissingPackageError(HyperTransportError, ImportError):
    """An optional package is not installed, or not in a version that can be used."""


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Raise MissingPackageError, with the line to type, for an import in this block that fails."""
    try:
        yield
    except ImportError as error:
        raise unusable(error, name) from error


def unusable(error: ImportError, extra: str | None = None) -> MissingPackageError:
    """Return what a failed import means for the user. Raises `error` if the fault is our own."""
    package = (error.name or "").partition(".")[0]
    if package == PROJECT or isinstance(error, MissingPackageError):
        raise error
    line = install_line(extra)
    if isinstance(error, ModuleNotFoundError) and package:
        line = line if extra else f"pip install {shlex.quote(package)}"
        return MissingPackageError(f"this takes {package}: {line}", name=package)
    return MissingPackageError(
        f"a package that this takes cannot be used ({first_line(error)}); install what it names, "
        f"or bring it up to date: {line.replace('install', 'install --upgrade', 1)}",
        name=package,
    )


def install_line(extra: str | None = None) -> str:
    """Return the command that adds an extra to this installation, wherever that came from.

    A checkout is installed again in place: an index may hold no, or another, hypertransport.
    """
    wanted = f"[{extra}]" if extra else ""
    if (CLONE / "pyproject.toml").is_file():
        return _line_in(CLONE, f"-e '.{wanted}'")
    origin = _origin()
    parts = urlsplit(origin.get("url", ""))
    if "dir_info" in origin:
        return _line_in(Path(url2pathname(parts.path)), f"'.{wanted}'")
    if "vcs_info" in origin:
        return f"pip install '{PROJECT}{wanted} @ {origin['vcs_info']['vcs']}+{origin['url']}'"
    if origin:  # an archive
        return f"pip install '{PROJECT}{wanted} @ {origin['url']}'"
    return f"pip install '{PROJECT}{wanted}'"


def _origin() -> dict[str, Any]:
    """Where this was installed from, as pip noted it (PEP 610); empty where that was an index."""
    try:
        note = distribution(PROJECT).read_text("direct_url.json")
    except PackageNotFoundError:
        return {}
    return json.loads(note) if note else {}


def _line_in(folder: Path, what: str) -> str:
    return f"cd {shlex.quote(str(folder))} && pip install {what}"
