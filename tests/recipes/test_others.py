import numpy as np
import torch

from recipes.emojiscape.others import Others


def test_two_drawings_of_one_class_are_drawn_together_and_each_as_likely():
    drawings = torch.arange(6, dtype=torch.uint8)[:, None, None, None].expand(6, 48, 48, 4)
    others = Others(drawings, torch.tensor([0, 0, 0, 0, 1, 1]))
    assert len(others) == 2
    one, another, classes = others.draw(np.random.default_rng(0), 3000)
    first, second = ((v[:, 0, 0, 0] * 255).round().long() for v in (one, another))
    assert one.shape == (3000, 4, 48, 48)
    assert torch.equal(others.classes[first], classes)
    assert torch.equal(others.classes[second], classes)
    shares = torch.bincount(first) / 3000
    assert (shares - 1 / 6).abs().max() < 0.03


def test_what_is_written_is_read_again(tmp_path):
    drawings, classes = np.zeros((3, 48, 48, 4), np.uint8), np.array([0, 0, 1])
    np.savez_compressed(tmp_path / "others.npz", drawings=drawings, classes=classes)
    read = Others.load(tmp_path / "others.npz")
    assert torch.equal(read.drawings, torch.from_numpy(drawings))
    assert read.classes.tolist() == [0, 0, 1]
