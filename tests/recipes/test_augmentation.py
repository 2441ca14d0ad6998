import torch

from recipes.emojiscape.augmentation import jittered, redrawn


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_another_hand_leaves_white_white_and_colours_in_their_range():
    white, ink = torch.ones(8, 3, 64, 64), torch.rand(8, 3, 64, 64)
    assert redrawn(white, white, seeded()).min() > 0.98
    drawn = redrawn(ink, ink, seeded())
    assert drawn.min() >= 0 and drawn.max() <= 1
    assert (drawn - ink).abs().mean() > 0.05


def test_every_picture_is_moved_and_stays_in_its_range():
    x = torch.rand(8, 3, 64, 64)
    moved = jittered(x, seeded())
    assert moved.min() >= 0 and moved.max() <= 1
    assert ((moved - x).abs().mean((1, 2, 3)) > 0.02).all()
    assert torch.equal(moved, jittered(x, seeded()))
