"""Text that is longer than an encoder reads: how much of it is left out, said once for each text.

An encoder reads a fixed number of tokens. What a prompt or a concept says after them changes
nothing, so whoever wrote it is told: in Python by a `TruncationWarning`, on the command line by a
line on stderr, over HTTP by the field `warnings` of the answer.
"""

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass
from inspect import signature
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

OPTION = re.compile(r"(negative_)?prompt(_\d+)?")  # arguments of a pipeline's call that are text
BOUND = 10**6  # tokenizers without a limit of their own name a larger one
SPARE = 16  # tokens, more than any tokenizer adds to a text
EXCERPT = 60  # characters
SENTENCES = 1000  # that are remembered as said

_said: dict[Any, Any] = {}
_collected: ContextVar[list[str] | None] = ContextVar("collected", default=None)
# A fast tokenizer's truncation is a state that threads share; counts are taken from a copy.
_copies: "WeakKeyDictionary[Any, tuple[int, Any]]" = WeakKeyDictionary()


class TruncationWarning(UserWarning):
    """A prompt or a concept has more tokens than its encoder reads."""


class Truncation(NamedTuple):
    """A text's number of tokens, how many of them are read, and what is left out."""

    tokens: int
    read: int
    left_out: str


@dataclass(frozen=True)
class TextLimit:
    """How much an encoder reads: `limit` tokens of a tokenizer, special ones among them.

    `clean` is what the encoder's caller does to a text first.
    """

    tokenizer: Any
    limit: int
    clean: Callable[[str], str] = str

    def truncation(self, text: str) -> Truncation | None:
        """What is left out of a text; None where all of it is read."""
        text = self.clean(text)
        if text.isascii() and len(text) + SPARE <= self.limit:  # a token has a character or more
            return None
        special = self.tokenizer.num_special_tokens_to_add()
        room = self.limit - special
        if getattr(self.tokenizer, "is_fast", False):
            found = _uncut(self.tokenizer).encode(text, add_special_tokens=False)
            count = len(found.ids)
            left_out = text[found.offsets[room][0] :] if count > room else ""
        else:
            ids = self.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
            count, left_out = len(ids), self.tokenizer.decode(ids[room:])
        return Truncation(count + special, self.limit, left_out) if count > room else None


def truncations(texts: Iterable[str], limits: Sequence[TextLimit]) -> list[str]:
    """A sentence for each text of which every encoder leaves something out."""
    told = []
    for text in dict.fromkeys(texts):
        found = [limit.truncation(text) for limit in limits]
        cut = [one for one in found if one is not None]
        if cut and len(cut) == len(found):
            told.append(_sentence(text, min(cut, key=lambda one: len(one.left_out))))
    return told


def limits_of_pipeline(pipeline: Any, call: Mapping[str, Any]) -> list[TextLimit]:
    """Those of all tokenizers of a diffusers pipeline, in a call with these arguments.

    Where a pipeline takes `max_sequence_length`, or has `tokenizer_max_length` instead, none of its
    encoders reads more.
    """
    parameter = signature(pipeline.__call__).parameters.get("max_sequence_length")
    longest = call.get("max_sequence_length", parameter.default if parameter else None)
    longest = longest or getattr(pipeline, "tokenizer_max_length", None) or BOUND
    clean = _lowercase if hasattr(pipeline, "_text_preprocessing") else str
    limits = []
    for tokenizer in pipeline.components.values():
        if hasattr(tokenizer, "num_special_tokens_to_add"):
            most = min(tokenizer.model_max_length, longest)
            limits += [TextLimit(tokenizer, most, clean)] if most < BOUND else []
    return limits


def pipeline_truncations(
    pipeline: Any, prompts: Sequence[str], call: Mapping[str, Any]
) -> list[str]:
    """A sentence for each prompt, and each text among a call's arguments, that is cut off."""
    texts = [*prompts]
    for name, value in call.items():
        if OPTION.fullmatch(name):
            texts += [value] if isinstance(value, str) else value or []
    texts = [text for text in texts if isinstance(text, str)]
    return truncations(texts, limits_of_pipeline(pipeline, call))


def report(sentences: Iterable[str]) -> None:
    """Give each sentence as a TruncationWarning, or to the block that collects them here."""
    collected = _collected.get()
    for sentence in sentences:
        if collected is not None:
            collected.append(sentence)
            continue
        if len(_said) > SENTENCES:  # a process that runs for months must not keep every text
            _said.clear()
        warnings.warn_explicit(
            sentence, TruncationWarning, __file__, 1, "hypertransport", registry=_said
        )


@contextmanager
def collecting() -> Iterator[list[str]]:
    """A block whose own thread or task puts these sentences into the list instead of warning."""
    found: list[str] = []
    token = _collected.set(found)
    try:
        yield found
    finally:
        _collected.reset(token)


def _uncut(tokenizer: Any) -> Any:
    """A copy of what a fast tokenizer computes with, which cuts off nothing."""
    size, copy = _copies.get(tokenizer, (0, None))
    if copy is None or size != len(tokenizer):  # tokens may have been added
        copy = deepcopy(tokenizer.backend_tokenizer)
        copy.no_truncation()
        copy.no_padding()
        _copies[tokenizer] = len(tokenizer), copy
    return copy


def _lowercase(text: str) -> str:
    """As PixArt's and Sana's pipelines preprocess every text."""
    return text.lower().strip()


def _sentence(text: str, found: Truncation) -> str:
    return (
        f"{_excerpt(text)!r} is cut off: of its {found.tokens} tokens {found.read} are read, "
        f"{_excerpt(found.left_out.strip())!r} is left out"
    )


def _excerpt(text: str) -> str:
    """The text, or both ends of a longer one."""
    if len(text) <= EXCERPT:
        return text
    half = EXCERPT // 2
    return f"{text[:half]}...{text[-half:]}"
