"""The words that a bundled model has learnt, and warnings about texts that it does not know.

A small model that was trained from scratch draws something for every text, so a text that it does
not know needs a test of its own. Novelty is no such test: it compares a concept with the training
concepts of the hypernetwork, and a nonsense word can lie close to one of them by chance. Two
measures separate known from unknown texts on validation data (docs/results/known-words.json):

- for a concept, `1 - max_j cos(e, v_j)` over the encoder's vocabulary `v_j`, which names all
  concepts of the world (`ConceptEncoder.vocabulary_distance`);
- for a prompt, the words that occur in no training caption.
"""

import json
import re
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from hypertransport import weights
from hypertransport.errors import CheckpointError
from hypertransport.json_files import read_json

FILE = "lexicon.json"
MAX_BYTES = 2**20
# Words that change nothing in a picture of this world, so that no warning should name them.
FUNCTION_WORDS = frozenset(
    [
        "the",
        "is",
        "are",
        "at",
        "to",
        "by",
        "of",
        "for",
        "its",
        "it",
        "my",
        "your",
        "this",
        "that",
        "some",
    ]
)


@dataclass(frozen=True)
class Lexicon:
    """The words of all training captions, and the largest distance of a known concept.

    `max_distance` bounds `ConceptEncoder.vocabulary_distance` for 95% of the wordings of validation
    concepts.
    """

    words: tuple[str, ...]
    max_distance: float

    def unknown_words(self, text: str) -> list[str]:
        """Return the words of a text that no caption contains, each once, in their order."""
        known = FUNCTION_WORDS.union(self.words)
        found = dict.fromkeys(split_words(text))
        return [word for word in found if not known & {word, word.removesuffix("s")}]

    def similar(self, word: str) -> list[str]:
        """Return up to three known words of a similar spelling, the most similar first."""
        longer = [known for known in self.words if len(known) > 2]
        return get_close_matches(word, longer, n=3, cutoff=0.75)

    def to_json(self) -> str:
        """The text of a lexicon file, one line for each field."""
        return json.dumps(asdict(self), ensure_ascii=False)


@cache
def load_lexicon(name: str) -> Lexicon | None:
    """Return the lexicon of a bundled generator or encoder, or None for any other model.

    Raises CheckpointError where the file is missing or damaged.
    """
    path = weights.bundled(name, FILE)
    return None if path is None else read_lexicon(path)


def read_lexicon(path: Path) -> Lexicon:
    """Read a lexicon file strictly. Raises CheckpointError where it is missing or damaged."""
    try:
        fields = read_json(path, CheckpointError, "the lexicon", MAX_BYTES)
        words, limit = fields.pop("words"), fields.pop("max_distance")
        if (
            fields
            or not isinstance(words, list)
            or not all(isinstance(word, str) for word in words)
            or not 0 < limit < 2
        ):
            raise ValueError("its fields are not words and max_distance")
        return Lexicon(tuple(words), float(limit))
    except (CheckpointError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CheckpointError(
            f"the lexicon {path} is damaged ({error}); install the package again"
        ) from error


def split_words(text: str) -> list[str]:
    """Split a text into lower-case words; digits and punctuation are dropped."""
    return re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text.lower())
