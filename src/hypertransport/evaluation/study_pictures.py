"""Pictures of a study as people are sent them: nothing beside the pixels tells two of them apart.

Every picture is decoded, marked, and encoded anew: as PNG without metadata, padded to a length that
both pictures of a question share. A mark moves a few values by one of 255, so no two replies are of
the same bytes, and an attention check cannot be found by comparing files.
"""

import secrets
import struct
import zlib
from functools import lru_cache
from io import BytesIO
from math import ceil
from pathlib import Path
from random import Random

from PIL import Image

from hypertransport.evaluation.answers import Shown
from hypertransport.evaluation.pairs import OTHER, Side
from hypertransport.picture_files import load_picture

MEDIA_TYPE = "image/png"
TILES = 6  # a spoilt picture is cut into 6 x 6 tiles, which are shuffled
MARKED = 16  # values of a picture that are moved by one
BLOCK = 64 * 1024  # bytes; lengths are multiples of it
REMEMBERED = 8  # questions whose pictures are kept for the second of the two requests
END = 12  # bytes of PNG's last chunk, and of every chunk beside its data
PADDING = b"paDd"  # a chunk that readers skip: ancillary, private, safe to copy


class StudyPictures:
    """The pictures of the questions about those in `folder`."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._secret = secrets.token_hex()  # without it nobody can tell what is drawn by chance
        self._of_question = lru_cache(REMEMBERED)(self._encode_both)

    def picture(self, token: str, position: int, shown: Shown, side: Side) -> bytes:
        """Return one side of a person's question, as PNG; the same at every call.

        Raises ConceptError for a picture that is gone.
        """
        return self._of_question(token, position, shown)[side]

    def _encode_both(self, token: str, position: int, shown: Shown) -> dict[Side, bytes]:
        chance = Random(f"{self._secret} {token} {position}")
        pictures = self._load(shown, chance)
        one, other = (encode(marked(picture, chance)) for picture in pictures)
        length = BLOCK * ceil((max(len(one), len(other)) + END) / BLOCK)
        return {"A": padded(one, length), "B": padded(other, length)}

    def _load(self, shown: Shown, chance: Random) -> tuple[Image.Image, Image.Image]:
        """Those of A and B; in a check, one of them in A's place, and the same, spoilt, in B's."""
        whole: Side = chance.choice(["A", "B"]) if shown.is_check else "A"
        first, other = (
            load_picture(self._folder / shown.pair.picture(side)) for side in (whole, OTHER[whole])
        )
        broken = spoilt(first, chance)  # for every question, so that all take as long
        return first, broken if shown.is_check else other


def spoilt(picture: Image.Image, chance: Random) -> Image.Image:
    """Return the picture cut into tiles, shuffled: whoever looks at all sees that it is broken."""
    width, height = (max(side // TILES, 1) for side in picture.size)
    places = [(width * x, height * y) for x in range(TILES) for y in range(TILES)]
    result = picture.copy()
    for (x, y), to in zip(places, chance.sample(places, len(places)), strict=True):
        result.paste(picture.crop((x, y, x + width, y + height)), to)
    return result


def marked(picture: Image.Image, chance: Random) -> Image.Image:
    """Return the pixels alone, as RGB, a few values moved by one."""
    values = bytearray(picture.convert("RGB").tobytes())
    for place in chance.sample(range(len(values)), min(MARKED, len(values))):
        values[place] += 1 if values[place] < 128 else -1
    return Image.frombytes("RGB", picture.size, bytes(values))


def encode(picture: Image.Image) -> bytes:
    """Return a picture as PNG."""
    data = BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def padded(png: bytes, length: int) -> bytes:
    """Return the same picture in so many bytes, at least `END` more than it has."""
    zeros = bytes(length - len(png) - END)
    checksum = zlib.crc32(PADDING + zeros)
    chunk = struct.pack(">I", len(zeros)) + PADDING + zeros + struct.pack(">I", checksum)
    return png[:-END] + chunk + png[-END:]
