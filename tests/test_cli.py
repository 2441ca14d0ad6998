import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image
from pipelines import PIXELS, emojiscape_pipeline, save_steerable

from hypertransport import catalogue, cli, intervention_files, sites, weights
from hypertransport.calibration import Calibration
from hypertransport.dial import Dial
from hypertransport.fit_arguments import METHODS
from hypertransport.generators import MODELS
from hypertransport.generators.emojiscape import ID, PATTERNS
from hypertransport.hypernetwork import About, HyperTransport
from hypertransport.novelty import Neighbours, TrainedConcepts
from hypertransport.sites import find_sites
from hypertransport.strips import GAP, SIDE
from hypertransport.training import amortized
from hypertransport.training.per_concept import CLOSED_FORMS


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> list[str]:
    """Arguments that name a tiny emojiscape with random weights and a hypernetwork for it."""
    folder = tmp_path_factory.mktemp("tiny")
    save_steerable(folder)
    return ["--weights", f"{folder}/generator", "--hypernetwork", f"{folder}/hyper"]


@pytest.fixture
def reference(tmp_path) -> Path:
    path = tmp_path / "reference.png"
    Image.linear_gradient("L").resize((40, 20)).save(path)
    return path


def steered(model: list[str], folder: Path, *arguments: str) -> dict[str, bytes]:
    """The pixels of every picture that a run has written into `folder`."""
    assert cli.main(["steer", *arguments, *model, "--out", f"{folder}/"]) == 0
    return {path.name: Image.open(path).tobytes() for path in folder.iterdir()}


def close(a: bytes, b: bytes) -> bool:
    """The same picture, but for rounding: two concepts are encoded in one batch, one is not."""
    return max(abs(x - y) for x, y in zip(a, b, strict=True)) <= 1


def failed(capsys, *arguments: str) -> str:
    """The one line on stderr of a run that fails."""
    assert cli.main([*arguments]) == 2
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert out == ""
    return line


def test_bare_steer_writes_a_strip_and_prints_only_its_path(model, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["steer", *model]) == 0
    assert capsys.readouterr() == ("steer.png\n", "")
    with Image.open("steer.png") as strip:
        assert strip.width == 5 * (SIDE + GAP) + GAP


def test_a_folder_gets_single_pictures_and_strength_0_is_untouched(model, tmp_path, capsys):
    words = steered(model, tmp_path / "a", "a cat", "--concept", "hat", "--strengths", "0,1", "-n2")
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(
        f"{tmp_path}/a/{name}" for name in words
    )
    other = steered(model, tmp_path / "b", "a cat", "--concept", "sun", "--strengths", "0,1", "-n2")
    assert sorted(words) == [f"seed-{n}-strength-{s}.png" for n in (7, 8) for s in (0, 1)]
    for name in words:
        assert (words[name] == other[name]) is name.endswith("-0.png")
        assert len(words[name]) == 3 * PIXELS**2


def test_concepts_of_both_kinds_combine_each_at_its_own_strength(model, tmp_path, reference):
    def run(folder: str, *concepts: str) -> bytes:
        pictures = steered(model, tmp_path / folder, "a cat", *concepts, "--strengths", "1")
        return pictures["seed-7-strength-1.png"]

    hat, picture = run("a", "--concept", "hat"), run("b", "--image", str(reference))
    assert close(run("c", "--concept", "hat=1", "--image", f"{reference}=0"), hat)
    assert close(run("d", "--concept", "hat=0", "--image", f"{reference}"), picture)
    both = run("e", "--concept", "hat", "--image", str(reference))
    assert not close(both, hat)
    assert not close(both, picture)


def test_a_folder_of_pictures_is_one_concept(model, tmp_path, reference):
    def run(name: str, shown: Path) -> bytes:
        out = tmp_path / name
        return steered(model, out, "a cat", "--image", f"{shown}=0.5")["seed-7-strength-1.png"]

    folder = tmp_path / "shown"
    folder.mkdir()
    shutil.copy(reference, folder)
    assert close(run("alone", folder), run("file", reference))
    Image.new("RGB", (30, 30), "navy").save(folder / "second.png")
    assert not close(run("both", folder), run("file", reference))


def test_a_mask_says_where_the_concepts_act(model, tmp_path):
    def run(folder: str, *mask: str) -> dict[str, bytes]:
        options = ["--concept", "hat", "--strengths", "0,1", *mask]
        return steered(model, tmp_path / folder, "a cat", *options)

    masks = {name: tmp_path / f"{name}.png" for name in ("white", "black")}
    for colour, path in masks.items():
        Image.new("RGB", (64, 64), colour).save(path)
    everywhere, nowhere = (run(name, "--mask", str(path)) for name, path in masks.items())
    assert everywhere == run("none")
    assert close(nowhere["seed-7-strength-1.png"], everywhere["seed-7-strength-0.png"])
    assert not close(nowhere["seed-7-strength-1.png"], everywhere["seed-7-strength-1.png"])


def test_a_mask_of_another_aspect_ratio_is_one_line(model, tmp_path, capsys, reference):
    out = tmp_path / "strip.png"
    line = failed(capsys, "steer", "--mask", str(reference), *model, "--out", str(out))
    assert "give a mask of the picture's height and width" in line
    assert not out.exists()


def test_a_grid_has_a_row_per_seed_and_shows_the_reference_once(model, tmp_path, reference):
    out = tmp_path / "grid.png"
    arguments = ["--image", str(reference), "--strengths", "0,1", "-n", "2", "--out", str(out)]
    assert cli.main(["steer", *arguments, *model]) == 0
    with Image.open(out) as grid:
        assert grid.height > 2 * SIDE
        assert 3 * SIDE < grid.width < 4 * SIDE + 100


def test_what_is_wrong_with_steer_is_said_before_anything_is_loaded(tmp_path, capsys, reference):
    broken = tmp_path / "broken.png"
    broken.write_bytes(reference.read_bytes()[:60])
    out = ["--out", f"{tmp_path}/strip.png"]
    assert "prompt is empty" in failed(capsys, "steer", "  ")
    assert "no picture at" in failed(capsys, "steer", "--image", "missing.png", *out)
    (tmp_path / "none").mkdir()
    assert "no picture in" in failed(capsys, "steer", "--image", f"{tmp_path}/none", *out)
    assert "broken" in failed(capsys, "steer", "--image", str(broken), *out)
    assert "no picture at" in failed(capsys, "steer", "--mask", "missing.png", *out)
    assert "broken" in failed(capsys, "steer", "--mask", str(broken), *out)
    assert "'much'" in failed(capsys, "steer", "--concept", "hat=much", *out)
    assert "cannot be empty" in failed(capsys, "steer", "--concept", " ", *out)
    assert "cannot write" in failed(capsys, "steer", "--out", f"{reference}/strip.png")
    for name in ("dmd2", "dmd2-4step"):
        assert f"ships for {name};" in failed(capsys, "steer", "--model", name, *out)
    assert "did you mean 'emojiscape'" in failed(capsys, "steer", "--model", "emojiscope", *out)
    assert not (tmp_path / "strip.png").exists()


def test_tampered_weights_are_one_line_too(model, tmp_path, capsys):
    folder = tmp_path / "hyper"
    folder.mkdir()
    for file in Path(model[3]).iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x00")
    arguments = [*model[:2], "--hypernetwork", str(folder), "--out", f"{tmp_path}/strip.png"]
    assert "model.safetensors" in failed(capsys, "steer", *arguments)


def test_what_speaks_against_steering_is_one_line_each_on_stderr(model, tmp_path, capsys):
    hyper = HyperTransport.from_pretrained(model[3])
    hat = Neighbours(hyper.encoder.encode(["hat"]), torch.tensor([1e-4]))
    curves = Calibration(torch.tensor([0, 1.0]), torch.tensor([[0, 0.5]]), torch.ones(1))
    hyper.about = About("c0ffee", None, TrainedConcepts({"words": hat}), curves)
    hyper.save_pretrained(tmp_path / "hyper")
    arguments = [*model[:2], "--hypernetwork", f"{tmp_path}/hyper", "--out", f"{tmp_path}/a.png"]
    capsys.readouterr()  # the library's own bar, of loading here
    assert cli.main(["steer", "--concept", "sun=2", "--calibrated", *arguments]) == 0
    out, err = capsys.readouterr()
    assert out == f"{tmp_path}/a.png\n"
    weights, far, strong = err.splitlines()
    assert all(line.startswith("hypertransport: warning: ") for line in (weights, far, strong))
    assert "other weights" in weights and "'sun' lies" in far and "strength 2: beyond 1" in strong
    assert "no calibration" in failed(capsys, "steer", "--calibrated", *model, *arguments[4:])


def test_the_dial_turns_calibrated_strengths(model, tmp_path, capsys):
    hyper = HyperTransport.from_pretrained(model[3])
    curves = Calibration(torch.tensor([0, 1.0]), torch.tensor([[0, 0.5]]), torch.ones(1))
    dial = Dial(torch.tensor([0, 0.8, 1]), torch.tensor([0, 0.5, 1]))
    for name, known in (("with", dial), ("without", None)):
        hyper.about = About(calibration=curves, dial=known)
        hyper.save_pretrained(tmp_path / name)

    def drawn(name: str, strength: str, *options: str) -> Image.Image:
        out = tmp_path / f"{name}{strength}{len(options)}"
        folder = ["--hypernetwork", f"{tmp_path}/{name}", "--strengths", strength]
        assert cli.main(["steer", *model[:2], *folder, "--out", f"{out}/", *options]) == 0
        (picture,) = out.iterdir()
        return Image.open(picture)

    assert drawn("with", "0.5", "--calibrated") == drawn("without", "0.8", "--calibrated")
    assert drawn("with", "0.5") == drawn("without", "0.5", "--calibrated")
    assert drawn("with", "0.5") != drawn("with", "0.5", "--calibrated")


@pytest.fixture(scope="module")
def fitted(model, tmp_path_factory) -> Path:
    """An intervention that `fit` wrote for the tiny emojiscape."""
    path = tmp_path_factory.mktemp("fit") / "fitted.safetensors"
    assert cli.main(["fit", "lin-act-causal", "--samples", "2", "--out", str(path), *model]) == 0
    return path


@pytest.mark.parametrize("method", METHODS)
def test_every_method_writes_an_intervention_and_says_what_it_costs(
    model, tmp_path, capsys, method
):
    rows = [{"name": n, "kind": "thing", "phrase": f"by a {n}", "split": "train"} for n in "ab"]
    (tmp_path / "own.json").write_text(json.dumps(rows))
    path = tmp_path / "new" / "fitted.safetensors"
    steps = [] if method in CLOSED_FORMS else ["--steps", "1"]
    options = ["--samples", "2", "--catalogue", f"{tmp_path}/own.json", *steps, *model]
    assert cli.main(["fit", method, "--concept", "b", "--out", str(path), *options]) == 0
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert out == f"{path}\n"
    assert line.startswith("cost on unseen prompts: ")
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    header, _ = intervention_files.read(path)
    assert (header.generator, header.note["method"]) == ("emojiscape-pixart", method)
    assert header.note["phrase"] == "by a b"
    assert (header.note.get("nearest") == "b") is (method == "nearest")


def test_what_was_fitted_steers(model, fitted, tmp_path):
    strengths = ["--strengths", "0,1"]
    alone = steered(model, tmp_path / "a", "a cat", "--intervention", str(fitted), *strengths)
    hat = steered(model, tmp_path / "b", "a cat", "--concept", "hat", *strengths)
    assert alone["seed-7-strength-0.png"] == hat["seed-7-strength-0.png"]
    assert alone["seed-7-strength-1.png"] != hat["seed-7-strength-1.png"]
    both = ["--intervention", f"{fitted}=0", "--concept", "hat", *strengths]
    together = steered(model, tmp_path / "c", "a cat", *both)
    assert close(together["seed-7-strength-1.png"], hat["seed-7-strength-1.png"])


def test_an_intervention_needs_no_hypernetwork_but_its_own_generator(model, fitted, capsys):
    assert "was made for 'emojiscape-pixart'" in failed(
        capsys, "steer", "--model", "dmd2", "--intervention", str(fitted)
    )
    assert "cannot read" in failed(capsys, "steer", "--intervention", "missing.safetensors")


def test_a_fit_that_looks_something_up_needs_a_hypernetwork(capsys):
    for method in ("refine", "nearest"):
        assert "no hypernetwork ships" in failed(capsys, "fit", method, "--model", "dmd2")


def test_sites_prints_the_table_of_a_pipeline(model, capsys):
    assert cli.main(["sites", "emojiscape", *model[:2]]) == 0
    backbone = emojiscape_pipeline().transformer
    table = sites.describe(backbone, find_sites(backbone, PATTERNS))
    assert capsys.readouterr() == (table + "\n", "")


def test_models_are_listed_with_their_licences(capsys):
    assert cli.main(["models"]) == 0
    _, *rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == [*MODELS]
    for row in rows:
        assert ("CC-BY-NC-SA-4.0" in row) == row.startswith("dmd2")


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ([], ["red fox", "ink", "fox den"]),
        (["--kind", "thing"], ["red fox", "fox den"]),
        (["--split", "test"], ["ink"]),
        (["--find", "FOX", "--kind", "thing", "--split", "train"], ["red fox", "fox den"]),
    ],
)
def test_concepts_lists_what_is_asked_for(tmp_path, monkeypatch, capsys, arguments, names):
    rows = [("red fox", "thing", "train"), ("ink", "style", "test"), ("fox den", "thing", "train")]
    entries = [
        {"name": name, "kind": kind, "phrase": f"with {name}", "split": split}
        for name, kind, split in rows
    ]
    (tmp_path / ID).mkdir()
    (tmp_path / ID / catalogue.FILE).write_text(json.dumps(entries))
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    assert cli.main(["concepts", *arguments]) == 0
    _, *lines = capsys.readouterr().out.splitlines()
    assert [line.split("  with")[0].split(maxsplit=2)[2].strip() for line in lines] == names
    assert cli.main(["concepts", "--find", "piano"]) == 0
    assert capsys.readouterr() == ("", "no such concept in the catalogue; steer takes any words\n")


def test_the_kinds_to_choose_from_are_those_of_the_world(capsys):
    assert cli.main(["concepts", "--world", "natural", "--kind", "mood"]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split() == ["kind", "split", "name", "phrase"]
    assert {line.split()[0] for line in lines} == {"mood"}
    message = failed(capsys, "concepts", "--kind", "mood")
    assert "emojiscape has no kind 'mood'; give one of thing, style, background, frame" in message


def test_a_training_prints_its_path_alone_on_stdout(tmp_path, monkeypatch, capsys):
    """Costs and bars are for who looks on."""
    (tmp_path / "train.toml").write_text(
        "generator = 'a'\nencoder = 'a'\ncatalogue = 'a'\nprompts = 'a'\nout = 'runs'\n"
    )
    monkeypatch.setattr(amortized, "train", lambda path, resume: None)
    assert cli.main(["train", str(tmp_path / "train.toml")]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/runs/model\n"
    monkeypatch.setenv("RANK", "1")
    assert cli.main(["train", str(tmp_path / "train.toml")]) == 0
    assert capsys.readouterr().out == ""


def test_a_missing_training_configuration_is_one_line(tmp_path, capsys):
    pytest.importorskip("hypertransport.training.amortized")
    assert "missing.toml" in failed(capsys, "train", f"{tmp_path}/missing.toml")


def test_ctrl_c_ends_with_130_and_no_traceback(monkeypatch, capsys):
    def interrupted(chosen):
        raise KeyboardInterrupt

    monkeypatch.setitem(cli.COMMANDS, "models", interrupted)
    assert cli.main(["models"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def run(*arguments: str, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-W", "error", "-m", "hypertransport.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_the_command_itself_its_help_and_its_exit_codes():
    done = run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "examples:" in done.stdout
    done = run("steer", "")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hypertransport: the prompt is empty")
    assert run("steer", "--strengths", "much").returncode == 2


def test_a_reader_that_leaves_early_is_no_error():
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "hypertransport.cli", "models"]
    with os.fdopen(write, "w") as closed:
        done = subprocess.run(
            command, stdout=closed, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (0, "")
