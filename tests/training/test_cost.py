import pytest
import torch
from numerics import rounding

from hypertransport.interventions import Intervention
from hypertransport.sites import total_channels
from hypertransport.training.cost import fresh_cost, steered_cost
from hypertransport.training.material import key
from hypertransport.training.problem import weighted_cost


@pytest.fixture(scope="module")
def maps(material):
    """One row for each of the six concepts."""
    draw = torch.Generator().manual_seed(0)
    sites = material.generator.sites
    shape = (6, total_channels(sites))
    scale, shift = (0.2 * torch.randn(shape, generator=draw) for _ in range(2))
    return Intervention.from_flat(sites, 1 + scale, shift)


def test_each_concept_costs_what_it_costs_alone(material, maps):
    entries = material.concepts
    together = steered_cost(material, maps, entries)
    for i, entry in enumerate(entries):
        alone = steered_cost(material, Intervention.stack([maps[i]]), [entry])
        torch.testing.assert_close(together[i : i + 1], alone)
    torch.testing.assert_close(
        fresh_cost(material, maps, entries), steered_cost(material, maps, entries, start=1)
    )


def test_the_identity_costs_what_no_steering_does(material):
    entries = material.concepts
    identity = Intervention.identity(material.generator.sites, rows=len(entries))
    for start in (0, 1):
        steered = steered_cost(material, identity, entries, start)
        assert torch.equal(steered, steered_cost(material, None, entries, start))


def test_the_targets_own_rows_cost_nothing(material):
    entry = material.train[0]
    y = material.features(material.target_inputs(entry))
    cost = weighted_cost(y[None], material.targets.batch([key(entry)]), material.weights)
    torch.testing.assert_close(cost, torch.zeros(1), atol=1e-6, rtol=0)


def test_gradients_reach_every_map(material, maps):
    scale, shift = (v.clone().requires_grad_() for v in maps.flatten())
    own = Intervention.from_flat(material.generator.sites, scale, shift)
    steered_cost(material, own, material.concepts)[:5].sum().backward()
    for gradient in (scale.grad, shift.grad):
        assert gradient is not None and gradient[:5].ne(0).float().mean() > 0.99
        assert not gradient[5].any()


def test_half_precision_is_close(load, material, maps, bfloat16):
    half = load(bfloat16=True)
    full_cost = steered_cost(material, maps, material.concepts)
    half_cost = steered_cost(half, maps, material.concepts)
    assert torch.equal(half_cost, full_cost) == (not bfloat16)
    torch.testing.assert_close(half_cost, full_cost, **rounding(True, full_cost.max().item()))
