"""What is drawn with and without a concept: source prompts, and how a phrase joins them."""

from collections.abc import Sequence
from pathlib import Path

from hypertransport.errors import ConfigError
from hypertransport.json_files import read_json
from hypertransport.text_cleaning import clean_text
from hypertransport.text_files import read_text

# Everyday things that any generator draws, and that emojiscape's hypernetwork was trained with; no
# word about style, background, frame or company, so that they leave open what a concept settles.
NEUTRAL = (
    "a cat", "a sailboat", "a rose", "a bicycle", "a lemon", "a violin", "a house", "a turtle",
    "a camera", "a lion", "an umbrella", "a doughnut", "a helicopter", "a cactus", "a bell",
    "a rabbit", "a train", "a sunflower", "a hammer", "a fish", "a tent", "a carrot", "a guitar",
    "an elephant", "a candle", "a bus", "a butterfly", "a banana", "a door", "a duck", "a backpack",
    "a church",
    "a dog", "a tractor", "a watermelon", "a trumpet", "a bear", "a balloon", "a fountain",
    "a snail", "a key", "a camel", "a cookie", "a motorcycle", "a crown", "a shark", "a telephone",
    "a tomato", "a tiger", "a ferry", "a pen", "a panda", "an anchor", "a peach", "a goat",
    "a spoon", "an ambulance", "a crab", "a hamburger", "a deer", "a saxophone", "a pineapple",
    "a rooster", "a telescope",
)  # fmt: skip


def prompted(prompt: str, phrase: str) -> str:
    """The concept written into the prompt: what the targets show, and the baseline *prompting*."""
    return f"{prompt} {phrase}"


def read_prompts(path: Path) -> list[str]:
    """Source prompts from a text file, one a line, cleaned, without empty ones and repetitions.

    Raises ConfigError when the file cannot be read.
    """
    lines = read_text(path, what="the prompts").splitlines()
    return list(dict.fromkeys(filter(None, map(clean_text, lines))))


def read_prompts_by_kind(path: Path, kinds: Sequence[str], count: int) -> dict[str, list[str]]:
    """Return the first `count` source prompts of each kind of concept, from a JSON object of lists.

    Raises ConfigError when the file cannot be read, or has fewer for one of the `kinds`.
    """
    prompts = read_json(path, ConfigError, "the prompts")
    found = {}
    for kind in kinds:
        texts = prompts.get(kind) if isinstance(prompts, dict) else None
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise ConfigError(f"{path} has no list of prompts for {kind!r}; add one")
        if len(texts) < count:
            raise ConfigError(f"{path} has {len(texts)} prompts for {kind!r}; give {count}")
        found[kind] = texts[:count]
    return found
