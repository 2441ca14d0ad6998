"""`hypertransport generate-many --actors 2`, killed and taken up again."""

import json
import subprocess
import sys

import pytest
from api_server import until
from PIL import Image
from ray_process import needs_ray, ray_environment
from served import difference

from hypertransport import cli
from hypertransport.batch.drawing import MANIFEST

pytestmark = [pytest.mark.slow, needs_ray]
MANY = 120


def records(out) -> list[dict]:
    return [json.loads(line) for line in (out / MANIFEST).read_text().splitlines()]


def test_actors_draw_what_one_process_draws_and_a_killed_run_goes_on(write, model, tmp_path):
    rows = [{"prompt": f"cat {i}", "steering": [{"image": "sun.png"}]} for i in range(MANY)]
    path, alone, shared = write(*rows), tmp_path / "alone", tmp_path / "shared"
    assert cli.main(["generate-many", str(path), f"--out={alone}", *model]) == 0
    command = [sys.executable, "-m", "hypertransport.cli", "generate-many", str(path), *model]
    command += [f"--out={shared}", "--actors=2", "--max-batch=2"]
    with subprocess.Popen(command, env=ray_environment(), stderr=subprocess.DEVNULL) as process:
        until(lambda: len([*shared.glob("*.png")]) >= 10, seconds=600)
        process.kill()
    before = {path: path.stat().st_mtime_ns for path in shared.glob("*.png")}
    done = subprocess.run(command, env=ray_environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"{shared}/{MANIFEST}\n"), done.stderr
    assert before == {path: path.stat().st_mtime_ns for path in before}
    assert records(shared) == records(alone)
    for record in records(alone):
        a, b = (Image.open(folder / record["picture"]) for folder in (alone, shared))
        assert difference(a, b) <= 1


def test_what_an_actor_cannot_draw_is_one_line(write, model, tmp_path, folder, hyper):
    bad = {"intervention": "part.safetensors"}
    T = hyper("hat")
    type(T)(dict([next(iter(T.maps.items()))])).save(
        folder / "part.safetensors", generator=hyper.generator
    )
    path = write({"prompt": "a cat", "steering": [bad]})
    command = [sys.executable, "-m", "hypertransport.cli", "generate-many", str(path), *model]
    command += [f"--out={tmp_path}", "--actors=1"]
    done = subprocess.run(command, env=ray_environment(), capture_output=True, text=True)
    assert done.returncode == 2
    assert "hypertransport: line 1: two interventions on different sites" in done.stderr
