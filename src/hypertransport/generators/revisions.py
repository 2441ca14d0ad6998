"""Which weights a generator has, so that what was trained on them knows them again."""

import re
from collections.abc import Sequence
from hashlib import file_digest, sha256
from os import PathLike
from pathlib import Path

COMMIT = re.compile(r"/snapshots/([0-9a-f]{40})(?:/|$)")  # the hub's cache keeps these folders
WEIGHTS = (".safetensors", ".bin")


def revision_of(source: str | PathLike[str]) -> str | None:
    """The hub's commit where `source` lies in its cache, else a digest of the weight files.

    `source` is a file, or a folder whose .safetensors files count. None where there is none.
    """
    path = Path(source)
    if found := COMMIT.search(path.absolute().as_posix()):
        return found[1]
    files = [path] if path.is_file() else sorted(path.glob("*.safetensors"))
    return f"sha256:{digest_of(files)}" if files else None


def weight_files(place: str | PathLike[str]) -> list[Path]:
    """All files of weights in a folder and below it, by name; or the file that `place` is itself.

    None where nothing is, as for a name on the hub.
    """
    path = Path(place)
    return [path] if path.is_file() else sorted(f for f in path.rglob("*") if f.suffix in WEIGHTS)


def digest_of(files: Sequence[Path]) -> str:
    """The digest of all files' digests, in this order: a few seconds for each gigabyte."""
    whole = sha256()
    for path in files:
        with path.open("rb") as file:
            whole.update(file_digest(file, "sha256").digest())
    return whole.hexdigest()
