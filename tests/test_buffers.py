"""Values that change in place."""

import torch

from hypertransport.affine_maps import AffineMap
from hypertransport.buffers import Buffers, SiteBuffers

HERE = torch.device("cpu")


def test_new_values_reach_the_tensors_already_in_use() -> None:
    buffers = Buffers(torch.zeros(3, 2), torch.zeros(3))
    first, second = buffers.now(HERE)
    buffers.set((torch.ones(1, 2), torch.arange(3.0)))
    assert torch.equal(first, torch.ones(3, 2))
    assert torch.equal(second, torch.arange(3.0))
    assert len(buffers) == 3


def test_selected_rows_follow_and_selections_of_one_length_share_their_tensor() -> None:
    buffers = Buffers(torch.arange(3.0))
    buffers.select(torch.tensor([2, 0]))
    (selected,) = buffers.now(HERE)
    assert selected.tolist() == [2, 0]
    buffers.set((torch.tensor([5.0, 6.0, 7.0]),))
    assert selected.tolist() == [7, 5]
    buffers.select(torch.tensor([1, 1]))
    assert selected.tolist() == [6, 6]
    assert buffers.whole[0].tolist() == [5, 6, 7]
    buffers.select(None)
    assert buffers.now(HERE)[0].tolist() == [5, 6, 7]


def test_one_row_serves_every_selection() -> None:
    buffers = Buffers(torch.ones(1, 2))
    buffers.select(torch.tensor([0, 0, 0]))
    assert len(buffers.now(HERE)[0]) == 1


def test_values_move_to_where_they_are_needed_and_stay_there() -> None:
    buffers, there = Buffers(torch.arange(3.0)), torch.device("meta")
    buffers.select(torch.tensor([2, 0]))
    (moved,) = buffers.now(there)
    assert (moved.device, moved.shape) == (there, (2,))
    assert buffers.now(there)[0] is moved
    assert buffers.whole[0].device == there


def test_sites_read_their_columns_of_what_is_set_at_once() -> None:
    T = AffineMap(torch.arange(10.0).view(2, 5), -torch.arange(10.0).view(2, 5))
    buffers = SiteBuffers(T, (2, 3))
    first, second = (site(HERE) for site in buffers.sites)
    assert first.scale.tolist() == [[0, 1], [5, 6]]
    assert second.shift.tolist() == [[-2, -3, -4], [-7, -8, -9]]
    buffers.set(AffineMap(torch.ones(1, 5), torch.zeros(1, 5)))
    assert torch.equal(first.scale, torch.ones(2, 2))
    assert buffers.sites[1](HERE).shift is second.shift
    buffers.select(torch.tensor([1]))
    assert buffers.sites[0](HERE).scale.shape == (1, 2)
    assert buffers.sites[1](torch.device("meta")).scale.device.type == "meta"
