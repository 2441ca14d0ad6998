import numpy as np
import pytest

from recipes.emojiscape import sprites as s

ICONS = {
    "width": 24,
    "height": 24,
    "icons": {
        "fox": {"body": '<rect width="24" height="24" fill="currentColor"/>'},
        "hot-dog": {"body": '<rect width="12" height="24" fill="#f00" fill-opacity="0.5"/>'},
        "dango": {"body": '<rect width="48" height="24" fill="#00f"/>', "width": 48},
    },
    "aliases": {"fox-face": {"parent": "fox"}},
}


def drawn(icon: str) -> np.ndarray:
    return s.render(s.svg(ICONS, icon)).astype(int)


def test_an_icon_without_a_colour_is_black_and_fills_its_square():
    picture = drawn("fox")
    assert picture.shape == (s.SIZE, s.SIZE, 4)
    assert (picture == [0, 0, 0, 255]).all()


def test_alpha_is_straight():
    picture = drawn("hot-dog")
    assert (abs(picture[:, : s.SIZE // 2] - [255, 0, 0, 128]) <= 1).all()
    assert (picture[:, s.SIZE // 2 :, 3] == 0).all()


def test_a_wide_icon_lies_in_the_middle_as_a_whole():
    rows = drawn("dango")[:, :, 3].min(axis=1)
    quarter = s.SIZE // 4
    assert rows.tolist() == [0] * quarter + [255] * 2 * quarter + [0] * quarter


@pytest.mark.parametrize(
    ("label", "emoji", "icon"),
    [
        ("hot dog", "🌭", "hot-dog"),  # by its label
        ("fox face", "🦊", "fox"),  # by an alias
        ("skewer", "🍡", "dango"),  # by Unicode's name for the character
        ("kite", "🪁", None),
    ],
)
def test_a_thing_is_found_by_its_label_an_alias_or_its_character(label, emoji, icon):
    assert s.filed_as({"label": label, "emoji": emoji}, ICONS) == icon


def test_of_several_manners_the_fullest_is_taken():
    icons = {"icons": dict.fromkeys(["food-apple-outline", "food-apple-fill-24", "hot-dog-line"])}
    named = s.named_icons(icons)
    assert s.iconed_as("apple", named) == "food-apple-fill-24"
    assert s.iconed_as("hot dog", named) == "hot-dog-line"
    assert s.iconed_as("kite", named) is None


def test_what_a_set_lacks_is_drawn_as_in_the_one_before_it():
    one, two, three = (np.full((s.SIZE, s.SIZE, 4), i, np.uint8) for i in range(3))
    sets = s.filled([[one, two], [None, three], [two, None]])
    assert sets[:, :, 0, 0, 0].tolist() == [[0, 0, 1], [1, 2, 2]]


def test_pooled_sets_hold_each_things_drawings_one_after_the_other():
    one, two = (np.full((s.SIZE, s.SIZE, 4), i, np.uint8) for i in range(2))
    sets = s.pooled([[None, one], [two, None], [one, None]])
    assert len(sets) == s.POOLED_SETS
    assert sets[0][0] is two
    assert sets[1][0] is one
    assert sets[0][1] is one
    assert sets[1][1] is None
