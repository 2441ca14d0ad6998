"""Text files as editors of any system write them, in UTF-8 or marked as UTF-16 or UTF-32."""

import codecs
import os

from hypertransport.errors import ConfigError, HyperTransportError
from hypertransport.paths import user_path

MAX_BYTES = 64 * 2**20
# The marks of UTF-32 begin with those of UTF-16, so they are looked for first.
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def read_text(
    path: str | os.PathLike[str],
    error: type[HyperTransportError] = ConfigError,
    max_bytes: int = MAX_BYTES,
    what: str = "the file",
) -> str:
    """Return the text of a file without its byte-order mark, whatever the locale's encoding is.

    Raises `error`, which says `what` the file is and names it, where it cannot be read, has more
    than `max_bytes`, or is no text.
    """
    path = user_path(path)
    named = f"cannot read {what} {path!s:.200}"
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except (OSError, ValueError) as cause:  # a ValueError for a zero byte in the name
        reason = cause.strerror if isinstance(cause, OSError) else cause
        raise error(f"{named}: {reason}; check the path") from cause
    if len(data) > max_bytes:
        raise error(f"{named}: it has more than {max_bytes:,} bytes; split it")
    return _decoded(data, named, error)


def _decoded(data: bytes, named: str, error: type[HyperTransportError]) -> str:
    encoding = next((name for mark, name in MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as cause:
        number = data[: cause.start].count(b"\n") + 1
        raise error(f"{named}, line {number}: no UTF-8; save the file as that") from cause
    if "\0" in text:
        number = text[: text.index("\0")].count("\n") + 1
        raise error(f"{named}, line {number}: a zero character; save it as UTF-8 text")
    return text
