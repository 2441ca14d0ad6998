"""The SQLite file of a study: its tables, and how it is opened."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from hypertransport.errors import HyperTransportError, OutputError, first_line
from hypertransport.evaluation.pairs import Pair
from hypertransport.evaluation.records import RecordError, as_line
from hypertransport.locking import one_writer
from hypertransport.replacing import replacing

FORMAT = 2  # 1 had no invitations
WAIT = 30.0  # seconds, for another's writing to end
# sqlite3 itself fails to decode its messages about a schema that is not UTF-8.
UNREADABLE = (
    sqlite3.Error,
    RecordError,
    LookupError,
    TypeError,
    OverflowError,
    UnicodeDecodeError,
)
INVITATIONS = """
CREATE TABLE IF NOT EXISTS invitations (code TEXT PRIMARY KEY, rater INTEGER REFERENCES raters)
"""
SCHEMA = f"""
PRAGMA journal_mode = WAL;
PRAGMA user_version = {FORMAT};
BEGIN;
{INVITATIONS};
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


class StudyError(HyperTransportError):
    """A study cannot be served or read: another study's file, or a damaged one."""


def begin(path: Path, pairs: Sequence[Pair]) -> None:
    """Make the file of a study unless another process has just done so.

    Raises StudyError where it cannot be written.
    """
    try:
        with one_writer(path, wait=True):
            if not path.exists():
                _write(path, pairs)
    except (sqlite3.OperationalError, OutputError) as error:
        raise StudyError(f"cannot write {path} ({error}); give another --database") from error


def _write(path: Path, pairs: Sequence[Pair]) -> None:
    with replacing(path) as partial, closing(sqlite3.connect(partial)) as db:
        db.executescript(SCHEMA)
        db.executemany("INSERT INTO pairs (record) VALUES (?)", [(as_line(p),) for p in pairs])
        db.commit()


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a study. Raises StudyError for a file that is none, or whose rows hold odd values."""
    try:
        with closing(sqlite3.connect(path, timeout=WAIT)) as db:
            yield db
    except UNREADABLE as error:
        raise StudyError(
            f"{path} is no study, or a damaged one ({first_line(error)}); give another file"
        ) from error


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction, which waits for the others': all of it is kept, or nothing."""
    with reading(path) as db:
        db.isolation_level = None
        db.execute("BEGIN IMMEDIATE")
        with db:
            yield db


def upgrade(db: sqlite3.Connection) -> None:
    """Bring an older study to this format. Raises StudyError for any other file."""
    ((format_,),) = db.execute("PRAGMA user_version")
    if format_ == 1:
        db.executescript(f"BEGIN; {INVITATIONS}; PRAGMA user_version = {FORMAT}; COMMIT")
    elif format_ != FORMAT:
        raise StudyError(f"the study has format {format_}, not {FORMAT}; give another file")
