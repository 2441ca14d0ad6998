"""Law 3: the cost is POT's and its gradient the numeric one. Law 7: the fits recover known maps."""

import ot
import pytest
import torch

from hypertransport import transport
from hypertransport.transport import affine_fit, mean_shift, sorted_cost, transport_cost

COUNTS = [(8, 8), (8, 5), (5, 8), (6, 4), (1, 7), (12, 12)]


def samples(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("p", [1, 2, 3])
@pytest.mark.parametrize(("n", "m"), COUNTS)
def test_cost_equals_pot(n: int, m: int, p: int) -> None:
    x, y = samples(n, 3), samples(m, 3, seed=1) + 1
    expected = torch.as_tensor(ot.wasserstein_1d(x.numpy(), y.numpy(), p=p))
    torch.testing.assert_close(transport_cost(x, y, float(p)), expected)


@pytest.mark.parametrize("p", [1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize(("n", "m"), COUNTS)
def test_gradient_matches_finite_differences(n: int, m: int, p: float) -> None:
    x, y = samples(2, n, 2).requires_grad_(), samples(2, m, 2, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(transport_cost, (x, y, p))


@pytest.mark.parametrize(("n", "m"), COUNTS)
def test_samples_in_columns_as_a_gpu_sorts_them_cost_the_same(n: int, m: int) -> None:
    rows = [samples(2, k, 3, seed=k).sort(-2).values for k in (n, m)]
    columns = [v.mT.contiguous().mT for v in rows]
    costs, gradients = [], []
    for x, y in (rows, columns):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        costs.append(sorted_cost(x, y))
        gradients += [torch.autograd.grad(costs[-1].sum(), (x, y))]
    assert columns[1].stride(-2) == 1  # of more than one row in all counts
    torch.testing.assert_close(costs[1], costs[0])
    torch.testing.assert_close(gradients[1], gradients[0])


def test_equal_counts_is_the_mean_over_sorted_pairs() -> None:
    x, y = samples(6, 3), samples(6, 3, seed=1)
    expected = (x.sort(0).values - y.sort(0).values).square().mean(0)
    torch.testing.assert_close(transport_cost(x, y), expected)


def test_repeating_every_sample_changes_nothing() -> None:
    x, y = samples(6, 3), samples(4, 3, seed=1)
    repeated = transport_cost(x.repeat(5, 1), y.repeat(2, 1))
    torch.testing.assert_close(repeated, transport_cost(x, y))


@pytest.mark.parametrize("m", [6, 4])
def test_batches_are_rows_of_their_own(m: int) -> None:
    x, y = samples(2, 3, 6, 5), samples(2, 3, m, 5, seed=1)
    # Of another memory layout, so that sums may round otherwise.
    together, alone = transport_cost(x, y)[1, 2], transport_cost(x[1, 2], y[1, 2])
    torch.testing.assert_close(together, alone, rtol=1e-15, atol=0)


def test_cached_sorted_targets_cost_the_same() -> None:
    x, y = samples(6, 3), samples(4, 3, seed=1)
    assert torch.equal(sorted_cost(x.sort(-2).values, y.sort(-2).values), transport_cost(x, y))


def test_half_precision_is_costed_in_float32() -> None:
    x, y = samples(6, 3).bfloat16(), samples(4, 3, seed=1).bfloat16()
    assert torch.equal(transport_cost(x, y), transport_cost(x.float(), y.float()))


@pytest.mark.parametrize("m", [6, 4])
def test_channels_in_parts_cost_the_same(m: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = samples(2, 6, 9).requires_grad_(), samples(2, m, 9, seed=1)
    whole, grad = value_and_gradient(x, y)
    monkeypatch.setattr(transport, "AT_ONCE", 64)
    part, its_grad = value_and_gradient(x, y)
    assert torch.equal(part, whole)
    assert torch.equal(its_grad, grad)


def value_and_gradient(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    cost = transport_cost(x, y)
    return cost, torch.autograd.grad(cost.sum(), x)[0]


def test_inference_mode_does_not_spoil_a_later_backward() -> None:
    with torch.inference_mode():
        transport_cost(samples(9, 1), samples(7, 1))
    transport_cost(samples(9, 1).requires_grad_(), samples(7, 1)).sum().backward()


@pytest.mark.parametrize(("n", "m"), [(10, 7), (10, 10)])
def test_fits_have_a_gradient_after_inference_mode_too(n: int, m: int) -> None:
    x, y = samples(n, 2), samples(m, 2, seed=1)
    with torch.inference_mode():
        affine_fit(x, y)
    assert torch.autograd.gradcheck(affine_fit, (x.requires_grad_(), y.requires_grad_()))


@pytest.mark.parametrize("m", [500, 700])
def test_fit_recovers_the_map_between_gaussians(m: int) -> None:
    x = samples(500, 3)
    scale, shift = torch.tensor([0.5, 1.0, 3.0]).double(), torch.tensor([-1.0, 0.0, 2.0]).double()
    y = (x if m == 500 else samples(m, 3, seed=1)) * scale + shift
    fitted_scale, fitted_shift = affine_fit(x, y)
    tolerance = 1e-4 if m == 500 else 0.3
    torch.testing.assert_close(fitted_scale, scale, atol=tolerance, rtol=0)
    torch.testing.assert_close(fitted_shift, shift, atol=tolerance, rtol=0)


@pytest.mark.parametrize("m", [6, 4])
def test_fit_is_where_the_cost_is_least(m: int) -> None:
    x, y = samples(6, 3), samples(m, 3, seed=1)
    best = torch.stack(affine_fit(x, y, eps=0.0)).requires_grad_()
    transport_cost(best[0] * x + best[1], y).sum().backward()
    torch.testing.assert_close(best.grad, torch.zeros_like(best), atol=1e-10, rtol=0)


def test_fit_of_a_constant_channel_is_the_mean_shift() -> None:
    x, y = torch.full((6, 1), 2.0), samples(6, 1).float()
    torch.testing.assert_close(affine_fit(x, y), mean_shift(x, y))


def test_mean_shift_moves_the_mean() -> None:
    x, y = samples(6, 3), samples(4, 3, seed=1)
    scale, shift = mean_shift(x, y)
    torch.testing.assert_close((scale * x + shift).mean(0), y.mean(0))


def test_half_precision_is_averaged_in_float32() -> None:
    x, y = (samples(64, 3, seed=seed).float() + 100 for seed in (1, 2))
    found, wanted = mean_shift(x.bfloat16(), y.bfloat16()), mean_shift(x, y)
    assert found[1].dtype == torch.float32
    exact = y.bfloat16().float().mean(0) - x.bfloat16().float().mean(0)
    torch.testing.assert_close(found[1], exact)
    assert torch.equal(found[0], wanted[0])


def test_the_cost_is_as_exact_under_autocast() -> None:
    x, y = samples(32, 5, seed=1).float(), samples(20, 5, seed=2).float()
    with torch.autocast("cpu", torch.bfloat16):
        found = transport_cost(x, y)
    assert torch.equal(found, transport_cost(x, y))
