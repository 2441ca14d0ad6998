"""Votes, the one record of judges and people, and what a rater's votes on a question amount to."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from hypertransport.evaluation import records
from hypertransport.evaluation.pairs import OTHER, Pair, Question, Side

Answer: TypeAlias = Literal["A", "B", "tie", "refused"]
Seen: TypeAlias = Literal["first", "second", "tie", "refused"]
SEEN: tuple[Seen, ...] = ("first", "second", "tie", "refused")
MIRRORED: dict[Answer, Answer] = {"A": "B", "B": "A", "tie": "tie", "refused": "refused"}


@dataclass(frozen=True, slots=True)
class Vote:
    """What one rater answered to one pair, shown once, in one order.

    `a` and `b` are the methods; `first` says whose picture stood first. `answer` is the method that
    was preferred, or "tie", or "refused": no comparison was possible, or it was declined.
    """

    concept: str
    prompt: str
    seed: int
    a: str
    b: str
    first: Side
    answer: Answer
    rater: str

    @classmethod
    def cast(cls, pair: Pair, first: Side, seen: Seen, rater: str) -> "Vote":
        """A vote from what the rater saw: the first picture, the second, both alike, or none."""
        chosen: dict[Seen, Answer] = {"first": first, "second": OTHER[first]}
        answer = chosen.get(seen) or ("tie" if seen == "tie" else "refused")
        return cls(pair.concept, pair.prompt, pair.seed, pair.a, pair.b, first, answer, rater)

    @property
    def question(self) -> Question:
        """What was asked, the same for both orders of the methods."""
        return Question(self.concept, self.prompt, self.seed, *sorted((self.a, self.b)))

    @property
    def first_method(self) -> str:
        """The method whose picture stood first."""
        return self.a if self.first == "A" else self.b

    def mirrored(self) -> "Vote":
        """The same vote with the methods' names exchanged: `a` is called `b`."""
        return Vote(
            self.concept, self.prompt, self.seed, self.b, self.a,
            OTHER[self.first], MIRRORED[self.answer], self.rater,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rater's votes on one question amount to; the answer is of the question's `a` and `b`.

    `shown` is the number of different orders that the pair was shown in, and `consistent` says
    whether all votes agreed.
    """

    question: Question
    rater: str
    answer: Answer
    shown: int
    consistent: bool


def resume(path: Path) -> list[Vote]:
    """The votes in a file, none if there is none; a last one that was cut off by a crash is gone.

    Raises RecordError for anything else that is no vote.
    """
    records.mend(path)
    return records.read(path, Vote) if path.exists() else []


def settle(votes: Iterable[Vote]) -> list[Verdict]:
    """One verdict per rater and question, in the order of their first votes.

    Votes that disagree, such as those of a judge who prefers what stands first, are a tie; a
    question that was refused once is refused.
    """
    groups: dict[tuple[Question, str], list[Vote]] = {}
    for vote in votes:
        oriented = vote if vote.a < vote.b else vote.mirrored()
        groups.setdefault((vote.question, vote.rater), []).append(oriented)
    return [_verdict(question, rater, group) for (question, rater), group in groups.items()]


def complete(votes: Iterable[Vote]) -> list[Vote]:
    """Only votes on questions that the rater was shown in both orders; the others may be biased."""
    votes = list(votes)
    orders: dict[tuple[Question, str], set[str]] = {}
    for vote in votes:
        orders.setdefault((vote.question, vote.rater), set()).add(vote.first_method)
    return [vote for vote in votes if len(orders[vote.question, vote.rater]) == 2]


def _verdict(question: Question, rater: str, votes: list[Vote]) -> Verdict:
    answers = {vote.answer for vote in votes}
    agreed = len(answers) == 1
    answer: Answer = votes[0].answer if agreed else "refused" if "refused" in answers else "tie"
    return Verdict(question, rater, answer, len({vote.first for vote in votes}), agreed)
