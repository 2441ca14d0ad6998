"""The file of `generate-many`: JSON lines, or CSV, of pictures to draw. Strict, and bounded.

A line of JSON has the fields that the HTTP API has, but files by their paths:

    {"prompt": "a mushroom", "seed": 7, "strengths": [0, 1], "steering": [{"concept": "oil"}]}

A row of CSV has the columns prompt, seed, concept, image, intervention and strength; only the first
must be there. Tables fill what is absent with null, NaN or nothing, and turn whole numbers into
7.0: optional fields may hold either. Here types, sizes and names are checked; `cells` checks what
the values say.
"""

import csv
import io
import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from hypertransport.errors import HyperTransportError, one_line
from hypertransport.paths import user_path
from hypertransport.text_cleaning import clean_text
from hypertransport.text_files import read_text

MAX_BYTES = 64 * 2**20
MAX_LINES = 100_000
MAX_PROMPT = 4000  # characters; these bounds are the HTTP API's
MAX_STRENGTHS = 32
MAX_STRENGTH = 10.0
MAX_STEERING = 32
SOURCES = ("concept", "image", "intervention")
FIELDS = ("prompt", "seed", "strengths", "steering")
PART = (*SOURCES, "strength", "region")
ABSENT = ("", "nan", "NaN", "null", "NULL", "None", "<NA>")  # as tables write it in CSV
COLUMNS = ("prompt", "seed", *SOURCES, "strength")

Values: TypeAlias = dict[str, Any]


class BatchError(HyperTransportError, ValueError):
    """A file of pictures to draw cannot be read, or one of its lines asks for what cannot be."""


@dataclass(frozen=True, slots=True)
class Steering:
    """A concept of a line: its kind, one of `SOURCES`, and its words or the path of its file."""

    kind: str
    value: str
    strength: float = 1.0
    region: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What one line asks for: a picture at each of the strengths, which multiply the concepts' own.

    `number` counts the lines of the file from 1.
    """

    number: int
    prompt: str
    seed: int
    strengths: tuple[float, ...]
    steering: tuple[Steering, ...]


def read(path: Path) -> list[Line]:
    """All lines of a file, those of a `.csv` as CSV, without the blank ones.

    Raises BatchError, with the number of the first line that is wrong and with what it may hold.
    """
    path = user_path(path)
    text = read_text(path, BatchError, MAX_BYTES)
    rows = _csv_rows(text, path) if path.suffix.lower() == ".csv" else _json_rows(text)
    lines = []
    for number, row in rows:
        with_number = f"{path}, line {number}"
        if len(lines) == MAX_LINES:
            raise BatchError(f"{with_number}: more than {MAX_LINES:,} lines; split the file")
        try:
            lines.append(_line(number, row if isinstance(row, dict) else _parsed(row)))
        except BatchError as error:
            raise BatchError(f"{with_number}: {error}") from error
    if not lines:
        raise BatchError(
            f'{path} asks for nothing; write lines such as {{"prompt": "a mushroom"}}, or as CSV '
            "a header and a row for each picture"
        )
    return lines


def _json_rows(text: str) -> Iterator[tuple[int, str]]:
    lines = enumerate(text.split("\n"), 1)  # not splitlines, which cuts at odd characters too
    return ((number, line) for number, line in lines if line.strip())


def _parsed(line: str) -> Any:
    try:
        return json.loads(line, object_pairs_hook=_without_repeats, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise BatchError(f"no JSON ({one_line(error)}); write one object a line") from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> Values:
    if len(values := dict(pairs)) != len(pairs):
        raise ValueError("a field stands there twice")
    return values


def _constant(name: str) -> None:
    """NaN is how tables write an absent number."""
    if name != "NaN":
        raise ValueError(f"{name} is no number")


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, Values]]:
    """Each row as the object that a line of JSON would hold."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    try:
        for row in reader:
            if header and any(row):
                yield reader.line_num, _from_csv(_cells(header, row))
            elif not header:
                header = row
                _only(header, COLUMNS, "column")
    except (csv.Error, BatchError) as error:
        raise BatchError(f"{path}, line {reader.line_num}: {error}") from error


def _cells(header: list[str], row: list[str]) -> dict[str, str]:
    if len(row) != len(header):
        raise BatchError(f"{len(row)} cells under {len(header)} columns; quote those with commas")
    cells = zip(header, row, strict=True)
    return {name: cell for name, cell in cells if name == "prompt" or cell not in ABSENT}


def _from_csv(cells: Mapping[str, str]) -> Values:
    try:
        seed, strength = _whole(cells.get("seed", "0")), float(cells.get("strength", 1))
    except ValueError as error:
        raise BatchError(
            f"{one_line(error)}; give a whole seed, and a strength such as 0.8"
        ) from error
    steering = [{kind: cells[kind]} for kind in SOURCES if kind in cells]
    found = {"prompt": cells["prompt"]} if "prompt" in cells else {}
    return {**found, "seed": seed, "strengths": [strength], "steering": steering}


def _whole(text: str) -> int:
    return int(text.removesuffix(".0"))


def _present(values: Values) -> Values:
    """What an object holds, without what a table has filled in."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _line(number: int, values: Any) -> Line:
    if not isinstance(values, dict):
        raise BatchError('no object; write one such as {"prompt": "a mushroom"}')
    values = _present(values)
    _only(values, FIELDS, "field")
    prompt, seed = values.get("prompt"), values.get("seed", 0)
    seed = int(seed) if isinstance(seed, float) and seed.is_integer() else seed
    if not isinstance(prompt, str) or not clean_text(prompt) or len(prompt) > MAX_PROMPT:
        raise BatchError(f"prompt is to be text of 1 to {MAX_PROMPT:,} characters")
    if type(seed) is not int:
        raise BatchError(f"seed is {_short(seed)}; give a whole number from 0 on")
    strengths = _list(values, "strengths", [1.0], 1, MAX_STRENGTHS)
    steering = [p for p in _list(values, "steering", [], 0, MAX_STEERING) if p is not None]
    return Line(
        number,
        prompt,
        seed,
        tuple(_strength(value, "strengths") for value in strengths),
        tuple(_steering(part, f"steering.{place}") for place, part in enumerate(steering)),
    )


def _steering(values: Any, name: str) -> Steering:
    if not isinstance(values, dict):
        raise BatchError(f'{name} is no object; give one such as {{"concept": "brick navy"}}')
    values = _present(values)
    _only(values, PART, f"field of {name}")
    kinds = [kind for kind in SOURCES if kind in values]
    if len(kinds) != 1:
        raise BatchError(f"{name}: give one of {', '.join(SOURCES)}")
    (kind,) = kinds
    value = values[kind]
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise BatchError(f"{name}.{kind} is {_short(value)}; give text")
    region = None
    if "region" in values:
        sides = _list(values, "region", [], 4, 4)
        region = tuple(_number(side, f"{name}.region") for side in sides)
    return Steering(kind, value, _strength(values.get("strength", 1.0), f"{name}.strength"), region)


def _list(values: Values, name: str, default: list, least: int, most: int) -> list:
    found = values.get(name, default)
    if not isinstance(found, list) or not least <= len(found) <= most:
        several = f"{least}" if least == most else f"{least} to {most}"
        raise BatchError(f"{name} is to be a list of {several}")
    return found


def _strength(value: Any, name: str) -> float:
    if abs(number := _number(value, name)) > MAX_STRENGTH:
        raise BatchError(f"{name} is {number:g}; give -{MAX_STRENGTH:g} to {MAX_STRENGTH:g}")
    return number


def _number(value: Any, name: str) -> float:
    try:
        if type(value) in (int, float) and math.isfinite(value):
            return float(value)
    except OverflowError:  # of a whole number of hundreds of digits
        pass
    raise BatchError(f"{name} holds {_short(value)}; give a finite number such as 0.8")


def _only(names: Collection[str], known: Collection[str], what: str) -> None:
    if unknown := [name for name in names if name not in known]:
        raise BatchError(f"unknown {what} {_short(unknown[0])}; give {', '.join(known)}")
    if len({*names}) != len(names):
        raise BatchError(f"a {what} stands there twice; leave one out")


def _short(value: object) -> str:
    """A value as a message may hold it: neither half a character nor endless."""
    return ascii(value)[:64]
