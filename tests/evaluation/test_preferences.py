from math import isnan

import numpy as np
import pytest
from scipy.stats import binomtest

from hypertransport.evaluation.preferences import (
    Share,
    Tally,
    agreement,
    bradley_terry,
    krippendorff_alpha,
    position_bias,
    resampled,
    self_agreement,
    tally,
    win_counts,
)
from hypertransport.evaluation.votes import Vote, settle


def vote(answer, first="A", concept="snow", seed=0, rater="ada", a="ours", b="theirs"):
    return Vote(concept, "a bouquet", seed, a, b, first, answer, rater)


def random_votes(n=200):
    rng = np.random.default_rng(0)
    names = np.array([["ours", "theirs"], ["theirs", "third"], ["ours", "third"]])
    return [
        vote(rng.choice(["A", "A", "B", "tie", "refused"]).item(), rng.choice(["A", "B"]).item(),
             f"concept {i % 7}", i % 3, f"rater {rng.integers(3)}",
             *names[rng.integers(3)].tolist())
        for i in range(n)
    ]  # fmt: skip


# --- Wilson

# Newcombe (1998), Statistics in Medicine 17, table I, method 3.
NEWCOMBE = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
            (1, 29, 0.0061, 0.1718)]  # fmt: skip


@pytest.mark.parametrize(("count", "total", "low", "high"), NEWCOMBE)
def test_wilson_as_published(count, total, low, high):
    assert Share(count, total).wilson() == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("total", [1, 2, 17, 300])
def test_wilson_equals_scipy(total, confidence):
    for count in {0, 1, total // 3, total - 1, total}:
        theirs = binomtest(count, total).proportion_ci(confidence, method="wilson")
        assert Share(count, total).wilson(confidence) == pytest.approx(theirs, abs=1e-12)


def test_wilson_mirrors_and_holds_the_share():
    for count in range(12):
        share, other = Share(count, 11), Share(11 - count, 11)
        low, high = share.wilson()
        assert 0 <= low <= share.value <= high <= 1
        assert other.wilson() == pytest.approx((1 - high, 1 - low))


def test_nothing_observed_is_no_share_and_says_nothing():
    assert isnan(Share(0, 0).value)
    assert Share(0, 0).wilson() == (0, 1)


# --- tallies, position, consistency


def test_a_tally_counts_from_the_side_of_its_first_method():
    answers = ["A"] * 3 + ["B"] * 2 + ["tie"] + ["refused"] * 4
    verdicts = settle(vote(answer, seed=i) for i, answer in enumerate(answers))
    assert tally(verdicts, "ours", "theirs") == Tally(3, 1, 2, 4)
    assert tally(verdicts, "theirs", "ours") == Tally(2, 1, 3, 4)
    assert tally(verdicts, "ours", "third") == Tally(0, 0, 0, 0)
    assert tally(verdicts, "ours", "theirs").decisive == Share(3, 5)


def test_exchanging_the_methods_in_every_vote_changes_no_statistic():
    votes = random_votes()
    mirrored = [v.mirrored() for v in votes]
    one, other = settle(votes), settle(mirrored)
    for a, b in [("ours", "theirs"), ("theirs", "third"), ("third", "ours")]:
        assert tally(one, a, b) == tally(other, a, b)
    assert position_bias(votes) == position_bias(mirrored)
    assert self_agreement(one) == self_agreement(other)
    assert agreement(one) == agreement(other)
    methods = ["ours", "theirs", "third"]
    np.testing.assert_array_equal(
        win_counts(one, methods, tie=0.5), win_counts(other, methods, tie=0.5)
    )


def test_exchanging_the_names_mirrors_every_tally():
    other_name = {"ours": "theirs", "theirs": "ours", "third": "third"}
    votes = random_votes()
    renamed = [
        Vote(v.concept, v.prompt, v.seed, other_name[v.a], other_name[v.b], v.first, v.answer,
             v.rater)
        for v in votes
    ]  # fmt: skip
    assert tally(settle(votes), "ours", "theirs") == tally(settle(renamed), "theirs", "ours")
    assert tally(settle(votes), "ours", "third") == tally(settle(renamed), "theirs", "third")


def test_who_always_takes_the_first_is_biased_and_decides_nothing():
    votes = [vote(first, first, seed=i) for i in range(9) for first in "AB"]
    assert position_bias(votes) == Share(18, 18)
    assert self_agreement(settle(votes)) == Share(0, 9)
    assert tally(settle(votes), "ours", "theirs") == Tally(0, 9, 0, 0)


def test_who_always_takes_the_same_method_is_unbiased_and_consistent():
    votes = [vote("B", first, seed=i) for i in range(9) for first in "AB"]
    assert position_bias(votes) == Share(9, 18)
    assert self_agreement(settle(votes)) == Share(9, 9)


def test_ties_and_refusals_say_nothing_of_the_position():
    assert position_bias([vote("tie"), vote("refused")]) == Share(0, 0)


# --- Krippendorff's alpha


def units(*raters: str) -> list[list[str]]:
    """The values of each unit, given the values of each rater; a point is no value."""
    return [[value for value in unit if value != "."] for unit in zip(*raters, strict=True)]


# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", data of sections A, B and C.
BINARY = units("0100000010", "1110010000")
NOMINAL = units("aabbdcccedda", "babbbccceddd")
FOUR = units("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


@pytest.mark.parametrize(
    ("data", "alpha"),
    [(BINARY, 0.095), (NOMINAL, 0.692), (FOUR, 0.743)],
)
def test_nominal_alpha_as_published(data, alpha):
    assert krippendorff_alpha(data) == pytest.approx(alpha, abs=5e-4)


def test_interval_alpha_as_published():
    alpha = krippendorff_alpha(FOUR, lambda x, y: (int(x) - int(y)) ** 2)
    assert alpha == pytest.approx(0.849, abs=5e-4)


def test_alpha_is_1_for_agreement_and_about_0_for_chance():
    rng = np.random.default_rng(0)
    assert krippendorff_alpha([["A", "A"], ["B", "B", "B"], ["tie"]]) == 1
    assert krippendorff_alpha([["A", "B"], ["B", "A"]]) < 0
    by_chance = rng.choice(["A", "B", "tie"], size=(4000, 3)).tolist()
    assert krippendorff_alpha(by_chance) == pytest.approx(0, abs=0.03)


def test_alpha_without_variation_or_without_a_second_rater_is_no_number():
    assert isnan(krippendorff_alpha([["A", "A"], ["A", "A"]]))
    assert isnan(krippendorff_alpha([["A"], ["B"]]))
    assert isnan(krippendorff_alpha([]))


def test_a_refusal_is_no_answer():
    votes = [vote("A", rater="ada"), vote("A", rater="bob"), vote("B", seed=1),
             vote("B", seed=1, rater="bob"), vote("refused", rater="eve")]  # fmt: skip
    assert agreement(settle(votes)) == 1


# --- Bradley-Terry and resampling

# Citations between four journals of statistics, Stigler (1994), fitted in Agresti, Categorical Data
# Analysis, and by BradleyTerry2 (Turner and Firth, 2012): log-strengths less that of Biometrika.
# Rows are cited by columns: Biometrika, Communications in Statistics, JASA, JRSS-B.
CITATIONS = np.array([
    [0.0, 730, 498, 221], [33, 0, 68, 17], [320, 813, 0, 142], [284, 276, 325, 0],
])  # fmt: skip


def test_bradley_terry_as_published():
    strengths = bradley_terry(CITATIONS, prior=0.0)
    assert strengths - strengths[0] == pytest.approx([0, -2.94907, -0.47957, 0.26895], abs=1e-5)
    assert strengths.sum() == pytest.approx(0, abs=1e-9)


def test_the_prior_fades():
    published = bradley_terry(CITATIONS, prior=0.0)
    far, near = (np.abs(bradley_terry(k * CITATIONS) - published).max() for k in (1, 100))
    assert near < far / 50
    assert far < 0.02


def test_two_methods_have_the_log_odds_of_their_wins():
    wins = np.array([[0.0, 6.0], [3.0, 0.0]])
    a, b = bradley_terry(wins, prior=0.0)
    assert a - b == pytest.approx(np.log(2))
    a, b = bradley_terry(np.array([[0.0, 6.0], [0.0, 0.0]]))
    assert a - b == pytest.approx(np.log(6.5 / 0.5))


def test_bradley_terry_mirrors_and_permutes():
    strengths = bradley_terry(CITATIONS)
    np.testing.assert_allclose(bradley_terry(CITATIONS.T), -strengths, atol=1e-6)
    order = [2, 0, 3, 1]
    np.testing.assert_allclose(
        bradley_terry(CITATIONS[np.ix_(order, order)]), strengths[order], atol=1e-6
    )


def test_win_counts_by_concept_with_ties_as_halves():
    verdicts = settle(
        [vote("A"), vote("B", seed=1), vote("tie", seed=2), vote("refused", seed=3),
         vote("B", concept="ice")]
    )  # fmt: skip
    plain = win_counts(verdicts, ["ours", "theirs"])
    assert plain.tolist() == [[[0, 1], [1, 0]], [[0, 0], [1, 0]]]
    halves = win_counts(verdicts, ["theirs", "ours"], tie=0.5)
    assert halves.tolist() == [[[0, 1.5], [1.5, 0]], [[0, 1], [0, 0]]]


def share(wins):
    return wins[0, 1] / (wins[0, 1] + wins[1, 0])


def test_concepts_that_are_all_alike_leave_nothing_unsure():
    counts = np.tile([[0.0, 3.0], [1.0, 0.0]], (5, 1, 1))
    assert resampled(counts, share, draws=50) == (0.75, 0.75)


def test_resampling_concepts_is_wider_than_resampling_votes():
    # Ten votes for each concept, all the same: as much is known as from one vote per concept.
    wins = np.arange(40) % 3 > 0
    counts = np.zeros((40, 2, 2))
    counts[:, 0, 1], counts[:, 1, 0] = 10 * wins, 10 * ~wins
    low, high = resampled(counts, share)
    by_vote = Share(int(10 * wins.sum()), 400).wilson()
    by_concept = Share(int(wins.sum()), 40).wilson()
    assert high - low > 2.5 * (by_vote.high - by_vote.low)
    assert high - low == pytest.approx(by_concept.high - by_concept.low, rel=0.15)


def test_resampling_is_reproducible_and_takes_statistics_of_several_values():
    counts = np.random.default_rng(0).integers(1, 9, (6, 3, 3)).astype(float)
    low, high = resampled(counts, bradley_terry, draws=40)
    assert low.shape == high.shape == (3,)
    assert (low < high).all()
    again = resampled(counts, bradley_terry, draws=40)
    np.testing.assert_array_equal((low, high), again)
