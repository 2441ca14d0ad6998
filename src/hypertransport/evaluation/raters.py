"""How each person of a study answered, and what about it is unlikely of someone who looked.

None of it proves a thing, and none of it leaves anyone out: a script that looks at pictures passes
every test here. Only failed attention checks leave people out (`Answers.votes`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hypertransport.evaluation.answers import Conduct
from hypertransport.evaluation.pairs import Question
from hypertransport.evaluation.preferences import Share, position_bias
from hypertransport.evaluation.votes import Vote, settle
from hypertransport.terminal import table_lines

FASTEST = 1.5  # seconds from answer to answer; two pictures are not compared in less
SURE = 0.999  # of a person's interval that does not hold what it should: one in a thousand
HEADER = ("rater", "enrolled", "votes", "checks failed", "seconds", "first", "agrees", "flags")


@dataclass(frozen=True, slots=True)
class Rater:
    """One person: `first` is how often what stood first was preferred, `agreement` how often a
    decisive verdict was that of most others on the same question."""

    conduct: Conduct
    votes: int
    first: Share
    agreement: Share

    @property
    def flags(self) -> tuple[str, ...]:
        """What is unlikely of someone who looked at the pictures."""
        seconds, first = self.conduct.seconds, self.first.wilson(SURE)
        found = {
            "failed checks": self.conduct.failed > 0,
            "fast": seconds is not None and seconds < FASTEST,
            "one side": not first.low <= 0.5 <= first.high,
            "disagrees": self.agreement.wilson(SURE).high < 0.5,
        }
        return tuple(name for name, holds in found.items() if holds)


def describe(conduct: Sequence[Conduct], votes: Sequence[Vote]) -> list[Rater]:
    """Return how each person answered; `votes` are those that are counted."""
    agreement = _agreement(votes)
    by_rater: dict[str, list[Vote]] = {}
    for vote in votes:
        by_rater.setdefault(vote.rater, []).append(vote)
    return [
        Rater(
            one,
            len(own := by_rater.get(one.rater, [])),
            position_bias(own),
            agreement.get(one.rater, Share(0, 0)),
        )
        for one in conduct
    ]


def text(raters: Sequence[Rater], every: bool = False) -> str:
    """Return who took part, in lines for a terminal; those with flags in a table, or all."""
    invited = sum(one.conduct.invited for one in raters)
    flagged = [one for one in raters if one.flags]
    lines = [
        f"{len(raters)} people answered, {invited} of them by invitation; {len(flagged)} have flags"
    ]
    if invited < len(raters):
        lines += [
            "enrolment was open: nothing keeps one person, or a script, from being several raters"
        ]
    shown = raters if every else flagged
    return "\n".join(lines + (table_lines(HEADER, map(_cells, shown)) if shown else []))


def _agreement(votes: Sequence[Vote]) -> dict[str, Share]:
    """For each rater, with the majority of the others; questions where those are split are left
    out."""
    decisive = [verdict for verdict in settle(votes) if verdict.answer in ("A", "B")]
    answers: dict[Question, Counter[str]] = {}
    for verdict in decisive:
        answers.setdefault(verdict.question, Counter())[verdict.answer] += 1
    compared: dict[str, list[bool]] = {}
    for verdict in decisive:
        others = answers[verdict.question] - Counter([verdict.answer])
        if others["A"] != others["B"]:
            majority = "A" if others["A"] > others["B"] else "B"
            compared.setdefault(verdict.rater, []).append(verdict.answer == majority)
    return {rater: Share(sum(found), len(found)) for rater, found in compared.items()}


def _cells(rater: Rater) -> tuple[str, ...]:
    conduct = rater.conduct
    return (
        conduct.rater,
        "invited" if conduct.invited else "open",
        str(rater.votes),
        f"{conduct.failed} of {conduct.checks}",
        "-" if conduct.seconds is None else f"{conduct.seconds:.1f}",
        _per_cent(rater.first),
        _per_cent(rater.agreement),
        ", ".join(rater.flags),
    )


def _per_cent(share: Share) -> str:
    return f"{share.value:.0%} of {share.total}" if share.total else "-"
