import pytest
import torch
from diffusers import PixArtTransformer2DModel

from recipes.emojiscape import rounding
from recipes.emojiscape import world as w
from recipes.emojiscape.generator import NO_SIZES


@pytest.fixture
def model():
    torch.manual_seed(0)
    return PixArtTransformer2DModel(
        sample_size=w.GRID, patch_size=8, in_channels=w.LATENT_CHANNELS,
        out_channels=w.LATENT_CHANNELS, num_layers=1, num_attention_heads=2, attention_head_dim=16,
        cross_attention_dim=32, caption_channels=16, use_additional_conditions=False,
    )  # fmt: skip


@torch.no_grad()
def draw(model, timestep):
    noise = torch.ones(2, w.LATENT_CHANNELS, w.GRID, w.GRID)
    told = {"encoder_hidden_states": torch.ones(2, 3, 16), "added_cond_kwargs": NO_SIZES}
    return model(noise, timestep=torch.full((2,), timestep), **told).sample


def reloaded(model, folder):
    model.save_pretrained(folder)
    return type(model).from_pretrained(folder)


def test_a_settled_timestep_draws_the_same_in_less(model, tmp_path):
    before, sizes = draw(model, 400), []
    model.save_pretrained(tmp_path / "before")
    rounding.settle_timestep(model, 400)
    settled = reloaded(model, tmp_path / "after")
    torch.testing.assert_close(draw(settled, 400), before)
    torch.testing.assert_close(draw(settled, 7), before)
    for folder in ("before", "after"):
        sizes.append(sum(f.stat().st_size for f in (tmp_path / folder).iterdir()))
    assert sizes[1] < sizes[0]


def test_in_8_bits_matrices_are_off_by_a_sixteenth_at_most_and_diffusers_reads_them(
    model, tmp_path
):
    exact = {name: value.clone() for name, value in model.state_dict().items()}
    rounding.round_to_8_bits(model)
    for name, value in reloaded(model, tmp_path).state_dict().items():
        assert value.dtype == torch.float32
        error = (value - exact[name]).abs()
        assert (error <= exact[name].abs() / 16 + 2**-10).all()  # below 2^-6 the steps are even
        if exact[name].ndim == 1:
            assert value.equal(exact[name].half().float())
