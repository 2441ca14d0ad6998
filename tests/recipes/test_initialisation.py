import pytest
import torch
from diffusers import PixArtTransformer2DModel, UNet2DConditionModel
from diffusers.models.resnet import ResnetBlock2D
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


# SDXL's UNet


@pytest.fixture
def told():
    """What 300 captions add to the time embedding: a code, and sizes that are always the same."""
    torch.manual_seed(1)
    return {"text_embeds": torch.randn(300, 32), "time_ids": torch.full((300, 6), 64.0)}


@pytest.fixture
def unet(told):
    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        sample_size=w.GRID, in_channels=w.LATENT_CHANNELS, out_channels=w.LATENT_CHANNELS,
        block_out_channels=(8, 16), layers_per_block=1, down_block_types=("DownBlock2D",) * 2,
        up_block_types=("UpBlock2D",) * 2, attention_head_dim=1, cross_attention_dim=32,
        addition_embed_type="text_time", addition_time_embed_dim=4,
        projection_class_embeddings_input_dim=24 + 32, norm_num_groups=1, time_embedding_dim=64,
    )  # fmt: skip
    start.initialise_unet(unet, told)
    return unet


@torch.no_grad()
def test_the_unet_hears_only_the_means_that_decide(unet):
    noise = torch.randn(3, w.LATENT_CHANNELS, w.GRID, w.GRID)
    other = noise.clone()
    other[:, w.BITS :] = torch.randn(3, w.LATENT_CHANNELS - w.BITS, w.GRID, w.GRID)
    torch.testing.assert_close(unet.conv_in(noise), unet.conv_in(other))
    assert not torch.allclose(unet.conv_in(noise), unet.conv_in(-noise))


def shifts(unet, told, codes) -> list[torch.Tensor]:
    """What each block is told by codes."""
    sizes = unet.add_time_proj(told["time_ids"].flatten()).view(len(codes), -1)
    embedding = unet.add_embedding(torch.cat([codes, sizes], 1))
    blocks = [m.time_emb_proj for m in unet.modules() if isinstance(m, ResnetBlock2D)]
    return [block(F.silu(embedding)) for block in blocks]


@torch.no_grad()
def test_the_text_shifts_every_block_almost_linearly(unet, told):
    x = told["text_embeds"]
    whole, half, none = (shifts(unet, told, share * x) for share in (1, 0.5, 0))
    for at_one, at_half, at_none in zip(whole, half, none, strict=True):
        assert at_one.std(0).mean().item() == pytest.approx(1.5, rel=1e-3)
        assert (at_half - (at_one + at_none) / 2).std() < 0.15


@torch.no_grad()
def test_the_time_says_nothing(unet, told):
    noise, states = torch.randn(2, 6, w.GRID, w.GRID), torch.randn(2, 3, 32)
    added = {name: value[:2] for name, value in told.items()}
    one, other = (
        unet(noise, t, encoder_hidden_states=states, added_cond_kwargs=added).sample
        for t in (400, 100)
    )
    torch.testing.assert_close(one, other)
