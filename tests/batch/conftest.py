"""A tiny emojiscape and a hypernetwork, in memory and in folders, and files that name them."""

import json
from pathlib import Path

import pytest
from PIL import Image
from pipelines import save_steerable

from hypertransport.generators import load_generator
from hypertransport.generators.base import Generator
from hypertransport.hypernetwork import HyperTransport


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """With `generator`, `hyper`, and references: `red.png`, `sun.png`, `hat.safetensors`."""
    folder = tmp_path_factory.mktemp("tiny")
    save_steerable(folder)
    Image.new("RGB", (8, 8), "red").save(folder / "red.png")
    Image.radial_gradient("L").resize((24, 16)).save(folder / "sun.png")
    hyper = HyperTransport.from_pretrained(folder / "hyper")
    hyper("hat").save(folder / "hat.safetensors", generator=hyper.generator)
    hyper(["hat", "sun"]).save(folder / "rows.safetensors", generator=hyper.generator)
    hyper("hat").save(folder / "other.safetensors", generator="dmd2")
    return folder


@pytest.fixture(scope="session")
def model(folder) -> list[str]:
    """Arguments that name it."""
    return ["--weights", f"{folder}/generator", "--hypernetwork", f"{folder}/hyper"]


@pytest.fixture(scope="session")
def generator(folder) -> Generator:
    return load_generator("emojiscape", weights=folder / "generator")


@pytest.fixture(scope="session")
def hyper(folder) -> HyperTransport:
    return HyperTransport.from_pretrained(folder / "hyper")


@pytest.fixture
def write(folder, tmp_path):
    """`write(row, ...)`: a file of these rows, beside the references."""

    def written(*rows: object) -> Path:
        path = folder / f"{tmp_path.name}.jsonl"
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        return path

    return written
