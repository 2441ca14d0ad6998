import numpy as np
import pytest
import torch
from numerics import rounding

from recipes.emojiscape import world as w
from recipes.emojiscape.autoencoder import autoencoder
from recipes.emojiscape.captions import captions
from recipes.emojiscape.painting import Painter
from recipes.emojiscape.regression import Examples, encode


@pytest.fixture(scope="module")
def painter():
    sprites = np.random.default_rng(0).integers(256, size=(3, 6, 48, 48, 4), dtype=np.uint8)
    return Painter(w.World(sprites, [{"label": n, "tags": []} for n in ("owl", "cup", "key")]))


@pytest.fixture
def examples(names):
    rng = np.random.default_rng(1)
    scenes = w.free(rng, len(names), 200)
    named = captions(rng, scenes, names)[1][:, 1]
    latents = torch.arange(200.0)[:, None, None, None].expand(-1, w.LATENT_CHANNELS, 2, 2)
    return Examples(scenes, [str(i) for i in range(200)], named, latents.bfloat16(), seed=3)


def test_a_batch_is_a_function_of_the_step(examples):
    words, noise, latents, _ = examples.batch(5, 16)
    again = examples.batch(5, 16)
    assert words == again[0] != examples.batch(6, 16)[0]
    assert noise.equal(again[1]) and latents.equal(again[2])
    assert latents[:, 0, 0, 0].int().tolist() == [int(word) for word in words]


def test_where_a_caption_is_silent_the_noise_decides_as_the_scene_is(examples):
    words, noise, _, _ = examples.batch(0, 128)
    rows = np.array([int(word) for word in words])
    silent = ~examples.named[rows]
    assert silent.any() and not silent.all()
    colours = examples.scenes[rows, w.COLOUR]
    assert (w.decide(noise)[silent] == colours[silent]).all()
    assert not (w.decide(noise) == colours).all()


def test_scenes_encoded_together_are_those_encoded_in_parts(painter, names, bfloat16):
    torch.manual_seed(0)
    vae = autoencoder().eval()
    scenes = w.free(np.random.default_rng(2), len(names), 6)
    parts = [encode(vae, painter, scenes[i : i + 2]) for i in range(0, 6, 2)]
    whole = encode(vae, painter, scenes)
    assert whole.shape == (6, w.LATENT_CHANNELS, w.GRID, w.GRID)
    assert whole.dtype is torch.bfloat16
    # The latents are stored in bfloat16, whatever they were computed in.
    size = whole.abs().max().item()
    torch.testing.assert_close(whole, torch.cat(parts), **rounding(True, size, times=4))
