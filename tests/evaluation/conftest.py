"""A folder of pairs: three methods, three concepts, two seeds, in tiny pictures."""

from itertools import combinations, product
from pathlib import Path

import pytest
from PIL import Image

from hypertransport.evaluation.pairs import Pair, write_pairs

METHODS = {"hypertransport": "red", "prompting": "green", "mean shift": "blue"}
CONCEPTS = ("mushroom", "black ink style", "Schnee & “Eis”")
SEEDS = (0, 1)


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
