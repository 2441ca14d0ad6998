"""Mutated files: a valid one is damaged at random, as bytes and by the structure of its format.

`mutated(data, kind, rng)` is a function of its arguments: the same `rng` gives the same file.
"""

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from benchmarks.fuzzing import images, json_values, sqlite_files, tensors, toml_text

LONG = 2**20  # bytes of a long line
DEEP = 100_000  # brackets of deep nesting
TOKENS = (
    b"\0", b"\0" * 4096, b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"\x80", b"\r",
    b"\r\n", b"\n", b"\x1a", b"\x85", b"\xe2\x80\xa8", b'"', b"'", b"\\", b"\\u0000", b"\\ud800",
    b"NaN", b"-Infinity", b"1e999", b"-1", b"9" * 400, b"9" * 5000, b"1.5", b"null", b"true", b",",
    b":", b"[", b"]", b"{", b"}", b"#", b"=", b"\xe2\x80\x8b", b"\xf0\x9f\x8d\x84",
)  # fmt: skip
INTEGERS = (0, 1, -1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 2**63 - 1, 2**63)

Mutate = Callable[[bytes, Random], bytes]


def mutated(data: bytes, kind: str, rng: Random) -> bytes:
    """A mutation of a valid file of a `kind` in `STRUCTURED`, or of any other kind as bytes."""
    structured = STRUCTURED.get(kind)
    if structured and rng.random() < 0.6:
        data = structured(data, rng)
        if rng.random() < 0.85:
            return data
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        data = rng.choice(BYTES)(data, rng)
    return data


# --- bytes ----------------------------------------------------------------------------------------


def flip_bit(data: bytes, rng: Random) -> bytes:
    if not data:
        return data
    place = position(data, rng)
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]


def set_integer(data: bytes, rng: Random) -> bytes:
    """Overwrite 1, 2, 4 or 8 bytes by a number at the edge of what they hold."""
    size, order = rng.choice((1, 2, 4, 8)), rng.choice(("little", "big"))
    value = (rng.choice(INTEGERS) % 2 ** (8 * size)).to_bytes(size, order)
    place = position(data, rng)
    return data[:place] + value + data[place + size :]


def insert(data: bytes, rng: Random) -> bytes:
    place = position(data, rng) if rng.random() < 0.8 else rng.choice((0, len(data)))
    return data[:place] + rng.choice(TOKENS) + data[place:]


def insert_noise(data: bytes, rng: Random) -> bytes:
    place = position(data, rng)
    return data[:place] + rng.randbytes(rng.randint(1, 64)) + data[place:]


def truncate(data: bytes, rng: Random) -> bytes:
    return data[: rng.randint(0, len(data))]


def remove(data: bytes, rng: Random) -> bytes:
    place = position(data, rng)
    return data[:place] + data[place + rng.randint(1, 64) :]


def repeat(data: bytes, rng: Random) -> bytes:
    place, size = position(data, rng), rng.randint(1, 256)
    times = rng.choice((2, 2, 100))
    return data[:place] + data[place : place + size] * times + data[place + size :]


def replace_all(data: bytes, rng: Random) -> bytes:
    """Another encoding, another line end, nothing, or something else altogether."""
    whole = (
        b"", b"\0", b"\xef\xbb\xbf" + data, data.replace(b"\n", b"\r\n"), data * 2, data + b"\n",
        data.decode("latin-1").encode("utf-16"), b"\0" * len(data), b"null", b"[]", b"{}", b"\n",
        data[::-1], data.rstrip(), rng.randbytes(rng.randint(1, 512)),
    )  # fmt: skip
    return rng.choice(whole)


def insert_large(data: bytes, rng: Random) -> bytes:
    """A long line or deep nesting."""
    place = position(data, rng)
    large = (b"a" * LONG, b"[" * DEEP, b'{"a":' * DEEP, b"a." * DEEP, b" " * LONG, b"[0]," * DEEP)
    return data[:place] + rng.choice(large) + data[place:]


def position(data: bytes, rng: Random) -> int:
    """A place in the data, near its beginning in a half of all cases: formats have headers."""
    most = max(0, len(data) - 1)
    return rng.randint(0, min(most, 128)) if rng.random() < 0.5 else rng.randint(0, most)


BYTES: tuple[Mutate, ...] = (
    flip_bit, flip_bit, flip_bit, set_integer, set_integer, insert, insert, insert, insert_noise,
    truncate, truncate, remove, repeat, replace_all, insert_large,
)  # fmt: skip
STRUCTURED: Mapping[str, Mutate] = MappingProxyType(
    {
        "json": json_values.mutate_json,
        "jsonl": json_values.mutate_lines,
        "toml": toml_text.mutate_toml,
        "safetensors": tensors.mutate_safetensors,
        "sqlite": sqlite_files.mutate_sqlite,
        "png": images.mutate_png,
    }
)
