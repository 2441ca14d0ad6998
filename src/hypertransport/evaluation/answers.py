"""The answers of a user study, in one SQLite file: who is asked what, and what they answered.

What each person is asked is laid down when they begin: a link is enough to go on. Neither a name
nor an address is kept. Any number of threads and processes may use the file at once.

A study is open to everyone until it has invitations; then each of those enrols one person, once.
"""

import random
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

from hypertransport.evaluation import records
from hypertransport.evaluation.pairs import Pair, Side
from hypertransport.evaluation.study_file import StudyError, begin, reading, upgrade, writing
from hypertransport.evaluation.votes import Seen, Vote

FEWEST_ANSWERS = """
SELECT pairs.id FROM pairs LEFT JOIN questions ON pair = pairs.id AND NOT is_check
GROUP BY pairs.id ORDER BY COUNT(seen), COUNT(position), RANDOM()
"""
# In an attention check "A" stands for the picture that is whole: it is the right answer.
RATERS = """
SELECT raters.id, COUNT(invitations.code), COUNT(*) FILTER (WHERE NOT is_check),
    COUNT(*) FILTER (WHERE is_check),
    COUNT(*) FILTER (WHERE is_check AND seen <> IIF(first = 'A', 'first', 'second')),
    (julianday(MAX(answered)) - julianday(MIN(answered))) * 86400 / (COUNT(*) - 1)
FROM raters JOIN questions ON questions.rater = raters.id
LEFT JOIN invitations ON invitations.rater = raters.id
WHERE seen IS NOT NULL GROUP BY raters.id ORDER BY raters.id
"""


class UnknownLinkError(StudyError):
    """No one was given this link, or not that many questions."""


class EnrolmentError(StudyError):
    """Someone may not take part: without an invitation, or in a study that is full."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as a person sees it. In a check, one picture of the pair stands in A's place,
    and a spoilt copy of it in B's."""

    pair: Pair
    first: Side
    is_check: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person is; `position`, from 0, is the next question, or None at the end."""

    position: int | None
    answered: int
    total: int


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a person answered: whether they were invited, how many answers and attention checks there
    are, how many of those failed, and the mean seconds from answer to answer, if there are two."""

    rater: str
    invited: bool
    answers: int
    checks: int
    failed: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The file of a study. `questions` is how many each new person gets, all if None; `most_raters`
    bounds how many people an open study takes."""

    path: Path
    questions: int | None = None
    check_every: int = 10
    most_raters: int = 1000

    @classmethod
    def create(
        cls,
        path: Path,
        pairs: Sequence[Pair],
        questions: int | None = None,
        check_every: int = 10,
        most_raters: int = 1000,
    ) -> "Answers":
        """Begin a study of `pairs`, or go on with the one in `path`.

        Raises StudyError if it is of other pairs, or no study.
        """
        answers = cls(path, questions, check_every, most_raters)
        if not path.exists():
            begin(path, pairs)
        if list(answers.pairs().values()) != list(pairs):
            raise StudyError(
                f"{path} holds answers on other pairs; serve those, or give another --database"
            )
        return answers

    @classmethod
    def open(cls, path: Path) -> "Answers":
        """A study that has begun. Raises StudyError where there is none."""
        if not path.is_file():
            raise StudyError(f"there is no study at {path}; begin one: hypertransport study serve")
        answers = cls(path)
        answers.pairs()
        return answers

    def pairs(self) -> dict[int, Pair]:
        """The pairs of the study, by their number in it. Raises StudyError for another file."""
        with reading(self.path) as db:
            upgrade(db)
            rows = db.execute("SELECT id, record FROM pairs ORDER BY id").fetchall()
            return {number: _pair(record) for number, record in rows}

    def invite(self, number: int) -> list[str]:
        """Make so many invitations, each for one person; from the first on, nobody else enrols."""
        codes = [secrets.token_urlsafe(16) for _ in range(number)]
        with writing(self.path) as db:
            db.executemany("INSERT INTO invitations (code) VALUES (?)", [(code,) for code in codes])
        return codes

    def enrol(self, invitation: str | None = None) -> str:
        """Lay down what a new person is asked; returns the secret of their link.

        Pairs with the fewest answers come first to be asked; order and sides are random. Who has
        used their invitation before gets the same secret again. Raises EnrolmentError.
        """
        with writing(self.path) as db:
            if (known := self._enrolled(db, invitation)) is not None:
                return known
            token = secrets.token_urlsafe(16)
            rater = db.execute("INSERT INTO raters (token) VALUES (?)", (token,)).lastrowid
            db.execute("UPDATE invitations SET rater = ? WHERE code = ?", (rater, invitation))
            pairs = [pair for (pair,) in db.execute(FEWEST_ANSWERS)]
            asked, others = pairs[: self.questions], pairs[len(pairs[: self.questions]) :]
            db.executemany(
                "INSERT INTO questions (rater, position, pair, first, is_check) "
                "VALUES (?, ?, ?, ?, ?)",
                (
                    (rater, position, pair, random.choice("AB"), is_check)
                    for position, (pair, is_check) in enumerate(self._with_checks(asked, others))
                ),
            )
        return token

    def progress(self, token: str) -> Progress:
        """How far a person is. Raises UnknownLinkError."""
        with reading(self.path) as db:
            (row,) = db.execute(
                "SELECT MIN(IIF(seen IS NULL, position, NULL)), COUNT(seen), COUNT(*) "
                "FROM questions JOIN raters ON id = rater WHERE token = ?",
                (token,),
            )
        if not row[2]:
            raise UnknownLinkError("this link is not known here; begin anew")
        return Progress(*row)

    def shown(self, token: str, position: int) -> Shown:
        """One of a person's questions. Raises UnknownLinkError."""
        with reading(self.path) as db:
            row = db.execute(
                "SELECT record, first, is_check FROM questions JOIN raters ON raters.id = rater "
                "JOIN pairs ON pairs.id = pair WHERE token = ? AND position = ?",
                (token, position),
            ).fetchone()
        if row is None:
            raise UnknownLinkError("there is no such question; begin anew")
        return Shown(_pair(row[0]), row[1], bool(row[2]))

    def record(self, token: str, position: int, seen: Seen) -> None:
        """Keep an answer; of several to one question, the first. Raises UnknownLinkError."""
        self.shown(token, position)
        with writing(self.path) as db:
            db.execute(
                "UPDATE questions SET seen = ?, answered = CURRENT_TIMESTAMP WHERE position = ? "
                "AND seen IS NULL AND rater = (SELECT id FROM raters WHERE token = ?)",
                (seen, position, token),
            )

    def votes(self, allowed_failures: int = 1, most: int | None = None) -> tuple[list[Vote], int]:
        """Return the votes, at most the first `most` of each person, and how many people are left
        out because they failed more attention checks than are allowed."""
        pairs = self.pairs()
        careless = {one.rater for one in self.conduct() if one.failed > allowed_failures}
        with reading(self.path) as db:
            rows = db.execute(
                "SELECT 'rater ' || rater, pair, first, seen FROM questions "
                "WHERE seen IS NOT NULL AND NOT is_check ORDER BY rater, position"
            ).fetchall()
            cast = [Vote.cast(pairs[pair], first, seen, by) for by, pair, first, seen in rows]
        by_rater = groupby((vote for vote in cast if vote.rater not in careless), _rater)
        return [vote for _, votes in by_rater for vote in islice(votes, most)], len(careless)

    def conduct(self) -> list[Conduct]:
        """Return how each person answered, of all who answered anything."""
        with reading(self.path) as db:
            return [
                Conduct(f"rater {rater}", bool(invited), *counts)
                for rater, invited, *counts in db.execute(RATERS)
            ]

    def _enrolled(self, db: sqlite3.Connection, invitation: str | None) -> str | None:
        """The secret that an invitation has brought before; None if one is to be made."""
        if invitation is None:
            self._require_open(db)
            return None
        row = db.execute(
            "SELECT code, token FROM invitations LEFT JOIN raters ON raters.id = rater "
            "WHERE code = ?",
            (invitation,),
        ).fetchone()
        if row is None:
            raise EnrolmentError("this invitation is not known here; ask for another one")
        return row[1]

    def _require_open(self, db: sqlite3.Connection) -> None:
        ((invited,),) = db.execute("SELECT EXISTS (SELECT * FROM invitations)")
        if invited:
            raise EnrolmentError("this study is by invitation; open the link that you were sent")
        ((raters,),) = db.execute("SELECT COUNT(*) FROM raters")
        if raters >= self.most_raters:
            raise EnrolmentError("this study is full; thank you all the same")

    def _with_checks(self, asked: Sequence[int], others: Sequence[int]) -> list[tuple[int, bool]]:
        """The pairs in random order, and in each block of `check_every` one check, of a pair that
        is not asked otherwise if there are any: the same question twice would tell it."""
        order = [(pair, False) for pair in random.sample(asked, len(asked))]
        size = self.check_every or len(order)
        blocks = [order[i : i + size] for i in range(0, len(order), size)]
        if self.check_every:
            for block in blocks:
                pair = random.choice(others or [pair for pair, _ in block])
                block.insert(random.randint(0, len(block)), (pair, True))
        return [question for block in blocks for question in block]


def _pair(record: str) -> Pair:
    """Raises one of `UNREADABLE`."""
    return records.parse(record, Pair, "a pair of it")


def _rater(vote: Vote) -> str:
    return vote.rater
