"""The second world: scenes, styles and captions follow their own rules."""

import numpy as np
import pytest
import torch

from recipes.emojiscape2 import captions as c
from recipes.emojiscape2 import world as w
from recipes.emojiscape2.operations import COLOURS, HELD_OUT, OPERATIONS, STYLES, styled
from recipes.emojiscape2.painting import Painter

NAMES = [(f"object{i}", f"thing{i}") for i in range(6)]


@pytest.fixture(scope="module")
def painter() -> Painter:
    rng = np.random.default_rng(0)
    sprites = rng.integers(256, size=(6, 2, 48, 48, 4), dtype=np.uint8)
    return Painter(w.World(sprites, [{"label": names[0], "tags": []} for names in NAMES]))


@pytest.fixture(scope="module")
def scenes() -> np.ndarray:
    return w.random_scenes(np.random.default_rng(1), 6, 400)


def test_there_are_enough_styles_and_some_operations_are_held_out():
    assert len(OPERATIONS) >= 14 and len(STYLES) >= 120 and len(HELD_OUT) == 3
    assert set(HELD_OUT) < OPERATIONS.keys()


def test_a_scene_without_a_style_stays_as_it_is(painter: Painter, scenes: np.ndarray):
    plain = painter.plain(scenes[:20])
    assert torch.equal(styled(plain, [w.NONE] * 20), plain)


@pytest.mark.parametrize("style", range(0, len(STYLES), len(COLOURS)))
def test_every_operation_changes_the_scene_and_stays_in_range(painter: Painter, style: int):
    plain = painter.plain(w.random_scenes(np.random.default_rng(2), 6, 8))
    first, second = (styled(plain, [style + i] * 8) for i in (0, 5))
    assert first.shape == plain.shape
    assert first.min() >= 0 and first.max() <= 1
    assert (first - plain).abs().mean() > 0.01, "the style can be seen"
    assert (first - second).abs().mean() > 0.005, "its colour can be seen"


def test_rows_are_drawn_as_they_are_alone(painter: Painter, scenes: np.ndarray):
    whole = painter(scenes[:24])
    for i in (0, 7, 23):
        torch.testing.assert_close(painter(scenes[i : i + 1])[0], whole[i])


def test_what_a_caption_leaves_open_is_a_quiet_background(scenes: np.ndarray):
    texts, said = c.captions(np.random.default_rng(3), scenes, NAMES)
    assert len(texts) == len(scenes) and all(texts)
    assert w.is_quiet(scenes[~said]).all()
    assert 0.1 < (~said).mean() < 0.5


def test_captions_are_a_function_of_the_seed(scenes: np.ndarray):
    first, second = (c.captions(np.random.default_rng(4), scenes, NAMES)[0] for _ in range(2))
    assert first == second
    assert len(set(first)) > 0.9 * len(first)


def test_articles_follow_the_sound():
    assert c.article("owl") == "an owl" and c.article("glasses") == "glasses"
    assert c.with_articles("on a orange wall in a uniform") == "on an orange wall in a uniform"


def test_a_missing_file_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"recipes\.emojiscape2\.objects"):
        w.World.load(tmp_path / "objects.npz")
