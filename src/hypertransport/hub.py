"""Folders that people share: pushed to the Hugging Face hub in one commit, and had from there."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypertransport.errors import CheckpointError, first_line
from hypertransport.paths import user_source
from hypertransport.replacing import current

CARD = "README.md"
INDICES = ("model_index.json", "config.json")  # one of which a pipeline or a model has


class Shared(ABC):
    """What has a folder of its own, and so a place on the hub."""

    @abstractmethod
    def save_pretrained(self, folder: str | Path, **saving: Any) -> None:
        """Write the folder. Raises OSError where it cannot be written."""

    def push_to_hub(
        self,
        repo_id: str,
        *,
        private: bool | None = None,
        token: str | bool | None = None,
        revision: str | None = None,
        commit_message: str | None = None,
        create_pr: bool = False,
        **saving: Any,
    ) -> str:
        """Save, and put all files into `repo_id`, which is made if need be; the commit's address.

        It is one commit: who loads meanwhile gets the old files or the new. `saving` is what
        `save_pretrained` takes beside the folder. Raises CheckpointError when the hub refuses.
        """
        from huggingface_hub import CommitOperationAdd, HfApi

        api = HfApi(token=token)
        with TemporaryDirectory() as folder:
            self.save_pretrained(folder, **saving)
            files = [CommitOperationAdd(p.name, p) for p in sorted(Path(folder).iterdir())]
            try:
                repo = api.create_repo(repo_id, private=private, exist_ok=True).repo_id
                return api.create_commit(
                    repo,
                    files,
                    commit_message=commit_message or f"Upload {type(self).__name__}",
                    revision=revision,
                    create_pr=create_pr,
                ).commit_url
            except (OSError, ValueError) as error:
                raise CheckpointError(
                    f"cannot push to {repo_id} ({first_line(error)}); check the name and your "
                    "token (hf auth login)"
                ) from error


def split_revision(source: str | Path) -> tuple[str | Path, str | None]:
    """The repository and the revision of `user/name@revision`; else `source` and None.

    The revision is a commit, a tag or a branch. A folder or file of that name comes first.
    """
    if isinstance(source, Path) or source.count("/") != 1 or Path(source).exists():
        return source, None
    name, _, revision = source.partition("@")
    return name, revision or None


def list_files(
    source: str | Path,
    revision: str | None = None,
    *,
    token: str | bool | None = None,
    cache_dir: str | Path | None = None,
    local_files_only: bool = False,
    **_: Any,
) -> list[str]:
    """Names of all files in the folder `source`, or in the hub's repository, without fetching them.

    Where the hub is not or cannot be asked, names of those that its cache holds. [] where there is
    nothing, which is for the loading that follows to report. Other options of a loading do not
    matter here.
    """
    from huggingface_hub import HfApi, try_to_load_from_cache
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    if isinstance(source, Path) or Path(source).is_dir() or source.count("/") != 1:
        return _names_below(Path(source))
    # Where there is no connection, the error is one that the hub's own errors extend.
    unreachable: Any = (OSError, *HfHubHTTPError.__bases__)
    try:
        if not local_files_only:
            siblings = HfApi(token=token).model_info(source, revision=revision).siblings
            return [sibling.rfilename for sibling in siblings or []]
    except HFValidationError:  # no name that a repository can have
        return []
    except unreachable:
        pass
    which: Any = {"cache_dir": cache_dir, "revision": revision}
    found = (try_to_load_from_cache(source, name, **which) for name in INDICES)
    return next((_names_below(Path(path).parent) for path in found if isinstance(path, str)), [])


def _names_below(folder: Path) -> list[str]:
    return [f.relative_to(folder).as_posix() for f in sorted(folder.rglob("*")) if f.is_file()]


def find_folder(source: str | Path, files: Sequence[str], what: str, **options: Any) -> Path:
    """The folder `source`, or that of the hub's repository `user/name`, of which only `files`.

    A folder that is there comes first. `user/name@revision` is a repository's revision, as is the
    option. `options` (revision, token, cache_dir, local_files_only) are those of
    `snapshot_download`. Raises CheckpointError when there is neither; `what` says in the message
    what was looked for.
    """
    source, revision = split_revision(user_source(source))
    options["revision"] = options.get("revision") or revision
    if isinstance(source, Path) or Path(source).is_dir() or source.count("/") != 1:
        if not current(Path(source), files[0]).is_file():
            raise CheckpointError(
                f"there is no {what} at {source}; give a folder that save_pretrained wrote, or a "
                "repository of the hub as user/name"
            )
        return Path(source)
    from huggingface_hub import HfApi

    try:
        found = Path(HfApi().snapshot_download(source, allow_patterns=list(files), **options))
    except (OSError, ValueError) as error:
        raise CheckpointError(
            f"there is no folder {source}, nor can a {what} be had from the hub "
            f"({first_line(error)}); check the name, the network and your token"
        ) from error
    if not (found / files[0]).is_file():
        raise CheckpointError(f"{source} holds no {what}; give a repository of another kind")
    return found
