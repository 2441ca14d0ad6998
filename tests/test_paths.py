"""A home directory is written ~, wherever a path is taken."""

import json
from pathlib import Path

import pytest
from photographs import SHOWN
from PIL import Image
from pipelines import save_steerable

import hypertransport as ht
from hypertransport import catalogue, cli, toml_files
from hypertransport.arguments import build_parser
from hypertransport.batch import lines
from hypertransport.concepts import as_concept, names_picture
from hypertransport.encoders import ConceptEncoder
from hypertransport.evaluation.config import EvaluationConfig
from hypertransport.generators import described
from hypertransport.interventions import Intervention
from hypertransport.paths import user_path, user_source
from hypertransport.picture_files import load_picture, picture_paths
from hypertransport.serving.api_keys import load_keys
from hypertransport.training.config import TrainConfig
from hypertransport.training.prompts import read_prompts


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    save_steerable(folder)
    SHOWN.save(folder / "a.png")
    (folder / "shown").mkdir()
    SHOWN.save(folder / "shown" / "a.png")
    (folder / "p.txt").write_text("a cat\n", encoding="utf-8")
    (folder / "k.txt").write_text("0123456789abcdef\n", encoding="utf-8")
    (folder / "c.json").write_text("[]", encoding="utf-8")
    (folder / "g.toml").write_text('pipeline = "~/generator"', encoding="utf-8")
    (folder / "e.toml").write_text('pictures = "~/shown"', encoding="utf-8")
    return folder


@pytest.fixture
def home(filled, monkeypatch) -> Path:
    monkeypatch.setenv("HOME", str(filled))
    return filled


def test_a_path_is_expanded_in_front_alone(home):
    assert user_path("~") == home
    assert user_path("~/a/~b") == home / "a" / "~b"
    assert user_path("./~") == Path("~")
    assert user_path("~nobody-of-this-name/a") == Path("~nobody-of-this-name/a")
    assert user_source("me/mine") == "me/mine"
    assert user_source("~/a") == str(home / "a")


def test_every_reader_and_writer_of_the_package_takes_it(home):
    assert load_picture("~/a.png").tobytes() == SHOWN.tobytes()
    assert names_picture("~/a.png")
    for path in ("~/a.png", "~/shown"):
        assert as_concept(Path(path)).images[0].tobytes() == SHOWN.tobytes()
    assert picture_paths(Path("~/shown")) == [home / "shown" / "a.png"]
    assert read_prompts(Path("~/p.txt")) == ["a cat"]
    assert load_keys(Path("~/k.txt"), {}) is not None
    assert catalogue.read(Path("~/c.json")) == []
    assert (
        ConceptEncoder.from_pretrained("~/encoder").dim
        == ConceptEncoder.from_pretrained(Path("~/encoder")).dim
    )
    generator = ht.load_generator("emojiscape", weights="~/generator")
    assert ht.load_generator("~/generator").id
    assert described.read(Path("~/g.toml"))[1] == home / "generator"
    assert ht.load_generator("~/g.toml").sites
    hyper = ht.HyperTransport.from_pretrained("~/hyper")
    hyper.save_pretrained("~/again")
    T = hyper("hat")
    T.save("~/T.safetensors", generator=generator.id)
    assert Intervention.load("~/T.safetensors").equals(T)
    T.save_pretrained("~/shared", generator=generator.id)
    assert Intervention.from_pretrained("~/shared").equals(T)
    assert Intervention.load("~/shared").equals(T)
    assert not Path("~").exists()
    assert (home / "again" / "config.json").is_file()


def test_configurations_take_it(home):
    assert EvaluationConfig.load(Path("~/e.toml")).pictures == home / "shown"
    (home / "t.toml").write_text(
        'generator = "emojiscape"\nencoder = "emojiscape"\n'
        'catalogue = "~/c.json"\nprompts = "~/p.txt"\nout = "~/out"\n',
        encoding="utf-8",
    )
    config = TrainConfig.load(Path("~/t.toml"))
    assert (config.catalogue, config.out) == (home / "c.json", home / "out")
    assert toml_files.load(described.Description, Path("~/g.toml")).pipeline == "~/generator"


def test_files_of_a_batch_take_it(home, tmp_path):
    row = {"prompt": "a cat", "steering": [{"image": "~/a.png"}]}
    path = home / "b.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    assert lines.read(Path("~/b.jsonl"))[0].steering[0].value == "~/a.png"
    model = ["--weights=~/generator", "--hypernetwork=~/hyper"]
    assert cli.main(["generate-many", "~/b.jsonl", "--out=~/drawn", *model]) == 0
    assert len([*(home / "drawn").glob("*.png")]) == 1


def test_the_command_line_takes_it_where_a_shell_does_not_expand_it(home):
    model = ["--weights=~/generator", "--hypernetwork=~/hyper"]
    Image.new("L", (8, 8), "white").save(home / "mask.png")
    steer = ["steer", "a cat", "--image=~/a.png=0.5", "--mask=~/mask.png", "--strengths=1"]
    assert cli.main([*steer, "--out=~/strip.png", *model]) == 0
    assert (home / "strip.png").is_file()


def test_every_path_of_the_command_line_is_expanded(home):
    parse = build_parser().parse_args
    fit = parse(
        ["fit", "refine", "--image=~/a.png", "--out=~/T", "--prompts=~/p", "--catalogue=~/c"]
    )
    found = [fit.image, fit.out, fit.prompts, fit.catalogue]
    serve = parse(["serve", "--api-keys=~/k.txt", "--weights=~/w", "--hypernetwork=~/h"])
    found += [serve.api_keys, serve.weights, serve.hypernetwork]
    many = parse(["generate-many", "~/b.csv", "--out=~/o"])
    found += [many.file, many.out, parse(["train", "~/t.toml"]).config]
    evaluate = parse(["evaluate", "~/e.toml", "--out=~/t"])
    found += [evaluate.config, evaluate.out]
    steer = parse(["steer", "--mask=~/m", "--intervention=~/T=2", "--model=~/g.toml"])
    found += [steer.mask, steer.concepts[0][1], steer.model]
    assert all(str(path).startswith(str(home)) for path in found)
