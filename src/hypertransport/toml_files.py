"""Configurations: a frozen dataclass each, read from a small TOML file, strict about what it holds.

Fields are text, numbers, true or false, paths, tuples of these, tables, or may be left out
(`| None`).
"""

import math
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin

from hypertransport.errors import ConfigError, brief, one_line
from hypertransport.paths import user_path
from hypertransport.text_files import read_text

MAX_CHARACTERS = 2**16
MAX_DOTS = 1_000  # in a line: a dotted key takes the square of its parts in time
MAX_DEPTH = 8  # of what a table holds
MOST = 2**63 - 1
Config = TypeVar("Config")
EXPECTED = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}


def load(kind: type[Config], path: Path, may_be_zero: Collection[str] = ()) -> Config:
    """Read a file as a `kind`, whose paths are taken from the file's own folder.

    Numbers are finite and above 0, those of the fields `may_be_zero` also 0. Raises ConfigError
    when the file is missing, lacks a field, has an unknown one, or one of another type.
    """
    path = user_path(path)
    values = _parsed(read_text(path, what="the configuration"), path)
    try:
        return kind(**_checked(kind, values, _Reader(path.parent, may_be_zero)))
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def _parsed(text: str, path: Path) -> dict[str, Any]:
    """The values of a file. Raises ConfigError, also for nesting that Python does not follow."""
    if len(text) > MAX_CHARACTERS:
        raise ConfigError(f"{path} has more than {MAX_CHARACTERS:,} characters; shorten it")
    if any(line.count(".") > MAX_DOTS for line in text.split("\n")):
        raise ConfigError(f"{path} has a line of more than {MAX_DOTS:,} dots; break it")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a ValueError for thousands of digits as well
        raise ConfigError(f"{path} is no valid TOML: {one_line(error)}") from error


@dataclass(frozen=True)
class _Reader:
    """Reads one value as its field's type."""

    folder: Path
    may_be_zero: Collection[str]

    def __call__(self, name: str, type_: Any, value: Any) -> Any:
        if isinstance(type_, UnionType):
            (type_,) = (one for one in get_args(type_) if one is not NoneType)
        if get_origin(type_) is tuple:
            return self._many(name, get_args(type_)[0], value)
        if get_origin(type_) is Mapping:
            return self._table(name, value)
        if type_ is Path:
            return (self.folder / user_path(self(name, str, value))).resolve()
        if type(value) is int and abs(value) > MOST:
            raise ConfigError(f"{name} is a number of more than 64 bits; give a smaller one")
        if type_ is float and type(value) is int:
            value = float(value)
        if type(value) is not type_ or value == "" or (isinstance(value, str) and "\0" in value):
            raise ConfigError(f"{name} = {brief(value)} is not {EXPECTED[type_]}")
        if isinstance(value, int | float) and type_ in (int, float):
            self._check_size(name, value)
        return value

    def _many(self, name: str, type_: Any, value: Any) -> tuple:
        if not isinstance(value, list):
            raise ConfigError(f"{name} = {brief(value)} is not a list")
        return tuple(self(name, type_, one) for one in value)

    def _table(self, name: str, value: Any) -> dict[str, Any]:
        """A table of plain values: who reads it knows what it may hold."""
        if not isinstance(value, dict):
            raise ConfigError(f"{name} = {brief(value)} is not a table: write [{name}]")
        if odd := [key for key, one in value.items() if not _is_plain(one, MAX_DEPTH)]:
            raise ConfigError(
                f"{name}.{odd[0]:.80} = {brief(value[odd[0]])}: give text, finite numbers, true or "
                "false, and lists or tables of them"
            )
        return value

    def _check_size(self, name: str, value: int | float) -> None:
        zero = name in self.may_be_zero
        if not math.isfinite(value) or value < 0 or (value == 0 and not zero):
            least = "0 or more" if zero else "more than 0"
            raise ConfigError(f"{name} = {value} must be {least}")


def _is_plain(value: Any, depth: int) -> bool:
    """Whether it is what JSON could hold as well, in so many lists and tables at most."""
    if isinstance(value, list | dict):
        parts = value.values() if isinstance(value, dict) else value
        return depth > 0 and all(_is_plain(part, depth - 1) for part in parts)
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str) or (isinstance(value, int) and abs(value) <= MOST)


def _checked(kind: Any, values: dict[str, Any], read: _Reader) -> dict[str, Any]:
    """The values of a file as the fields' types."""
    known = {field.name: field for field in fields(kind)}
    if unknown := values.keys() - known.keys():
        raise ConfigError(f"unknown fields {brief(sorted(unknown))}; known are {sorted(known)}")
    required = {name for name, field in known.items() if _is_required(field)}
    if missing := required - values.keys():
        raise ConfigError(f"missing fields {sorted(missing)}; give all of {sorted(required)}")
    return {name: read(name, known[name].type, value) for name, value in values.items()}


def _is_required(field: Field) -> bool:
    return field.default is MISSING and field.default_factory is MISSING
