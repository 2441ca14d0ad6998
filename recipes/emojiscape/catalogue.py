"""The concept catalogue and the source prompts of the hypernetwork's training.

    python -m recipes.emojiscape.catalogue      # writes catalogue.json and prompts.json

1,008 concepts of four kinds. 167 are held out for test and 80 for validation, stratified by kind;
things that a language model or their names tell to be nearly the same stay on one side.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from recipes.emojiscape import world as w
from recipes.emojiscape.captions import (
    article,
    background_words,
    frame_words,
    style_words,
    usual_phrase,
)
from recipes.emojiscape.language import Teacher
from recipes.splits import components, shares, split

SEED, TEST, VALIDATION, PROMPTS = 4, 167, 80, 288
NEAR = 0.75  # cosine of the teacher above which two things go to the same side


def concepts(names: list[str]) -> list[tuple[str, str]]:
    """(kind, name) of every concept in the world."""
    styles = [style_words(s, t) for s in range(len(w.SETS)) for t in range(len(w.TINTS))]
    backgrounds = [
        background_words(c, p) for c in range(len(w.COLOURS)) for p in range(len(w.PATTERNS))
    ]
    frames = [frame_words(f + 1) for f in range(len(w.COLOURS) * len(w.FRAME_KINDS))]
    kinds = {"thing": names, "style": styles, "background": backgrounds, "frame": frames}
    return [(kind, words) for kind, all_ in kinds.items() for words in all_]


def families(names: list[str], teacher: Teacher) -> list[list[int]]:
    """Things grouped so that near-duplicates ('tiger', 'tiger face') are together."""
    e = teacher(names)
    words = [set(name.split()) for name in names]
    near = (e @ e.T > NEAR).numpy()
    near |= np.array([[bool(a < b or b < a) for b in words] for a in words])
    return components(near)


def catalogue(names: list[str], teacher: Teacher) -> list[dict[str, str]]:
    """Every concept with kind, phrase and split, in a fixed order."""
    rng = np.random.default_rng(SEED)
    found = concepts(names)
    kinds = {kind: [name for k, name in found if k == kind] for kind in dict(found)}
    counts = {kind: len(members) for kind, members in kinds.items()}
    test, validation = shares(counts, TEST), shares(counts, VALIDATION)
    entries = []
    for kind, members in kinds.items():
        groups = (
            families(members, teacher) if kind == "thing" else [[i] for i in range(len(members))]
        )
        side = split(groups, test[kind], validation[kind], rng)
        entries += [
            {"name": name, "kind": kind, "phrase": usual_phrase(kind, name), "split": side[i]}
            for i, name in enumerate(members)
        ]
    return entries


def source_prompts(subjects: list[int], names: list[str], rng: np.random.Generator) -> list[str]:
    """Training things alone. Words about style or background, even where a concept leaves them
    open, spread the activations so far that what a thing adds is lost among them (LOG.md)."""
    return [article(names[i]) for i in rng.permutation(subjects)[:PROMPTS]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("data"))
    out = parser.parse_args().out
    names = w.World.load().names
    entries = catalogue(names, Teacher())
    rng = np.random.default_rng((SEED, 1))
    subjects = [
        names.index(e["name"]) for e in entries if e["kind"] == "thing" and e["split"] == "train"
    ]
    prompts = {
        kind: source_prompts(subjects, names, rng)
        for kind in ("thing", "style", "background", "frame")
    }
    (out / "catalogue.json").write_text(json.dumps(entries, indent=0), encoding="utf-8")
    (out / "prompts.json").write_text(json.dumps(prompts, indent=0), encoding="utf-8")
    for part in ("train", "validation", "test"):
        kinds = [e["kind"] for e in entries if e["split"] == part]
        print(part, len(kinds), {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)})


if __name__ == "__main__":
    main()
