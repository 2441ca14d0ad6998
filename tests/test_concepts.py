import math

import numpy as np
import pytest
import torch
from PIL import Image

from hypertransport.concepts import (
    MAX_PICTURES,
    MAX_WORDS,
    Embedding,
    Mix,
    Picture,
    Pictures,
    Words,
    as_concept,
    images_of,
    is_unicode,
    parse_weighted,
    shown_at,
)
from hypertransport.errors import ConceptError, StrengthError


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


def test_images_in_a_row_or_in_a_folder_are_one_concept(tmp_path, picture):
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    several = as_concept((picture, clear))
    assert isinstance(several, Pictures)
    assert [image.mode for image in several.images] == ["RGB", "RGB"]
    assert several.images[1].getpixel((0, 0)) == (255, 255, 255)
    assert list(several.leaves()) == [several]
    for name in ("b.png", "a.jpg", "A.PNG"):
        picture.save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("not a picture")
    assert len(as_concept(tmp_path).images) == 3
    assert len(shown_at(tmp_path, max_pixels=3 * 24 * 16).images) == 3
    with pytest.raises(ConceptError, match=r"b\.png has 24 x 16 pixels, more than 383"):
        shown_at(tmp_path, max_pixels=3 * 24 * 16 - 1)


def test_pictures_are_what_a_picture_or_several_are_given_by(picture):
    assert images_of(Picture(picture)) == (Picture(picture).image,)
    assert len(images_of(Pictures((picture, picture)))) == 2
    assert images_of(Words("hat")) == ()


def test_no_pictures_of_a_concept_or_too_many_are_refused(tmp_path, picture):
    for bad in ((), (picture,) * (MAX_PICTURES + 1)):
        with pytest.raises(ConceptError, match="give 1 to 64"):
            Pictures(bad)
    small = Image.new("L", (1, 1))
    for i in range(MAX_PICTURES + 1):
        small.save(tmp_path / f"{i}.png")
    with pytest.raises(ConceptError, match="holds 65 pictures; give at most 64"):
        as_concept(tmp_path)


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


@pytest.mark.parametrize("weight", ["much", None, [1.0], "", 1j, object(), "0,5"])
def test_what_is_no_number_is_no_weight_of_a_mix(weight):
    with pytest.raises(StrengthError, match="is no weight of a concept in a mix"):
        as_concept({"a": weight})


@pytest.mark.parametrize("weight", ["0.5", " 0.5 ", np.float32(0.5), torch.tensor(0.5), True / 2])
def test_a_weight_is_a_number_of_any_library_or_one_as_text(weight):
    mix = as_concept({"a": weight})
    assert isinstance(mix, Mix)
    assert mix.parts == ((Words("a"), 0.5),)


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
