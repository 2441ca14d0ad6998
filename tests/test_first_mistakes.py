"""What people try first: it works, or they are told in one line what to do instead."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image
from pipelines import save_steerable, tiny_sdxl

import hypertransport as ht
from hypertransport import cli, steer_command
from hypertransport.errors import ConceptError, GeneratorError, InterventionError
from hypertransport.generators.emojiscape import ID
from hypertransport.sites import total_channels

CONFUSED = """
import sys
import numpy as np
import hypertransport as ht

folder = sys.argv[1]
generator = ht.load_generator("emojiscape", weights=f"{folder}/generator")
hyper = ht.HyperTransport.from_pretrained(f"{folder}/hyper")
T = hyper("hat")
for ask in (
    lambda: ht.steer(generator, "brick navy").__enter__(),
    lambda: ht.steer(generator, [T, T]).__enter__(),
    lambda: ht.steer(generator.pipeline, T).__enter__(),
    lambda: ht.steer(generator, T, mask=np.ones((8, 8))).__enter__(),
    lambda: ht.steer(generator, T, mask="left.png").__enter__(),
    lambda: hyper(np.zeros((8, 8, 3), dtype=np.uint8)),
):
    try:
        ask()
    except ht.HyperTransportError as error:
        print(type(error).__name__, str(error).partition(":")[0])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    save_steerable(folder)
    return folder


@pytest.fixture(scope="module")
def generator(folder) -> ht.Generator:
    return ht.load_generator("emojiscape", weights=folder / "generator")


@pytest.fixture(scope="module")
def hyper(folder) -> ht.HyperTransport:
    return ht.HyperTransport.from_pretrained(folder / "hyper")


@pytest.fixture
def steer(folder, tmp_path, monkeypatch, capsys):
    """Run the command in a folder of its own; its status, and what it says on stderr."""
    monkeypatch.chdir(tmp_path)
    model = ["--weights", f"{folder}/generator", "--hypernetwork", f"{folder}/hyper"]

    def run(*arguments: str) -> tuple[int, str]:
        done = cli.main(["steer", *arguments, *model, "--strengths", "1"])
        return done, capsys.readouterr().err

    return run


def test_an_alias_is_the_name_it_stands_for(hyper, tmp_path):
    hyper("hat").save(tmp_path / "a.safetensors", generator="emojiscape")
    for name in ("emojiscape", ID):
        assert ht.Intervention.load(tmp_path / "a.safetensors", generator=name).equals(hyper("hat"))
    with pytest.raises(InterventionError, match="made for 'emojiscape-pixart'"):
        ht.Intervention.load(tmp_path / "a.safetensors", generator="emojiscape-sdxl")


def test_a_folder_is_the_same_from_wherever_it_is_named(hyper, tmp_path, monkeypatch):
    (tmp_path / "own" / "sdxl").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "own")
    hyper("hat").save("a.safetensors", generator="sdxl")
    monkeypatch.chdir(tmp_path)
    for name in ("own/sdxl", "./own/sdxl", str(tmp_path / "own/sdxl")):
        ht.Intervention.load("own/a.safetensors", generator=name)
    with pytest.raises(InterventionError, match="made for"):
        ht.Intervention.load("own/a.safetensors", generator="sdxl")


def test_the_folder_of_an_intervention_is_one(hyper, steer, tmp_path):
    hyper("hat").save_pretrained(tmp_path / "mine", generator="emojiscape")
    assert steer("--intervention", "mine=0.5") == (0, "")
    assert ht.Intervention.load(tmp_path / "mine").equals(hyper("hat"))
    Image.new("L", (8, 8)).save(tmp_path / "strip.png")
    done, told = steer("--intervention", "strip.png")
    assert done == 2
    assert "give a file that Intervention.save wrote" in told


def test_a_file_may_have_an_equals_sign_in_its_name(steer, tmp_path):
    Image.radial_gradient("L").save(tmp_path / "odd=0.5.png")
    assert steer("--image", "odd=0.5.png") == (0, "")
    assert steer("--image", "odd=0.5.png=0.2") == (0, "")


def test_a_picture_that_is_named_as_words_is_noticed(hyper, steer, tmp_path):
    Image.radial_gradient("L").save(tmp_path / "photo.png")
    done, told = steer("--concept", "photo.png")
    assert done == 0
    assert "'photo.png' is taken as words" in told
    for concept in ("photo.png", ["hat", "photo.png"]):
        with pytest.raises(ConceptError, match=r"give Path\('photo.png'\)"):
            hyper(concept)
    hyper("none.png")


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("words", "black ink=-0.5", "-0.5 black ink"),
        ("words", "hat", "hat"),
        ("words", "picture", "picture"),
        ("picture", "shown.png", ""),
        ("picture", "shown.png=0.5", "0.5 reference"),
        ("intervention", "made/woodcut.safetensors=0.25", "0.25 woodcut"),
    ],
)
def test_a_strip_says_what_it_was_steered_by(kind, text, told):
    assert steer_command._told(kind, *steer_command._parted(kind, text)) == told


def test_a_pipeline_of_ones_own_is_told_to_need_a_hypernetwork(tmp_path, capsys):
    tiny_sdxl().save_pretrained(tmp_path / "sdxl")
    assert cli.main(["steer", "a cat", "--model", str(tmp_path / "sdxl")]) == 2
    assert "no hypernetwork ships for" in capsys.readouterr().err


def test_a_pipeline_that_cannot_be_called_so_is_one_line(folder, tmp_path, capsys):
    shutil.copytree(folder / "generator", tmp_path / "own")
    named = ["--model", str(tmp_path / "own"), "--hypernetwork", f"{folder}/hyper"]
    assert cli.main(["steer", "a cat", *named, "--out", str(tmp_path / "a.png")]) == 2
    (*_, line) = capsys.readouterr().err.splitlines()
    assert "PixArtSigmaPipeline cannot be called so" in line
    assert "[call] of a .toml file" in line


def test_what_is_of_another_kind_is_told_from_what_is_wanted(folder):
    """In a process of its own: in this one, tests check the types of all that is called."""
    told = subprocess.run(
        [sys.executable, "-c", CONFUSED, str(folder)], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert told == [
        "InterventionError a str is no intervention",
        "InterventionError a list is no intervention",
        "InterventionError a PixArtSigmaPipeline cannot be steered",
        "InterventionError a ndarray is no mask",
        "InterventionError a str is no mask",
        "ConceptError a ndarray is not a concept; give words, a picture, a Path to one, a vector, "
        "or (concept, weight) pairs",
    ]


@pytest.mark.parametrize("call", [{"generator": torch.Generator()}, {"num_images_per_prompt": 2}])
def test_calls_that_a_generator_does_not_take_are_refused(generator, call):
    with pytest.raises(GeneratorError) as error:
        generator("a cat", 0, **call)
    assert len(str(error.value)) < 500


def test_no_prompts_are_none(generator):
    with pytest.raises(GeneratorError, match="no prompts"):
        generator([], 0)


def test_an_encoder_may_be_named_where_a_hypernetwork_is_loaded(folder, hyper):
    from_its_place = ht.HyperTransport.from_pretrained(folder / "hyper", encoder=hyper.encoder.id)
    assert from_its_place("hat").equals(hyper("hat"))


def test_a_generator_and_an_intervention_say_what_they_are(generator, hyper):
    assert repr(generator) == f"Generator('{ID}', {len(generator.sites)} sites, cpu)"
    sites = f"{len(generator.sites)} sites, {total_channels(generator.sites):,} channels"
    assert repr(hyper("hat")) == f"Intervention({sites}, rows=None)"
    assert repr(hyper(["hat", "key"])) == f"Intervention({sites}, rows=2)"


def test_a_minus_sign_is_no_option(capsys):
    with pytest.raises(SystemExit):
        cli.main(["steer", "--strengths", "-1:1:3"])
    assert "with = before a minus sign, as --strengths=-1:1:3" in capsys.readouterr().err
