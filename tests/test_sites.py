"""The published site counts of both targets, read from configurations without any weights."""

from typing import Any

import pytest
import torch
from diffusers.models.normalization import FP32LayerNorm, RMSNorm
from diffusers.models.transformers.pixart_transformer_2d import PixArtTransformer2DModel
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from published import PIXART, SDXL
from steered import COMPILED
from torch import nn

from hypertransport.errors import GeneratorError
from hypertransport.sites import Site, describe, find_sites, site_of, total_channels


@pytest.fixture(scope="module")
def sdxl() -> UNet2DConditionModel:
    with torch.device("meta"):
        return UNet2DConditionModel(**SDXL)


def test_sdxl_has_the_published_sites(sdxl: nn.Module) -> None:
    sites = find_sites(sdxl)
    assert (len(sites), total_channels(sites)) == (256, 294_080)


def test_pixart_has_the_published_sites() -> None:
    with torch.device("meta"):
        model = PixArtTransformer2DModel(**PIXART)
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


@COMPILED
def test_compiled_model_has_the_same_sites(tiny_unet: nn.Module) -> None:
    compiled: Any = torch.compile(tiny_unet)
    assert find_sites(compiled) == find_sites(tiny_unet)


def test_one_pattern_needs_no_list(tiny_unet: nn.Module) -> None:
    assert find_sites(tiny_unet, "*norm1") == find_sites(tiny_unet, ["*norm1"])


def test_no_match_names_the_patterns_and_what_there_is(tiny_unet: nn.Module) -> None:
    with pytest.raises(GeneratorError, match=r"'\*nrom\*'.*conv_norm_out, .* more"):
        find_sites(tiny_unet, ("*nrom*",))


def test_table_adds_up(sdxl: nn.Module) -> None:
    head, *rows, total = describe(sdxl, find_sites(sdxl)).splitlines()
    assert head.split() == ["pattern", "layout", "width", "sites", "channels", "weights"]
    assert total.split() == ["total", "256", "294,080"]
    assert all(row.endswith("  weight, bias") for row in rows)
    counts = [row.removesuffix("  weight, bias").replace(",", "").split()[-2:] for row in rows]
    assert [sum(map(int, column)) for column in zip(*counts, strict=True)] == [256, 294_080]


def test_patterns_of_the_table_find_the_sites_that_they_stand_for(sdxl: nn.Module) -> None:
    sites = find_sites(sdxl)
    patterns = [row.split()[0] for row in describe(sdxl, sites).splitlines()[1:-1]]
    assert len(patterns) == len({*patterns}) == 19
    assert find_sites(sdxl, patterns) == sites
    assert len(find_sites(sdxl, ("mid_block.attentions.*.transformer_blocks.*.norm3",))) == 10


def test_table_tells_widths_and_which_weights_a_norm_has() -> None:
    bare = [nn.LayerNorm(width, elementwise_affine=False) for width in (8, 4, 6)]
    norms = nn.ModuleDict(
        {"both": nn.GroupNorm(1, 4), "one": nn.RMSNorm(4000), "none": nn.ModuleList(bare)}
    )
    assert describe(norms, find_sites(norms, "*")) == (
        "pattern  layout    width  sites  channels  weights\n"
        "both     spatial       4      1         4  weight, bias\n"
        "one      token     4,000      1     4,000  weight\n"
        "none.*   token    4 to 8      3        18  none\n"
        "total                         5     4,022"
    )
