import json
import threading
from dataclasses import dataclass
from typing import Literal

import pytest

from hypertransport.evaluation import records
from hypertransport.evaluation.records import RecordError


@dataclass(frozen=True, slots=True)
class Fruit:
    name: str
    seeds: int
    taste: Literal["sweet", "sour"]


FRUIT = [Fruit("apple\n\u2028 ", 5, "sweet"), Fruit("«柚子»", -3, "sour")]


def test_what_was_written_is_read(tmp_path):
    path = tmp_path / "fruit.jsonl"
    records.write(path, FRUIT[:1])
    records.append(path, FRUIT[1])
    assert records.read(path, Fruit) == FRUIT
    assert [p.name for p in tmp_path.iterdir()] == ["fruit.jsonl"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path):
    path = tmp_path / "fruit.jsonl"
    records.write(path, FRUIT)
    with pytest.raises(TypeError):
        records.write(path, [FRUIT[0], "no record"])
    assert records.read(path, Fruit) == FRUIT
    assert [p.name for p in tmp_path.iterdir()] == ["fruit.jsonl"]


def test_a_half_written_line_is_refused_and_mended(tmp_path):
    path = tmp_path / "fruit.jsonl"
    records.write(path, FRUIT)
    whole = path.read_bytes()
    for cut in range(1, len(records.as_line(FRUIT[1]))):
        path.write_bytes(whole[:-cut])
        with pytest.raises(RecordError, match="within a line"):
            records.read(path, Fruit)
        records.mend(path)
        assert records.read(path, Fruit) == FRUIT[:1]
    records.mend(tmp_path / "none.jsonl")


def test_mending_a_whole_file_changes_nothing(tmp_path):
    path = tmp_path / "fruit.jsonl"
    records.write(path, FRUIT)
    records.mend(path)
    assert records.read(path, Fruit) == FRUIT


def test_many_append_at_once(tmp_path):
    path = tmp_path / "fruit.jsonl"
    several = [
        threading.Thread(
            target=lambda n=n: [records.append(path, Fruit(f"{n}" * 999, n, "sour"))] * 5
        )
        for n in range(8)
    ]
    for thread in several:
        thread.start()
    for thread in several:
        thread.join()
    assert sorted(fruit.seeds for fruit in records.read(path, Fruit)) == list(range(8))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "name"),
        ({"name": " \n"}, "name"),
        ({"name": None}, "name"),
        ({"name": "\ud800"}, "half a character"),
        ({"name": "a\0"}, "name"),
        ({"seeds": 1.5}, "seeds"),
        ({"seeds": float("nan")}, "seeds"),
        ({"seeds": float("inf")}, "seeds"),
        ({"seeds": True}, "seeds"),
        ({"seeds": "1"}, "seeds"),
        ({"taste": "bitter"}, "sweet, sour"),
        ({"taste": ["sweet"]}, "taste"),
        ({"colour": "red"}, "exactly the fields"),
    ],
)
def test_odd_values_are_refused_by_line_and_field(tmp_path, change, told):
    path = tmp_path / "fruit.jsonl"
    good = {"name": "apple", "seeds": 5, "taste": "sweet"}
    path.write_text(f"{json.dumps(good)}\n{json.dumps(good | change)}\n")
    with pytest.raises(RecordError, match=f"line 2.*{told}"):
        records.read(path, Fruit)


@dataclass(frozen=True, slots=True)
class Measured:
    size: float
    scores: dict[str, float]


def test_numbers_are_read_as_tables_write_them(tmp_path):
    path = tmp_path / "table.jsonl"
    path.write_text(
        '{"name": "fig", "seeds": 7.0, "taste": "sweet", "note": null, "index": null}\n'
        '{"name": "fig", "seeds": 7, "taste": "sweet"}\n'
    )
    assert records.read(path, Fruit) == [Fruit("fig", 7, "sweet")] * 2
    path.write_text('{"size": 1, "scores": {"a": 2, "b": null, "c": NaN, "d": 0.5}}\n')
    (read,) = records.read(path, Measured)
    assert read == Measured(1.0, {"a": 2.0, "d": 0.5})
    assert [type(x) for x in (read.size, *read.scores.values())] == [float] * 3


@pytest.mark.parametrize(
    "change",
    [{"size": None}, {"size": float("nan")}, {"size": float("inf")}, {"size": 2**60},
     {"size": True}, {"scores": None}, {"scores": [1.0]}, {"scores": {"a": "1"}},
     {"scores": {"a": float("inf")}}, {"scores": {"a": True}}],
)  # fmt: skip
def test_what_is_no_finite_number_is_refused(tmp_path, change):
    path = tmp_path / "table.jsonl"
    path.write_text(json.dumps({"size": 1.0, "scores": {}} | change) + "\n")
    with pytest.raises(RecordError, match=f"line 1: {next(iter(change))} is"):
        records.read(path, Measured)


@pytest.mark.parametrize("line", ["", "{", "[]", "null", "{}", '{"name": "apple"}', "[" * 100_000])
def test_odd_lines_are_refused(tmp_path, line):
    path = tmp_path / "fruit.jsonl"
    path.write_text(f"{line}\n")
    with pytest.raises(RecordError, match="line 1"):
        records.read(path, Fruit)


def test_a_missing_file_and_one_that_is_no_text_are_refused(tmp_path):
    with pytest.raises(RecordError, match="cannot read"):
        records.read(tmp_path / "none.jsonl", Fruit)
    (tmp_path / "odd.jsonl").write_bytes(b"\xff\n")
    with pytest.raises(RecordError, match="UTF-8"):
        records.read(tmp_path / "odd.jsonl", Fruit)
