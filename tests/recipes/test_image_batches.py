import numpy as np
import torch

from recipes.emojiscape import image_batches as ib
from recipes.emojiscape.catalogue import concepts
from recipes.emojiscape.others import Others
from recipes.emojiscape.references import scene_of


def test_a_batch_is_a_function_of_the_step(batches):
    one, again, other = batches(3), batches(3), batches(4)
    assert one.texts == again.texts != other.texts
    assert torch.equal(one.pictures, again.pictures)
    assert len(one.texts) == ib.SCENES
    assert len(one.places) == ib.REFERENCES and len(one.classes) == ib.OTHERS
    assert len(one.pictures) == ib.SCENES + ib.REFERENCES + ib.OTHERS


def test_places_are_those_of_the_catalogue(batches):
    kinds_of = {"thing": 3, "style": 48, "background": 256, "frame": 80}
    kinds = np.array([kind for kind, n in kinds_of.items() for _ in range(n)])
    scenes = np.stack([scene_of(kind, i) for kind, n in kinds_of.items() for i in range(n)])
    assert np.array_equal(ib.places(kinds, scenes, things=3), np.arange(len(kinds)))
    assert [kind for kind, _ in concepts(["owl", "cup", "key"])] == kinds.tolist()


def test_what_is_redrawn_is_a_thing_or_another_drawing_and_there_by_another_hand(batches):
    batch, others = batches(0), 0
    assert len(batch.rows) == len(batch.again) > 0
    for row, again in zip(batch.rows.tolist(), batch.again, strict=True):
        assert row >= ib.SCENES
        place = row - ib.SCENES
        if place < ib.REFERENCES:
            assert batch.places[place] < 3
            assert not torch.equal(batch.pictures[row], again)
        others += place >= ib.REFERENCES
    assert 0.3 < others / ib.OTHERS < 0.7


def test_what_is_blended_lies_in_the_same_place(batches):
    alone = Others(batches.others.drawings, torch.arange(6))  # one drawing each: again is the same
    batch = ib.Batches(batches.painter, batches.names, alone)(0)
    for row, again in zip(batch.rows.tolist(), batch.again, strict=True):
        if row >= ib.SCENES + ib.REFERENCES:
            assert torch.equal(batch.pictures[row], again)
