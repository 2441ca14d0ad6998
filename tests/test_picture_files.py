"""Files of pictures, good and bad."""

import random
import warnings
import zlib
from contextlib import suppress
from io import BytesIO

import numpy as np
import pytest
from PIL import ExifTags, Image

from hypertransport.errors import ConceptError
from hypertransport.image_conversion import to_rgb
from hypertransport.picture_files import (
    decode_picture,
    each_within,
    load_picture,
    picture_paths,
)

FORMATS = ("png", "jpg", "webp", "gif", "bmp")


@pytest.fixture
def picture():
    return Image.radial_gradient("L").resize((24, 16)).convert("RGB")


@pytest.mark.parametrize("suffix", FORMATS)
def test_load_picture_reads_every_format_as_rgb(tmp_path, picture, suffix):
    path = tmp_path / f"a.{suffix}"
    picture.save(path)
    image = load_picture(path)
    assert (image.mode, image.size) == ("RGB", picture.size)


def test_png_is_read_exactly(tmp_path, picture):
    picture.save(tmp_path / "a.png")
    assert load_picture(str(tmp_path / "a.png")).tobytes() == picture.tobytes()


def test_the_bytes_of_a_file_are_read_as_the_file_is_and_errors_have_the_name_given(
    tmp_path, picture
):
    picture.save(tmp_path / "a.jpg")
    data = (tmp_path / "a.jpg").read_bytes()
    assert decode_picture(data).tobytes() == load_picture(tmp_path / "a.jpg").tobytes()
    with pytest.raises(ConceptError, match=r"^image is not a picture"):
        decode_picture(data[:-50], "image")
    with pytest.raises(ConceptError, match=r"^image has .* more than 9;"):
        decode_picture(data, "image", max_pixels=9)


def test_transparent_parts_turn_white(tmp_path):
    image = Image.new("RGBA", (2, 1), (255, 0, 0, 0))
    image.putpixel((1, 0), (0, 0, 255, 255))
    image.save(tmp_path / "a.png")
    loaded = load_picture(tmp_path / "a.png")
    assert [loaded.getpixel((x, 0)) for x in (0, 1)] == [(255, 255, 255), (0, 0, 255)]
    assert to_rgb(image).tobytes() == loaded.tobytes()


def test_grey_of_16_bits_is_scaled_and_not_cut_off(tmp_path):
    ramp = np.linspace(0, 255, 64).round().reshape(8, 8)
    Image.fromarray(ramp.astype(np.uint16) * 257).save(tmp_path / "16.png")
    Image.fromarray(ramp.astype(np.uint8)).save(tmp_path / "8.png")
    assert load_picture(tmp_path / "16.png").tobytes() == load_picture(tmp_path / "8.png").tobytes()


def test_damaged_exif_is_refused_as_a_broken_picture(tmp_path, picture):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation], exif[ExifTags.Base.XResolution] = 6, 1.5
    picture.save(tmp_path / "whole.jpg", exif=exif)
    data, rng = (tmp_path / "whole.jpg").read_bytes(), np.random.default_rng(0)
    start, end = data.index(b"Exif"), data.index(b"Exif") + len(exif.tobytes())
    for _ in range(2_000):
        bad = bytearray(data)
        for place in rng.integers(start, end, 2):
            bad[place] = rng.integers(256)
        with suppress(ConceptError):
            decode_picture(bytes(bad))


def test_a_name_that_is_too_long_is_a_clear_and_short_error():
    with pytest.raises(ConceptError, match="no picture") as told:
        load_picture("a" * 10_000)
    assert len(str(told.value)) < 300


def test_a_photograph_is_turned_upright(tmp_path, picture):
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by a quarter
    picture.save(tmp_path / "a.jpg", exif=exif)
    assert load_picture(tmp_path / "a.jpg").size == picture.size[::-1]


def test_missing_folder_text_and_empty_files_are_refused(tmp_path):
    (tmp_path / "text.png").write_text("not a picture")
    (tmp_path / "empty.png").touch()
    for bad in (tmp_path / "none.png", tmp_path, tmp_path / "text.png", tmp_path / "empty.png"):
        with pytest.raises(ConceptError, match=bad.name):
            load_picture(bad)


def test_formats_that_start_programs_are_not_read(tmp_path):
    (tmp_path / "a.eps").write_text("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")
    with pytest.raises(ConceptError):
        load_picture(tmp_path / "a.eps")


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif"])
def test_half_a_file_is_refused(tmp_path, picture, suffix):
    path = tmp_path / f"a.{suffix}"
    picture.save(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(ConceptError, match="broken"):
        load_picture(path)


@pytest.mark.parametrize("suffix", FORMATS)
def test_damaged_bytes_load_or_are_refused_and_nothing_else(tmp_path, picture, suffix):
    path = tmp_path / f"a.{suffix}"
    picture.save(path)
    whole, draw = path.read_bytes(), random.Random(suffix)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(3):
            data[draw.randrange(len(data))] = draw.randrange(256)
        path.write_bytes(data[: draw.randrange(1, len(data) + 1)])
        with suppress(ConceptError):
            load_picture(path)


def test_size_limits_hold(tmp_path, picture):
    path = tmp_path / "a.png"
    picture.save(path)
    size = path.stat().st_size
    load_picture(path, max_bytes=size, max_pixels=24 * 16)
    with pytest.raises(ConceptError, match="bytes"):
        load_picture(path, max_bytes=size - 1)
    with pytest.raises(ConceptError, match="pixels"):
        load_picture(path, max_pixels=24 * 16 - 1)


@pytest.mark.parametrize("side", [7_000, 10_000, 60_000])
def test_a_decompression_bomb_is_refused_undecoded(tmp_path, side):
    """Only the header says that it is large: decoding would fail in another way, or fill memory."""
    path = tmp_path / "bomb.png"
    Image.new("1", (1, 1)).save(path)
    data = bytearray(path.read_bytes())
    data[16:24] = side.to_bytes(4, "big") * 2
    data[29:33] = _crc(bytes(data[12:29]))
    path.write_bytes(data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ConceptError, match="pixels"):
            load_picture(path)


def _crc(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(4, "big")


def test_pictures_share_the_pixels_that_are_left(picture):
    told = []

    def read(left: int) -> Image.Image:
        told.append(left)
        return picture

    assert len([*each_within(1000, [read] * 3)]) == 3
    assert told == [1000, 1000 - 24 * 16, 1000 - 2 * 24 * 16]


def test_a_jpeg_of_endless_scans_is_refused_undecoded():
    """Each takes time for all pixels, and a few bytes of the file."""
    data = BytesIO()
    Image.new("L", (64, 64), 128).save(data, "JPEG", progressive=True)
    whole = data.getvalue()
    decode_picture(whole)
    scan = whole[whole.rindex(b"\xff\xc4") : -2]
    with pytest.raises(ConceptError, match="more than 100 scans"):
        decode_picture(whole[:-2] + scan * 200 + whole[-2:])


def test_a_folder_lists_its_pictures_by_name_and_nothing_else(tmp_path, picture):
    with pytest.raises(ConceptError, match="put PNG, JPEG, WEBP, GIF, BMP files there"):
        picture_paths(tmp_path)
    (tmp_path / "notes.txt").write_text("not a picture")
    with pytest.raises(ConceptError, match="cannot be read"):
        picture_paths(tmp_path / "notes.txt")
    for name in ("b.png", "a.jpg", "A.PNG"):
        picture.save(tmp_path / name)
    (tmp_path / "deeper.png").mkdir()
    picture.save(tmp_path / "deeper.png" / "c.png")
    assert [path.name for path in picture_paths(tmp_path)] == ["A.PNG", "a.jpg", "b.png"]


@pytest.mark.parametrize("name", ["two.jfif", "two.JPE", "two.pjpeg", "two.jif", "two.pjp"])
def test_every_name_of_a_jpeg_is_taken(tmp_path, picture, name):
    picture.save(tmp_path / "one.png")
    picture.save(tmp_path / name, "JPEG")
    assert [path.name for path in picture_paths(tmp_path)] == ["one.png", name]


@pytest.mark.parametrize("name", ["._one.png", ".hidden.jpg", ".DS_Store"])
def test_what_systems_put_into_a_folder_does_not_matter(tmp_path, picture, name):
    picture.save(tmp_path / "one.png")
    (tmp_path / name).write_bytes(b"\0\5\x16\7" + bytes(4092))
    assert [path.name for path in picture_paths(tmp_path)] == ["one.png"]


@pytest.mark.parametrize("name", ["two.heic", "two.TIF", "two.avif", "two.svg"])
def test_no_picture_of_a_folder_is_left_out_without_a_word(tmp_path, picture, name):
    picture.save(tmp_path / "one.png")
    (tmp_path / name).touch()
    with pytest.raises(ConceptError, match=rf"{name} is of a format that is not read; convert it"):
        picture_paths(tmp_path)
