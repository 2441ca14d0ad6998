"""Where a hypernetwork begins: between two regressions of the closed-form maps."""

import pytest
import torch

from hypertransport.network import Linear, standardised
from hypertransport.training.amortized import make_network
from hypertransport.training.optimization import parts
from hypertransport.training.per_concept import closed_form_maps
from hypertransport.training.ridge import begin, variants
from hypertransport.training.warm_start import LINEAR_SHARE, regress, warm_start

SIZES = {"warm_start_steps": 100, "width": 32, "latent_dim": 32}


def deviations(network, e):
    return torch.cat(network.units.deviations(network(e)), -1)


@pytest.fixture(scope="module")
def told(load):
    """A material, its closed-form maps as deviations, and the embeddings of its names."""
    material = load(**SIZES)
    fitted = closed_form_maps(material, material.train, material.config.warm_start_samples)
    maps = make_network(material).units.deviations(fitted)
    names = torch.stack([material.embeddings[entry][0] for entry in material.train])
    return material, torch.cat(maps, -1), names


def left(found, maps):
    """The share of the maps that a regression leaves."""
    return ((found - maps).square().mean() / maps.square().mean()).item()


@pytest.mark.parametrize("rank", [0, 4])
def test_the_start_is_near_the_closed_form_maps(load, told, rank):
    _, maps, names = told
    material = load(rank=rank, **SIZES)
    network = make_network(material)
    warm_start(network, material)
    assert left(deviations(network, names), maps) < 0.5


def test_regression_leaves_the_linear_part_at_zero(told):
    material, maps, names = told
    network = make_network(material)
    regress(network, material, maps)
    assert not any(p.any() for p in network.linear.up.parameters())
    assert left(deviations(network, names), maps) < 0.6


def test_the_start_lies_between_both_regressions(told):
    material, maps, names = told
    network, alone = make_network(material), make_network(material)
    warm_start(network, material)
    regress(alone, material, maps)
    linear = Linear(material.encoder.dim, material.config.rank, maps.shape[1])
    begin(linear, *variants(material, material.train), maps)
    between = deviations(alone, names).lerp(linear(standardised(names)), LINEAR_SHARE)
    torch.testing.assert_close(deviations(network, names), between, rtol=1e-3, atol=1e-4)


def test_a_concept_with_small_maps_is_not_neglected(told):
    material, maps, names = told
    small = maps.clone()
    small[0] *= 0.2 * maps.square().mean().sqrt() / maps[0].square().mean().sqrt()
    network = make_network(material)
    regress(network, material, small)
    assert left(deviations(network, names[:1]), small[:1]) < 1


def test_regression_is_a_function_of_the_seed(told):
    material, maps, _ = told
    one, other = make_network(material), make_network(material)
    for network in (one, other):
        regress(network, material, maps)
    torch.testing.assert_close(parts(one)[0], parts(other)[0])


def test_a_warm_start_leaves_no_gradient(told):
    material, _, _ = told
    network = make_network(material)
    warm_start(network, material)
    assert all(parameter.grad is None for parameter in network.parameters())
