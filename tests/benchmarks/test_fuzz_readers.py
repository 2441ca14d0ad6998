"""The command that mutates files: it misses no reader, and finds what it looks for."""

import json
import os
import signal
from pathlib import Path
from random import Random
from time import sleep

import pytest

from benchmarks import fuzz_readers
from benchmarks.fuzzing import coverage, running
from benchmarks.fuzzing.mutations import STRUCTURED, mutated
from benchmarks.fuzzing.readers import READERS, Reader
from docs.fuzzing_page import made
from hypertransport.errors import ConfigError

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="takes Linux's /proc"),
]
# Functions that open something and are no readers of what came from outside.
NO_READERS = {
    "batch.ray_data.draw": "rows that our own processes have made",
    "evaluation.study.application": "a page of the package",
    "extras._origin": "what pip has installed",
    "generators.architectures.read": "a file of the package",
    "generators.revisions.digest_of": "a file is hashed, and not parsed",
    "serving.commands._serve": "a browser is opened",
    "serving.studio._load": "files of the package",
    "standard_streams._occupy_descriptors": "/dev/null",
    "training.material.Material._made_from": "a file is hashed, and not parsed",
    "training.target_cache._begins_with": "bytes are compared, and not parsed",
}


def reader(read) -> Reader:
    return Reader({"a.txt": "text"}, lambda folder: (folder / "a.txt").write_text("a b c"), read)


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """All functions of the package that run while every valid file is read."""
    outcomes = {}

    def read_all() -> None:
        outcomes.update({name: running.run_case(name, 0, running.VALID) for name in READERS})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "SECONDS", 60.0)  # a profiled reader takes longer
        found = coverage.ran(read_all)
    assert {name: outcome.finding for name, outcome in outcomes.items() if outcome.finding} == {}
    refused = {name for name, outcome in outcomes.items() if outcome.refused}
    assert refused == {"server's refusal"}  # all other valid files are read
    return found


def test_every_function_that_reads_is_run_by_a_reader(seen):
    reading = coverage.reading_functions()
    assert reading - seen - NO_READERS.keys() == set(), "add a reader to benchmarks/fuzzing/readers"
    assert NO_READERS.keys() <= reading - seen, "take it out of NO_READERS"


def test_a_case_is_a_function_of_seed_name_and_number():
    chosen = READERS["catalogue"]
    files = chosen.files()
    cases = [
        running.case(chosen, "catalogue", files, seed, n) for seed in (0, 0, 1) for n in (5, 6)
    ]
    assert cases[:2] == cases[2:4]
    assert cases[0] != cases[1] and cases[0] != cases[4]


@pytest.mark.parametrize("kind", [*STRUCTURED, "text"])
def test_most_mutations_change_the_file(kind):
    chosen = next((r for r in READERS.values() if kind in r.kinds.values()), READERS["prompts"])
    data = next(chosen.files()[path] for path, k in chosen.kinds.items() if k in (kind, "text"))
    files = {mutated(data, kind, Random(n)) for n in range(50)}
    assert len(files) > 25


@pytest.mark.parametrize(
    ("read", "finding"),
    [
        (lambda folder: {}["a"], "KeyError"),
        (lambda folder: wait_for_ever(), "TooSlow"),
        (lambda folder: bytearray(running.MIB * 2**20 + 2**24), "MiB"),
        (lambda folder: refuse("a" * 10_000), "a message of 10000 characters"),
        (lambda folder: refuse("\ud800"), "no Unicode"),
        (lambda folder: refuse("as it should be"), ""),
        (lambda folder: None, ""),
    ],
)
def test_what_no_reader_may_do_is_found(read, finding, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 0.2 if finding == "TooSlow" else 60.0)
    outcome = running.run(reader(read), tmp_path)
    assert finding in outcome.finding
    assert bool(outcome.finding) == bool(finding)


def wait_for_ever() -> None:
    while True:
        pass


def refuse(message: str) -> None:
    raise ConfigError(message)


def test_a_reader_that_kills_its_process_is_found_and_the_next_file_is_read(monkeypatch):
    def read(folder: Path) -> None:
        if (folder / "a.txt").read_text() == "a b c":
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setitem(READERS, "deadly", reader(read))
    numbers = [0, running.VALID, 1]
    found = dict(running.outcomes("deadly", 0, numbers))
    assert [*found] == numbers
    assert "it ended the process (-9)" in found[running.VALID].finding


def test_a_reader_that_waits_for_ever_is_found(monkeypatch):
    monkeypatch.setattr(running, "STUCK", 0.5)
    monkeypatch.setitem(READERS, "waiting", reader(lambda folder: sleep(60)))
    ((number, outcome),) = running.outcomes("waiting", 0, [7])
    assert (number, outcome.refused) == (7, False)
    assert "took more than" in outcome.finding


def test_every_reader_has_its_share():
    shares = fuzz_readers.shares(list(READERS), 10_000)
    assert shares.keys() == READERS.keys()
    assert 10_000 <= sum(shares.values()) < 10_000 + len(READERS)
    assert min(shares.values()) > 0


def test_the_record_makes_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(READERS, "odd", reader(lambda folder: {}["a"]))
    arguments = ["catalogue", "odd", "--files", "8", "--out", str(tmp_path / "a")]
    monkeypatch.setattr("sys.argv", ["fuzz", *arguments])
    with pytest.raises(SystemExit) as ended:
        fuzz_readers.main()
    assert ended.value.code == 1
    record = json.loads((tmp_path / "a").read_text())
    assert record["seed"] == 0
    text = "\n".join(made(record))
    assert "| catalogue | 4 |" in text
    assert "| odd | 4 | 0 | 0 | 4 |" in text
    assert "8 mutated files, 4 findings" in text
    assert "KeyError: 'a'" in capsys.readouterr().out
