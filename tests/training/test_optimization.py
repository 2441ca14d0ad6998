"""AdamW in two groups, and its schedule."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from hypertransport.training.amortized import make_network
from hypertransport.training.optimization import (
    LINEAR_RATE,
    RISE,
    learning_rate,
    make_optimizer,
    parts,
    update,
)


def test_the_parts_hold_every_parameter_once(load):
    network = make_network(load())
    rest, linear = parts(network)
    assert {id(p) for p in linear} == {id(p) for p in network.linear.parameters()}
    assert sorted(map(id, rest + linear)) == sorted(map(id, network.parameters()))


def test_without_a_linear_part_its_group_is_empty(load):
    network = make_network(load(rank=0))
    assert parts(network) == (list(network.parameters()), [])
    make_optimizer(network).step()


def test_the_linear_part_has_its_own_smaller_rate(load):
    material = load(learning_rate=1e-3)
    network = make_network(material)
    optimizer = make_optimizer(network)
    before = [p.clone() for p in network.parameters()]
    for parameter in network.parameters():
        parameter.grad = torch.ones_like(parameter)
    update(network, optimizer, replace(material.config, steps=1000), RISE - 1)
    linear = {id(p) for p in network.linear.parameters()}
    for parameter, old in zip(network.parameters(), before, strict=True):
        step = (old - parameter).max().item()
        wanted = LINEAR_RATE * 1e-3 if id(parameter) in linear else 1e-3
        assert step == pytest.approx(wanted, rel=0.1)  # and a little decay


def test_a_tenth_of_a_gradient_and_a_fiftieth_of_its_square_are_remembered(load):
    material = load()
    network = make_network(material)
    optimizer = make_optimizer(network)
    for parameter in network.parameters():
        parameter.grad = torch.full_like(parameter, 2.0**-10)  # shorter than 1 in all
    update(network, optimizer, material.config, 0)
    for parameter in network.parameters():
        first, second = (optimizer.state[parameter][k] for k in ("exp_avg", "exp_avg_sq"))
        torch.testing.assert_close(first, torch.full_like(first, 0.1 * 2.0**-10), rtol=1e-5, atol=0)
        wanted = torch.full_like(second, 0.02 * 2.0**-20)
        torch.testing.assert_close(second, wanted, rtol=1e-5, atol=0)


def test_the_learning_rate_rises_and_falls():
    factors = [learning_rate(1.0, step, 1000) for step in range(1000)]
    top = int(np.argmax(factors))
    assert top == 49
    assert factors[0] == pytest.approx(1 / 50)
    assert factors[:50] == sorted(factors[:50]) and factors[49:] == sorted(factors[49:])[::-1]
    assert 0 < factors[-1] < 1e-5


@pytest.mark.parametrize("length", [0.5, 1.0, 40.0])
def test_gradients_are_clipped_to_length_one_over_all_parameters(load, length):
    """By what AdamW remembers: its first step is the same for a gradient of any length."""
    material = load()
    network = make_network(material)
    optimizer = make_optimizer(network)
    draw = torch.Generator().manual_seed(0)
    whole = [torch.randn(p.shape, generator=draw) for p in network.parameters()]
    norm = torch.cat([g.flatten() for g in whole]).norm()
    for parameter, gradient in zip(network.parameters(), whole, strict=True):
        parameter.grad = length / norm * gradient
    update(network, optimizer, material.config, 0)
    share = 1 - optimizer.param_groups[0]["betas"][0]
    for parameter, gradient in zip(network.parameters(), whole, strict=True):
        wanted = share * min(length, 1.0) / norm * gradient
        torch.testing.assert_close(optimizer.state[parameter]["exp_avg"], wanted)
    assert all(parameter.grad is None for parameter in network.parameters())
