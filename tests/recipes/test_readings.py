import numpy as np
import pytest
import torch

from recipes.emojiscape import readings as r
from recipes.emojiscape import world as w
from recipes.emojiscape.painting import Painter

THINGS = 4


@pytest.fixture(scope="module")
def thumbnails():
    sprites = np.random.default_rng(0).integers(256, size=(THINGS, 6, 48, 48, 4), dtype=np.uint8)
    world = w.World(sprites, [{"label": name, "tags": []} for name in ("owl", "cup", "key", "ox")])
    return r.Thumbnails(Painter(world))


@pytest.fixture
def scenes():
    return w.free(np.random.default_rng(1), THINGS, 40)


def told(scenes, style: bool, background: bool) -> np.ndarray:
    return np.tile([style, background], (len(scenes), 1))


def test_looks_have_the_sizes_that_the_heads_read(thumbnails, scenes):
    looks = thumbnails(scenes, told(scenes, True, True))
    assert {k: v.shape for k, v in looks.items()} == {k: (40, n) for k, n in r.LOOKS.items()}


def test_a_style_that_is_not_said_is_the_usual_one(thumbnails, scenes):
    usual = scenes.copy()
    usual[:, [w.SET, w.TINT]] = 0
    silent = thumbnails(scenes, told(scenes, False, True))
    said = thumbnails(usual, told(scenes, True, True))
    assert all(torch.equal(silent[k], said[k]) for k in silent)
    loud = thumbnails(scenes, told(scenes, True, True))
    assert not torch.equal(silent["subject"], loud["subject"])


def test_what_is_not_there_or_not_said_looks_like_nothing(thumbnails, scenes):
    scenes[:, [w.SUBJECT, w.SECOND]], scenes[:, w.FRAME] = w.NOTHING, 0
    looks = thumbnails(scenes, told(scenes, True, False))
    assert all((look == 0).all() for look in looks.values())


def test_colours_count_only_where_they_cover():
    picture = torch.rand(4, 6, 6)
    picture[3, :3] = 0
    assert (r.premultiplied(picture)[:, :3] == 0).all()
    picture[3] = 1
    torch.testing.assert_close(r.premultiplied(picture)[:3], picture[:3] - 0.5)


def test_the_loss_is_least_for_states_that_tell_all(thumbnails, scenes):
    """Heads that read states which hold the answers have nothing left to explain."""
    torch.manual_seed(0)
    said = told(scenes, True, True)
    looks = thumbnails(scenes, said)
    width = sum(r.LOOKS.values())
    heads = r.Readings(THINGS, width)
    start = 0
    for name, head in heads.looks.items():
        head.weight.data.zero_()[:, start : start + r.LOOKS[name]] = torch.eye(r.LOOKS[name])
        head.bias.data.zero_()
        start += r.LOOKS[name]
    states = torch.cat([looks[name] for name in heads.looks], 1)
    answers = r.Answers.of(thumbnails, scenes, said)
    _, figures = r.reading_loss(heads, states, answers)
    assert all(figures[name] < 1e-6 for name in r.LOOKS)
    _, figures = r.reading_loss(heads, torch.zeros_like(states), answers)
    assert all(figures[name] > 0.5 for name in r.LOOKS)
