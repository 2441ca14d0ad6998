"""What was trained on is not new, what is like validation concepts hardly ever, the rest is."""

from fractions import Fraction

import pytest
import torch
from torch.nn import functional as F

from hypertransport import novelty
from hypertransport.errors import CheckpointError
from hypertransport.novelty import BEYOND, Neighbours, TrainedConcepts, nearest_distance

DIM = 16


def draw(n: int, seed: int, centre: int = 0) -> torch.Tensor:
    """Unit vectors about an axis, as a tower's embeddings lie in a cone."""
    noise = torch.randn(n, DIM, generator=torch.Generator().manual_seed(seed))
    return F.normalize(0.2 * noise + torch.eye(DIM)[centre], dim=-1)


@pytest.fixture
def words() -> Neighbours:
    return Neighbours.of(draw(300, seed=0), draw(199, seed=1))


def test_what_was_trained_on_has_novelty_0_at_any_length(words: Neighbours) -> None:
    found = words.novelty(7 * draw(300, seed=0))
    assert found.max() < 1e-4
    assert found.min() >= 0  # rounding may put a cosine above 1


def test_concepts_drawn_like_validation_ones_are_seldom_far(words: Neighbours) -> None:
    """The law of split conformal prediction, and that the threshold is not simply large."""
    share = (words.novelty(draw(4000, seed=2)) > 1).float().mean().item()
    assert 0.3 * BEYOND < share < 2 * BEYOND


def test_another_direction_is_far(words: Neighbours) -> None:
    assert (words.novelty(draw(50, seed=3, centre=1)) > 1).all()


def test_few_validation_concepts_set_the_threshold_by_the_farthest() -> None:
    few = Neighbours.of(draw(50, seed=0), draw(5, seed=1))
    assert few.threshold == few.distances.max()


@pytest.mark.parametrize("n", [19, 20, 29, 40, 99, 100, 1000])
def test_the_threshold_is_the_split_conformal_quantile(n: int) -> None:
    """The least rank k of n distances with k / (n + 1) >= 1 - BEYOND, since the new one counts."""
    rank = min(k for k in range(1, n + 1) if Fraction(k, n + 1) >= 1 - Fraction(str(BEYOND)))
    distances = 1 + torch.randperm(n, generator=torch.Generator().manual_seed(n))
    assert Neighbours(draw(1, seed=0), distances.float()).threshold == rank


def test_validation_concepts_that_were_trained_on_leave_a_usable_threshold() -> None:
    same = Neighbours.of(torch.eye(DIM), torch.eye(DIM))
    assert same.distances.max() == 0
    assert torch.equal(same.novelty(torch.eye(DIM)), torch.zeros(DIM))
    assert (same.novelty(draw(5, seed=1)) > 1).all()


def test_turning_all_embeddings_changes_nothing(words: Neighbours) -> None:
    turn, _ = torch.linalg.qr(torch.randn(DIM, DIM, generator=torch.Generator().manual_seed(4)))
    turned = Neighbours.of(draw(300, seed=0) @ turn, draw(199, seed=1) @ turn)
    e = draw(20, seed=5)
    torch.testing.assert_close(turned.novelty(e @ turn), words.novelty(e), rtol=1e-3, atol=1e-4)


def test_a_concept_is_known_when_it_is_near_to_either_kind(words: Neighbours) -> None:
    pictures = Neighbours.of(draw(300, seed=6, centre=1), draw(99, seed=7, centre=1))
    both = TrainedConcepts({"words": words, "pictures": pictures})
    e = torch.cat([draw(5, seed=0), draw(5, seed=6, centre=1)])
    assert both.novelty(e).max() < 1e-4
    assert TrainedConcepts({"words": words}).novelty(e)[5:].min() > 1


def test_the_table_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(novelty, "KEPT", 10)
    some = Neighbours.of(draw(25, seed=0), draw(5, seed=1))
    assert len(some.trained) == 9
    assert torch.equal(some.distances, nearest_distance(draw(5, seed=1), some.trained))


def test_tables_survive(words: Neighbours) -> None:
    trained = TrainedConcepts({"words": words})
    again = TrainedConcepts.from_tensors(trained.tensors(), DIM)
    e = draw(9, seed=8)
    torch.testing.assert_close(again.novelty(e), trained.novelty(e))


@pytest.mark.parametrize(
    "odd",
    [
        {"trained.words": torch.ones(2, DIM)},
        {"trained.smells": torch.ones(2, DIM), "distances.smells": torch.ones(1)},
        {"trained.words": torch.ones(2, DIM + 1), "distances.words": torch.ones(1)},
        {"trained.words": torch.ones(0, DIM), "distances.words": torch.ones(1)},
        {"trained.words": torch.ones(2, DIM), "distances.words": torch.ones(0)},
        {"trained.words": torch.ones(5000, DIM), "distances.words": torch.ones(1)},
    ],
)
def test_odd_tables_are_refused(odd: dict[str, torch.Tensor]) -> None:
    with pytest.raises(CheckpointError):
        TrainedConcepts.from_tensors(odd, DIM)
