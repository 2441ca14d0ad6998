import numpy as np
import pytest
import torch

from recipes.emojiscape import image_tower as it
from recipes.emojiscape import world as w
from recipes.emojiscape.catalogue import concepts
from recipes.emojiscape.painting import Painter
from recipes.emojiscape.references import scene_of


@pytest.fixture(scope="module")
def batches():
    sprites = np.random.default_rng(0).integers(
        256, size=(3, 1 + max(w.ENCODER), 48, 48, 4), dtype=np.uint8
    )
    world = w.World(sprites, [{"label": name, "tags": []} for name in ("owl", "cup", "key")])
    return it.Batches(Painter(world), [("owl",), ("cup", "mug"), ("key",)])


def test_a_batch_is_a_function_of_the_step(batches):
    one, again, other = batches(3), batches(3), batches(4)
    assert one.texts == again.texts != other.texts
    assert torch.equal(one.pictures, again.pictures)
    assert len(one.texts) == it.SCENES
    assert len(one.places) == it.REFERENCES == len(one.pictures) - it.SCENES


def test_places_are_those_of_the_catalogue(batches):
    kinds_of = {"thing": 3, "style": 48, "background": 256, "frame": 80}
    kinds = np.array([kind for kind, n in kinds_of.items() for _ in range(n)])
    scenes = np.stack([scene_of(kind, i) for kind, n in kinds_of.items() for i in range(n)])
    assert np.array_equal(it.places(kinds, scenes, things=3), np.arange(len(kinds)))
    assert [kind for kind, _ in concepts(["owl", "cup", "key"])] == kinds.tolist()


def test_what_is_redrawn_is_a_thing_and_there_in_another_set(batches):
    batch = batches(0)
    assert len(batch.rows) == len(batch.others) > 0
    for row, other in zip(batch.rows.tolist(), batch.others, strict=True):
        assert row >= it.SCENES
        assert batch.places[row - it.SCENES] < 3
        assert not torch.equal(batch.pictures[row], other)


def test_some_pictures_are_shown_as_they_are_and_most_are_not(batches):
    loss = it.ImageLoss(it.image_tower(), None, None, batches)
    batch = batches(0)
    alike = [
        torch.equal(seen, 2 * picture - 1)
        for seen, picture in zip(loss.seen(batches(0), 0), batch.pictures, strict=True)
    ]
    assert 0.15 < sum(alike) / len(alike) < 0.5
    assert torch.equal(loss.seen(batches(0), 0), loss.seen(batches(0), 0))


def test_the_contrastive_loss_is_least_where_each_picture_is_its_text():
    texts = torch.eye(6)
    assert it.contrastive(3 * texts, texts) < 1e-6
    assert it.contrastive(texts.roll(1, 0), texts) > 10
