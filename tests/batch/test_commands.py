"""`hypertransport generate-many`, in this process and as one that is killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from api_server import until
from PIL import Image
from served import difference

from hypertransport import cli
from hypertransport.batch.drawing import MANIFEST, Drawer, Manifest
from hypertransport.drawing import draw
from hypertransport.interventions import Intervention
from hypertransport.locking import one_writer
from hypertransport.picture_files import load_picture

CAT = {"prompt": "a cat", "seed": 3}
PART = {"concept": "hat", "region": [0, 0, 0.5, 1]}
PARTS = {"concept": "sun"}, {"image": "sun.png"}
ROWS = (
    {**CAT, "strengths": [0, 1], "steering": [{"concept": "hat"}]},
    {**CAT, "steering": [{"image": "sun.png", "strength": 0.5}]},
    {**CAT, "steering": [{"intervention": "hat.safetensors", "strength": -1}]},
    {"prompt": "a dog house"},
)


def run(path: Path, out: Path, model: list[str], *more: str) -> int:
    return cli.main(["generate-many", str(path), "--out", str(out), *model, *more])


def manifest(out: Path) -> list[dict]:
    return [json.loads(line) for line in (out / MANIFEST).read_text().splitlines()]


def times(out: Path) -> dict[str, int]:
    """When each picture was written, by name."""
    return {path.name: path.stat().st_mtime_ns for path in out.glob("*.png")}


def failed(capsys, *arguments) -> str:
    """The one line on stderr of a run that fails."""
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert out == ""
    return line


def test_each_picture_is_the_one_drawn_alone(
    write, folder, model, tmp_path, generator, hyper, capsys
):
    out = tmp_path / "new" / "pictures"
    assert run(write(*ROWS), out, model, "--max-batch=2") == 0
    told = capsys.readouterr()
    assert told.out == f"{out}/{MANIFEST}\n"
    assert told.err == "hypertransport: 5 pictures: 5 drawn, 0 were there\n"
    sun = hyper(load_picture(folder / "sun.png"))
    fitted = Intervention.load(folder / "hat.safetensors")
    alone = [
        *draw(generator, "a cat", [(hyper("hat"), 1.0)], [(3, 0.0), (3, 1.0)]),
        *draw(generator, "a cat", [(sun, 0.5)], [(3, 1.0)]),
        *draw(generator, "a cat", [(fitted, -1.0)], [(3, 1.0)]),
        generator("a dog house", 0),
    ]
    records = manifest(out)
    assert [record["line"] for record in records] == [1, 1, 2, 3, 4]
    assert {*times(out)} == {record["picture"] for record in records}
    for record, wanted in zip(records, alone, strict=True):
        assert difference(Image.open(out / record["picture"]), wanted) <= 1


def test_the_manifest_says_what_each_picture_was_drawn_from(write, model, tmp_path):
    row = {**CAT, "strengths": [0.5], "steering": [{**PART, "strength": 2.0}]}
    assert run(write(row), tmp_path, model) == 0
    (record,) = manifest(tmp_path)
    del record["picture"]
    told = {**PART, "strength": 2.0, "region": [0.0, 0.0, 0.5, 1.0]}
    assert record == {"line": 1, **CAT, "strength": 0.5, "steering": [told]}


def test_what_is_there_is_not_drawn_again_and_what_has_changed_is(write, model, tmp_path, capsys):
    assert run(write(*ROWS), tmp_path, model) == 0
    before = times(tmp_path)
    again = ROWS[3], {"prompt": "new"}, *ROWS[:2], {**ROWS[2], "seed": 4}, ROWS[3]
    assert run(write(*again), tmp_path, model) == 0
    assert "6 pictures: 2 drawn, 4 were there" in capsys.readouterr().err
    after = times(tmp_path)
    assert len(after) == len(before) + 2
    assert before.items() <= after.items()
    records = manifest(tmp_path)
    assert [record["line"] for record in records] == [1, 2, 3, 3, 4, 5, 6]
    assert records[0]["picture"] == records[-1]["picture"]


def test_a_mistake_on_line_500_is_found_before_anything_is_loaded_or_drawn(
    write, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr("hypertransport.loading.generator", None)
    rows = [CAT] * 600
    rows[499] = {**CAT, "steering": [{"image": "missing.png"}]}
    assert ", line 500: there is no picture" in failed(capsys, write(*rows), tmp_path / "out", [])
    rows[499] = {**CAT, "promt": "a cat"}
    assert ", line 500: unknown field 'promt'" in failed(capsys, write(*rows), tmp_path / "out", [])
    assert not (tmp_path / "out").exists()


def test_what_else_is_wrong_is_said_before_anything_is_loaded(write, tmp_path, capsys, folder):
    path, out = write({**CAT, "steering": [{"concept": "hat"}]}), tmp_path / "out"
    assert "no hypernetwork ships for dmd2" in failed(capsys, path, out, ["--model=dmd2"])
    assert "max_batch is 65" in failed(capsys, path, out, ["--max-batch=65"])
    assert "check the path" in failed(capsys, tmp_path / "missing", out, [])
    assert "cannot write" in failed(capsys, path, folder / "red.png" / "out", [])


def test_a_manifest_that_cannot_be_written_is_a_clear_error(write, model, tmp_path, capsys):
    (tmp_path / "out" / MANIFEST).mkdir(parents=True)
    told = failed(capsys, write(CAT), tmp_path / "out", model)
    assert "cannot write to" in told
    assert MANIFEST in told


def test_interventions_need_no_hypernetwork(write, model, tmp_path, monkeypatch):
    monkeypatch.setattr("hypertransport.loading.hypernetwork", None)
    assert run(write(ROWS[2], ROWS[3]), tmp_path, model[:2]) == 0
    assert len(manifest(tmp_path)) == 2


def test_an_intervention_on_other_sites_is_told_with_its_line(write, folder, model, hyper, capsys):
    first = dict([next(iter(hyper("hat").maps.items()))])
    Intervention(first).save(folder / "part.safetensors", generator=hyper.generator)
    path = write(CAT, {**CAT, "steering": [{"intervention": "part.safetensors"}]})
    assert "line 2: two interventions on different sites" in failed(
        capsys, path, folder / "out", model
    )


def test_a_file_that_changes_meanwhile_stops_the_run(
    write, folder, model, tmp_path, capsys, monkeypatch
):
    shutil.copy(folder / "red.png", folder / "moving.png")
    missing = Drawer.missing

    def meddling(self, cells):
        shutil.copy(folder / "sun.png", folder / "moving.png")
        return missing(self, cells)

    monkeypatch.setattr(Drawer, "missing", meddling)
    path = write({**CAT, "steering": [{"image": "moving.png"}]})
    assert "has changed since the start; run again" in failed(capsys, path, tmp_path, model)
    assert not times(tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_picture_that_is_not_whole_is_drawn_again(write, model, tmp_path, capsys, share):
    path = write(*ROWS)
    assert run(path, tmp_path, model) == 0
    whole = {name: (tmp_path / name).read_bytes() for name in times(tmp_path)}
    odd = min(whole)
    (tmp_path / odd).write_bytes(whole[odd][: int(share * len(whole[odd]))])
    assert run(path, tmp_path, model) == 0
    assert "5 pictures: 1 drawn, 4 were there" in capsys.readouterr().err
    Image.open(tmp_path / odd).load()


def test_a_second_run_into_a_folder_is_refused(write, model, tmp_path, capsys):
    with one_writer(tmp_path / MANIFEST):
        assert "another process is writing" in failed(capsys, write(CAT), tmp_path, model)
    assert not times(tmp_path)


def test_whatever_is_missing_a_run_that_goes_on_draws_the_same_bit_for_bit(
    write, model, tmp_path, monkeypatch
):
    """Each picture in the batch that it would have been in; only what is missing is written."""
    rows = [{"prompt": f"{'a ' * i}cat", "steering": [PART, *PARTS[: i % 3]]} for i in range(11)]
    path, out, again = write(*rows), tmp_path / "whole", tmp_path / "again"
    assert run(path, out, model, "--max-batch=4") == 0
    whole = {name: (out / name).read_bytes() for name in times(out)}
    names = [record["picture"] for record in manifest(out)]
    add = Manifest.add
    for stop in (1, 6):

        def stopping(self, record, left=[stop]):  # noqa: B006 its own for each run
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            add(self, record)

        with monkeypatch.context() as patch:
            patch.setattr(Manifest, "add", stopping)
            assert run(path, again, model, "--max-batch=4") == 130
        (again / names[0]).unlink(missing_ok=True)
        assert 0 < len(times(again)) < len(whole)
    assert run(path, again, model, "--max-batch=4") == 0
    assert {name: (again / name).read_bytes() for name in times(again)} == whole
    assert {file.name for file in again.iterdir()} == {*whole, MANIFEST}


def test_a_killed_run_goes_on_where_it_was(write, model, tmp_path):
    path = write(*({"prompt": f"cat {i}", "steering": [PART]} for i in range(200)))
    command = [sys.executable, "-m", "hypertransport.cli", "generate-many", str(path), *model]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [*command, f"--out={tmp_path}", "--max-batch=2"], env=environment, stderr=subprocess.PIPE
    ) as process:
        until(lambda: len(times(tmp_path)) >= 10)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    before = times(tmp_path)
    assert 10 <= len(before) < 200
    for name in before:
        Image.open(tmp_path / name).load()
    assert {record["picture"] for record in manifest_of_a_killed_run(tmp_path)} <= {*before}
    assert run(path, tmp_path, model, "--max-batch=16") == 0
    assert before.items() <= times(tmp_path).items()
    assert [record["line"] for record in manifest(tmp_path)] == [*range(1, 201)]
    assert {*times(tmp_path)} == {record["picture"] for record in manifest(tmp_path)}


def manifest_of_a_killed_run(out: Path) -> list[dict]:
    """Its last line may lack an end, or may not be there yet."""
    *whole, _ = (out / MANIFEST).read_text().split("\n")
    return [json.loads(line) for line in whole]
