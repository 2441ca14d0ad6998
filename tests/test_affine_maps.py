"""How one affine map acts: every layout, every number of rows, with and without a mask."""

import pytest
import torch

from hypertransport.affine_maps import AffineMap, Cut, affine


@pytest.mark.parametrize("shape", [(4, 6, 2, 3), (4, 6, 5), (4, 6)])
@pytest.mark.parametrize("rows", [None, 1, 2, 4])
def test_affine_meets_every_layout(shape: tuple[int, ...], rows: int | None) -> None:
    z, lead = torch.randn(shape), () if rows is None else (rows,)
    T = AffineMap(torch.randn(*lead, 6), torch.randn(*lead, 6))
    full = AffineMap(*(v.expand(rows or 1, 6).repeat(4 // (rows or 1), 1) for v in T))
    for channel_dim in (1, -1):
        x = z.movedim(1, channel_dim)
        y = affine(x, T, channel_dim).movedim(channel_dim, 1)
        expected = torch.einsum("bc,bc...->bc...", full.scale, z)
        expected = expected + full.shift.reshape(4, 6, *[1] * (z.ndim - 2))
        torch.testing.assert_close(y, expected)


@pytest.mark.parametrize("rows", [(), (3,)])
def test_a_cut_map_is_views_of_the_whole_site_by_site(rows: tuple[int, ...]) -> None:
    whole = AffineMap(torch.randn(*rows, 7), torch.randn(*rows, 7))
    cut = Cut({"a": 2, "b": 1, "c": 4}, whole)
    assert [*cut] == ["a", "b", "c"]
    assert len(cut) == 3
    for part, values in zip(("scale", "shift"), whole, strict=True):
        assert torch.equal(torch.cat([getattr(T, part) for T in cut.values()], -1), values)
    whole.scale[..., 2] = 5
    assert (cut["b"].scale == 5).all()
    with pytest.raises(KeyError):
        cut["d"]


def test_affine_keeps_memory_format() -> None:
    z = torch.randn(4, 6, 3, 3).to(memory_format=torch.channels_last)
    for rows in (2, 4):
        out = affine(z, AffineMap(torch.ones(rows, 6), torch.zeros(rows, 6)), 1)
        assert out.is_contiguous(memory_format=torch.channels_last)


def test_mask_is_exact_at_0_and_1_and_linear_between() -> None:
    z, T = torch.randn(4, 6, 2, 3), AffineMap(torch.randn(2, 6), torch.randn(2, 6))
    full = affine(z, T, 1)
    assert torch.equal(affine(z, T, 1, torch.ones(1, 1, 2, 3)), full)
    assert torch.equal(affine(z, T, 1, torch.zeros(2, 1, 2, 3)), z)
    mask = torch.rand(2, 1, 2, 3)
    expected = z + mask.repeat(2, 1, 1, 1) * (full - z)
    torch.testing.assert_close(affine(z, T, 1, mask), expected)


def test_gradient_through_affine_is_exact() -> None:
    T = [torch.randn(2, 3, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    z = torch.randn(4, 3, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda z, *T: affine(z, AffineMap(*T), 1), (z, *T))
