from itertools import pairwise

import numpy as np
import pytest
import torch

from hypertransport.dial import Dial
from hypertransport.errors import CheckpointError

STRENGTHS = torch.linspace(0, 1, 5)


@pytest.fixture
def late():
    """Nothing is seen for half of the way, then nearly all at once."""
    return Dial.of(STRENGTHS, torch.tensor([[0.2, 0.2, 0.2, 0.8, 1.0]]))


def test_at_the_turned_strength_as_much_is_seen_as_was_asked_for(late):
    for s in (0.0, 0.1, 0.5, 0.75, 0.9, 1.0):
        assert np.interp(late(s), late.strengths, late.seen) == pytest.approx(s, abs=1e-6)


def test_turning_further_steers_further(late):
    turned = [late(s / 20) for s in range(-40, 41)]
    assert all(a < b for a, b in pairwise(turned))


def test_the_ends_are_themselves_and_so_is_all_beyond_them(late):
    assert [late(s) for s in (0.0, 1.0, 1.5, -1.0, -2.0)] == [0.0, 1.0, 1.5, -1.0, -2.0]
    assert late(-0.4) == -late(0.4)


def test_where_as_much_is_seen_as_is_steered_nothing_is_turned():
    even = Dial.of(STRENGTHS, torch.stack([STRENGTHS, 0.3 + 0.1 * STRENGTHS]))
    assert [even(s) for s in (0.2, 0.5, 0.9)] == pytest.approx([0.2, 0.5, 0.9])


def test_it_is_the_median_concepts_and_what_is_never_seen_does_not_count():
    curves = [[0, 0, 1.0], [0, 0.2, 1.0], [0, 0.9, 1.0], [0.5, 0.1, 0.4]]
    dial = Dial.of(torch.tensor([0, 0.5, 1]), torch.tensor(curves))
    assert dial.seen.tolist() == pytest.approx([0, 0.2, 1])
    assert Dial.of(STRENGTHS, torch.tensor([[0.3, 0.9, 0.9, 0.9, 0.3]])) is None


def test_what_was_seen_is_not_unseen_further_on():
    dial = Dial.of(STRENGTHS, torch.tensor([[0, 0.5, 0.3, 0.5, 1.0]]))
    assert (dial.seen.diff() >= 0).all()
    assert dial(0.25) == 0.125
    assert dial(0.5) == 0.75


def test_no_more_is_seen_than_at_1_and_no_less_than_at_0():
    dial = Dial.of(STRENGTHS, torch.tensor([[0.5, 0.3, 0.5, 2.0, 1.0]]))
    assert dial.seen.tolist() == pytest.approx([0, 0, 0, 1, 1])
    assert 0.5 < dial(0.1) < dial(0.9) < 0.75
    assert Dial.from_tensors(dial.tensors())(0.5) == dial(0.5)


def test_its_tables_give_it_back(late):
    again = Dial.from_tensors(late.tensors())
    assert [again(s / 7) for s in range(8)] == [late(s / 7) for s in range(8)]


@pytest.mark.parametrize(
    ("strengths", "seen"),
    [
        ([0, 1], [0, 0.5]),
        ([0, 1], [0.1, 1]),
        ([0.1, 1], [0, 1]),
        ([0, 0.5, 0.5, 1], [0, 0.1, 0.2, 1]),
        ([0, 0.5, 1], [0, 1.1, 1]),
        ([0, 0.5, 1], [0, 1]),
        ([0], [0]),
    ],
)
def test_tables_of_no_dial_are_refused(strengths, seen):
    tables = {"strengths": torch.tensor(strengths), "seen": torch.tensor(seen)}
    with pytest.raises(CheckpointError, match="dial"):
        Dial.from_tensors({k: v.float() for k, v in tables.items()})


def test_unknown_tables_are_refused(late):
    with pytest.raises(CheckpointError, match="odd tables"):
        Dial.from_tensors({**late.tensors(), "more": torch.ones(1)})
