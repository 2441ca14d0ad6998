"""A folder of pairs: three methods, three concepts, two seeds, in tiny pictures."""

from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image

from hypertransport.evaluation.pairs import Pair, write_pairs

METHODS = {"hypertransport": "red", "prompting": "green", "mean shift": "blue"}
CONCEPTS = ("mushroom", "black ink style", "Schnee & “Eis”")


@pytest.fixture
def folder(tmp_path) -> Path:
    """`pairs.jsonl` with 18 pairs, and pictures each of one colour, which names its method."""
    folder = tmp_path / "results"
    folder.mkdir()
    for method, colour in METHODS.items():
        Image.new("RGB", (24, 24), colour).save(folder / f"{method}.png")
    write_pairs(
        folder,
        [
            Pair(concept, "a bouquet", seed, a, b, f"{a}.png", f"{b}.png")
            for concept in CONCEPTS
            for seed in (0, 1)
            for a, b in combinations(METHODS, 2)
        ],
    )
    return folder
