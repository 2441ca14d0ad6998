"""What is killed at random moments ends as if it had not been; and the harness sees what does not.

A process of its own runs it: it forks, which takes a process without other threads.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.killed_runs import RUNS

ROOT = Path(__file__).parents[2]


def killed(name: str, kills: int, out: Path) -> dict:
    """The figures of a run that was killed so many times."""
    command = [sys.executable, "-m", "benchmarks.kills", name, f"--kills={kills}", f"--out={out}"]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    environment = os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(out.read_text())["runs"][name]


def require_same(figures: dict, kills: int) -> None:
    assert figures["problems"] == []
    assert figures["kills"] == figures["timed"] + figures["aimed"] == kills
    assert figures["same"] == figures["results"] > 0


def test_a_save_that_is_killed_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    require_same(killed("save", 5, tmp_path / "kills.json"), 5)


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_fifty_kills_change_no_result_and_lose_nothing(name: str, tmp_path: Path) -> None:
    require_same(killed(name, 50, tmp_path / "kills.json"), 50)
