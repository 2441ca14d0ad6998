"""Every benchmark at tiny sizes: its rows have all that a row needs. Times are never looked at."""

import json
import math

import pytest
import torch

from benchmarks import run as running
from benchmarks.measuring import Machine, Row, Run
from benchmarks.plots import plot_growth
from benchmarks.run import NAMES, arguments, measure, read, run_all
from docs.benchmarks_page import HEAD, TITLES, made

MACHINE = Machine("a machine", 2.0, 1e9, 1e10)
CPU = torch.device("cpu")
QUICK = Run(MACHINE, CPU, repeats=2, quick=True, minutes=0.03)
PROCESSES = {"start_up", "overload"}  # start Python anew, which takes its time
COMPILED = {"switching"}
NO_PEER = {"growth", "overload"}
pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::UserWarning"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]


def mark(name):
    return pytest.param(name, marks=pytest.mark.slow) if name in PROCESSES | COMPILED else name


@pytest.mark.parametrize("name", [mark(name) for name in NAMES])
def test_every_row_has_what_a_row_needs(name, request):
    if name in COMPILED:
        request.getfixturevalue("compilable")
    rows = json.loads(json.dumps(measure(name, QUICK)))
    assert rows
    for found in rows:
        assert found.keys() == Row.__dataclass_fields__.keys()
        assert found["case"] and found["what"] and found["ours"]
        assert found["seconds"] > 0 or name == "overload"
        assert (found["mib"] >= 0) != (name == "load")  # which has threads: not a number
        assert (found["aim"] is None) == (found["reached"] is None)
        if found["peer"]:
            median, least, most = found["ratio"]
            assert 0 < least <= median <= most
    assert name in NO_PEER or any(found["peer"] for found in rows)
    assert_told(name, rows)


def assert_told(name, rows):
    """The page has a line for each row."""
    known = {"date": "today", "quick": True, "repeats": 2, "took_seconds": 1, "rows": rows}
    machine = {
        "hardware": "a machine", "memory_gib": 2.0, "bytes_a_second": 1e9,
        "operations_a_second": 1e10, "torch": "2", "benchmarks": {name: known},
    }  # fmt: skip
    text = "\n\n".join(made({"a machine": machine}))
    assert "no figure means anything" in text
    head = "| " + " | ".join(HEAD)
    _, _, below = text.partition(f"## {TITLES[name]}\n\n{head}")
    assert below.count("\n| ") == len(rows) + 1
    assert all(found["reached"] in text for found in rows if found["aim"])


@pytest.mark.slow
def test_overload_finds_no_wrong_picture_and_no_time_out():
    (found,) = measure("overload", QUICK)
    facts = found["facts"]
    assert facts["wrong pictures"] == facts["other answers and time-outs"] == 0
    assert facts["waiting after"] == 0
    assert facts["drawn"] > 0
    assert facts["429"] > 0
    assert facts["hung up"] > 0


def test_pictures_in_batches_are_those_made_alone():
    rows = measure("load", QUICK)
    assert [found["facts"]["wrong pictures"] for found in rows] == [0, 0, 0]


@pytest.mark.slow
@pytest.mark.usefixtures("compilable")
def test_switches_compile_nothing():
    facts = measure("switching", QUICK)[0]["facts"]
    assert facts["graphs compiled by our switches"] == 0


def test_what_grows_is_plotted(tmp_path):
    rows = [{"case": "concepts at once", "what": "maps", "points": [[1, 0.1, 0.0], [2, 0.2, 3.0]]}]
    (path,) = plot_growth(rows, tmp_path)
    assert path.name == "growth-concepts-at-once.png"
    assert path.stat().st_size > 1000


# --- the whole ------------------------------------------------------------------------------------


def test_results_are_kept_and_resumed_from(tmp_path, monkeypatch):
    called, path = [], tmp_path / "benchmarks.json"

    class Here:
        """In this process."""

        def __init__(self, *_):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def submit(self, function, name, run):
            called.append(name)
            return type("Done", (), {"result": lambda self: []})()

    monkeypatch.setattr(running, "ProcessPoolExecutor", Here)
    run_all(["growth"], QUICK, path)
    run_all(["growth", "load"], QUICK, path, resume=True)
    assert called == ["growth", "load"]
    found = read(path)["machines"]["a machine"]
    assert found["benchmarks"].keys() == {"growth", "load"}
    assert math.isclose(found["bytes_a_second"], 1e9)


def test_an_unknown_name_is_refused(capsys):
    with pytest.raises(SystemExit):
        arguments(["nothing"])
    assert "no benchmark nothing" in capsys.readouterr().err
    assert arguments(["load", "--quick"]).names == ["load"]
