"""What is steered, and what cannot be."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import torch
from steered import draw, random_intervention, state_of
from torch import nn

from hypertransport.backbones import backbone_of, find_places
from hypertransport.errors import InterventionError
from hypertransport.folding import fold
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.steering import attach, steer

Inputs = Callable[..., dict[str, Any]]


class Painter(NamedTuple):
    backbone: nn.Module


def test_a_generator_is_steered_at_its_backbone(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs, T = unet_inputs(), random_intervention(tiny_unet)
    with steer(Painter(tiny_unet), T):
        through_generator = draw(tiny_unet, inputs)
    with steer(tiny_unet, T):
        assert torch.equal(draw(tiny_unet, inputs), through_generator)


def test_the_compiled_shell_is_taken_off(tiny_unet: nn.Module) -> None:
    compiled: Any = torch.compile(tiny_unet, backend="eager")
    assert backbone_of(compiled) is tiny_unet is backbone_of(Painter(compiled))


def test_values_go_where_the_norm_is_or_else_where_the_network_is() -> None:
    model = nn.Sequential(
        nn.Linear(4, 4), nn.LayerNorm(4, elementwise_affine=False), nn.LayerNorm(4)
    ).to(torch.bfloat16)
    model[2].to(torch.float32)
    T = Intervention({k: AffineMap(torch.ones(4), torch.zeros(4)) for k in "12"})
    places = find_places(model, T)
    assert [place.dtype for place in places.values()] == [torch.bfloat16, torch.float32]
    model[2].to("meta")  # as offloading does between calls
    assert find_places(model, T)["2"].device is None


def test_maps_of_a_network_whose_weights_are_quantised_are_kept_in_float32() -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4, elementwise_affine=False))
    T = Intervention({"1": AffineMap(torch.ones(4), torch.zeros(4))})
    for dtype in (torch.float8_e4m3fn, torch.uint8):
        model[0].weight = nn.Parameter(torch.zeros(4, 4).to(dtype), requires_grad=False)
        assert find_places(model, T)["1"].dtype == torch.float32


def test_sites_of_another_model_are_named(tiny_unet: nn.Module) -> None:
    T = Intervention({"elsewhere.norm": AffineMap(torch.ones(3), torch.zeros(3))})
    with pytest.raises(InterventionError, match=r"elsewhere\.norm"), steer(tiny_unet, T):
        pass
    T = Intervention({"conv_in": AffineMap(torch.ones(3), torch.zeros(3))})
    with pytest.raises(InterventionError, match="no norm layer"), steer(tiny_unet, T):
        pass


def spoiled(model: nn.Module, value: float) -> Intervention:
    """A random intervention with one wrong number at its last site."""
    maps = {
        k: AffineMap(*(v.clone() for v in T)) for k, T in random_intervention(model).maps.items()
    }
    maps[[*maps][-1]].shift[3] = value
    return Intervention(maps)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("block", [steer, fold])
def test_values_that_are_not_finite_are_refused(
    tiny_unet: nn.Module, block: Callable[..., Any], value: float
) -> None:
    before = state_of(tiny_unet)
    with (
        pytest.raises(InterventionError, match=r"not finite .* conv_norm_out"),
        block(tiny_unet, spoiled(tiny_unet, value)),
    ):
        pass
    assert state_of(tiny_unet) == before


def test_values_too_large_for_the_dtype_are_refused() -> None:
    model = nn.Sequential(nn.LayerNorm(4)).half()
    T = Intervention({"0": AffineMap(torch.ones(4), torch.full((4,), 1e5))})
    with pytest.raises(InterventionError, match="not finite"), steer(model, T):
        pass
    with steer(model.float(), T):
        pass


def test_a_width_that_does_not_fit_leaves_nothing_behind(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    inputs = unet_inputs()
    untouched, before = draw(tiny_unet, inputs), state_of(tiny_unet)
    maps = random_intervention(tiny_unet).maps
    T = Intervention({**maps, [*maps][-1]: AffineMap(torch.ones(7), torch.ones(7))})
    for block in (steer, attach, fold):
        with pytest.raises(InterventionError, match="7 channels"), block(tiny_unet, T):
            pass
    assert torch.equal(draw(tiny_unet, inputs), untouched)
    assert state_of(tiny_unet) == before
