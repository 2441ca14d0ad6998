"""The answers of a user study, in one SQLite file: who is asked what, and what they answered.

What each person is asked is laid down when they begin: a link is enough to go on. Neither a name
nor an address is kept. Any number of threads and processes may use the file at once.
"""

import json
import random
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hypertransport.errors import HyperTransportError
from hypertransport.evaluation.pairs import Pair, Side
from hypertransport.evaluation.records import as_line
from hypertransport.evaluation.votes import Seen, Vote
from hypertransport.replacing import replacing

FORMAT = 1
WAIT = 30.0  # seconds, for another's writing to end
SCHEMA = f"""
PRAGMA journal_mode = WAL;
PRAGMA user_version = {FORMAT};
BEGIN;
CREATE TABLE pairs (id INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE raters (
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    began TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE questions (
    rater INTEGER NOT NULL REFERENCES raters,
    position INTEGER NOT NULL,
    pair INTEGER NOT NULL REFERENCES pairs,
    first TEXT NOT NULL CHECK (first IN ('A', 'B')),
    is_check INTEGER NOT NULL,
    seen TEXT CHECK (seen IN ('first', 'second', 'tie', 'refused')),
    answered TEXT,
    PRIMARY KEY (rater, position)
) WITHOUT ROWID;
CREATE INDEX by_pair ON questions (pair);
"""
FEWEST_ANSWERS = """
SELECT pairs.id FROM pairs LEFT JOIN questions ON pair = pairs.id AND NOT is_check
GROUP BY pairs.id ORDER BY COUNT(seen), COUNT(position), RANDOM() LIMIT ?
"""
# In an attention check the picture of A is whole, the other one is not: "A" is the right answer.
FAILED = """
SELECT rater FROM questions WHERE is_check AND seen <> IIF(first = 'A', 'first', 'second')
GROUP BY rater HAVING COUNT(*) > ?
"""


class StudyError(HyperTransportError):
    """A study cannot be served or read: another study's file, or a damaged one."""


class UnknownLinkError(StudyError):
    """No one was given this link, or not that many questions."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as a person sees it. In a check, B's place is taken by a spoilt copy of A's."""

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
class Answers:
    """The file of a study. `questions` is how many each new person gets, all if None."""

    path: Path
    questions: int | None = None
    check_every: int = 10

    @classmethod
    def create(
        cls, path: Path, pairs: Sequence[Pair], questions: int | None = None, check_every: int = 10
    ) -> "Answers":
        """Begin a study of `pairs`, or go on with the one in `path`.

        Raises StudyError if it is of other pairs, or no study.
        """
        answers = cls(path, questions, check_every)
        if not path.exists():
            answers._begin(pairs)
        elif list(answers.pairs().values()) != list(pairs):
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
        try:
            with self._reading() as db:
                ((format_,),) = db.execute("PRAGMA user_version")
                rows = db.execute("SELECT id, record FROM pairs ORDER BY id").fetchall()
        except sqlite3.DatabaseError as error:
            raise StudyError(f"{self.path} is no study ({error}); give another file") from error
        if format_ != FORMAT:
            raise StudyError(f"{self.path} has format {format_}, not {FORMAT}; give another file")
        return {number: Pair(**json.loads(record)) for number, record in rows}

    def enrol(self) -> str:
        """Lay down what a new person is asked; returns the secret of their link.

        Pairs with the fewest answers come first to be asked; order and sides are random.
        """
        token = secrets.token_urlsafe(16)
        with self._writing() as db:
            rater = db.execute("INSERT INTO raters (token) VALUES (?)", (token,)).lastrowid
            limit = -1 if self.questions is None else self.questions
            pairs = [pair for (pair,) in db.execute(FEWEST_ANSWERS, (limit,))]
            db.executemany(
                "INSERT INTO questions (rater, position, pair, first, is_check) "
                "VALUES (?, ?, ?, ?, ?)",
                (
                    (rater, position, pair, random.choice("AB"), is_check)
                    for position, (pair, is_check) in enumerate(self._with_checks(pairs))
                ),
            )
        return token

    def progress(self, token: str) -> Progress:
        """How far a person is. Raises UnknownLinkError."""
        with self._reading() as db:
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
        with self._reading() as db:
            row = db.execute(
                "SELECT record, first, is_check FROM questions JOIN raters ON raters.id = rater "
                "JOIN pairs ON pairs.id = pair WHERE token = ? AND position = ?",
                (token, position),
            ).fetchone()
        if row is None:
            raise UnknownLinkError("there is no such question; begin anew")
        return Shown(Pair(**json.loads(row[0])), row[1], bool(row[2]))

    def record(self, token: str, position: int, seen: Seen) -> None:
        """Keep an answer; of several to one question, the first. Raises UnknownLinkError."""
        self.shown(token, position)
        with self._writing() as db:
            db.execute(
                "UPDATE questions SET seen = ?, answered = CURRENT_TIMESTAMP WHERE position = ? "
                "AND seen IS NULL AND rater = (SELECT id FROM raters WHERE token = ?)",
                (seen, position, token),
            )

    def votes(self, allowed_failures: int = 1) -> tuple[list[Vote], int]:
        """All votes, and how many people are left out for failing more attention checks."""
        pairs = self.pairs()
        with self._reading() as db:
            careless = {rater for (rater,) in db.execute(FAILED, (allowed_failures,))}
            rows = db.execute(
                "SELECT rater, pair, first, seen FROM questions "
                "WHERE seen IS NOT NULL AND NOT is_check ORDER BY rater, position"
            ).fetchall()
        return [
            Vote.cast(pairs[pair], first, seen, f"rater {rater}")
            for rater, pair, first, seen in rows
            if rater not in careless
        ], len(careless)

    def _begin(self, pairs: Sequence[Pair]) -> None:
        try:
            with replacing(self.path) as partial, closing(sqlite3.connect(partial)) as db:
                db.executescript(SCHEMA)
                db.executemany(
                    "INSERT INTO pairs (record) VALUES (?)", [(as_line(p),) for p in pairs]
                )
                db.commit()
        except sqlite3.OperationalError as error:
            raise StudyError(
                f"cannot write {self.path} ({error}); give another --database"
            ) from error

    def _with_checks(self, pairs: Sequence[int]) -> list[tuple[int, bool]]:
        """The pairs in random order, and in each block of `check_every` one check."""
        order = [(pair, False) for pair in random.sample(pairs, len(pairs))]
        size = self.check_every or len(order)
        blocks = [order[i : i + size] for i in range(0, len(order), size)]
        if self.check_every:
            for block in blocks:
                block.insert(random.randint(0, len(block)), (random.choice(block)[0], True))
        return [question for block in blocks for question in block]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=WAIT)) as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, which waits for the others': all of it is kept, or nothing."""
        with closing(sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            with db:
                yield db
