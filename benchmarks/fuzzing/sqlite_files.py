"""Mutations of a SQLite file: its header, its pages, and rows that no schema would let in."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.fuzzing.json_values import mutate_json

VALUES = (
    None, 0, -1, 1, 2**62, 2**63 - 1, 0.5, float("inf"), "", " ", "first", "A", b"\xff\0",
    b"", "\0", "a" * 9999,
)  # fmt: skip
ORDERS = (
    "DELETE FROM {table}", "DROP TABLE {table}", "ALTER TABLE {table} RENAME TO other",
    "ALTER TABLE {table} ADD COLUMN extra", "ALTER TABLE {table} RENAME COLUMN {column} TO other",
    "PRAGMA user_version = 2", "PRAGMA user_version = -1", "DELETE FROM {table} WHERE rowid = 1",
    "CREATE TABLE more (a)", "PRAGMA encoding = 'UTF-16'", "PRAGMA auto_vacuum = 1",
)  # fmt: skip

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


def mutate_sqlite(data: bytes, rng: Random) -> bytes:
    """Odd values in its rows, or another schema; what is no data base stays as it is."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.sqlite"
        path.write_bytes(data)
        with closing(sqlite3.connect(path)) as db, suppress(sqlite3.Error):
            db.execute("PRAGMA ignore_check_constraints = ON")
            db.execute("PRAGMA journal_mode = DELETE")
            tables = sorted(name for (name,) in db.execute(TABLES))
            if tables:
                _change(db, rng.choice(tables), rng)
            db.commit()
        return path.read_bytes()


def _change(db: sqlite3.Connection, table: str, rng: Random) -> None:
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    column = rng.choice(columns)
    if rng.random() < 0.25:
        db.execute(rng.choice(ORDERS).format(table=table, column=column))
        return
    where = rng.choice(("", " WHERE rowid % 2", " LIMIT 1"))
    value = rng.choice(VALUES)
    if column == "record" and rng.random() < 0.8:
        (record,) = db.execute(f"SELECT record FROM {table}").fetchone()
        value = mutate_json(record.encode(), rng).decode("utf-8", "replace").strip()
    if where == " LIMIT 1":
        where = f" WHERE {columns[0]} = (SELECT {columns[0]} FROM {table} LIMIT 1)"
    db.execute(f"UPDATE OR IGNORE {table} SET {column} = ?{where}", (value,))
