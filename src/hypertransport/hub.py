"""Folders that people share: pushed to the Hugging Face hub in one commit, and had from there."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypertransport.errors import CheckpointError, first_line
from hypertransport.replacing import replacing

CARD = "README.md"


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


def find_folder(source: str | Path, files: Sequence[str], what: str, **options: Any) -> Path:
    """The folder `source`, or that of the hub's repository `user/name`, of which only `files`.

    A folder that is there comes first. `options` (revision, token, cache_dir, local_files_only)
    are those of `snapshot_download`. Raises CheckpointError when there is neither; `what` says in
    the message what was looked for.
    """
    if isinstance(source, Path) or Path(source).is_dir() or source.count("/") != 1:
        if not (Path(source) / files[0]).is_file():
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


def write_card(folder: Path, text: str) -> None:
    """Replace the model card, atomically."""
    with replacing(folder / CARD) as partial:
        partial.write_text(text)
