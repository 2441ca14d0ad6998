import torch
from numerics import rounding
from torch import nn

from recipes.emojiscape.loop import Muon, orthogonal


def test_orthogonal_brings_all_singular_values_near_one_and_keeps_their_vectors(bfloat16):
    torch.manual_seed(0)
    for shape in ((6, 20), (20, 6), (8, 8)):
        x = torch.randn(shape) * 30
        y = orthogonal(x)
        assert y.shape == x.shape
        values = torch.linalg.svdvals(y)
        assert values.min() > 0.5
        assert values.max() < 1.4
        u, _, v = torch.linalg.svd(x, full_matrices=False)
        off = u.T @ y @ v.T - torch.diag(values.sort(descending=True).values)
        assert (off - torch.diag(off.diag())).abs().max() < 0.1


def test_muon_follows_a_kernel_as_the_matrix_that_it_is(bfloat16):
    torch.manual_seed(0)
    kernel = nn.Parameter(torch.randn(4, 3, 2, 2))
    matrix = nn.Parameter(kernel.detach().flatten(1).clone())
    gradients = [torch.randn(4, 12) for _ in range(3)]
    optimizers = Muon([kernel], 0.1), Muon([matrix], 0.1)
    for gradient in gradients:
        kernel.grad, matrix.grad = gradient.view_as(kernel), gradient.clone()
        for optimizer in optimizers:
            optimizer.step()
    assert torch.equal(kernel.flatten(1), matrix)


def test_muon_follows_matrices_of_one_shape_as_if_each_were_alone(bfloat16):
    torch.manual_seed(0)
    starts, gradients = torch.randn(2, 3, 6, 9)
    together = [nn.Parameter(start.clone()) for start in starts]
    alone = [nn.Parameter(start.clone()) for start in starts]
    for parameter, gradient in zip(together + alone, [*gradients, *gradients], strict=True):
        parameter.grad = gradient.clone()
    for optimizer in (Muon(together, 0.1), *(Muon([parameter], 0.1) for parameter in alone)):
        optimizer.step()
    step = 0.1 * 0.2 * 9**0.5  # the largest that an entry can be changed by
    within = rounding(bfloat16, step)
    torch.testing.assert_close(torch.stack(together), torch.stack(alone), **within)
    assert all(
        not parameter.equal(start) for parameter, start in zip(together, starts, strict=True)
    )


def test_muon_steps_as_far_as_its_rate_says_however_large_the_gradient(bfloat16):
    """Powers of two scale a gradient without rounding, so the steps are the same bit for bit."""
    steps = []
    for size in (2**-10, 2**10):
        matrix = nn.Parameter(torch.zeros(8, 32))
        matrix.grad = size * torch.randn(8, 32, generator=torch.Generator().manual_seed(0))
        Muon([matrix], 0.1).step()
        steps.append(matrix.detach())
    assert torch.equal(*steps)
    assert 0.5 < steps[0].square().mean().sqrt() / (0.1 * 0.2) < 1.5  # like AdamW's, in size
