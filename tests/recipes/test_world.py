import numpy as np
import pytest
import torch

from recipes.emojiscape import world as w
from recipes.emojiscape.captions import captions

ROWS = 400


@pytest.fixture(scope="module")
def scenes():
    drawn = w.free(np.random.default_rng(0), 30, ROWS)
    return drawn[w.is_quiet(drawn)]


def noise(scenes, needed):
    silent = np.full(len(scenes), needed)
    return w.noise_that_decides(scenes, silent, torch.Generator().manual_seed(1))


def test_the_functionals_are_orthonormal():
    v = w.functionals().flatten(1)
    torch.testing.assert_close(v @ v.T, torch.eye(len(v)))


def test_noise_decides_what_it_was_made_to_decide(scenes):
    assert (w.decide(noise(scenes, True)) == scenes[:, w.COLOUR]).all()


def test_noise_that_need_not_decide_is_left_as_it_was(scenes):
    plain = torch.randn(
        len(scenes), w.LATENT_CHANNELS, w.GRID, w.GRID, generator=torch.Generator().manual_seed(1)
    )
    torch.testing.assert_close(noise(scenes, False), plain)


def test_noise_that_decides_is_still_standard_normal(scenes):
    """Chi-squared of each functional: its mean is 1, its standard error over the rows known."""
    x = noise(scenes, True)
    values = torch.einsum("nchw,bchw->nb", x, w.functionals())
    assert ((values.square().mean(0) - 1).abs() < 5 * (2 / len(x)) ** 0.5).all()
    assert abs(x.mean().item()) < 0.005 and abs(x.std().item() - 1) < 0.005


def test_every_quiet_colour_is_equally_likely():
    chosen = w.decide(torch.randn(2000, w.LATENT_CHANNELS, w.GRID, w.GRID))
    expected = 2000 / len(w.QUIET)
    counts = np.array([(chosen == colour).sum() for colour in w.QUIET_COLOURS])
    assert (abs(counts - expected) < 6 * expected**0.5).all()


def test_a_caption_tells_all_that_noise_cannot_choose():
    scenes = w.free(np.random.default_rng(2), 3, ROWS)
    texts, said = captions(np.random.default_rng(3), scenes, [("owl",), ("cup",), ("key",)])
    assert said[scenes[:, w.TINT] != 0, 0].all()
    assert said[~w.is_quiet(scenes), 1].all()
    for text, scene in zip(texts, scenes, strict=True):
        frames = any(word in text for word in (" frame", " border"))
        assert frames == (scene[w.FRAME] > 0)
        named = sum(text.count(name) for name in ("owl", "cup", "key"))
        assert named == 1 + (scene[w.SECOND] >= 0)
