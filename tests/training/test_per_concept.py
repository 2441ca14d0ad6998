import pytest
import torch

from hypertransport.interventions import AffineMap, Intervention
from hypertransport.training.activations import TargetCache
from hypertransport.training.cost import repeated, steered_cost
from hypertransport.training.material import key
from hypertransport.training.per_concept import closed_form_maps, fit_linear


@pytest.fixture
def known(load, tmp_path):
    """Material whose targets are the sources under a known map at the last site, and that map."""
    material = load(samples=4)
    entry, last = material.train[0], material.generator.sites[-1]
    identity = Intervention.identity(material.generator.sites, rows=1)
    draw = torch.Generator().manual_seed(0)
    scale, shift = 1 + torch.rand(1, last.width, generator=draw), torch.ones(1, last.width)
    maps = Intervention({**identity.maps, last.name: AffineMap(scale, shift)})
    y = material.features(material.sources([entry]), repeated(maps, 4))
    material.targets = TargetCache.write(tmp_path / "y.safetensors", {key(entry): y}, {})
    return material, entry, maps


def test_a_fit_lowers_the_cost_of_every_concept(material):
    entries = material.train
    before = steered_cost(material, None, entries)
    maps = fit_linear(material, entries, steps=12)
    after = steered_cost(material, maps, entries)
    assert maps.rows == len(entries)
    assert not maps.flatten().scale.requires_grad
    assert (after < 0.6 * before).all()


def test_no_steps_are_the_identity(material):
    maps = fit_linear(material, material.train[:2], steps=0)
    identity = Intervention.identity(material.generator.sites, rows=2)
    assert maps.equals(identity, atol=1e-5)


def test_concepts_fitted_side_by_side_do_not_disturb_each_other(material):
    together = fit_linear(material, material.train[:2], steps=2)
    alone = fit_linear(material, material.train[1:2], steps=2)
    assert together[1].equals(alone[0], atol=1e-3)


def test_a_fit_recovers_a_known_map(known):
    material, entry, maps = known
    before = steered_cost(material, None, [entry])
    fitted = fit_linear(material, [entry], steps=60, learning_rate=0.1)
    assert (steered_cost(material, fitted, [entry]) < 0.02 * before).all()
    assert error(material, fitted, maps) < 0.2 * error(material, None, maps)


def error(material, fitted, maps):
    """How far the last site's map is from the known one on what reaches it."""
    name = material.generator.sites[-1].name
    scale, shift = fitted.maps[name] if fitted else AffineMap(torch.ones(1), torch.zeros(1))
    wanted_scale, wanted_shift = maps.maps[name]
    mean = material.mean[-wanted_scale.shape[-1] :]
    return ((scale - wanted_scale) * mean + shift - wanted_shift).abs().mean()


def test_the_closed_form_meets_every_mean_and_known_maps(material):
    maps = closed_form_maps(material, material.train)
    scale, shift = maps.flatten()
    assert maps.rows == len(material.train)
    assert scale.min() >= 0 and scale.max() <= 2
    assert scale.max() == 2  # three samples: some channel is out of bounds
    for i, entry in enumerate(material.train):
        x = material.features(material.sources([entry]))
        y = material.targets[key(entry)]
        torch.testing.assert_close(scale[i] * x.mean(0) + shift[i], y.mean(0), atol=1e-4, rtol=0)
