"""Frozen records in JSON lines: one record a line, read strictly, appended whole or not at all."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, fields
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from hypertransport.errors import HyperTransportError, brief
from hypertransport.json_files import JsonError, parse_json
from hypertransport.replacing import replacing

Record = TypeVar("Record")
MAX_EXACT = 2**53  # up to which every whole number is a float


class RecordError(HyperTransportError, ValueError):
    """A file of records is missing, or one of its lines is not what it should be."""


def read(path: Path, kind: type[Record]) -> list[Record]:
    """All records of a file, in its order.

    Raises RecordError, with the number of the line, for anything but exactly the fields of `kind`.
    """
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except OSError as error:
        raise RecordError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RecordError(
            f"{path} is not text in UTF-8 ({error.reason}); write it again"
        ) from error
    if lines.pop():
        raise RecordError(f"{path} ends within a line; end its last line, or delete it")
    return [parse(line, kind, f"{path}, line {i}") for i, line in enumerate(lines, 1)]


def write(path: Path, records: Iterable[Any]) -> None:
    """Write records to `path`, or raise OSError and leave what was there."""
    with replacing(path) as partial:
        partial.write_text("".join(map(as_line, records)), encoding="utf-8")


def append(path: Path, record: Any) -> None:
    """Add a record and wait until it lies on the disk. Several processes may append at once.

    Raises RecordError when the disk is full; `mend` then cuts off what was written of the line.
    """
    line = as_line(record).encode()
    with path.open("ab", buffering=0) as file:
        if file.write(line) != len(line):
            raise RecordError(f"{path}: the disk is full; make room, and run this again")
        os.fsync(file.fileno())


def mend(path: Path) -> None:
    """Cut off a last line that a crash has left without its end: that record was never written."""
    if path.exists():
        with path.open("rb+") as file:
            file.truncate(file.read().rfind(b"\n") + 1)


def as_line(record: Any) -> str:
    """A record as one line of JSON, its end included. Raises TypeError for no dataclass."""
    return json.dumps(asdict(record)) + "\n"


def parse(line: str, kind: type[Record], where: str) -> Record:
    """Return the record in one line. Raises RecordError, which calls the line `where`.

    Tables turn whole numbers into 7.0, and what is absent into null or NaN: a null is no field, and
    neither is a number of an object that is one or the other.
    """
    try:
        values = parse_json(line, finite=False)
    except JsonError as error:
        raise RecordError(f"{where}: {error}") from error
    types = {field.name: field.type for field in fields(kind)}  # pyright: ignore[reportArgumentType]
    present = values if isinstance(values, dict) else {}
    present = {name: v for name, v in present.items() if v is not None or name in types}
    if present.keys() != types.keys():
        raise RecordError(f"{where} is no object with exactly the fields {', '.join(types)}")
    present = {name: _converted(value, types[name]) for name, value in present.items()}
    for name, value in present.items():
        if not _fits(value, types[name]):
            raise RecordError(f"{where}: {name} is {brief(value)}, not {_wanted(types[name])}")
    return kind(**present)


def _converted(value: Any, type_: Any) -> Any:
    """A value as JSON should have written it."""
    if get_origin(type_) is dict and isinstance(value, dict):
        numbers = {name: _converted(number, float) for name, number in value.items()}
        return {name: v for name, v in numbers.items() if v is not None and v == v}
    if type_ is int and type(value) is float and value.is_integer():
        return int(value)
    if type_ is float and type(value) is int and abs(value) <= MAX_EXACT:
        return float(value)
    return value


def _fits(value: object, type_: Any) -> bool:
    """Whether a value is of its field's type; text must not be blank, nor hold a zero character."""
    if get_origin(type_) is dict:
        return isinstance(value, dict) and all(_fits(v, float) for v in value.values())
    if choices := get_args(type_):
        return value in choices
    if type_ is str:
        return isinstance(value, str) and bool(value.strip()) and "\0" not in value
    return type(value) is type_ and (type_ is not float or isfinite(value))  # type: ignore[arg-type]


def _wanted(type_: Any) -> str:
    if get_origin(type_) is dict:
        return "an object of finite numbers"
    if choices := get_args(type_):
        return "one of " + ", ".join(choices)
    return {str: "text", int: "a whole number", float: "a finite number"}[type_]
