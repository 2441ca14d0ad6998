"""A pipeline that a TOML file describes."""

from pathlib import Path

import pytest
from pipelines import tiny_sdxl

from hypertransport import cli
from hypertransport.errors import ConfigError, GeneratorError
from hypertransport.evaluation.config import EvaluationConfig
from hypertransport.generators import load_generator
from hypertransport.generators.base import wrap
from hypertransport.training.problem import pose

DESCRIPTION = """\
pipeline = "pipeline"
patterns = ["*norm1", "*norm3"]

[call]
num_inference_steps = 1
guidance_scale = 0.0
timesteps = [399]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("described")
    tiny_sdxl().save_pretrained(folder / "pipeline")
    (folder / "mine.toml").write_text(DESCRIPTION)
    return folder


def test_it_is_what_wrap_would_have_made(folder):
    found = load_generator(folder / "mine.toml")
    pipeline = load_generator(folder / "pipeline").pipeline
    call = {"num_inference_steps": 1, "guidance_scale": 0.0, "timesteps": [399]}
    wanted = wrap(pipeline, id="mine", patterns=("*norm1", "*norm3"), **call)
    assert (found.id, found.sites, found.defaults) == (wanted.id, wanted.sites, wanted.defaults)
    assert found("a cat", 3).tobytes() == wanted("a cat", 3).tobytes()
    assert found.revision == wanted.revision
    pose(found, ["a", "b"], ["with a hat"])  # which guidance would forbid


def test_every_command_takes_it(folder, capsys):
    assert cli.main(["sites", str(folder / "mine.toml")]) == 0
    assert "norm1" in capsys.readouterr().out
    out = str(folder / "fitted.safetensors")
    fit = ["fit", "mean-shift", "--model", str(folder / "mine.toml"), "--samples", "2"]
    assert cli.main([*fit, "--out", out]) == 0
    steer = ["steer", "--model", str(folder / "mine.toml"), "--intervention", out]
    assert cli.main([*steer, "--strengths", "1", "--out", str(folder / "strip.png")]) == 0


@pytest.mark.parametrize(
    ("text", "error", "match"),
    [
        ("patterns = []", ConfigError, "missing fields \\['pipeline'\\]"),
        ('pipeline = "pipeline"\nsteps = 1', ConfigError, "unknown fields \\['steps'\\]"),
        ('pipeline = "pipeline"\ncall = 1', ConfigError, "write \\[call\\]"),
        ('pipeline = "pipeline"\n[call]\nguide = 0.0', GeneratorError, "takes no guide; it takes"),
        ('pipeline = "pipeline"\n[call]\nprompt = "a"', GeneratorError, "takes no prompt"),
    ],
)
def test_what_does_not_serve_is_refused(folder, text, error, match):
    (folder / "odd.toml").write_text(text)
    with pytest.raises(error, match=match):
        load_generator(folder / "odd.toml")


def test_an_evaluation_is_known_by_the_file_and_by_the_weights_that_it_names(folder):
    config = EvaluationConfig(generator=str(folder / "mine.toml"))
    assert [*map(Path, config._pipeline())] == [folder / "mine.toml", folder / "pipeline"]
