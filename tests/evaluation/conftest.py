"""A folder of pairs, in tiny pictures, and a whole evaluation in the small."""

import json
from itertools import combinations, product
from pathlib import Path

import pytest
from PIL import Image
from pipelines import save_steerable
from scorer import save_scorer

from hypertransport.evaluation.config import EvaluationConfig
from hypertransport.evaluation.pairs import Pair, write_pairs

METHODS = {"hypertransport": "red", "prompting": "green", "mean shift": "blue"}
CONCEPTS = ("mushroom", "black ink style", "Schnee & “Eis”")
SEEDS = (0, 1)
CONCEPTS_AND_KINDS = {
    "train": [("hat", "thing"), ("oil", "style")],
    "validation": [("key", "thing"), ("cup", "thing"), ("wax", "style"), ("ink", "style")],
}
PHRASES = {"thing": "with a", "style": "made of"}
LABELS = {"a cat": ["cat"], "wax": ["yellow", ["wax", "candle"]], "ink": ["ink"]}


@pytest.fixture
def folder(tmp_path) -> Path:
    """`pairs.jsonl` with 18 pairs; the colour of a picture names its method."""
    folder = tmp_path / "results"
    folder.mkdir()
    for (method, colour), seed in product(METHODS.items(), SEEDS):
        picture = Image.new("RGB", (24, 24), colour)
        picture.paste("white", (12 + seed, 12, 24, 24))
        picture.save(folder / f"{method} {seed}.png")
    write_pairs(
        folder,
        [
            Pair(concept, "a bouquet", seed, a, b, f"{a} {seed}.png", f"{b} {seed}.png")
            for concept in CONCEPTS
            for seed in SEEDS
            for a, b in combinations(METHODS, 2)
        ],
    )
    return folder


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all that an evaluation names; see `config`."""
    world = tmp_path_factory.mktemp("world")
    save_steerable(world)
    save_scorer(world / "recogniser", ["cat", "key", "wax", "candle", "yellow", "ink"])
    rows = [
        {"name": name, "kind": kind, "phrase": f"{PHRASES[kind]} {name}", "split": split}
        for split, concepts in CONCEPTS_AND_KINDS.items()
        for name, kind in concepts
    ]
    (world / "catalogue.json").write_text(json.dumps(rows))
    (world / "labels.json").write_text(json.dumps(LABELS))
    for name, _ in CONCEPTS_AND_KINDS["validation"]:
        (world / "pictures" / name).mkdir(parents=True)
        for i, colour in enumerate(("orange", "navy")):
            Image.new("RGB", (8, 8), colour).save(world / "pictures" / name / f"{i}.png")
    return world


@pytest.fixture(scope="session")
def config(world) -> EvaluationConfig:
    """Four validation concepts, three methods, two prompts, one seed, two strengths."""
    return EvaluationConfig(
        weights=world / "generator",
        hypernetwork=world / "hyper",
        catalogue=world / "catalogue.json",
        methods=("hypertransport", "prompting", "mean-shift"),
        prompts=("a cat", "a dog"),
        seeds=1,
        samples=2,
        pictures=world / "pictures",
        scorers=(world / "recogniser",),
        labels=world / "labels.json",
    )
