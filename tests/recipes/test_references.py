import numpy as np
import pytest
import torch

from recipes.emojiscape import references as r
from recipes.emojiscape import world as w
from recipes.emojiscape.painting import Painter

KINDS = ("thing", "style", "background", "frame")


@pytest.fixture(scope="module")
def painter():
    sprites = np.random.default_rng(0).integers(256, size=(3, 9, 48, 48, 4), dtype=np.uint8)
    things = [{"label": name, "tags": []} for name in ("owl", "cup", "key")]
    return r.ReferencePainter(Painter(w.World(sprites, things)))


def rng():
    return np.random.default_rng(2)


def test_a_placed_sprite_is_whole_and_where_it_was_put():
    sprites = torch.rand(3, 4, 48, 48)
    places = torch.tensor([[0, 16], [5, 9], [16, 0]])
    sheets = r.placed(sprites, places)
    assert sheets.shape == (3, 4, w.SIZE, w.SIZE)
    for sheet, sprite, (top, left) in zip(sheets, sprites, places.tolist(), strict=True):
        assert sheet[:, top : top + 48, left : left + 48].equal(sprite)
        torch.testing.assert_close(sheet.sum(), sprite.sum())


def test_each_concept_is_drawn_alone_by_its_kind(painter):
    scenes = w.free(np.random.default_rng(1), 3, 40)
    scenes[:, w.FRAME] = 1 + scenes[:, w.FRAME] % 80
    pictures = painter(np.resize(KINDS, 40), scenes, rng())
    assert pictures.shape == (40, 3, w.SIZE, w.SIZE)
    backdrops = painter.painter.backdrop(scenes)
    assert pictures[2::4].equal(backdrops[2::4])
    assert (pictures[3::4, :, 6:-6, 6:-6] == 1).all()
    assert (pictures[0::4, :, :4] == 1).all()
    assert not (pictures[1::4, :, :4] == 1).all()


def test_one_chance_puts_a_thing_of_any_set_at_one_place(painter):
    """So that two sets' drawings of it can be blended."""
    scenes = np.stack([r.scene_of("thing", 1)] * 8)
    there = []
    for drawn_in in (0, 7):
        painter.painter.sprites[1, drawn_in, ..., 3] = 255
        scenes[:, w.SET] = drawn_in
        there.append((painter(np.full(8, "thing"), scenes, rng()) < 1).any(1))
    assert (there[0] == there[1]).float().mean() > 0.99
    assert len({tuple(of.flatten().tolist()) for of in there[0]}) > 1


def test_things_and_styles_have_a_reference_in_each_set_and_backgrounds_one(painter):
    for kind, seen, unseen in (("thing", 7, 2), ("style", 7, 2), ("background", 1, 1)):
        assert len(r.references(painter, "owl", kind, 1)) == seen
        assert len(r.references(painter, "owl", kind, 1, unseen=True)) == unseen
