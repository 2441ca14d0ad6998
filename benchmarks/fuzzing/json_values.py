"""Mutations of JSON by its values: swapped types, odd numbers, missing and doubled fields."""

import json
from random import Random
from typing import Any

DEEP = 100_000
PLACEHOLDER = "@raw@"  # is replaced by text that `json.dumps` would not write
RAW = (
    "NaN", "Infinity", "-Infinity", "1e999", "-0", "9" * 400, "9" * 5000, "1" + "0" * 30, "1E400",
    "[" * DEEP + "]" * DEEP, '{"a":' * DEEP + "0" + "}" * DEEP, "[" * 600 + "]" * 600,
    "[" * 90 + "]" * 90, '"\\ud800"', '"\\u0000"', '"a\\u0000b"', "0x1", "01", ".5", "'a'",
)  # fmt: skip
VALUES = (
    None, True, False, 0, 1, -1, 2, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63), 10**30, 0.0,
    -0.5, 0.5, 1.0, 1e308, 1e-320, "", " ", "a", "null", "\ufeffa", "a" * 100_000, "../../etc", "/",
    "a\nb", "\u200b", "🍄", [], {}, [[]], [None], {"a": 1}, {"": {}}, [1.0, 2.0], ["a", "a"],
)  # fmt: skip

Place = tuple[Any, Any]  # a list or a table, and an index or a key of it


def mutate_json(data: bytes, rng: Random) -> bytes:
    """One or two changes of a document; what is no JSON becomes one of the odd values."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    raw: list[str] = []
    for _ in range(rng.choice((1, 1, 2))):
        document = changed(document, raw, rng)
    text = json.dumps(document, ensure_ascii=rng.random() < 0.5, indent=rng.choice((None, 1)))
    for one in raw:
        text = text.replace(f'"{PLACEHOLDER}"', one, 1)
    if rng.random() < 0.1:
        text = _repeat_field(text, rng)
    return text.encode("utf-8", "surrogatepass")


def mutate_lines(data: bytes, rng: Random) -> bytes:
    """A change of one line, or of which lines there are."""
    lines = data.split(b"\n")
    place = rng.randrange(len(lines))
    match rng.randrange(8):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, lines[rng.randrange(len(lines))])
        case 2:
            rng.shuffle(lines)
        case _:
            lines[place] = mutate_json(lines[place], rng).replace(b"\n", b"")
    return b"\n".join(lines)


def changed(document: Any, raw: list[str], rng: Random) -> Any:
    """The document with one value, field or element changed; it may be changed in place."""
    places = _places(document)
    if not places or rng.random() < 0.03:
        return _value(document, raw, rng)
    parent, key = rng.choice(places)
    match rng.randrange(10):
        case 0:
            del parent[key]
        case 1 if isinstance(parent, dict):
            parent[rng.choice(("", "a", str(key) + " ", "\ud800", "a" * 10_000))] = parent.pop(key)
        case 1 | 2 if isinstance(parent, list):
            parent.extend(parent[key : key + 1] * rng.choice((1, 3, 20_000)))
        case 2 if isinstance(parent, dict):
            parent[rng.choice(("a", "__class__", "0", " "))] = _copied(parent[key])
        case 3:
            other, there = rng.choice(places)
            parent[key] = _copied(other[there]) if there in _keys(other) else None
        case 4:
            parent[key] = [parent[key]]
        case _:
            parent[key] = _value(parent[key], raw, rng)
    return document


def _value(old: Any, raw: list[str], rng: Random) -> Any:
    """Another value; a changed number or text now and then, which is nearest to a valid one."""
    if rng.random() < 0.3:
        raw.append(rng.choice(RAW))
        return PLACEHOLDER
    if type(old) in (int, float) and rng.random() < 0.4:
        return rng.choice((-old, old + 1, old * 1000, old * 10**6, float(old), str(old)))
    if isinstance(old, str) and rng.random() < 0.4:
        return rng.choice((old + "\0", old.upper(), old * 100, "\ud800" + old, f" {old}", old[:-1]))
    return _copied(rng.choice(VALUES))


def _copied(value: Any) -> Any:
    """Values are changed in place later, and none may hold itself."""
    return json.loads(json.dumps(value))


def _places(document: Any) -> list[Place]:
    """Every list or table in the document with each of its indices or keys."""
    found: list[Place] = []
    waiting = [document]
    while waiting and len(found) < 20_000:
        one = waiting.pop()
        if isinstance(one, dict | list):
            keys = _keys(one)
            found += [(one, key) for key in keys]
            waiting += [one[key] for key in keys]
    return found


def _keys(parent: Any) -> list[Any]:
    return list(parent) if isinstance(parent, dict) else list(range(len(parent)))


def _repeat_field(text: str, rng: Random) -> str:
    """The first field of some table stands there twice."""
    starts = [i for i, character in enumerate(text) if character == "{"]
    if not starts:
        return text
    place = rng.choice(starts) + 1
    end = text.find(",", place)
    return text[:place] + text[place : end + 1] + text[place:] if end > 0 else text
