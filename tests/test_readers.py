"""Whatever a file holds, a reader returns or raises an error of ours, in bounded time and memory.

`python -m benchmarks.fuzz_readers` does the same with a hundred thousand files (docs/fuzzing.md).
"""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from benchmarks.fuzzing import running
from benchmarks.fuzzing.mutations import mutated
from benchmarks.fuzzing.readers import READERS

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="takes Linux's /proc"),
    # What libraries say of broken files; the readers' own words are in their errors.
    pytest.mark.filterwarnings("ignore"),
]
EXAMPLES = 10  # of a reader whose share is 1
SEVERAL = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
DEEP, LONG = "[" * 100_000, "a" * 100_000
Files = dict[str, dict[str, bytes]]
Change = Callable[[Path], object]


@pytest.fixture(autouse=True)
def busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow ten times the seconds: only the benchmark runs on a machine that does nothing else."""
    monkeypatch.setattr(running, "SECONDS", 10 * running.SECONDS)


@pytest.fixture(scope="module")
def files() -> Files:
    """The valid files of every reader."""
    return {name: dict(reader.files()) for name, reader in READERS.items()}


def outcome(name: str, place: Path, files: dict[str, bytes], change: Change) -> running.Outcome:
    """What becomes of valid files after a change, in an empty folder of their own."""
    folder = place / "files"
    running.replace(folder, files)
    change(folder)
    running.mend(READERS[name], folder)
    return running.run(READERS[name], folder)


@pytest.mark.parametrize("name", READERS)
def test_no_mutated_file_gets_more_than_an_error_of_ours(name, files, tmp_path, capfd):
    reader = READERS[name]

    @settings(
        max_examples=max(2, round(EXAMPLES * reader.share)),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=SEVERAL,
    )
    @given(seed=st.integers(0, 2**32 - 1), path=st.sampled_from(sorted(reader.kinds)))
    def check(seed: int, path: str) -> None:
        data = mutated(files[name][path], reader.kinds[path], Random(seed))
        found = outcome(name, tmp_path, files[name], lambda folder: write(folder / path, data))
        assert found.finding == ""

    check()


def write(path: Path, content: str | bytes) -> None:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


# --- what was found, one of each kind -------------------------------------------------------------


def text(path: str, content: str) -> Change:
    return lambda folder: write(folder / path, content)


def toml(line: str) -> Change:
    """Another line instead of those that begin like it."""

    def change(folder: Path) -> None:
        name = line.split(" = ")[0]
        lines = (folder / "a.toml").read_text().splitlines()
        kept = [one for one in lines if not one.startswith(f"{name} = ")]
        write(folder / "a.toml", "\n".join([line, *kept]))

    return change


def in_json(path: str, **fields: object) -> Change:
    def change(folder: Path) -> None:
        values = json.loads((folder / path).read_bytes())
        write(folder / path, json.dumps(values | fields))

    return change


def tensors(path: str, change: Callable[[dict[str, torch.Tensor]], object], **told: str) -> Change:
    """A whole file of other tensors, with other metadata."""

    def changed(folder: Path) -> None:
        data = (folder / path).read_bytes()
        metadata = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
        stored = {name: value.clone() for name, value in load_file(folder / path).items()}
        change(stored)
        save_file(stored, folder / path, metadata | told)

    return changed


def shaped(path: str, dimensions: int) -> Change:
    """The first tensor gets so many more dimensions of length 1, which torch itself cannot save."""

    def change(folder: Path) -> None:
        data = (folder / path).read_bytes()
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length])
        name = min(name for name in header if name != "__metadata__")
        header[name]["shape"] += [1] * dimensions
        packed = json.dumps(header).encode()
        write(folder / path, len(packed).to_bytes(8, "little") + packed + data[8 + length :])

    return change


def sql(order: str) -> Change:
    def change(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "study.sqlite")) as db:
            db.execute("PRAGMA ignore_check_constraints = ON")
            db.execute(order)
            db.commit()

    return change


def keep(stored: dict[str, torch.Tensor]) -> None:
    """No change."""


CHECKPOINT, TARGETS = "checkpoint.safetensors", "targets.safetensors"
MOMENT = "optimizer/adamw/0/exp_avg"
FOUND: dict[str, tuple[str, Change]] = {
    "a key of thousands of dots": ("generator.toml", toml("a." * 30_000 + "a = 1")),
    "a large configuration": ("training.toml", toml(f"generator = '{LONG}'")),
    "nested lists": ("training.toml", toml("seed = " + "[" * 5_000 + "]" * 5_000)),
    "a number of 5,000 digits": ("evaluation.toml", toml("seeds = " + "9" * 5_000)),
    "a number no float holds": ("evaluation.toml", toml(f"strengths = [{'9' * 400}]")),
    "thousands of hex digits": ("training.toml", toml("seed = 0x" + "f" * 6_000)),
    "a pooling of 5,000 digits": ("training.toml", toml(f'pooling = "random-{"9" * 5_000}"')),
    "a zero in a path": ("training.toml", toml('catalogue = "a\\u0000b"')),
    "a zero in a name": ("generator.toml", toml('pipeline = "a\\u0000b"')),
    "not a number in a call": ("generator.toml", toml("call.guidance_scale = nan")),
    "infinity in a call": ("generator.toml", toml("call.timesteps = [inf]")),
    "a date in a call": ("generator.toml", toml("call.timesteps = 1979-05-27")),
    "a deep call": ("generator.toml", toml("call.x = " + "[" * 90 + "]" * 90)),
    "an endless strength": (
        "generate-many.csv",
        text("a.csv", f"prompt,strength\na cat,{LONG}\n"),
    ),
    "deep JSON": ("catalogue", text("a.json", DEEP)),
    "JSON just too deep": ("vocabulary", text("a.json", "[" * 65 + "]" * 65)),
    "an endless value": ("catalogue", text("a.json", json.dumps([{"name": LONG}]))),
    "a label of all": ("labels", text("a.json", json.dumps({"a": [["b"] * 20_000, 1]}))),
    "a field twice": ("labels", text("a.json", '{"a": ["b"], "a": ["c"]}')),
    "half a character": ("labels", text("a.json", '{"\\ud800": ["b"]}')),
    "words that are no list": ("lexicon", in_json("a.json", words="hat")),
    "an empty line of the record": ("training record", text("record.jsonl", "\n")),
    "a record without steps": ("training record", text("record.jsonl", "{}\n")),
    "a step that is none": ("training record", text("record.jsonl", '{"step": "1"}\n')),
    "a list as record": ("training record", text("record.jsonl", f"{DEEP}\n")),
    "a step of 5,000 digits": ("checkpoint", tensors(CHECKPOINT, keep, step="9" * 5_000)),
    "a step in other digits": ("checkpoint", tensors(CHECKPOINT, keep, step="²")),
    "a moment that is missing": ("checkpoint", tensors(CHECKPOINT, lambda x: x.pop(MOMENT))),
    "moments without steps": (
        "checkpoint",
        tensors(CHECKPOINT, lambda x: [x.pop(name) for name in [*x] if name.endswith("/step")]),
    ),
    "a moment without a name": (
        "checkpoint",
        tensors(CHECKPOINT, lambda x: x.update({"optimizer/adamw/0": x.pop(MOMENT)})),
    ),
    "weights of another type": (
        "checkpoint",
        tensors(CHECKPOINT, lambda x: x.update({k: v.double() for k, v in x.items()})),
    ),
    "65 dimensions": ("intervention", shaped("a.safetensors", 64)),
    "65 dimensions of weights": ("hypernetwork tensors", shaped("model.safetensors", 64)),
    "a note that is none": ("intervention", tensors("a.safetensors", keep, note="[[1, 2]]")),
    "sites that are a text": ("intervention", tensors("a.safetensors", keep, sites='"abc"')),
    "a deep note": ("intervention", tensors("a.safetensors", keep, note=DEEP)),
    "a target that is missing": ("targets", tensors(TARGETS, lambda x: x.pop("style/oil"))),
    "targets of two shapes": (
        "targets",
        tensors(TARGETS, lambda x: x.update({"style/oil": torch.ones(2, 4)})),
    ),
    "targets of another type": (
        "targets",
        tensors(TARGETS, lambda x: x.update({k: v.to(torch.float8_e4m3fn) for k, v in x.items()})),
    ),
    "targets of one dimension": (
        "targets",
        tensors(TARGETS, lambda x: x.update({k: v.flatten() for k, v in x.items()})),
    ),
    "a torn pickle": ("DMD2's weights", text("unet.bin", "X\xff")),
    "a zero in a picture's name": (
        "pairs",
        lambda folder: write(
            folder / "pairs.jsonl",
            (folder / "pairs.jsonl").read_bytes().replace(b"prompting.png", b"a\\u0000.png"),
        ),
    ),
    "an endless picture's name": (
        "pairs",
        lambda folder: write(
            folder / "pairs.jsonl",
            (folder / "pairs.jsonl").read_bytes().replace(b"prompting.png", LONG.encode()),
        ),
    ),
    "a pair that is none": ("study", sql("UPDATE pairs SET record = '[]'")),
    "a pair that is gone": ("study", sql("DELETE FROM pairs")),
    "an order of no kind": ("study", sql("UPDATE questions SET first = x'ff'")),
    "a table that is gone": ("study", sql("DROP TABLE questions")),
    "20,000 pictures for two": (
        "server's pictures",
        lambda folder: in_json(
            "body", data=json.loads((folder / "body").read_bytes())["data"] * 10_000
        )(folder),
    ),
    "deep figures": ("server's figures", text("body", DEEP)),
    "figures that are lists": ("server's figures", in_json("body", gain=[1.0])),
    "half a character in a refusal": (
        "server's refusal",
        in_json("body", error={"message": "\ud800"}),
    ),
    "an endless refusal": ("server's refusal", in_json("body", error={"message": LONG})),
    "a million layers": (
        "pipeline",
        in_json("transformer/config.json", num_layers=10**6),
    ),
    "a tokenizer of other types": ("concept encoder", in_json("tokenizer.json", normalizer=[])),
    "sizes that are texts": ("scorer", in_json("config.json", hidden_sizes="8")),
}


@pytest.mark.parametrize("what", FOUND)
def test_what_was_found_is_refused(what, files, tmp_path):
    name, change = FOUND[what]
    found = outcome(name, tmp_path, files[name], change)
    assert found.finding == ""
    assert found.refused
