"""The statistics of pairwise preferences: who wins, how sure that is, and how far raters agree."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import nan, sqrt
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from hypertransport.evaluation.votes import Verdict, Vote
from hypertransport.extras import extra

DRAWS = 2000  # resamples of the concepts
PRIOR = 0.5  # wins of each method over each other before anything was seen (Jeffreys)


class Interval(NamedTuple):
    """Between which two numbers something lies, in its own unit."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total` yes-or-no observations."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """From 0 to 1; not a number where nothing was observed."""
        return self.count / self.total if self.total else nan

    def wilson(self, confidence: float = 0.95) -> Interval:
        """The score interval of Wilson (1927): right for few observations, and near 0 and 1."""
        if not self.total:
            return Interval(0.0, 1.0)
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        p, n = self.value, self.total
        centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
        return Interval(max(0.0, centre - half), min(1.0, centre + half))


@dataclass(frozen=True, slots=True)
class Tally:
    """Verdicts on one method against another, from the side of the first."""

    wins: int
    ties: int
    losses: int
    refused: int

    @property
    def decisive(self) -> Share:
        """The share of wins among wins and losses."""
        return Share(self.wins, self.wins + self.losses)


def tally(verdicts: Iterable[Verdict], a: str, b: str) -> Tally:
    """Count the verdicts on the methods `a` and `b`, as wins of `a`."""
    low, high = sorted((a, b))
    count = Counter(v.answer for v in verdicts if (v.question.a, v.question.b) == (low, high))
    wins, losses = (count["A"], count["B"]) if a == low else (count["B"], count["A"])
    return Tally(wins, count["tie"], losses, count["refused"])


def position_bias(votes: Iterable[Vote]) -> Share:
    """How often what stood first was preferred, among votes for one of the two: half if unbiased.

    Only where both methods stood first equally often is it the position alone that this measures.
    """
    decisive = [vote for vote in votes if vote.answer in ("A", "B")]
    return Share(sum(vote.answer == vote.first for vote in decisive), len(decisive))


def self_agreement(verdicts: Iterable[Verdict]) -> Share:
    """How often a rater said the same of a pair in both of its orders."""
    twice = [verdict for verdict in verdicts if verdict.shown == 2]
    return Share(sum(verdict.consistent for verdict in twice), len(twice))


def nominal(x: object, y: object) -> float:
    """The difference of two categories: 0 if they are the same, else 1."""
    return float(x != y)


def krippendorff_alpha(
    units: Iterable[Sequence[Hashable]],
    difference: Callable[[Any, Any], float] = nominal,
) -> float:
    """Krippendorff's alpha, one less the observed disagreement by the one expected by chance.

    A unit holds the values that raters gave to it, as many as there are; one alone tells nothing.
    1 is agreement, 0 chance. Not a number where all values are the same, or none can be compared.
    Source: Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section E.
    """
    counts = [Counter(unit) for unit in units if len(unit) > 1]
    values = sum(counts, Counter())
    n = values.total()
    expected = _disagreement(values, difference) / (n - 1) if n else 0.0
    if not expected:
        return nan
    observed = sum(_disagreement(unit, difference) / (unit.total() - 1) for unit in counts)
    return 1 - observed / expected


def _disagreement(values: Counter, difference: Callable[[Any, Any], float]) -> float:
    """The differences of all ordered pairs of values, added up."""
    pairs = permutations(values.items(), 2)
    return sum((m * n * difference(x, y) for (x, m), (y, n) in pairs), 0.0)


def agreement(verdicts: Iterable[Verdict]) -> float:
    """Krippendorff's alpha between raters, over the questions; a refusal counts as no answer."""
    units: dict[Any, list[str]] = {}
    for verdict in verdicts:
        if verdict.answer != "refused":
            units.setdefault(verdict.question, []).append(verdict.answer)
    return krippendorff_alpha(units.values())


def win_counts(
    verdicts: Sequence[Verdict], methods: Sequence[str], tie: float = 0.0
) -> Float[np.ndarray, "concepts methods methods"]:
    """For each concept, how often the method of the row beat that of the column.

    `tie` is what each of two methods gets for a tie between them.
    """
    concepts = {c: i for i, c in enumerate(dict.fromkeys(v.question.concept for v in verdicts))}
    place = {method: i for i, method in enumerate(methods)}
    counts = np.zeros((len(concepts), len(methods), len(methods)))
    for verdict in verdicts:
        a, b = place[verdict.question.a], place[verdict.question.b]
        of_concept = counts[concepts[verdict.question.concept]]
        of_concept[a, b] += {"A": 1.0, "tie": tie}.get(verdict.answer, 0.0)
        of_concept[b, a] += {"B": 1.0, "tie": tie}.get(verdict.answer, 0.0)
    return counts


def bradley_terry(
    wins: Float[np.ndarray, "methods methods"], prior: float = PRIOR
) -> Float[np.ndarray, " methods"]:
    """The log-strengths under which method i beats j with odds `exp(s_i - s_j)`; their mean is 0.

    The most likely ones, by choix, once each method has been given `prior` wins over each other:
    without them a method that won, or lost, everything has no finite strength.
    Source: Bradley and Terry (1952); Maystre and Grossglauser (2015) for the algorithm.
    """
    with extra("study"):
        import choix  # waits for scipy, which two methods do without

    return choix.ilsr_pairwise_dense(wins + prior * (1 - np.eye(len(wins))))


def resampled(
    counts: Float[np.ndarray, "concepts *shape"],
    statistic: Callable[[np.ndarray], Any],
    *,
    draws: int = DRAWS,
    confidence: float = 0.95,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """The percentile interval of a statistic of the counts' (or scores') sum over concepts.

    Concepts are drawn with replacement, as many as there are: votes on one concept are not
    independent of each other, so an interval that resamples votes would be too narrow.
    """
    n = len(counts)
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)
    values = np.stack([statistic(np.tensordot(weights, counts, 1)) for weights in drawn])
    low, high = np.nanquantile(values, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    return np.asarray(low), np.asarray(high)
