"""Sorting is torch's, values and gradient, whatever the numbers, the shape and the thread."""

import math

import pytest
import torch

from hypertransport import sample_sort
from hypertransport.sample_sort import sort_samples

SHAPES = [(7, 5), (1, 3), (3, 4, 6), (2, 3, 8, 2), (40, 2000), (5, 0)]


def samples(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)))


@pytest.mark.parametrize("shape", SHAPES)
def test_values_and_gradient_are_those_of_torch(shape):
    x, upstream = samples(*shape).requires_grad_(), samples(*shape)
    values = sort_samples(x)
    assert torch.equal(values, x.sort(-2).values)
    assert torch.equal(sort_samples(x.detach()), values)
    found, expected = (torch.autograd.grad(v, x, upstream)[0] for v in (values, x.sort(-2).values))
    assert torch.equal(found, expected)


def test_elsewhere_than_on_a_cpu_the_samples_of_a_channel_lie_side_by_side():
    values = sort_samples(torch.empty(2, 7, 5, device="meta"))
    assert values.shape == (2, 7, 5)
    assert values.stride(-2) == 1


def test_many_threads_do_as_one(monkeypatch):
    x = samples(3, 9, 50).requires_grad_()
    alone = sort_samples(x)
    monkeypatch.setattr(sample_sort, "AT_ONCE", 64)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 3)
    assert torch.equal(sort_samples(x), alone)
    assert torch.equal(sort_samples(x.detach()), alone)


@pytest.mark.parametrize("grad", [False, True])
def test_signs_infinities_and_the_smallest_numbers_are_in_order(grad):
    tiny = 2.0**-149
    order = [-math.inf, -(2.0**127), -1.0, -tiny, 0.0, tiny, 1.0, 2.0**127, math.inf]
    x = torch.tensor(order[::-1])[:, None].requires_grad_(grad)
    assert sort_samples(x).flatten().tolist() == order


def test_equal_numbers_share_no_gradient_and_lose_none():
    x = torch.tensor([1.0, -0.0, 1.0, 0.0])[:, None].requires_grad_()
    upstream = torch.tensor([1.0, 2.0, 3.0, 4.0])[:, None]
    (grad,) = torch.autograd.grad(sort_samples(x), x, upstream)
    assert sorted(grad.flatten().tolist()) == [1.0, 2.0, 3.0, 4.0]
    assert grad[1] + grad[3] == 3.0


def test_what_is_no_number_stays():
    x = torch.tensor([1.0, math.nan, 0.0])[:, None].requires_grad_()
    assert sort_samples(x).isnan().sum() == 1


def test_a_transposed_view_is_sorted_like_any_other():
    x = samples(6, 4).mT.requires_grad_()
    assert torch.equal(sort_samples(x), x.sort(-2).values)


def test_double_stays_double_and_half_becomes_single():
    assert sort_samples(samples(3, 2).double()).dtype == torch.float64
    assert sort_samples(samples(3, 2).half()).dtype == torch.float32
