"""JSON that comes from outside: bounded in bytes and in depth, and of values that can be used.

Python's parser reads more than JSON allows, and more than the rest of the package can hold.
`parse_json` also refuses

- NaN and infinite numbers, and whole numbers beyond 64 bits;
- a field that stands twice in one object;
- half a character (a surrogate by itself), which no file and no tokenizer takes;
- lists and objects more than `MAX_DEPTH` deep, which later code may not be able to walk through.
"""

import json
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hypertransport.errors import HyperTransportError, first_line
from hypertransport.text_files import read_text

MAX_BYTES = 64 * 2**20
MAX_DEPTH = 64
MOST = 2**63 - 1
_SURROGATE = re.compile("[\ud800-\udfff]")


class JsonError(ValueError):
    """A text is no JSON that is taken. Each reader turns it into an error of its own."""


def read_json(
    path: Path, error: type[HyperTransportError], what: str, max_bytes: int = MAX_BYTES
) -> Any:
    """Return the value in a file of JSON; `what` says in messages what the file is.

    Raises `error`, which names the file, where `read_text` or `parse_json` refuses it.
    """
    text = read_text(path, error, max_bytes, what)
    try:
        return parse_json(text)
    except JsonError as cause:
        raise error(f"cannot read {what} {path!s:.200}: {cause}; get or write it again") from cause


def parse_json(text: str | bytes, finite: bool = True) -> Any:
    """Return the value of a JSON text; bytes are UTF-8, with a byte-order mark or without.

    Without `finite`, NaN and infinite numbers are taken. Raises JsonError for what the module
    refuses.
    """
    try:
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refused if finite else float,
            parse_float=_float if finite else float,
            parse_int=_int,
        )
    except (ValueError, RecursionError) as error:
        raise JsonError(f"no JSON that can be read ({first_line(error)})") from error
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _require_shallow(value)
    if "\\u" in text or _SURROGATE.search(text):
        _require_whole_characters(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(values := dict(pairs)) != len(pairs):
        raise ValueError("a field stands there twice")
    return values


def _refused(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _float(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError(f"{text:.40} is too large for a number")
    return value


def _int(text: str) -> int:
    if len(text) > 20 or abs(value := int(text)) > MOST:
        raise ValueError(f"{text:.40} is too large for a whole number")
    return value


def _require_shallow(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [one for parent in level for one in _children(parent)]
    if level:
        raise JsonError(f"lists and objects more than {MAX_DEPTH} deep")


def _require_whole_characters(value: Any) -> None:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        texts = [one] if isinstance(one, str) else one if isinstance(one, dict) else ()
        if any(map(_SURROGATE.search, texts)):
            raise JsonError("half a character in a text; write whole ones")
        waiting.extend(_children(one))


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
