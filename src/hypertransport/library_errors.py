"""What transformers, diffusers and tokenizers raise for a folder that is broken: anything.

A configuration in which a value has another type is met by whichever line comes upon it first, and
the libraries say so in no error of their own. Tokenizers even raises Exception itself.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from huggingface_hub.errors import StrictDataclassError
from safetensors import SafetensorError

from hypertransport.errors import HyperTransportError, one_line

BROKEN = (
    ValueError, TypeError, AttributeError, LookupError, RuntimeError, ArithmeticError,
    AssertionError, NameError, MemoryError, SafetensorError, StrictDataclassError,
)  # fmt: skip
COUNTS = re.compile("layers|blocks|depth")
MAX_LAYERS = 1_000


class LoadingError(ValueError):
    """A library cannot load a folder. Each caller turns it into an error of its own."""


@contextmanager
def loading(place: str | os.PathLike[str]) -> Iterator[None]:
    """Turn what a library raises for a broken folder into LoadingError.

    A folder at `place` is looked at first: the libraries build as many layers as are asked for.
    Errors of ours pass, and OSError and ImportError, which tell of a missing file and package.
    """
    try:
        _require_few_layers(Path(place))
        yield
    except (HyperTransportError, ImportError, OSError):
        raise
    except Exception as error:
        if isinstance(error, BROKEN) or type(error) is Exception:
            raise LoadingError(one_line(error) or type(error).__name__) from error
        raise


def _require_few_layers(folder: Path) -> None:
    """Raise LoadingError for a configuration that counts more than `MAX_LAYERS` of anything."""
    for path in [*folder.glob("config.json"), *folder.glob("*/config.json")]:
        try:
            counted = list(_counts("", json.loads(path.read_bytes())))
        except (OSError, ValueError, RecursionError) as error:
            raise LoadingError(f"{path.name} is damaged: {one_line(error)}") from error
        if odd := [name for name, count in counted if count > MAX_LAYERS]:
            raise LoadingError(f"{path.name} has more than {MAX_LAYERS} of {odd[0]:.80}")


def _counts(name: str, value: Any) -> Iterator[tuple[str, int]]:
    """Every whole number of a configuration that counts layers, by the name of its field."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _counts(key, one)
    elif isinstance(value, list):
        for one in value:
            yield from _counts(name, one)
    elif type(value) is int and COUNTS.search(name):
        yield name, value
