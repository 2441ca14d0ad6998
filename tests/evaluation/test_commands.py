"""The commands `evaluate` and `report`; tests/test_cli_evaluation.py has those that judge."""

import json

import pytest

from hypertransport import cli
from hypertransport.evaluation import table
from hypertransport.generators import base
from hypertransport.locking import one_writer


@pytest.fixture(scope="module")
def file(world):
    """A configuration of one method, one strength and two concepts of each kind."""
    path = world / "evaluation.toml"
    fields = {
        "weights": "generator",
        "hypernetwork": "hyper",
        "catalogue": "catalogue.json",
        "methods": ["hypertransport"],
        "prompts": ["a cat"],
        "seeds": 1,
        "strengths": [0.5, 1],
        "scorers": ["recogniser"],
        "labels": "labels.json",
    }
    path.write_text("".join(f"{k} = {json.dumps(v)}\n" for k, v in fields.items()))
    return path


def run(*arguments) -> int:
    return cli.main([f"{argument}" for argument in arguments])


def failed(capsys, *arguments) -> str:
    assert run(*arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_shards_are_evaluated_and_reported_together(file, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = [f"evaluation-{i}-of-2.jsonl" for i in (1, 2)]
    for shard in ("1/2", "2/2"):
        assert run("evaluate", file, "--shard", shard) == 0
    assert capsys.readouterr().out.splitlines() == names
    assert len(table.read([tmp_path / name for name in names])) == 4 * 3

    monkeypatch.setattr(base, "load_pipeline", None)  # nothing is left that needs a generator
    assert run("evaluate", file, "--shard", "1/2") == 0
    capsys.readouterr()

    assert run("report", *names, "--out", "results/page.html") == 0
    out, err = capsys.readouterr()
    assert err.splitlines()[-1] == "the page: results/page.html"
    origin, _, header, *_ = out.splitlines()  # the table alone, so that a file can take it
    assert origin.startswith("3 concepts, ")
    assert header.startswith("| method | recogniser: strength |")
    page = (tmp_path / "results/page.html").read_text()
    assert page.count("<img") == 3 * 2  # of the three concepts that the scorer knows
    assert "not kept" not in page


def test_evaluate_says_in_a_line_what_is_wrong(file, world, tmp_path, capsys):
    odd = tmp_path / "odd.toml"
    odd.write_text("strength = 1")
    assert "unknown fields ['strength']" in failed(capsys, "evaluate", odd)
    out = tmp_path / "table.jsonl"
    out.write_text("{}\n")
    assert "line 1 is no object" in failed(capsys, "evaluate", file, "--out", out)
    assert "cannot read" in failed(capsys, "report", tmp_path / "none.jsonl")


def test_two_evaluations_into_one_table_are_refused(file, tmp_path, capsys):
    out = tmp_path / "table.jsonl"
    with one_writer(out):
        assert "another process is writing" in failed(capsys, "evaluate", file, "--out", out)
    assert not out.exists()


@pytest.mark.parametrize("shard", ["0/2", "3/2", "2", "a/b", "1/", "-1/2"])
def test_odd_shards_are_refused(capsys, shard):
    with pytest.raises(SystemExit) as exit:
        cli.main(["evaluate", f"--shard={shard}"])
    assert exit.value.code == 2
    assert "--shard" in capsys.readouterr().err
