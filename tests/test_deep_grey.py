"""Depth maps and masks of more than 8 bits."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from hypertransport.concepts import Picture
from hypertransport.errors import ConceptError, InterventionError
from hypertransport.picture_files import decode_picture
from hypertransport.regions import as_mask

UNIT = np.linspace(0, 1, 64 * 64, dtype=np.float32).reshape(64, 64)
DEEP = {
    "I;16": Image.fromarray((UNIT * 65535).astype(np.uint16)),
    "I": Image.fromarray((UNIT * 65535).astype(np.int32)),
    "F": Image.fromarray(UNIT),
}


def png(depth: int, color: int, row: bytes, transparent: bytes, width: int) -> bytes:
    """A PNG of one row with a transparent value, which Pillow does not write."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, 1, depth, color, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" + row))
    start = b"\x89PNG\r\n\x1a\n" + header + chunk(b"tRNS", transparent)
    return start + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("mode", DEEP)
def test_all_shades_are_kept_in_a_concept_and_in_a_mask(mode):
    assert DEEP[mode].mode == mode
    shown = np.asarray(Picture(DEEP[mode]).image)[..., 0] / 255
    np.testing.assert_allclose(shown, UNIT, atol=0.51 / 255)
    np.testing.assert_allclose(as_mask(DEEP[mode])[0], UNIT, atol=0.51 / 255)


def test_a_mask_of_floats_keeps_its_precision():
    assert as_mask(DEEP["F"])[0].equal(torch.from_numpy(UNIT))


@pytest.mark.parametrize(
    "values",
    [
        np.full((2, 2), 255, np.int32),  # 8 bits, or dark 16 bits
        np.full((2, 2), 1, np.int32),
        np.full((2, 2), -1, np.int32),
        np.full((2, 2), 65536, np.int32),
        np.full((2, 2), 255, np.float32),
        np.full((2, 2), -0.5, np.float32),
        np.full((2, 2), np.nan, np.float32),
        np.full((2, 2), np.inf, np.float32),
    ],
)
def test_ambiguous_ranges_are_refused(values):
    image = Image.fromarray(values)
    with pytest.raises(ConceptError, match=r"give 16 bits|scale it|no finite"):
        Picture(image)
    with pytest.raises(InterventionError, match=r"give 16 bits|scale it|no finite"):
        as_mask(image)


def test_black_is_black_in_every_depth():
    for kind in (np.int32, np.uint16, np.float32):
        assert Picture(Image.fromarray(np.zeros((2, 2), kind))).image.getextrema() == ((0, 0),) * 3


@pytest.mark.parametrize(
    "data",
    [
        png(16, 0, struct.pack(">2H", 1234, 0), struct.pack(">H", 1234), 2),
        png(4, 0, b"\x50", struct.pack(">H", 5), 2),
        png(2, 0, b"\x40", struct.pack(">H", 1), 2),
        png(16, 2, struct.pack(">6H", 4000, 1, 2, 0, 0, 0), struct.pack(">3H", 4000, 1, 2), 2),
        png(8, 2, bytes([1, 2, 3, 0, 0, 0]), struct.pack(">3H", 1, 2, 3), 2),
    ],
    ids=["16 bits", "4 bits", "2 bits", "16 bits of colours", "8 bits of colours"],
)
def test_a_transparent_value_of_any_depth_is_white(data):
    for found in (decode_picture(data), Picture(Image.open(BytesIO(data))).image):
        assert [found.getpixel((x, 0)) for x in (0, 1)] == [(255, 255, 255), (0, 0, 0)]


def test_masks_are_turned_upright_and_act_where_they_are_transparent():
    mask = Image.new("LA", (4, 2), (0, 255))
    mask.putpixel((0, 0), (0, 0))
    data = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    mask.save(data, "PNG", exif=exif)
    (found,) = as_mask(Image.open(data))
    expected = torch.zeros(4, 2)
    expected[0, 1] = 1
    assert found.equal(expected)
