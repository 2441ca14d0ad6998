"""Boxes and painted masks as what they cover of a grid."""

import pytest
import torch
from PIL import Image, ImageDraw

from hypertransport.errors import InterventionError
from hypertransport.serving.areas import FINEST, area_mask, as_area

LEFT, RIGHT = (0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0)
SMALL = (0.1, 0.3, 0.45, 0.9)  # along no edge of any grid
EVERYWHERE = (0.0, 0.0, 1.0, 1.0)


def painted(size: tuple[int, int], *corners: int) -> Image.Image:
    """White between these corners, both within, and black without."""
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rectangle(corners, fill=255)
    return mask


@pytest.mark.parametrize("size", [(64, 64), (48, 31)])
def test_a_mask_holds_the_area_of_its_box_and_halves_make_a_whole(size):
    left, top, right, bottom = SMALL
    mask = area_mask(SMALL, *size)
    assert mask.shape == size
    torch.testing.assert_close(mask.mean(), torch.tensor((right - left) * (bottom - top)))
    halves = area_mask(LEFT, *size) + area_mask(RIGHT, *size)
    torch.testing.assert_close(halves, torch.ones(size))
    assert torch.equal(area_mask(EVERYWHERE, *size), torch.ones(size))


@pytest.mark.parametrize("kind", ["L", "RGB", "RGBA"])
def test_a_painted_rectangle_is_a_box(kind):
    mask = painted((80, 40), 20, 0, 59, 19).convert(kind)
    box = as_area([0.25, 0, 0.75, 0.5])
    for height, width in ((20, 40), (10, 20), (5, 10)):
        found = area_mask(as_area(mask), height, width)
        torch.testing.assert_close(found, area_mask(box, height, width))


def test_a_large_mask_is_kept_small_and_covers_as_much():
    mask = painted((1000, 500), 100, 100, 699, 299)
    kept = as_area(mask)
    assert kept.shape == (FINEST // 2, FINEST)
    torch.testing.assert_close(kept.mean(), torch.tensor(0.6 * 0.4), rtol=0.02, atol=0)


def test_a_mask_of_another_ratio_and_odd_values_are_refused():
    with pytest.raises(InterventionError, match="80 x 40 for pictures of the ratio 64 x 64"):
        area_mask(as_area(painted((80, 40), 0, 0, 9, 9)), 64, 64)
    with pytest.raises(InterventionError, match="2 masks"):
        as_area(torch.ones(2, 8, 8))
    with pytest.raises(InterventionError, match="from 0 to 1"):
        as_area(torch.full((8, 8), 2.0))
    for box in ([0, 0, 1], [0.5, 0, 0.5, 1], [0, 0, 1, 1.5]):
        with pytest.raises(InterventionError, match="left < right"):
            as_area(box)
