"""On curves that are known: equal effects at strength 1, and where they stop growing."""

import pytest
import torch

from hypertransport.calibration import Calibration
from hypertransport.errors import CheckpointError

STRENGTHS = torch.tensor([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2])
SLOPES = torch.tensor([0.25, 0.4, 0.5, 0.8, 1.0])


def linear(slopes: torch.Tensor = SLOPES, sizes: torch.Tensor | None = None) -> Calibration:
    """Effects that grow with strength as far as it is measured."""
    return Calibration(STRENGTHS, slopes[:, None] * STRENGTHS, slopes if sizes is None else sizes)


def at(curve: Calibration, concept: int, strength: float) -> float:
    """The effect at any strength, by linear interpolation."""
    s, effects = curve.strengths, curve.effects[concept]
    i = min(int((s <= strength).sum()) - 1, len(s) - 2)
    part = (strength - s[i]) / (s[i + 1] - s[i])
    return (effects[i] + part * (effects[i + 1] - effects[i])).item()


def test_at_its_gain_every_concept_has_the_effect_of_the_median_one() -> None:
    curves = linear()
    assert curves.level == pytest.approx(0.5)
    effects = [at(curves, i, gain) for i, gain in enumerate(curves.gains.tolist())]
    assert effects == pytest.approx([0.5] * 5, abs=1e-5)


def test_a_concept_that_never_gets_there_goes_as_far_as_it_can() -> None:
    weak = 0.3 * (1 - (1 - STRENGTHS / 1.5) ** 2)  # its greatest effect is 0.3, at 1.5
    curves = Calibration(STRENGTHS, torch.stack([weak, STRENGTHS, STRENGTHS]), torch.ones(3))
    assert curves.gains.tolist() == pytest.approx([1.5, 1, 1])


def test_where_effect_follows_size_so_does_the_gain_of_a_new_concept() -> None:
    sizes = torch.tensor([0.3, 0.6, 0.9])
    assert (linear().gain(sizes) * sizes).tolist() == pytest.approx([0.5] * 3, rel=1e-4)


def test_where_it_does_not_the_gain_is_one_for_all() -> None:
    alike = linear(torch.full((5,), 0.5), sizes=SLOPES)
    torch.testing.assert_close(alike.gain(torch.tensor([0.01, 0.5, 9.0])), torch.ones(3))
    odd = linear(torch.tensor([0.4, 0.6, 0.4, 0.6, 0.4, 0.6]), sizes=torch.arange(1.0, 7))
    assert odd.gain(torch.tensor([1.0, 6.0])).unique().numel() == 1


@pytest.mark.parametrize(
    "sizes",
    [
        SLOPES,
        torch.tensor([0.3, 0.3, 0.5, 0.9, 0.9]),  # the fitted line stays within the gains
        torch.tensor([0.2, 0.5, 0.5, 0.7, 1.2]),  # it leaves them
    ],
)
def test_gains_are_never_extrapolated(sizes: torch.Tensor) -> None:
    curves = linear(sizes=sizes)
    assert curves.gain(sizes).unique().numel() > 1
    found = curves.gain(torch.tensor([1e-9, sizes.min(), sizes.max(), 1e9]))
    torch.testing.assert_close(found[[0, 3]], found[[1, 2]])
    assert found.min() >= curves.gains.min() and found.max() <= curves.gains.max()


def test_where_nothing_moves_there_is_nothing_to_equalise() -> None:
    still = linear(torch.zeros(3), sizes=torch.zeros(3))
    assert still.gain(torch.tensor([0.0, 1.0])).tolist() == [1, 1]


@pytest.mark.parametrize(("turned", "limit"), [(0, 2.0), (5, 2.0), (6, 1.0), (10, 1.0)])
def test_the_limit_is_where_more_than_half_of_ten_concepts_have_turned(
    turned: int, limit: float
) -> None:
    back = 1 - (1 - STRENGTHS) ** 2  # has fallen by 0.06 at 1.25
    rows = [back] * turned + [STRENGTHS] * (10 - turned)
    assert Calibration(STRENGTHS, torch.stack(rows), torch.ones(10)).limit == limit


def test_a_fall_within_the_noise_is_no_turn() -> None:
    wavy = STRENGTHS - torch.tensor([0, 0, 0, 0.29, 0, 0, 0, 0])  # 0.46 after 0.5
    assert Calibration(STRENGTHS, wavy[None], torch.ones(1)).limit == 2


def test_tables_survive() -> None:
    again = Calibration.from_tensors(linear().tensors())
    assert torch.equal(again.effects, linear().effects)
    assert again.limit == linear().limit


GOOD = linear().tensors()


@pytest.mark.parametrize(
    "odd",
    [
        {"more": torch.ones(1)},
        {"strengths": STRENGTHS + 0.1},
        {"strengths": STRENGTHS.flip(0)},
        {"strengths": STRENGTHS[:0], "effects": torch.ones(5, 0)},
        {"effects": torch.ones(5, 3)},
        {"effects": torch.ones(5)},
        {"sizes": torch.ones(4)},
        {"sizes": torch.tensor([1.0, 1, 1, 1, -1])},
        {"sizes": torch.ones(0), "effects": torch.ones(0, 8)},
    ],
)
def test_odd_tables_are_refused(odd: dict[str, torch.Tensor]) -> None:
    with pytest.raises(CheckpointError):
        Calibration.from_tensors(GOOD | odd)
