"""The linear part's start: reduced-rank ridge regression."""

import pytest
import torch

from hypertransport.network import Linear
from hypertransport.training.ridge import begin, variants

N, DIM, OUT = 40, 6, 9


@pytest.fixture
def data():
    """Rows about a mean, three of them for each concept, drawn unequally; and concepts' values."""
    random = torch.Generator().manual_seed(0)
    x = torch.randn(3 * N, DIM, generator=random) + 2
    share = torch.zeros(3 * N, N)
    share[torch.arange(3 * N), torch.arange(3 * N) % N] = torch.rand(3 * N, generator=random)
    return x, share / share.sum(), torch.randn(N, OUT, generator=random) - 1


def begun(rank, x, share, y, noise):
    linear = Linear(DIM, rank, OUT)
    begin(linear, x, share, y, noise)
    return linear


def test_of_full_rank_it_is_ridge_regression(data):
    x, share, y = data
    each, weight = y[share.argmax(1)], share.sum(1)
    mean_x, mean_y = weight @ x, weight @ each
    root = weight.sqrt()[:, None]
    rows = torch.cat([root * (x - mean_x), 0.3 * torch.eye(DIM)])
    wanted = torch.cat([root * (each - mean_y), torch.zeros(DIM, OUT)])
    a = torch.linalg.lstsq(rows, wanted).solution
    torch.testing.assert_close(
        begun(DIM, *data, 0.3)(x), (x - mean_x) @ a + mean_y, rtol=1e-4, atol=1e-4
    )


def test_what_is_linear_of_low_rank_is_found_at_that_rank(data):
    x, share, _ = data
    random = torch.Generator().manual_seed(1)
    a = torch.randn(DIM, 2, generator=random) @ torch.randn(2, OUT, generator=random)
    y = (share.T @ x) / share.sum(0)[:, None] @ a + 1
    share = share.sum(0).diag()
    mean = y @ torch.linalg.pinv(a)
    torch.testing.assert_close(begun(2, mean, share, y, 1e-4)(mean), y, rtol=1e-3, atol=1e-3)
    assert (begun(1, mean, share, y, 1e-4)(mean) - y).abs().max() > 0.1


def test_no_map_of_its_rank_is_better_under_the_noise(data):
    x, share, y = data
    found = begun(2, *data, 0.3)

    def error(linear):
        a = linear.up.weight @ linear.down.weight
        apart = torch.cdist(linear(x), y).square()
        return ((share * apart).sum() + 0.09 * a.square().sum()).item()

    least = error(found)
    for seed in range(20):
        torch.manual_seed(seed)
        other = begun(2, *data, 0.3)
        with torch.no_grad():
            for parameter in other.parameters():
                parameter += 0.02 * torch.randn_like(parameter)
        assert error(other) > least


def test_the_code_has_about_unit_variance(data):
    x, share, _ = data
    code = begun(DIM, *data, 1e-3).down(x)
    weight = share.sum(1)
    torch.testing.assert_close(code.T @ (weight[:, None] * code), torch.eye(DIM), atol=1e-3, rtol=0)
    torch.testing.assert_close(weight @ code, torch.zeros(DIM), atol=1e-4, rtol=0)


def test_a_rank_beyond_what_there_is_leaves_the_rest_unused(data):
    linear = Linear(DIM, DIM + 3, OUT)
    begin(linear, *data)
    assert not linear.up.weight[:, DIM:].any()
    torch.testing.assert_close(linear(data[0]), begun(DIM, *data, 0.15)(data[0]))


def test_words_are_drawn_half_of_the_time(load, pictures):
    for fields, half in (({}, 1.0), ({"pictures": str(pictures)}, 0.5)):
        material = load(**fields)
        x, share = variants(material, material.train)
        assert len(x) == len(share) == sum(len(material.embeddings[e]) for e in material.train)
        each = share.sum(0) * len(material.train)
        torch.testing.assert_close(each, torch.ones_like(each))
        per = len(material.embeddings[material.train[0]])
        assert share[:2, 0].sum() * len(material.train) == pytest.approx(half)
        assert not share[per:, 0].any()
