"""What votes amount to, as one value, and as the text that judge and study print."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isnan, nan

import numpy as np
from jaxtyping import Float

from hypertransport.evaluation.preferences import (
    Interval,
    Share,
    Tally,
    agreement,
    bradley_terry,
    position_bias,
    resampled,
    self_agreement,
    tally,
    win_counts,
)
from hypertransport.evaluation.votes import Verdict, Vote, settle


@dataclass(frozen=True, slots=True)
class Comparison:
    """Method `a` against method `b`; `by_concept` is the interval of the share of decisive wins."""

    a: str
    b: str
    tally: Tally
    by_concept: Interval


@dataclass(frozen=True, slots=True)
class Strength:
    """The Bradley-Terry log-strength of a method, with its interval by concept."""

    method: str
    value: float
    by_concept: Interval


@dataclass(frozen=True, slots=True)
class Report:
    """What votes amount to. `strengths` is empty for two methods, whose share says it all."""

    votes: int
    raters: int
    questions: int
    concepts: int
    comparisons: tuple[Comparison, ...]
    strengths: tuple[Strength, ...]
    position: Share
    self_agreement: Share
    alpha: float


def analyse(votes: Sequence[Vote]) -> Report:
    """All statistics of votes; methods in the order in which they first occur."""
    verdicts = settle(votes)
    methods = list(dict.fromkeys(method for vote in votes for method in (vote.a, vote.b)))
    compared = {(v.question.a, v.question.b) for v in verdicts}
    pairs = [(a, b) for a, b in combinations(methods, 2) if (min(a, b), max(a, b)) in compared]
    return Report(
        votes=len(votes),
        raters=len({vote.rater for vote in votes}),
        questions=len({vote.question for vote in votes}),
        concepts=len({vote.concept for vote in votes}),
        comparisons=tuple(_comparison(verdicts, a, b) for a, b in pairs),
        strengths=_strengths(verdicts, methods) if len(methods) > 2 else (),
        position=position_bias(votes),
        self_agreement=self_agreement(verdicts),
        alpha=agreement(verdicts),
    )


def text(report: Report) -> str:
    """The report in lines for a terminal; shares in per cent, each with its 95% interval."""
    if not report.votes:
        return "no votes yet"
    counted = (
        f"{_number(report.votes, 'vote')} by {_number(report.raters, 'rater')} on "
        f"{_number(report.questions, 'question')} about {_number(report.concepts, 'concept')}"
    )
    lines = [counted, ""]
    for comparison in report.comparisons:
        lines += [*_comparison_lines(comparison), ""]
    if report.strengths:
        lines += ["strengths (Bradley-Terry, log-odds; 0 is the mean of the methods):"]
        lines += [f"  {_strength_line(strength)}" for strength in report.strengths] + [""]
    lines += [f"what stood first was preferred in {_per_cent(report.position)} decisive votes"]
    if report.self_agreement.total:
        lines += [f"the same answer in both orders for {_per_cent(report.self_agreement)} pairs"]
    if not isnan(report.alpha):
        lines += [f"agreement between raters: Krippendorff's alpha {report.alpha:.2f}"]
    return "\n".join(lines)


def text_by_rater(votes: Sequence[Vote]) -> str:
    """The report of each rater, and then, where there are several, of all of them."""
    raters = dict.fromkeys(vote.rater for vote in votes)
    parts = [(rater, [vote for vote in votes if vote.rater == rater]) for rater in raters]
    parts += [("all", votes)] if len(raters) > 1 else []
    return "\n\n".join(f"{name}: {text(analyse(of))}" for name, of in parts) or "no votes yet"


def _comparison(verdicts: Sequence[Verdict], a: str, b: str) -> Comparison:
    ours = [v for v in verdicts if {v.question.a, v.question.b} == {a, b}]
    counted = tally(ours, a, b)
    if not counted.decisive.total:
        return Comparison(a, b, counted, Interval(nan, nan))
    low, high = resampled(win_counts(ours, (a, b)), _share)
    return Comparison(a, b, counted, Interval(float(low), float(high)))


def _share(wins: Float[np.ndarray, "2 2"]) -> float:
    decisive = wins[0, 1] + wins[1, 0]
    return wins[0, 1] / decisive if decisive else nan


def _strengths(verdicts: Sequence[Verdict], methods: Sequence[str]) -> tuple[Strength, ...]:
    counts = win_counts(verdicts, methods, tie=0.5)
    values = bradley_terry(counts.sum(0)).tolist()
    low, high = (bound.tolist() for bound in resampled(counts, bradley_terry))
    found = [Strength(*row) for row in zip(methods, values, map(Interval, low, high), strict=True)]
    return tuple(sorted(found, key=lambda strength: -strength.value))


def _comparison_lines(comparison: Comparison) -> list[str]:
    counted = comparison.tally
    lines = [
        f"{comparison.a} over {comparison.b}: {counted.wins} wins, {counted.ties} ties, "
        f"{counted.losses} losses, {counted.refused} refused"
    ]
    if counted.decisive.total:
        low, high = comparison.by_concept
        lines += [f"  wins {_per_cent(counted.decisive)} decisive verdicts"]
        lines += [f"  95% interval by resampling concepts: {100 * low:.1f} to {100 * high:.1f}"]
    return lines


def _strength_line(strength: Strength) -> str:
    low, high = strength.by_concept
    return f"{strength.value:+.2f} ({low:+.2f} to {high:+.2f})  {strength.method}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _per_cent(share: Share) -> str:
    """ "66.7% (Wilson 59.9 to 72.8) of 180"."""
    if not share.total:
        return "none of 0"
    low, high = share.wilson()
    return f"{100 * share.value:.1f}% (Wilson {100 * low:.1f} to {100 * high:.1f}) of {share.total}"
