import pytest
import torch
from diffusers import PixArtTransformer2DModel
from torch.nn import functional as F

from recipes.emojiscape import initialisation as start
from recipes.emojiscape import world as w


@pytest.fixture
def model():
    torch.manual_seed(0)
    return PixArtTransformer2DModel(
        sample_size=w.GRID, patch_size=8, in_channels=w.LATENT_CHANNELS,
        out_channels=w.LATENT_CHANNELS, num_layers=2, num_attention_heads=4, attention_head_dim=32,
        cross_attention_dim=128, caption_channels=16, use_additional_conditions=False,
        interpolation_scale=0.25,
    )  # fmt: skip


@torch.no_grad()
def test_what_decides_nothing_is_not_heard(model):
    start.heed_choices(model)
    kernel = model.pos_embed.proj
    side = kernel.weight.shape[-1]
    v = w.functionals()[:, :, :side, :side].flatten(1)
    v = v / v.norm(dim=1, keepdim=True)
    patch = torch.randn(5, v.shape[1])
    silent = (patch - patch @ v.T @ v).view(5, -1, side, side)
    torch.testing.assert_close(kernel(silent), kernel(torch.zeros_like(silent)))
    loud = (kernel(v.view(len(v), -1, side, side)) - kernel(silent[:1])).flatten(1).norm(dim=1)
    assert (loud > 1).all()


@torch.no_grad()
def test_choices_and_places_are_told_apart(model):
    start.heed_choices(model)
    places = start.place_codes(model)
    directions = model.pos_embed.proj.weight.flatten(1)
    across = (places - places.mean(0)) @ directions
    assert across.abs().max() < 1e-3 * places.norm() * directions.norm()


@torch.no_grad()
def test_a_hidden_unit_listens_at_one_place_only(model):
    for block in model.transformer_blocks:
        block.ff.net[0].proj.weight.zero_()  # so that only what is added is seen
    start.share_out_places(model)
    places = start.place_codes(model)
    spread = (places.var() + 0.8) ** 0.5
    for block in model.transformer_blocks:
        heard = block.ff.net[0].proj(places / spread)
        own = F.one_hot(torch.arange(heard.shape[1]) % len(places), len(places)).T.bool()
        assert (heard[own] > 1.5).all()
        assert (heard[~own] < -0.5).all()


@torch.no_grad()
def test_initialising_is_a_function_of_the_seed(model):
    before = {k: v.clone() for k, v in model.state_dict().items()}
    found = []
    for _ in range(2):
        model.load_state_dict(before)
        torch.manual_seed(1)
        start.initialise(model)
        found.append({k: v.clone() for k, v in model.state_dict().items()})
    assert all(torch.equal(found[0][k], found[1][k]) for k in before)
    assert any(not torch.equal(found[0][k], before[k]) for k in before)
