import numpy as np
import pytest
from transformers import CLIPTokenizer

from recipes.emojiscape import world as w
from recipes.emojiscape.captions import captions
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
