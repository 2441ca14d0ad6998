import json

import pytest

from hypertransport import catalogue
from hypertransport.catalogue import Entry, read
from hypertransport.errors import CheckpointError

MUSHROOM = {"name": "mushroom", "kind": "thing", "phrase": "with a mushroom", "split": "test"}
INK = {"name": "ink", "kind": "style", "phrase": "in ink style", "split": "train"}


@pytest.fixture
def write(tmp_path):
    def write(content: object):
        path = tmp_path / "catalogue.json"
        path.write_text(json.dumps(content))
        return path

    return write


def test_entries_come_as_written_and_in_order(write):
    entries = read(write([MUSHROOM, INK]))
    assert entries == [
        Entry("mushroom", "thing", "with a mushroom", "test"),
        Entry("ink", "style", "in ink style", "train"),
    ]


def test_a_name_may_be_of_two_kinds(write):
    assert len(read(write([INK, INK | {"kind": "thing"}]))) == 2


@pytest.mark.parametrize(
    "row",
    [
        MUSHROOM | {"colour": "red"},
        {"name": "mushroom", "kind": "thing", "phrase": "with a mushroom"},
        MUSHROOM | {"kind": ""},
        MUSHROOM | {"kind": "Thing"},
        MUSHROOM | {"kind": "art style"},
        MUSHROOM | {"kind": "thing\n"},
        MUSHROOM | {"split": "held out"},
        MUSHROOM | {"name": " "},
        MUSHROOM | {"phrase": ""},
        MUSHROOM | {"name": 3},
        MUSHROOM | {"kind": ["thing"]},
        "mushroom",
        None,
    ],
)
def test_any_odd_row_is_refused(write, row):
    with pytest.raises(CheckpointError, match="get the catalogue again"):
        read(write([INK, row]))


@pytest.mark.parametrize("content", [{"concepts": []}, "mushroom", 3])
def test_something_else_than_a_list_is_refused(write, content):
    with pytest.raises(CheckpointError, match="no list"):
        read(write(content))


def test_the_same_concept_twice_is_refused(write):
    with pytest.raises(CheckpointError, match="twice"):
        read(write([MUSHROOM, INK, MUSHROOM]))


@pytest.mark.parametrize("data", [b"", b"[{", b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_file_is_refused(tmp_path, data):
    path = tmp_path / "catalogue.json"
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match="damaged"):
        read(path)


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(CheckpointError, match="install the package with its weights"):
        read(tmp_path / "catalogue.json")


def test_kinds_are_those_of_the_catalogue_in_its_order(write):
    mood = {"name": "eerie", "kind": "mood", "phrase": "in an eerie mood", "split": "train"}
    assert catalogue.kinds(read(write([MUSHROOM, mood, INK, mood | {"name": "calm"}]))) == [
        "thing",
        "mood",
        "style",
    ]


@pytest.mark.parametrize("world", ["emojiscape", "emojiscape-pixart", "emojiscape-sdxl", "natural"])
def test_worlds_have_a_catalogue(world):
    assert catalogue.load(world)


def test_nothing_else_has_a_catalogue():
    with pytest.raises(CheckpointError, match="give one of emojiscape, natural"):
        catalogue.load("dmd2")
