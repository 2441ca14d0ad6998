import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pipelines import tiny_sdxl

from hypertransport.arguments import build_parser
from hypertransport.catalogue import load
from hypertransport.concepts import Picture, Words
from hypertransport.errors import CheckpointError, ConceptError, ConfigError, OutputError
from hypertransport.fitting import fit, request
from hypertransport.generators.base import Generator, wrap
from hypertransport.interventions import Intervention
from hypertransport.locking import one_writer
from hypertransport.training.lineas import PRESETS
from hypertransport.training.prompts import NEUTRAL


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def asked(*arguments: str):
    return request(build_parser().parse_args(["fit", *arguments]))


def test_what_is_asked_by_default_works_with_what_ships():
    wanted = asked()
    assert wanted.concept == Words("brick navy")
    assert wanted.phrase == "on a brick navy background"
    assert wanted.entries == load()
    assert wanted.plan.closed_form == "lin-act-causal"
    assert (wanted.plan.prompts, wanted.plan.samples) == (NEUTRAL, 32)


def test_words_that_no_catalogue_knows_are_their_own_phrase(tmp_path):
    assert asked("--concept", " in the rain ").phrase == "in the rain"
    assert asked("--model", "dmd2", "--concept", "brick navy").phrase == "brick navy"
    row = {"name": "wax", "kind": "style", "phrase": "made of wax", "split": "train"}
    (tmp_path / "own.json").write_text(json.dumps([row]))
    own = asked("--model", "dmd2", "--concept", "wax", "--catalogue", "own.json")
    assert own.phrase == "made of wax"


def test_a_descent_is_quick_and_to_refine_a_short_one():
    assert asked("lineas").plan.closed_form is None
    assert asked("lineas").plan.descent == PRESETS["quick"]
    assert asked("refine").plan.descent == PRESETS["refine"]
    assert asked("nearest").plan.descent == PRESETS["quick"]
    assert asked("refine", "--preset", "quick").plan.descent == PRESETS["quick"]


def test_options_change_the_preset():
    given = ["--steps", "7", "--rate", "0.5", "--l1", "0.1", "--group", "0.2", "--batch", "4"]
    changes = {"steps": 7, "learning_rate": 0.5, "l1": 0.1, "group": 0.2, "batch": 4}
    assert asked("lineas", "--preset", "long", *given).plan.descent == replace(
        PRESETS["long"], **changes
    )


def test_prompts_of_a_file_take_the_neutral_ones_place(tmp_path):
    (tmp_path / "prompts.txt").write_text("a\nb\nc\nd\n")
    plan = asked(
        "lineas", "--prompts", "prompts.txt", "--samples", "2", "--pooling", "random-3"
    ).plan
    assert (list(plan.prompts), plan.samples, plan.pooling) == (list("abcd"), 2, "random-3")


def test_a_picture_is_what_is_looked_up(tmp_path):
    Image.new("RGB", (8, 8), "red").save(tmp_path / "red.png")
    wanted = asked("refine", "--concept", "red", "--image", "red.png")
    assert isinstance(wanted.concept, Picture)
    assert wanted.phrase == "red"


def test_only_the_same_request_finds_its_checkpoint_again():
    requests = (["lineas"], ["lineas", "--rate", "0.1"], ["lineas", "--model", "dmd2"])
    paths = {asked(*options).checkpoint for options in requests}
    assert len(paths) == 3
    assert asked("lineas").checkpoint in paths


def test_another_picture_under_the_same_name_is_another_request():
    found = []
    for colour in ("red", "blue"):
        Image.new("RGB", (8, 8), colour).save("it.png")
        found.append(asked("refine", "--image", "it.png").checkpoint)
    assert found[0] != found[1]


def test_other_prompts_under_the_same_name_are_another_request(tmp_path):
    path, found = tmp_path / "prompts.txt", set()
    for noun in ("cat", "dog"):
        path.write_text("".join(f"a {noun} {i}\n" for i in range(64)))
        found.add(asked("lineas", "--prompts", str(path)).checkpoint)
    assert len(found) == 2


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        (["--image", "a.png"], ConceptError, "lin-act-causal is fitted to words alone"),
        (["refine", "--image", "a.png"], ConceptError, "no picture at a.png"),
        (["--concept", " "], ConceptError, "cannot be empty"),
        (["--out", "a.png"], OutputError, "does not end in .safetensors"),
        (["--out", "file/a.safetensors"], OutputError, "cannot write"),
        (["--prompts", "a.txt"], ConfigError, "cannot read the prompts"),
        (["--samples", "33"], ConfigError, "64 source prompts for 33 samples"),
        (["--pooling", "median"], ConfigError, "no pooling"),
        (["lin-act", "--pooling", "position"], ConfigError, "fits means"),
        (["lin-act", "--steps", "3"], ConfigError, "closed form without steps"),
        (["lin-act", "--preset", "long"], ConfigError, "closed form without steps"),
        (["nearest", "--model", "dmd2"], ConfigError, "dmd2 has no catalogue"),
        (["--catalogue", "a.json"], CheckpointError, "no catalogue at"),
    ],
)
def test_what_does_not_fit_together_is_refused_before_anything_is_loaded(
    tmp_path, arguments, error, match
):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(error, match=match):
        asked(*arguments)


# --- stopped at the end ---------------------------------------------------------------------------

DESCENT = "lineas", "--steps=3", "--samples=2", "--prompts=../p.txt", "--concept=ink"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder, where fits are written; the prompts lie above it."""
    (tmp_path / "p.txt").write_text("a\nb\nc\nd\n")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return Path()


@pytest.fixture(scope="module")
def generator() -> Generator:
    return wrap(tiny_sdxl(), id="tiny", num_inference_steps=1, guidance_scale=0.0, timesteps=[399])


def test_a_fit_that_cannot_be_written_keeps_its_steps(generator, here, monkeypatch):
    wanted = asked(*DESCENT)
    fit(wanted, generator, None)
    whole = Intervention.load("fitted.safetensors")
    assert list(here.iterdir()) == [here / "fitted.safetensors"]
    (here / "fitted.safetensors").unlink()

    def full(*_, **__):
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(Intervention, "save", full)
        with pytest.raises(OSError, match="no space"):
            fit(wanted, generator, None)
    assert list(here.iterdir()) == [wanted.checkpoint]
    monkeypatch.setattr("hypertransport.training.lineas.update", None)  # no step is taken again
    fit(wanted, generator, None)
    assert Intervention.load("fitted.safetensors").equals(whole)
    assert list(here.iterdir()) == [here / "fitted.safetensors"]


def test_a_fit_that_is_killed_as_it_ends_keeps_its_steps_or_its_result(generator, here):
    wanted = asked(*DESCENT)
    for number in range(2):  # before the intervention takes its place, and after that
        child = os.fork()
        if not child:
            calls, original = [], os.replace

            def dying(source, target, calls=calls, number=number, original=original):
                if str(target) == "fitted.safetensors":
                    calls.append(target)
                if len(calls) == 1 and number == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                original(source, target)
                if len(calls) == 1:
                    os.kill(os.getpid(), signal.SIGKILL)

            os.replace = dying
            fit(wanted, generator, None)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        assert wanted.checkpoint.exists()
        assert wanted.path.exists() == (number == 1)
    fit(wanted, generator, None)
    assert list(here.iterdir()) == [here / "fitted.safetensors"]


def test_two_fits_of_one_file_are_refused(generator, here):
    with one_writer("fitted.safetensors"), pytest.raises(OutputError, match="another process"):
        fit(asked(*DESCENT), generator, None)
