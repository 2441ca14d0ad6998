import json
from pathlib import Path

import pytest

from hypertransport.batch import lines
from hypertransport.batch.lines import BatchError, Line, Steering, read
from hypertransport.concepts import MAX_WORDS
from hypertransport.serving import schemas

GOOD = {"prompt": "a cat"}
WHOLE = Line(
    1,
    "a cat",
    3,
    (0.0, 1.0),
    (
        Steering("concept", "hat", 0.5),
        Steering("image", "a/b.png"),
        Steering("intervention", "T.safetensors", -1.0, (0.0, 0.0, 0.5, 1.0)),
    ),
)


def write(folder: Path, *rows: object, name: str = "many.jsonl") -> Path:
    """A file of these lines: text as it is, all else as JSON."""
    path = folder / name
    path.write_text("".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in rows))
    return path


def refused(path: Path) -> str:
    with pytest.raises(BatchError) as caught:
        read(path)
    return str(caught.value)


def test_a_line_says_all_that_a_picture_takes(tmp_path):
    steering = [
        {"concept": "hat", "strength": 0.5},
        {"image": "a/b.png"},
        {"intervention": "T.safetensors", "strength": -1, "region": [0, 0, 0.5, 1]},
    ]
    whole = {**GOOD, "seed": 3, "strengths": [0, 1], "steering": steering}
    path = write(tmp_path, whole, "", GOOD, " ")
    assert read(path) == [WHOLE, Line(3, "a cat", 0, (1.0,), ())]


@pytest.mark.parametrize("prompt", ["\ufeff", "\u200b \u2060"])
def test_a_prompt_that_nobody_sees_is_empty(tmp_path, prompt):
    assert "prompt is to be text" in refused(write(tmp_path, {"prompt": prompt}))


def test_a_table_says_the_same(tmp_path):
    header = "prompt,concept,strength,seed,image"
    rows = '"a cat, a dog",hat,0.5,3,', "", "a cat,,,,", '"a\ncat",,,,b.png'
    path = write(tmp_path, header, *rows, name="many.CSV")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read(path) == [
        Line(2, "a cat, a dog", 3, (0.5,), (Steering("concept", "hat"),)),
        Line(4, "a cat", 0, (1.0,), ()),
        Line(6, "a\r\ncat", 0, (1.0,), (Steering("image", "b.png"),)),
    ]


@pytest.mark.parametrize("absent", [None, "", float("nan")])
def test_what_a_table_has_filled_in_is_absent(tmp_path, absent):
    part = {"concept": "hat", "image": absent, "intervention": absent, "strength": absent}
    rows = [
        {**GOOD, "seed": absent, "strengths": absent, "steering": absent},
        {**GOOD, "seed": 3.0, "note": absent, "steering": [{**part, "region": absent}]},
    ]
    assert read(write(tmp_path, *rows)) == [
        Line(1, "a cat", 0, (1.0,), ()),
        Line(2, "a cat", 3, (1.0,), (Steering("concept", "hat"),)),
    ]


def test_a_list_of_parts_may_have_gaps(tmp_path):
    row = {**GOOD, "steering": [None, {"concept": "hat"}, None]}
    assert read(write(tmp_path, row))[0].steering == (Steering("concept", "hat"),)


@pytest.mark.parametrize("absent", lines.ABSENT)
def test_absent_cells_of_a_table_are_left_out(tmp_path, absent):
    header = "prompt,seed,concept,image,intervention,strength"
    rows = f"a cat,{absent},{absent},b.png,{absent},{absent}", f"nan,7.0,hat,{absent},,0.5"
    assert read(write(tmp_path, header, *rows, name="many.csv")) == [
        Line(2, "a cat", 0, (1.0,), (Steering("image", "b.png"),)),
        Line(3, "nan", 7, (0.5,), (Steering("concept", "hat"),)),
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no object"),
        ('{"prompt": "a", "prompt": "b"}', "twice"),
        ('{"prompt": "a", "seed": Infinity}', "Infinity is no number"),
        ('{"prompt": NaN}', "prompt is to be text"),
        ({"prompt": None}, "prompt is to be text"),
        ({}, "prompt is to be text"),
        ({"prompt": " "}, "prompt is to be text"),
        ({"prompt": "a" * 4001}, "prompt is to be text"),
        (GOOD | {"promt": 1}, "unknown field 'promt'; give prompt, seed, strengths, steering"),
        (GOOD | {"\ud83c": 1}, "unknown field '\\ud83c'"),
        (GOOD | {"seed": 1.5}, "a whole number"),
        (GOOD | {"seed": True}, "a whole number"),
        (GOOD | {"strengths": []}, "strengths is to be a list of 1 to 32"),
        (GOOD | {"strengths": [0] * 33}, "a list of 1 to 32"),
        (GOOD | {"strengths": [True]}, "finite number"),
        (GOOD | {"strengths": [10**400]}, "finite number"),
        (GOOD | {"strengths": [-10.1]}, "give -10 to 10"),
        (GOOD | {"steering": [{}] * 33}, "a list of 0 to 32"),
        (GOOD | {"steering": ["hat"]}, "steering.0 is no object"),
        (GOOD | {"steering": [{"concept": "hat"}, {}]}, "steering.1: give one of concept, image"),
        (GOOD | {"steering": [{"concept": None, "image": ""}]}, "steering.0: give one of"),
        (GOOD | {"strengths": [None]}, "finite number"),
        (GOOD | {"steering": [{"concept": "hat", "image": "a"}]}, "steering.0: give one of"),
        (GOOD | {"steering": [{"concept": 3}]}, "steering.0.concept is 3; give text"),
        (GOOD | {"steering": [{"image": "a\0"}]}, "give text"),
        (GOOD | {"steering": [{"concept": "hat", "weight": 1}]}, "unknown field of steering.0"),
        (GOOD | {"steering": [{"concept": "hat", "strength": "1"}]}, "finite number"),
        (GOOD | {"steering": [{"concept": "hat", "region": [0, 0, 1]}]}, "a list of 4"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, row, told):
    message = refused(write(tmp_path, GOOD, "", row))
    assert message.startswith(f"{tmp_path}/many.jsonl, line 3: ")
    assert told in message
    assert len(message) < 400


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (("prompt,hat", "a,b"), "line 1: unknown column 'hat'; give prompt, seed, concept"),
        (("prompt,prompt", "a,b"), "line 1: a column stands there twice"),
        (("prompt,seed", "a,b"), "line 2: invalid literal"),
        (("prompt,strength", "a,inf"), "line 2: strengths holds inf"),
        (("prompt,seed", "a,1,2"), "line 2: 3 cells under 2 columns"),
        (("prompt,seed", ",1"), "line 2: prompt is to be text"),
        (("prompt", '"a'), "unexpected end"),
        (("prompt",), "asks for nothing"),
    ],
)
def test_a_table_is_as_strict(tmp_path, rows, told):
    assert told in refused(write(tmp_path, *rows, name="many.csv"))


def test_only_line_ends_end_a_row(tmp_path):
    for end in ("\n", "\r\n", "\r"):
        path = tmp_path / "many.csv"
        path.write_bytes(end.join(["prompt", "a\u2028fox\x0b, red".replace(",", ""), "b"]).encode())
        assert [line.prompt for line in read(path)] == ["a\u2028fox\x0b red", "b"]


def test_the_file_itself_is_checked(tmp_path, monkeypatch):
    assert "check the path" in refused(tmp_path / "missing.jsonl")
    assert "asks for nothing" in refused(write(tmp_path, "\n"))
    path = tmp_path / "many.jsonl"
    path.write_bytes(b'{"prompt": "a"}\n{"prompt": "\xff"}\n')
    assert "line 2: no UTF-8" in refused(path)
    monkeypatch.setattr(lines, "MAX_LINES", 2)
    assert "line 3: more than 2 lines; split" in refused(write(tmp_path, *[GOOD] * 3))
    monkeypatch.setattr(lines, "MAX_BYTES", 20)
    assert "more than 20 bytes; split" in refused(write(tmp_path, *[GOOD] * 2))


def test_the_bounds_are_those_of_the_http_api():
    for name in ("MAX_PROMPT", "MAX_STRENGTHS", "MAX_STRENGTH", "MAX_STEERING"):
        assert getattr(lines, name) == getattr(schemas, name)
    assert MAX_WORDS <= lines.MAX_PROMPT
