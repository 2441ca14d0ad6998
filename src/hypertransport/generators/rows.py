"""The rows of one call: prompts and seeds, as many of each, from whatever users have."""

from collections.abc import Iterable, Sequence
from operator import index
from typing import Any

from hypertransport.errors import GeneratorError
from hypertransport.text_cleaning import clean_prompts

MAX_ROWS = 64


def as_rows(prompts: object, seeds: object) -> tuple[list[str], list[int]]:
    """Return clean prompts and seeds, one of each for every row.

    Raises GeneratorError where there are none, their numbers do not match, or are above MAX_ROWS.
    """
    texts, numbers = clean_prompts(prompts), as_seeds(seeds)
    if not texts or not numbers:
        raise GeneratorError("there are no prompts, or no seeds; give one of each, or more")
    rows = max(len(texts), len(numbers))
    if {len(texts), len(numbers)} - {1, rows}:
        raise GeneratorError(
            f"{len(texts)} prompts and {len(numbers)} seeds do not match; "
            "give one seed, or as many as prompts"
        )
    if rows > MAX_ROWS:
        raise GeneratorError(f"{rows} pictures in one call; draw at most {MAX_ROWS} at once")
    require_seeds(numbers)
    return texts * (rows // len(texts)), numbers * (rows // len(numbers))


def as_seeds(seeds: object) -> list[int]:
    """Return one seed or several as a list of int; integers of numpy and torch are taken.

    Raises GeneratorError for booleans, floats, text and nothing.
    """
    if is_one_seed(seeds):
        return [_as_seed(seeds)]
    assert isinstance(seeds, Iterable)
    return [_as_seed(seed) for seed in seeds]


def is_one_seed(seed: object) -> bool:
    """Whether this is a single seed rather than a list or an array of some."""
    return isinstance(seed, str | bytes) or not isinstance(seed, Iterable) or not _ndim(seed)


def require_seeds(seeds: Sequence[int]) -> None:
    """Raise GeneratorError unless all are what a call takes: from 0 to 2^63 - 1."""
    if not all(0 <= seed < 2**63 for seed in seeds):
        raise GeneratorError(f"seeds {seeds} are not all from 0 to 2^63 - 1; choose others")


def _as_seed(seed: Any) -> int:
    try:
        if isinstance(seed, bool):
            raise TypeError
        return index(seed)
    except (TypeError, ValueError, RuntimeError) as error:
        raise GeneratorError(f"{seed!a:.64} is no seed; give an integer such as 7") from error


def _ndim(seeds: object) -> int:
    return getattr(seeds, "ndim", 1)
