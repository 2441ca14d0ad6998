from io import BytesIO
from random import Random

import pytest
from PIL import Image, ImageChops

from hypertransport.evaluation.answers import Shown
from hypertransport.evaluation.pairs import read_pairs
from hypertransport.evaluation.study_pictures import (
    BLOCK,
    END,
    StudyPictures,
    encode,
    marked,
    padded,
    spoilt,
)


def decoded(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize("size", [(24, 24), (60, 36), (61, 37), (5, 5), (1, 1)])
def test_a_spoilt_picture_has_its_size_but_not_its_looks(size):
    whole = Image.linear_gradient("L").resize(size).convert("RGB")
    broken = spoilt(whole, Random(0))
    assert broken.size == size
    if min(size) >= 6:
        assert broken.tobytes() != whole.tobytes()
    if size == (60, 36):  # whole tiles: the same pixels elsewhere
        assert broken.histogram() == whole.histogram()


@pytest.mark.parametrize("colour", ["black", "white", "navy"])
def test_a_mark_moves_few_values_by_one(colour):
    picture = Image.new("RGB", (24, 24), colour)
    one, other = marked(picture, Random(1)), marked(picture, Random(2))
    assert one.tobytes() != other.tobytes()
    difference = ImageChops.difference(picture, one)
    assert max(high for _, high in difference.getextrema()) == 1
    assert sum(difference.tobytes()) == 16


def test_a_mark_carries_no_metadata_on():
    picture = Image.new("RGB", (8, 8))
    picture.info |= {"dpi": (72, 72), "icc_profile": b"profile", "transparency": (0, 0, 0)}
    assert marked(picture, Random(0)).info == {}


def test_padding_changes_the_length_alone():
    picture = Image.linear_gradient("L").convert("RGB")
    png = encode(picture)
    for length in (len(png) + END, len(png) + END + 1, 4 * BLOCK):
        longer = padded(png, length)
        assert len(longer) == length
        assert decoded(longer).tobytes() == picture.tobytes()


@pytest.mark.parametrize("is_check", [True, False])
def test_both_pictures_of_a_question_have_one_length_whatever_they_show(folder, is_check):
    pair = read_pairs(folder)[0]
    Image.effect_noise((300, 300), 90).convert("RGB").save(folder / pair.picture_b)
    shown = Shown(pair, "A", is_check)
    lengths = set()
    for position in range(32):  # a check is of either picture
        pictures = StudyPictures(folder)
        one, other = (len(pictures.picture("x", position, shown, side)) for side in ("A", "B"))
        assert one == other
        lengths.add(one)
    assert all(length % BLOCK == 0 for length in lengths)
    assert len(lengths) == (2 if is_check else 1)


def test_a_check_may_be_of_either_picture(folder):
    pair = read_pairs(folder)[0]
    seen = set()
    for position in range(20):
        pictures = StudyPictures(folder)
        whole = decoded(pictures.picture("x", position, Shown(pair, "A", True), "A"))
        seen.add(whole.getpixel((0, 0))[0] > 128)
    assert seen == {True, False}
