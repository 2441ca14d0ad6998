import numpy as np
import pytest
import torch

from recipes.emojiscape import painting as p
from recipes.emojiscape import world as w


@pytest.fixture(scope="module")
def painter():
    sprites = np.random.default_rng(0).integers(256, size=(3, 6, 48, 48, 4), dtype=np.uint8)
    things = [{"label": name, "tags": []} for name in ("owl", "cup", "key")]
    return p.Painter(w.World(sprites, things))


@pytest.fixture(scope="module")
def scenes():
    return w.free(np.random.default_rng(1), 3, 60)


def changed(scenes, attribute: int, value: int) -> np.ndarray:
    other = scenes.copy()
    other[:, attribute] = value
    return other


def test_scenes_are_pictures_in_0_to_1_and_nothing_else_is_drawn_by_chance(painter, scenes):
    pictures = painter(scenes)
    assert pictures.shape == (len(scenes), 3, w.SIZE, w.SIZE)
    assert pictures.min() >= 0 and pictures.max() <= 1
    assert painter(scenes).equal(pictures)


def test_a_scene_without_things_and_frame_is_its_backdrop(painter, scenes):
    bare = changed(changed(changed(scenes, w.SUBJECT, w.NOTHING), w.SECOND, w.NOTHING), w.FRAME, 0)
    assert painter(bare).equal(painter.backdrops[bare[:, w.COLOUR], bare[:, w.PATTERN]])


def test_scenes_drawn_together_are_those_drawn_alone(painter, scenes):
    assert painter(scenes).equal(torch.cat([painter(row[None]) for row in scenes]))


def test_a_second_thing_changes_the_lower_right_only(painter, scenes):
    with_, without = (painter(changed(scenes, w.SECOND, value)) for value in (1, w.NOTHING))
    difference = (with_ - without).abs().amax((0, 1))
    assert difference[:32].max() == 0 and difference[:, :32].max() == 0
    assert difference[32:, 32:].max() > 0


def test_a_frame_changes_the_outer_ring_only(painter, scenes):
    without = painter(changed(scenes, w.FRAME, 0))
    for kind in range(1, 1 + len(w.FRAME_KINDS)):
        difference = (painter(changed(scenes, w.FRAME, kind)) - without).abs().amax((0, 1))
        assert difference[6:-6, 6:-6].max() == 0
        assert difference.max() > 0


@pytest.mark.parametrize("ink", [False, True])
def test_tints_keep_white_white_and_inverting_twice_is_nothing(ink):
    rgb = torch.rand(1, 3, 5, 5, generator=torch.Generator().manual_seed(0))

    def tinted(rgb, tint):
        return p.tinted(rgb, torch.tensor([list(w.TINTS).index(tint)]), torch.tensor([ink]))

    torch.testing.assert_close(tinted(tinted(rgb, "inverted"), "inverted"), rgb)
    assert tinted(rgb, "natural").equal(rgb)
    for tint in w.TINTS.keys() - {"natural", "inverted"}:
        torch.testing.assert_close(tinted(torch.ones(1, 3, 1, 1), tint), torch.ones(1, 3, 1, 1))


def test_smaller_sprites_have_no_colour_from_beyond_their_outline():
    """Averaged in premultiplied alpha: what is transparent lends no colour to what is not."""
    sprites = torch.zeros(1, 1, 48, 48, 4, dtype=torch.uint8)
    sprites[..., :24, 0], sprites[..., :24, 3] = 255, 255
    sprites[..., 24:, 1] = 255  # green, but transparent
    small = p.smaller(sprites)
    assert small.shape == (1, 1, 32, 32, 4)
    assert small[small[..., 3] > 8][:, 1].max() < 3
