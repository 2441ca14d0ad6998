"""A mask limits a concept to a part of the picture, at every site's own grid."""

import re
from collections.abc import Callable
from fnmatch import fnmatch
from typing import Any

import numpy as np
import pytest
import torch
from diffusers.models.transformers.transformer_flux import FluxTransformer2DModel
from diffusers.models.transformers.transformer_sd3 import SD3Transformer2DModel
from PIL import Image
from pipelines import tiny_pixart
from steered import close, draw, latents, only, random_intervention, state_of
from torch import Tensor, nn

from hypertransport.errors import InterventionError
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.regions import Region, as_mask, picture_grid
from hypertransport.steering import steer

Inputs = Callable[..., dict[str, Any]]


def left_half(height: int = 16, width: int = 16) -> Tensor:
    return (torch.arange(width) < width // 2).float().expand(height, width)


def test_ones_are_no_mask_and_zeros_no_steering(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs, T = unet_inputs(2), random_intervention(tiny_unet, 2)
    untouched = draw(tiny_unet, inputs)
    with steer(tiny_unet, T):
        steered = draw(tiny_unet, inputs)
    with steer(tiny_unet, T, mask=torch.ones(64, 64)) as steering:
        assert torch.equal(draw(tiny_unet, inputs), steered)
        steering.set(T, mask=torch.zeros(64, 64))
        assert torch.equal(draw(tiny_unet, inputs), untouched)
        steering.set(T, mask=left_half(64, 64))
        half = draw(tiny_unet, inputs)
    assert (half - untouched).abs().max() > 1e-2
    assert (half - steered).abs().max() > 1e-2


def test_masks_per_row_are_each_alone(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    """With one concept for all rows or one each, and with the rows doubled by guidance."""
    inputs, masks = unet_inputs(6), torch.rand(3, 16, 16)
    for T in (random_intervention(tiny_unet), random_intervention(tiny_unet, 3)):
        with steer(tiny_unet, T, mask=masks):
            mixed = draw(tiny_unet, inputs)
        for image in range(6):
            alone = T if T.rows is None else T[image % 3]
            with steer(tiny_unet, alone, mask=masks[image % 3]):
                close(mixed[image : image + 1], draw(tiny_unet, only(inputs, image)))


def test_chunks_select_their_masks(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs, T, masks = unet_inputs(2), random_intervention(tiny_unet), torch.rand(2, 16, 16)
    with steer(tiny_unet, T, mask=masks) as steering:
        whole = draw(tiny_unet, inputs)
        for row in (1, 0):
            steering.select([row])
            close(draw(tiny_unet, only(inputs, row)), whole[row : row + 1])


@pytest.mark.parametrize(
    ("size", "grid"), [((8, 8), (4, 4)), ((64, 128), (4, 8)), ((4, 4), (8, 8))]
)
def test_only_positions_inside_are_mapped(size: tuple[int, int], grid: tuple[int, int]) -> None:
    """The same for a grid of pixels and for the same positions as a list of tokens."""
    z, inside = torch.randn(2, 4, *grid), left_half(*grid).bool()
    T = AffineMap(torch.randn(4), torch.randn(4))
    tokens = z.flatten(2).mT
    for norm, x in ((nn.GroupNorm(2, 4), z), (nn.LayerNorm(4), tokens)):
        plain = norm(x).detach()
        with steer(norm, Intervention({"": T}), mask=left_half(*size)), torch.no_grad():
            out = norm(x)
        if x is tokens:
            plain, out = (v.mT.unflatten(2, grid) for v in (plain, out))
        mapped = T.scale.view(4, 1, 1) * plain + T.shift.view(4, 1, 1)
        torch.testing.assert_close(out[:, :, inside], mapped[:, :, inside])
        assert torch.equal(out[:, :, ~inside], plain[:, :, ~inside])


def test_a_mask_finer_than_the_grid_is_averaged_by_area() -> None:
    norm, z = nn.GroupNorm(1, 1), torch.randn(1, 1, 2, 2)
    shift = Intervention({"": AffineMap(torch.ones(1), torch.ones(1))})
    mask = torch.zeros(4, 4)
    mask[0, 0], mask[2:, 2:] = 1, 0.5
    with steer(norm, shift, mask=mask), torch.no_grad():
        moved = norm(z) - nn.GroupNorm(1, 1)(z)
    torch.testing.assert_close(moved[0, 0], torch.tensor([[0.25, 0], [0, 0.5]]))


def test_sites_of_one_grid_each_have_the_mask_in_their_own_dtype() -> None:
    mask = torch.rand(1, 4, 4, generator=torch.Generator().manual_seed(0))
    region = Region(mask, None)
    for dtype in (torch.bfloat16, torch.float32, torch.float64):
        found = region.on(torch.zeros(1, 2, 4, 4, dtype=dtype), 1, "site")
        assert torch.equal(found, mask[None].to(dtype))
        assert found.dtype == dtype


@pytest.mark.parametrize(
    ("shape", "channel_dim", "grid"),
    [
        ((2, 320, 96, 128), 1, (96, 128)),
        ((2, 3072, 320), -1, (48, 64)),
        ((2, 320, 3072), 1, (48, 64)),
        ((2, 24 * 31, 320), -1, (24, 31)),  # one position is lost to rounding
        ((2, 1, 320), -1, (1, 1)),
        ((2, 320, 128, 96), 1, None),  # another aspect ratio
        ((2, 320, 4, 4), 1, None),  # a whole position is lost
        ((2, 77, 320), -1, None),  # a text
        ((2, 512 + 3072, 320), -1, None),  # a text and a picture
        ((2, 3072, 10, 64), -1, None),  # heads
        ((2, 320), -1, None),  # no positions
    ],
)
def test_positions_are_recognised_by_the_aspect_ratio(
    shape: tuple[int, ...], channel_dim: int, grid: tuple[int, int] | None
) -> None:
    assert picture_grid(torch.Size(shape), channel_dim, 768, 1024) == grid


def sd3() -> tuple[nn.Module, dict[str, Any]]:
    """Two streams, of the picture's tokens and of the text's."""
    config: dict[str, Any] = {
        "sample_size": 8,
        "patch_size": 2,
        "in_channels": 4,
        "num_layers": 2,
        "attention_head_dim": 8,
        "num_attention_heads": 2,
        "joint_attention_dim": 16,
        "caption_projection_dim": 16,
        "pooled_projection_dim": 16,
        "out_channels": 4,
        "pos_embed_max_size": 8,
    }
    return SD3Transformer2DModel(**config), {"hidden_states": torch.randn(2, 4, 8, 8)}


def flux() -> tuple[nn.Module, dict[str, Any]]:
    """The same, then blocks on one list of both; the picture comes as 4 x 4 tokens."""
    config: dict[str, Any] = {
        "in_channels": 4,
        "num_layers": 1,
        "num_single_layers": 1,
        "attention_head_dim": 16,
        "num_attention_heads": 2,
        "joint_attention_dim": 16,
        "pooled_projection_dim": 16,
        "axes_dims_rope": (4, 4, 8),
    }
    inputs = {
        "hidden_states": torch.randn(2, 16, 4),
        "img_ids": torch.zeros(16, 3),
        "txt_ids": torch.zeros(5, 3),
    }
    return FluxTransformer2DModel(**config), inputs


@pytest.mark.parametrize(
    ("family", "no_picture"),
    [
        (sd3, ["*_context*"]),
        (flux, ["*_context*", "*.attn.*", "single_transformer_blocks.*"]),
    ],
)
def test_sites_that_are_no_picture_are_named_and_can_be_left_out(
    family: Callable[[], tuple[nn.Module, dict[str, Any]]], no_picture: list[str]
) -> None:
    torch.manual_seed(0)
    model, inputs = family()
    inputs |= {
        "encoder_hidden_states": torch.randn(2, 5, 16),
        "pooled_projections": torch.randn(2, 16),
        "timestep": torch.tensor([400.0, 400.0]),
    }
    T, mask = random_intervention(model), torch.ones(64, 64)
    for i, pattern in enumerate(no_picture):
        others = [*no_picture[:i], *no_picture[i + 1 :]]
        with (
            steer(model, T.without(*others), mask=mask),
            pytest.raises(InterventionError) as refused,
        ):
            draw(model, inputs)
        named = re.match(r"the positions of (\S+),", str(refused.value))
        assert named and fnmatch(named[1], pattern)
    pictures_only = T.without(*no_picture)
    with steer(model, pictures_only):
        steered = draw(model, inputs)
    with steer(model, pictures_only, mask=mask):
        assert torch.equal(draw(model, inputs), steered)


def test_a_mask_of_another_aspect_ratio_is_refused(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    with (
        steer(tiny_unet, random_intervention(tiny_unet), mask=torch.ones(64, 128)),
        pytest.raises(InterventionError, match="the picture's height and width"),
    ):
        draw(tiny_unet, unet_inputs())


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # in diffusers
@pytest.mark.parametrize(
    ("size", "right", "wrong"),
    [
        ((16, 16), (5, 5), [(16, 64), (64, 16), (2, 8)]),  # 16 tokens: 4 x 4, not 2 x 8
        ((16, 64), (16, 64), [(16, 16), (64, 16), (8, 8)]),  # 64 tokens: 4 x 16, not 8 x 8
    ],
)
def test_tokens_are_the_grid_of_the_latents_and_no_other_that_has_as_many(
    size: tuple[int, int], right: tuple[int, int], wrong: list[tuple[int, int]]
) -> None:
    """Whatever picture a call asks for: no default of the pipeline tells."""
    pipeline = tiny_pixart()
    call = {"height": size[0], "width": size[1], "num_inference_steps": 2}
    call |= {"use_resolution_binning": False, "clean_caption": False}
    before, T = state_of(pipeline.transformer), random_intervention(pipeline.transformer)
    for mask in wrong:
        refused = pytest.raises(InterventionError, match=f"{mask[0]} x {mask[1]} for latents of 8 ")
        with steer(pipeline.transformer, T, mask=torch.ones(mask)), refused:
            latents(pipeline, ["a cat"], [3], **call)
    assert state_of(pipeline.transformer) == before
    with steer(pipeline.transformer, T):
        steered = latents(pipeline, ["a cat"], [3], **call)
    with steer(pipeline.transformer, T, mask=torch.ones(right)):
        assert torch.equal(latents(pipeline, ["a cat"], [3], **call), steered)


def test_pictures_and_booleans_are_masks() -> None:
    grey = np.array([[0, 255], [51, 0]], dtype=np.uint8)
    expected = torch.tensor([[[0, 1], [0.2, 0]]])
    torch.testing.assert_close(as_mask(Image.fromarray(grey)), expected)
    assert torch.equal(as_mask(expected > 0.1), (expected > 0.1).float())
    torch.testing.assert_close(as_mask(Image.fromarray(grey.astype(np.uint16) * 257)), expected)
    torch.testing.assert_close(as_mask(Image.fromarray(grey.astype(np.float32) / 255)), expected)


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        (torch.ones(8), "give \\(height, width\\)"),
        (torch.ones(2, 1, 8, 8), "give \\(height, width\\)"),
        (torch.ones(0, 8), "give \\(height, width\\)"),
        (torch.full((8, 8), 1.5), "from 0 to 1"),
        (torch.full((8, 8), -0.1), "from 0 to 1"),
        (torch.full((8, 8), torch.nan), "from 0 to 1"),
        (torch.ones(3, 8, 8), "3 masks for 2 rows"),
    ],
)
def test_bad_masks_are_refused_and_nothing_is_half_applied(
    tiny_unet: nn.Module, mask: Tensor, message: str
) -> None:
    before = state_of(tiny_unet)
    with (
        pytest.raises(InterventionError, match=message),
        steer(tiny_unet, random_intervention(tiny_unet, 2), mask=mask),
    ):
        pass
    assert state_of(tiny_unet) == before


@pytest.mark.parametrize("mask", [torch.ones(16, 8), torch.ones(3, 16, 16)])
def test_another_size_of_mask_needs_a_new_block(tiny_unet: nn.Module, mask: Tensor) -> None:
    T = random_intervention(tiny_unet)
    with (
        steer(tiny_unet, T, mask=torch.ones(2, 16, 16)) as steering,
        pytest.raises(InterventionError, match="start a new steer"),
    ):
        steering.set(T, mask=mask)
