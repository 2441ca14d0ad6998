"""What stands in docs/training.md, done as a reader would: files, commands, a training in small."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from hypertransport.arguments import build_parser
from hypertransport.evaluation.config import EvaluationConfig
from hypertransport.generators import load_generator
from hypertransport.weights import bundled

PAGE = (Path(__file__).parent.parent / "docs" / "training.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_snippets_train_a_hypernetwork_and_leave_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in blocks("toml"):
        first, _, _ = file.partition("\n")
        Path(first.removeprefix("# ")).write_text(file)
    names: dict[str, Any] = {}
    for snippet in blocks("python"):
        exec(snippet, names)
    record = Path("runs/mine/record.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in record] == [0, 4, 8]
    assert names["hyper"].about.record.concepts == 6
    assert names["image"].tobytes() != names["generator"]("a fox", seed=7).tobytes()
    evaluated = EvaluationConfig.load(Path("evaluation.toml")).hypernetwork
    assert evaluated == tmp_path / "runs/mine/model"
    assert len(blocks("python")) == 5


def test_the_generator_s_file_describes_one(tmp_path: Path) -> None:
    (text,) = (block for block in blocks("toml") if block.startswith("# mine-generator.toml"))
    place = bundled("emojiscape", "generator")
    (tmp_path / "mine-generator.toml").write_text(text.replace("me/my-one-step", str(place)))
    generator = load_generator(tmp_path / "mine-generator.toml")
    assert generator.id == "mine-generator"
    assert {site.name.rsplit(".", 1)[-1] for site in generator.sites} == {"norm1", "norm2"}
    assert generator.defaults == {"num_inference_steps": 1, "guidance_scale": 0.0}


def test_commands_are_those_of_the_command_line() -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    lines += re.findall(r"`((?:hypertransport \w+ \S|torchrun).*?)`", PAGE)
    parsed = [build_parser().parse_args(words(line)).command for line in lines]
    assert {"train", "fit", "steer", "evaluate", "report", "sites"} <= set(parsed)


def words(line: str) -> list[str]:
    """The arguments after the program's name, which may be that of the module."""
    program = "hypertransport.cli" if line.startswith("torchrun") else "hypertransport"
    said = shlex.split(line, comments=True)
    return said[said.index(program) + 1 :]
