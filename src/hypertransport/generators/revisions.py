"""Which weights a generator has, so that what was trained on them knows them again."""

import re
from collections.abc import Sequence
from hashlib import file_digest, sha256
from os import PathLike
from pathlib import Path

# The hub's cache keeps these folders.
SNAPSHOT = re.compile(r"/snapshots/(?P<commit>[0-9a-f]{40})(?:/(?P<name>.*))?$")
COMMIT = re.compile(r"[0-9a-f]{40}")
WEIGHTS = (".safetensors", ".bin")


def revision_of(source: str | PathLike[str]) -> str | None:
    """The hub's commit where `source` lies in its cache, else a digest of the weight files.

    `source` is a file, or a folder whose .safetensors files count. A file's commit is followed by
    its name, as in "<commit>/unet.bin": one commit may hold the weights of several models. None
    where there is no file.
    """
    path = Path(source)
    if found := SNAPSHOT.search(path.absolute().as_posix()):
        return "/".join(found.groups()) if path.suffix in WEIGHTS else found["commit"]
    files = [path] if path.is_file() else sorted(path.glob("*.safetensors"))
    return f"sha256:{digest_of(files)}" if files else None


def same_weights(one: str, other: str) -> bool | None:
    """Whether two revisions are those of the same weights.

    None where they cannot tell: a commit was recorded without a file's name by older versions.
    """
    (commit, _, name), (wanted, _, named) = one.partition("/"), other.partition("/")
    if commit == wanted and COMMIT.fullmatch(commit) and bool(name) != bool(named):
        return None
    return one == other


def weight_files(place: str | PathLike[str]) -> list[Path]:
    """All files of weights in a folder and below it, by name; or the file that `place` is itself.

    None where nothing is, as for a name on the hub.
    """
    path = Path(place)
    return [path] if path.is_file() else sorted(f for f in path.rglob("*") if _is_weights(f, path))


def _is_weights(file: Path, folder: Path) -> bool:
    """Not what another process is writing there, in hidden folders."""
    return file.suffix in WEIGHTS and not any(
        part.startswith(".") for part in file.relative_to(folder).parts
    )


def digest_of(files: Sequence[Path]) -> str:
    """The digest of all files' digests, in this order: a few seconds for each gigabyte."""
    whole = sha256()
    for path in files:
        with path.open("rb") as file:
            whole.update(file_digest(file, "sha256").digest())
    return whole.hexdigest()
