"""Write the lexicon of emojiscape, and measure how well known and unknown texts are told apart.

    python -m recipes.emojiscape.known_words

Known texts are wordings of the concepts of one split, as captions have them, except those in the
encoder's vocabulary. Unknown texts are held-out synonyms of things, concepts of natural images that
this world lacks, and nonsense words. The threshold of the lexicon comes from the validation split;
both splits are reported.
"""

import math
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import rankdata

import hypertransport as ht
from hypertransport import catalogue
from hypertransport.lexicon import FILE, Lexicon, split_words
from hypertransport.weights import FOLDER, WORLD
from recipes.emojiscape import world as w
from recipes.emojiscape.captions import (
    BACKGROUND_PHRASES,
    COMPANY_PHRASES,
    FRAME_PHRASES,
    STYLE_PHRASES,
    article,
    background_words,
    captions,
    style_words,
)
from recipes.emojiscape.language import Teacher, synonyms
from recipes.emojiscape.measure import SEED, write

CAPTIONS, NONSENSE, BEYOND, RESAMPLES = 60_000, 100, 0.05, 1000
FIGURE = "docs/known-words-roc.png"
Names = list[tuple[str, ...]]
Scores = dict[str, np.ndarray]  # of each group of texts


def caption_words(names: Names) -> tuple[str, ...]:
    """Return all words of CAPTIONS random captions, the most frequent first."""
    rng = np.random.default_rng(SEED)
    texts, _ = captions(rng, w.free(rng, len(names), CAPTIONS), names)
    words, counts = np.unique([x for text in texts for x in split_words(text)], return_counts=True)
    return tuple(words[np.argsort(-counts, kind="stable")].tolist())


def wordings(entry: catalogue.Entry, names: Names, rng: np.random.Generator) -> list[str]:
    """Return up to four phrases that captions use for a concept."""
    if entry.kind == "thing":
        known = next(known for known in names if known[0] == entry.name)
        pairs = [(p, article(name)) for p in COMPANY_PHRASES for name in known]
    elif entry.kind == "style":
        pairs = [(p, words) for p in STYLE_PHRASES for words in variants(entry.name, style_words)]
    elif entry.kind == "background":
        pairs = [
            (p, words)
            for p in BACKGROUND_PHRASES
            for words in variants(entry.name, background_words)
        ]
    else:
        pairs = [(p, entry.name) for p in FRAME_PHRASES]
    picked = rng.permutation(len(pairs))[:4]
    return [pairs[i][0].format(pairs[i][1]) for i in picked]


def variants(name: str, worded: Callable[..., str]) -> list[str]:
    """Return all wordings of the style or background of this name."""
    sizes = (
        (len(w.SETS), len(w.TINTS)) if worded is style_words else (len(w.COLOURS), len(w.PATTERNS))
    )
    place = next(p for p in np.ndindex(*sizes) if worded(*p) == name)
    rng = np.random.default_rng(SEED)
    return sorted({worded(*place, rng) for _ in range(20)})


def nonsense(rng: np.random.Generator) -> list[str]:
    """Return NONSENSE pronounceable words of two to four syllables."""
    onset, nucleus, coda = list("bcdfghjklmnprstvwz"), list("aeiou"), ["", "x", "l", "rn"]
    return [
        "".join(rng.choice(onset) + rng.choice(nucleus) for _ in range(rng.integers(2, 5)))
        + rng.choice(coda)
        for _ in range(NONSENSE)
    ]


def texts_of(
    split: str, names: Names, held_out: list[tuple[str, int]], vocabulary: set[str]
) -> dict[str, list[str]]:
    """Return the known texts of one split and three groups of unknown ones."""
    rng = np.random.default_rng([SEED, catalogue.SPLITS.index(split)])
    entries = [entry for entry in catalogue.load() if entry.split == split]
    known = [text for entry in entries for text in wordings(entry, names, rng)]
    things = {entry.name for entry in entries if entry.kind == "thing"}
    named = {word for some in names for name in some for word in split_words(name)}
    natural = [entry.name for entry in catalogue.load("natural") if entry.split == split]
    return {
        "known": [text for text in dict.fromkeys(known) if text not in vocabulary],
        "held-out synonyms": [word for word, i in held_out if names[i][0] in things],
        "natural concepts": [name for name in natural if not named >= set(split_words(name))],
        "nonsense words": nonsense(rng),
    }


def measures(hyper: ht.HyperTransport, lexicon: Lexicon) -> dict[str, Callable[..., np.ndarray]]:
    """Return the measures that are compared: texts -> scores, larger where less is known."""

    def pieces(texts: list[str]) -> np.ndarray:
        tokenize = hyper.encoder.tokenizer.tokenize
        return np.array([max(len(tokenize(word)) for word in split_words(t)) for t in texts])

    def unknown_share(texts: list[str]) -> np.ndarray:
        return np.array([len(lexicon.unknown_words(t)) / len(split_words(t)) for t in texts])

    return {
        "distance to the vocabulary": lambda t: hyper.encoder.vocabulary_distance(t).numpy(),
        "share of words in no caption": unknown_share,
        "most tokens of a word": pieces,
        "novelty": lambda t: hyper.novelty(t).numpy(),
    }


def auroc(known: np.ndarray, unknown: np.ndarray) -> float:
    """Return the probability that an unknown text scores higher than a known one."""
    ranks = rankdata(np.concatenate([known, unknown]))[len(known) :]
    return (ranks.mean() - (len(unknown) + 1) / 2) / len(known)


def auroc_interval(known: np.ndarray, unknown: np.ndarray) -> list[float]:
    """Return the area under the ROC curve and its 95% bootstrap interval over texts."""
    rng = np.random.default_rng(SEED)
    areas = [
        auroc(rng.choice(known, len(known)), rng.choice(unknown, len(unknown)))
        for _ in range(RESAMPLES)
    ]
    found = (auroc(known, unknown), *np.percentile(areas, (2.5, 97.5)))
    return [round(float(value), 4) for value in found]


def conformal_threshold(scores: np.ndarray) -> float:
    """Return the score that at most BEYOND of further known texts exceed."""
    rank = min(len(scores), math.ceil((len(scores) + 1) * (1 - BEYOND)))
    return float(np.sort(scores)[rank - 1])


def curves(scores: dict[str, Scores], path: str = FIGURE) -> None:
    """Draw one ROC curve for each measure, over all groups of unknown texts together."""
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    for measure, groups in scores.items():
        known = groups["known"]
        unknown = np.concatenate([v for group, v in groups.items() if group != "known"])
        limits = np.unique(np.concatenate([known, unknown, [-np.inf, np.inf]]))
        rates = [[(values > limit).mean() for limit in limits] for values in (known, unknown)]
        axes.plot(*rates, label=f"{measure} ({auroc(known, unknown):.2f})")
    axes.set(xlabel="known texts with a warning", ylabel="unknown texts with a warning")
    axes.set_title("Validation texts; area under the curve in brackets", fontsize=10)
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=110)


def main() -> None:
    names, held_out = synonyms(w.World.load().things, Teacher())
    hyper = ht.HyperTransport.from_pretrained(WORLD)
    words, figures = caption_words(names), dict[str, Any]()
    compared = measures(hyper, Lexicon(words, 1.0))
    found = {
        split: {
            name: {group: score(texts) for group, texts in groups.items()}
            for name, score in compared.items()
        }
        for split in ("validation", "test")
        for groups in [texts_of(split, names, held_out, set(hyper.encoder.vocabulary))]
    }
    first = next(iter(compared))
    limit = round(conformal_threshold(found["validation"][first]["known"]), 4)
    for split, scores in found.items():
        figures[split] = {
            "texts": {group: len(values) for group, values in scores[first].items()},
            "area under the ROC curve": {
                name: {
                    group: auroc_interval(groups["known"], values)
                    for group, values in groups.items()
                    if group != "known"
                }
                for name, groups in scores.items()
            },
            "warned": {g: round(float((v > limit).mean()), 4) for g, v in scores[first].items()},
        }
    (FOLDER / WORLD / FILE).write_text(Lexicon(words, limit).to_json() + "\n", encoding="utf-8")
    curves(found["validation"])
    write("known-words", {"words": len(words), "max_distance": limit, **figures})


if __name__ == "__main__":
    main()
