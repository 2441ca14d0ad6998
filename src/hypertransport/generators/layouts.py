"""How a folder of weights is laid out: told by the names of its files, before any is fetched."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from importlib.util import find_spec

WEIGHTS = re.compile(
    r"(diffusion_pytorch_model|pytorch_model|model)(\.(?P<variant>[^.-]+))?(-\d+-of-\d+)?"
    r"\.(safetensors|bin)"
)
PREFERRED = ("fp16", "bf16")
SENTENCEPIECE = re.compile(r"(spiece|spm|tokenizer|sentencepiece(\.bpe)?)\.model")
PACKAGES = {"sentencepiece": "sentencepiece", "protobuf": "google.protobuf"}  # and their modules


def only_variant(files: Collection[str], given: Collection[str] = ()) -> str | None:
    """The variant, such as "fp16", without which some component has no weights; else None.

    `files` are names relative to the folder. Components `given` otherwise do not count.
    """
    variants: dict[str, set[str]] = defaultdict(set)
    for folder, name in map(_split, files):
        if folder not in given and (match := WEIGHTS.fullmatch(name)):
            variants[folder].add(match["variant"] or "")
    needed = [found for found in variants.values() if "" not in found]
    common = sorted(set.intersection(*needed)) if needed else []
    return next((name for name in (*PREFERRED, *common) if name in common), None)


def missing_packages(files: Collection[str], *, failed: bool = False) -> Sequence[str]:
    """What must be installed before the tokenizers among `files` can be read: [] for nothing.

    A tokenizer of SentencePiece without a `tokenizer.json` is converted when it is loaded. Some are
    even so, which only their classes know: where loading has `failed`, those count too.
    """
    names: dict[str, set[str]] = defaultdict(set)
    for folder, name in map(_split, files):
        names[folder].add(name)
    taken = any(
        any(map(SENTENCEPIECE.fullmatch, found)) and (failed or "tokenizer.json" not in found)
        for found in names.values()
    )
    return [name for name, module in PACKAGES.items() if taken and not _is_there(module)]


def install_line(packages: Sequence[str]) -> str:
    """How to install missing packages, in words that also serve in a clone."""
    return f"its tokenizer takes {' and '.join(packages)}: pip install {' '.join(packages)}"


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package around it
        return False
