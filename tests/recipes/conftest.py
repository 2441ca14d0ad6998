import numpy as np
import pytest
import torch
from transformers import CLIPTokenizer

from recipes.emojiscape import world as w
from recipes.emojiscape.captions import captions
from recipes.emojiscape.image_batches import Batches
from recipes.emojiscape.others import Others
from recipes.emojiscape.painting import Painter
from recipes.emojiscape.tokenizer import train_tokenizer


@pytest.fixture(scope="session")
def names() -> list[tuple[str, ...]]:
    return [("owl",), ("cup", "mug"), ("key",)]


@pytest.fixture(scope="session")
def texts(names) -> list[str]:
    scenes = w.free(np.random.default_rng(1), len(names), 300)
    return captions(np.random.default_rng(0), scenes, names)[0]


@pytest.fixture(scope="session")
def tokenizer(texts) -> CLIPTokenizer:
    return train_tokenizer(texts, [], 640)


@pytest.fixture(scope="session")
def batches(names) -> Batches:
    sprites = np.random.default_rng(0).integers(
        256, size=(3, 1 + max(w.ENCODER), 48, 48, 4), dtype=np.uint8
    )
    world = w.World(sprites, [{"label": name, "tags": []} for name, *_ in names])
    others = Others(torch.from_numpy(sprites[:, :2].reshape(6, 48, 48, 4)), torch.arange(6) // 2)
    return Batches(Painter(world), names, others)
