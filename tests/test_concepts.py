import math
import random
import warnings
import zlib
from contextlib import suppress

import pytest
import torch
from PIL import Image

from hypertransport.concepts import (
    MAX_WORDS,
    Embedding,
    Mix,
    Picture,
    Words,
    as_concept,
    decode_picture,
    is_unicode,
    load_picture,
    parse_weighted,
)
from hypertransport.errors import ConceptError, StrengthError

FORMATS = ("png", "jpg", "webp", "gif", "bmp")


@pytest.fixture
def picture():
    return Image.radial_gradient("L").resize((24, 16)).convert("RGB")


def test_words_are_stripped_and_bounded():
    assert Words("  a red panda\n").text == "a red panda"
    assert len(Words("x" * MAX_WORDS).text) == MAX_WORDS
    for bad in ("", " \t\n", "x" * (MAX_WORDS + 1)):
        with pytest.raises(ConceptError):
            Words(bad)


def test_half_a_character_is_no_text():
    assert is_unicode("mushroom 🍄")
    assert not is_unicode("mushroom \ud83c")
    with pytest.raises(ConceptError, match="half a character"):
        Words("mushroom \ud83c")


def test_as_concept_keeps_concepts_and_turns_the_rest_into_them(tmp_path, picture):
    picture.save(tmp_path / "a.png")
    words = Words("mushroom")
    assert as_concept(words) is words
    assert as_concept("mushroom") == words
    assert isinstance(as_concept(tmp_path / "a.png"), Picture)
    assert isinstance(as_concept(picture), Picture)
    assert isinstance(as_concept(torch.ones(3)), Embedding)


@pytest.mark.parametrize("kind", [dict, list, tuple])
def test_a_mapping_or_pairs_are_a_mix(kind):
    mix = as_concept(kind([("mushroom", 0.8), ("black ink", -1)]))
    assert isinstance(mix, Mix)
    assert mix.parts == ((Words("mushroom"), 0.8), (Words("black ink"), -1.0))


def test_leaves_of_nested_mixes_come_in_order():
    mix = as_concept([([("a", 1), ("b", 1)], 0.5), ("c", 2)])
    assert list(mix.leaves()) == [Words("a"), Words("b"), Words("c")]


@pytest.mark.parametrize(
    "bad",
    [None, 3, ["mushroom"], [("a", 1, 2)], {}, [], torch.ones(2, 2), torch.zeros(3)]
    + [torch.tensor([math.nan]), torch.tensor([math.inf, 1])],
)
def test_what_is_no_concept_is_refused(bad):
    with pytest.raises(ConceptError):
        as_concept(bad)


def test_a_mix_needs_finite_weights():
    with pytest.raises(StrengthError):
        as_concept({"a": math.nan})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mushroom", ("mushroom", 1.0)),
        ("mushroom=0.8", ("mushroom", 0.8)),
        ("a=b.png=-1e-1", ("a=b.png", -0.1)),
        ("mushroom= 2", ("mushroom", 2.0)),
    ],
)
def test_a_weight_follows_the_last_equals_sign(text, expected):
    assert parse_weighted(text) == expected


@pytest.mark.parametrize("text", ["mushroom=", "mushroom=much", "a=nan", "a=inf", "E=mc2"])
def test_a_weight_that_is_no_number_is_a_strength_error(text):
    with pytest.raises(StrengthError, match="number"):
        parse_weighted(text)


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
    assert Picture(image).image.tobytes() == loaded.tobytes()


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
