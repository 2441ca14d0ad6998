import torch

from recipes.emojiscape.augmentation import bent, hues, jittered, redrawn


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_another_hand_leaves_white_white_and_colours_in_their_range():
    white, ink = torch.ones(8, 3, 64, 64), torch.rand(8, 3, 64, 64)
    assert redrawn(white, white, seeded()).min() > 0.98
    drawn = redrawn(ink, ink, seeded())
    assert drawn.min() >= 0 and drawn.max() <= 1
    assert (drawn - ink).abs().mean() > 0.05


def test_half_of_the_pictures_are_turned_and_all_are_bent():
    x = torch.zeros(400, 3, 16, 16)
    grid = bent(x, seeded())
    across = grid[:, :, -1] - grid[:, :, 0]  # from the left edge to the right one, (n, h, 2)
    turned = torch.atan2(across[..., 1].mean(1), across[..., 0].mean(1)).abs() > 0.15
    assert 0.2 < turned.float().mean() < 0.5  # half of them, and of these most by as much
    assert (grid[:, :, 8].diff(dim=1, n=2).abs().amax((1, 2)) > 1e-4).all()


def test_a_fifth_of_the_pictures_swap_colours():
    likely = hues(torch.zeros(2000, 3, 1, 1), seeded()).argmax(2)
    moved = (likely != torch.arange(3)).any(1).float().mean()
    assert 0.12 < moved < 0.22  # one order in six is the old one


def test_every_picture_is_moved_and_stays_in_its_range():
    x = torch.rand(8, 3, 64, 64)
    moved = jittered(x, seeded())
    assert moved.min() >= 0 and moved.max() <= 1
    assert ((moved - x).abs().mean((1, 2, 3)) > 0.02).all()
    assert torch.equal(moved, jittered(x, seeded()))
