"""PNG files without the metadata that Pillow would refuse a whole picture for.

Pillow calls a PNG broken whose compressed text or colour profile is longer than 1 MiB, as workflows
and profiles of printers are. Text says nothing about the pixels, except where it carries their
orientation; a profile is decompressed here, within a bound of its own.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TEXT = (b"tEXt", b"zTXt", b"iTXt")
ORIENTED = (b"XML:com.adobe.xmp", b"Raw profile type exif")  # text that Pillow reads EXIF from
MAX_ORIENTED = 2**16  # bytes, compressed or not
MAX_PROFILE = 2**22


class Png(NamedTuple):
    """The bytes of a PNG without long text and without its profile, and the profile."""

    data: bytes
    profile: bytes | None


def separate_profile(data: bytes) -> Png:
    """Take text and ICC profile out of the bytes of a PNG; any other file is left as it is.

    A profile that is broken, or longer than 4 MiB, is left out: it says nothing about the colours.
    """
    if not data.startswith(SIGNATURE):
        return Png(data, None)
    kept, profile = [SIGNATURE], None
    for kind, content, whole in _chunks(data):
        if kind == b"iCCP":
            profile = profile or _profile(content)
        elif kind not in TEXT or _is_oriented(kind, content):
            kept.append(whole)
    return Png(b"".join(kept), profile)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Kind, content and all bytes of each chunk; where a length is wrong, the rest as one."""
    place = len(SIGNATURE)
    while place + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        end = place + 12 + length
        if end > len(data):
            break
        yield data[place + 4 : place + 8], data[place + 8 : end - 4], data[place:end]
        place = end
    yield b"", b"", data[place:]


def _profile(content: bytes) -> bytes | None:
    """That of an iCCP chunk: a name, a zero byte, the method 0, and the compressed profile."""
    _, _, rest = content.partition(b"\0")
    return _decompressed(rest[1:], MAX_PROFILE)


def _is_oriented(kind: bytes, content: bytes) -> bool:
    """Whether a short text holds EXIF or XMP data."""
    name, _, rest = content.partition(b"\0")
    if name not in ORIENTED or len(content) > MAX_ORIENTED:
        return False
    if kind == b"zTXt":
        return _decompressed(rest[1:], MAX_ORIENTED) is not None
    if kind == b"iTXt" and rest[:1] == b"\1":  # a language and a translated name come in between
        packed = rest[2:].split(b"\0", 2)[-1]
        return _decompressed(packed, MAX_ORIENTED) is not None
    return True


def _decompressed(data: bytes, most: int) -> bytes | None:
    """At most so many bytes; None where there are more, or where they are damaged."""
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(data, most)
    except zlib.error:
        return None
    return found if unpacking.eof else None
