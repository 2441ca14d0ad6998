"""The published site counts of both targets, read from configurations without any weights."""

from typing import Any

import pytest
import torch
from diffusers.models.normalization import FP32LayerNorm, RMSNorm
from diffusers.models.transformers.pixart_transformer_2d import PixArtTransformer2DModel
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import nn

from hypertransport.errors import GeneratorError
from hypertransport.sites import Site, describe, find_sites, site_of, total_channels

SDXL: dict[str, Any] = {
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "attention_head_dim": (5, 10, 20),
    "block_out_channels": (320, 640, 1280),
    "cross_attention_dim": 2048,
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "projection_class_embeddings_input_dim": 2816,
    "sample_size": 128,
    "transformer_layers_per_block": (1, 2, 10),
    "use_linear_projection": True,
}
PIXART_SIGMA: dict[str, Any] = {
    "sample_size": 128,
    "num_layers": 28,
    "caption_channels": 4096,
    "cross_attention_dim": 1152,
    "norm_elementwise_affine": False,
    "norm_eps": 1e-6,
    "use_additional_conditions": False,
}


@pytest.fixture(scope="module")
def sdxl_sites() -> tuple[Site, ...]:
    with torch.device("meta"):
        return find_sites(UNet2DConditionModel(**SDXL))


def test_sdxl_has_the_published_sites(sdxl_sites: tuple[Site, ...]) -> None:
    assert len(sdxl_sites) == 256
    assert total_channels(sdxl_sites) == 294_080


def test_pixart_has_the_published_sites() -> None:
    with torch.device("meta"):
        model = PixArtTransformer2DModel(**PIXART_SIGMA)
    sites = find_sites(model, ("*norm1", "*norm2", "norm_out"))
    assert (len(sites), total_channels(sites)) == (57, 65_664)
    assert {site.layout for site in sites} == {"token"}


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        (nn.GroupNorm(2, 8), Site("n", 8, 1)),
        (nn.BatchNorm2d(8), Site("n", 8, 1)),
        (nn.LayerNorm(8, elementwise_affine=False), Site("n", 8, -1)),
        (FP32LayerNorm(8), Site("n", 8, -1)),
        (nn.RMSNorm(8), Site("n", 8, -1)),
        (RMSNorm(8, eps=1e-6), Site("n", 8, -1)),
        (nn.LayerNorm([4, 8]), None),
        (nn.Linear(8, 8), None),
    ],
)
def test_norms_that_are_sites(module: nn.Module, expected: Site | None) -> None:
    assert site_of("n", module) == expected


def test_layout_follows_the_channel_axis() -> None:
    assert (Site("a", 8, 1).layout, Site("a", 8, -1).layout) == ("spatial", "token")


def test_patterns_select_in_module_order(tiny_unet: nn.Module) -> None:
    everything = find_sites(tiny_unet)
    some = find_sites(tiny_unet, ("*norm2", "*norm1"))
    assert some == tuple(s for s in everything if s.name.endswith(("norm1", "norm2")))


@pytest.mark.filterwarnings("ignore:`torch.jit.script_method`:DeprecationWarning")  # in torch
def test_compiled_model_has_the_same_sites(tiny_unet: nn.Module) -> None:
    compiled: Any = torch.compile(tiny_unet)
    assert find_sites(compiled) == find_sites(tiny_unet)


def test_no_match_names_the_patterns(tiny_unet: nn.Module) -> None:
    with pytest.raises(GeneratorError, match=r"'\*nrom\*'"):
        find_sites(tiny_unet, ("*nrom*",))


def test_table_adds_up(sdxl_sites: tuple[Site, ...]) -> None:
    head, *rows, total = describe(sdxl_sites).splitlines()
    assert head.split() == ["layout", "width", "sites", "channels"]
    assert total.split() == ["total", "256", "294,080"]
    channels = [int(row.split()[-1].replace(",", "")) for row in rows]
    assert sum(channels) == 294_080
