"""Laws of the proximal operators: each minimises its own objective, and what follows from it."""

import pytest
import torch

from hypertransport.training.proximal import (
    group_threshold,
    soft_threshold,
    sparse_group_penalty,
    sparse_group_threshold,
)

WIDTHS = [2, 3, 5]


def numbers(*shape: int, seed: int = 0) -> torch.Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.float64, generator=draw)


OPERATORS = {
    "l1": (lambda v: soft_threshold(v, 0.4), lambda x: 0.4 * x.abs().sum(-1)),
    "group": (lambda v: group_threshold(v, 1.5), lambda x: 1.5 * x.norm(dim=-1)),
    "sparse group": (
        lambda v: sparse_group_threshold(v, WIDTHS, 0.3, 0.5),
        lambda x: sparse_group_penalty(x, WIDTHS, 0.3, 0.5),
    ),
}
both = pytest.mark.parametrize(("prox", "penalty"), OPERATORS.values(), ids=OPERATORS)


@both
def test_it_is_the_minimiser_of_its_objective(prox, penalty):
    v = numbers(20, 10)
    x = prox(v)

    def objective(x):
        return 0.5 * (x - v).square().sum(-1) + penalty(x)

    for size in (1e-4, 1e-2, 1.0):
        for seed in range(50):
            # Strong convexity: all else costs at least half the squared distance more.
            step = size * numbers(20, 10, seed=seed)
            more = objective(x + step) - objective(x) - 0.5 * step.square().sum(-1)
            assert more.min() > -1e-12


@both
def test_it_is_non_expansive(prox, penalty):
    u, v = numbers(50, 10), numbers(50, 10, seed=1)
    assert ((prox(u) - prox(v)).norm(dim=-1) <= (u - v).norm(dim=-1)).all()


@both
def test_rows_are_problems_of_their_own(prox, penalty):
    v = numbers(2, 3, 10)
    torch.testing.assert_close(prox(v)[1, 2], prox(v[1, 2]))
    torch.testing.assert_close(penalty(v)[1, 2], penalty(v[1, 2]))


def test_without_a_threshold_all_are_the_identity():
    v = torch.cat([numbers(3, 10), torch.zeros(1, 10, dtype=torch.float64)])
    for same in (
        soft_threshold(v, 0.0),
        group_threshold(v, 0.0),
        sparse_group_threshold(v, WIDTHS, 0.0, 0.0),
    ):
        assert torch.equal(same, v)


def test_numbers_and_groups_become_exactly_zero():
    v = torch.tensor([[0.25, -0.25, 3.0, -4.0, 0.0]])
    assert torch.equal(soft_threshold(v, 0.25), torch.tensor([[0.0, 0.0, 2.75, -3.75, 0.0]]))
    assert torch.equal(group_threshold(v[:, 2:4], 2.5), v[:, 2:4] / 2)
    assert not group_threshold(v[:, 2:4], 5.0).any()
    assert not group_threshold(torch.zeros(1, 3), 1.0).any()


def test_a_group_weighs_as_the_root_of_its_width():
    v = torch.ones(10)  # each group is as long as the root of its width
    torch.testing.assert_close(sparse_group_threshold(v, WIDTHS, 0.0, 0.5), v / 2)
    assert not sparse_group_threshold(v, WIDTHS, 0.0, 1.01).any()
    assert sparse_group_penalty(v, WIDTHS, 2.0, 0.5).item() == pytest.approx(2 * 10 + 0.5 * 10)
