"""Mutations of PNG by its chunks, with checksums that fit: sizes, types, metadata, bombs."""

import struct
import zlib
from random import Random
from typing import NamedTuple

MAGIC = b"\x89PNG\r\n\x1a\n"
SIDES = (0, 1, 2, 3, 64, 5_100, 40_000_000, 60_000, 65_535, 2**31 - 1, 2**31)
# Width, height and colour type (2 RGB, 6 RGBA) of pictures that have all of their pixels.
WHOLE = ((60_000, 1, 2), (1, 60_000, 6), (4_990, 4_990, 0), (4_990, 4_990, 6), (249_000, 100, 2))
CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}


class Chunk(NamedTuple):
    """A chunk of a PNG, without its length and checksum."""

    name: bytes
    data: bytes


def mutate_png(data: bytes, rng: Random) -> bytes:
    """Another header, other chunks, or a picture of few bytes and many pixels."""
    chunks = _read(data)
    if not chunks:
        return data
    if rng.random() < 0.01:
        return _whole(*rng.choice(WHOLE))
    for _ in range(rng.choice((1, 1, 2))):
        place = rng.randrange(len(chunks))
        match rng.randrange(6):
            case 0:
                chunks[0] = Chunk(b"IHDR", _header(chunks[0].data, rng))
            case 1 if len(chunks) > 1:
                del chunks[place]
            case 2:
                chunks.insert(place, chunks[rng.randrange(len(chunks))])
            case 3:
                chunks.insert(max(1, place), _metadata(rng))
            case 4:
                name = rng.choice((b"IEND", b"IDAT", b"fdAT", b"\0\0\0\0", b"abcd", b"PLTE"))
                chunks[place] = Chunk(name, chunks[place].data)
            case _:
                old = bytearray(chunks[place].data or b"\0")
                old[rng.randrange(len(old))] = rng.randrange(256)
                chunks[place] = Chunk(chunks[place].name, bytes(old))
    return _write(chunks)


def _header(data: bytes, rng: Random) -> bytes:
    """Sides, depth, colour type, compression, filter or interlacing."""
    fields = list(struct.unpack(">IIBBBBB", data[:13].ljust(13, b"\0")))
    place = rng.randrange(7)
    fields[place] = rng.choice(SIDES) if place < 2 else rng.choice((0, 1, 2, 3, 4, 6, 8, 16, 255))
    return struct.pack(">IIBBBBB", *fields)


def _metadata(rng: Random) -> Chunk:
    """Text, profiles and EXIF notes that are broken, large or nonsense."""
    bomb = zlib.compress(b"\0" * 2**22)
    exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    chunks = (
        Chunk(b"tEXt", b"a" * 300_000), Chunk(b"tEXt", b""), Chunk(b"zTXt", b"a\0\0" + bomb),
        Chunk(b"iTXt", b"a\0\1\0\0\0" + bomb), Chunk(b"iCCP", b"a\0\0" + bomb),
        Chunk(b"iCCP", b"a\0\0" + zlib.compress(rng.randbytes(200))), Chunk(b"eXIf", exif),
        Chunk(b"eXIf", exif[: rng.randrange(len(exif))]), Chunk(b"eXIf", rng.randbytes(40)),
        Chunk(b"tRNS", rng.randbytes(rng.randrange(8))), Chunk(b"PLTE", rng.randbytes(9)),
        Chunk(b"gAMA", b"\0\0\0\0"), Chunk(b"pHYs", rng.randbytes(9)), Chunk(b"sRGB", b""),
        Chunk(b"acTL", struct.pack(">II", rng.choice((0, 1, 2**31)), 0)), Chunk(b"cHRM", b"\0"),
        Chunk(b"fcTL", rng.randbytes(26)), Chunk(b"fdAT", rng.randbytes(30)),
    )  # fmt: skip
    return rng.choice(chunks)


def _whole(width: int, height: int, colour: int) -> bytes:
    """A black picture with all of its pixels, in few bytes."""
    row = b"\0" * (1 + width * CHANNELS[colour])
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return _write([Chunk(b"IHDR", header), Chunk(b"IDAT", pixels), Chunk(b"IEND", b"")])


def _read(data: bytes) -> list[Chunk]:
    chunks, place = [], len(MAGIC)
    while data.startswith(MAGIC) and place + 12 <= len(data):
        (size,) = struct.unpack(">I", data[place : place + 4])
        chunks.append(Chunk(data[place + 4 : place + 8], data[place + 8 : place + 8 + size]))
        place += 12 + size
    return chunks


def _write(chunks: list[Chunk]) -> bytes:
    parts = [MAGIC]
    for name, data in chunks:
        checksum = zlib.crc32(name + data)
        parts.append(struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum))
    return b"".join(parts)
