"""A whole training in the small: one-step pipelines, CLIP, eight concepts of two kinds, prompts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from pipelines import emojiscape_pipeline, save_clip, tiny_sdxl

from hypertransport.generators.base import Generator, wrap
from hypertransport.interventions import Intervention
from hypertransport.sites import total_channels
from hypertransport.training.config import TrainConfig
from hypertransport.training.inputs import Inputs, record_bank
from hypertransport.training.material import Material
from hypertransport.training.problem import (
    Problem,
    cost_units,
    features,
    inverse_variances,
    repeated,
)

CONCEPTS = [
    ("hat", "thing", "train"),
    ("oil", "thing", "train"),
    ("oil", "style", "train"),  # one name, two concepts
    ("ink", "style", "train"),
    ("key", "thing", "validation"),
    ("wax", "style", "validation"),
    ("fox", "thing", "test"),
    ("jet", "style", "test"),
]
PHRASES = {"thing": "by a", "style": "in", "frame": "inside"}
FIELDS: dict[str, Any] = {
    "generator": "emojiscape",
    "weights": "generator",
    "encoder": "encoder",
    "catalogue": "catalogue.json",
    "prompts": "prompts.json",
    "out": "out",
    "seed": 5,
    "steps": 6,
    "warm_start_steps": 2,
    "concepts_per_step": 2,
    "samples": 3,
    "bank": 8,
    "rank": 4,
    "width": 8,
    "depth": 1,
    "site_dim": 4,
    "latent_dim": 8,
    "bfloat16": False,
    "validate_every": 4,
    "validation_concepts": 2,
}
Workplace = Callable[..., Path]


def entries(concepts: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    """Rows of a catalogue."""
    return [
        {"name": name, "kind": kind, "phrase": f"{PHRASES[kind]} {name}", "split": split}
        for name, kind, split in concepts
    ]


def to_toml(fields: dict[str, Any]) -> str:
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in fields.items())


@pytest.fixture(scope="session")
def concepts() -> list[tuple[str, str, str]]:
    """(name, kind, split) of every concept."""
    return CONCEPTS


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders `generator` and `encoder`."""
    folder = tmp_path_factory.mktemp("models")
    emojiscape_pipeline().save_pretrained(folder / "generator")
    save_clip(folder / "encoder")
    return folder


@pytest.fixture(scope="session")
def workplace(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """``workplace(**fields)``: a training file with all that it names, in a folder of its own."""

    def make(concepts: list[tuple[str, str, str]] = CONCEPTS, **fields: Any) -> Path:
        folder = tmp_path_factory.mktemp("training")
        prompts = {kind: [f"{kind[0]}{i}" for i in range(9)] for kind in PHRASES}
        (folder / "catalogue.json").write_text(json.dumps(entries(concepts)))
        (folder / "prompts.json").write_text(json.dumps(prompts))
        folders = {name: str(models / name) for name in ("generator", "encoder")}
        paths = {"weights": folders["generator"], "encoder": folders["encoder"]}
        (folder / "train.toml").write_text(to_toml(FIELDS | paths | fields))
        return folder / "train.toml"

    return make


@pytest.fixture(scope="session")
def load(workplace: Workplace) -> Callable[..., Material]:
    """``load(**fields)``: the material of a training file."""
    return lambda *args, **fields: Material(TrainConfig.load(workplace(*args, **fields)))


@pytest.fixture(scope="session")
def material(load: Callable[..., Material]) -> Material:
    return load()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reference pictures of every concept."""
    folder = tmp_path_factory.mktemp("pictures")
    for name, colour in zip(sorted({c[0] for c in CONCEPTS}), range(0, 250, 30), strict=False):
        (folder / name).mkdir()
        for number in range(2):
            picture = Image.new("RGB", (8, 8), (colour, 100 * number, 60))
            picture.save(folder / name / f"{number}.png")
    return folder


@pytest.fixture(scope="session")
def generator() -> Generator:
    return wrap(tiny_sdxl(), id="tiny", num_inference_steps=1, guidance_scale=0.0, timesteps=[399])


@pytest.fixture(scope="session")
def inputs(generator: Generator) -> Inputs:
    """The backbone's inputs for three prompts."""
    return record_bank(generator, ["a", "b", "c"], [0, 1, 2])


@pytest.fixture(scope="session")
def known_maps(generator: Generator) -> Intervention:
    """A row for each of two concepts, at all sites, with positive scales."""
    draw = torch.Generator().manual_seed(0)
    shape = (2, total_channels(generator.sites))
    scale, shift = (torch.rand(shape, generator=draw) for _ in range(2))
    return Intervention.from_flat(generator.sites, 0.7 + 0.6 * scale, 0.4 * shift - 0.2)


@pytest.fixture(scope="session")
def known(generator: Generator, known_maps: Intervention) -> Problem:
    """Two concepts, five samples each, whose targets are what `known_maps` make of the sources."""
    bank = record_bank(generator, list("abcde"), range(5))
    sources = Inputs.join([bank, bank])
    y = features(generator, sources, repeated(known_maps, 5)).unflatten(0, (2, 5))
    weights = inverse_variances(generator, [bank], "mean")
    units = cost_units(generator, [bank])
    return Problem(generator, sources, y.sort(1).values, weights, units)
