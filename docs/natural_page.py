"""The page of the natural catalogue: its counts by kind, and the rules of its split."""

import json
from collections import Counter

from hypertransport.catalogue import Entry, kinds, load
from hypertransport.weights import FOLDER as WEIGHTS

NOTE = "<!-- Made by docs/generate.py from recipes/natural: edit that, then run `make docs`. -->"
NATURAL = """\
{total:,} concepts of natural images for the paper's targets, DMD2 and Nitro-1-PixArt, and
{prompts:,} neutral source prompts, all written by hand for this project: no brands, no living
people. {train:,} concepts are trained on, {validation} are for validation, {test} are held out for
test.

The words are in [recipes/natural](../recipes/natural): `concepts.txt`, `near.txt`, `prompts.txt`.
`python -m recipes.natural.catalogue` makes `catalogue.json` and `prompts.json` of them, which ship
in the package. `dmd2.toml` and `nitro.toml` beside them are training files that name these two."""
RULES = """\
**Near-synonyms fall on one side of the split.** Concepts are near that share a line of
`concepts.txt` (families of near-synonyms and close kin, by hand) or of `near.txt` (the same across
kinds), or a word: in the singular, with what is derived from it and longer words that contain it.
Only words that say little alone do not count, such as *painting* or *light*; `language.py` lists
them. What is near to the same third is near. Held out are whole groups of near concepts, of one
kind, of at most four, drawn by chance in proportion to the kinds, and none that a source prompt
names. So held-out concepts lean towards names with words of their own: *dog* is always trained on.

**A source prompt is neutral for a kind** when it says nothing of that kind: a prompt about a woman
in a garden serves for animals and for moods, not for people or places. No prompt says anything of
colour, material, style, light, weather, mood and the like. The headings of `prompts.txt` say what
the prompts below speak of; tests check that no prompt names a concept of a kind that it serves."""


def natural_page() -> str:
    entries = load("natural")
    prompts = json.loads((WEIGHTS / "natural" / "prompts.json").read_bytes())
    counts = Counter(entry.split for entry in entries)
    told = len({prompt for texts in prompts.values() for prompt in texts})
    rows = [natural_row(kind, entries) for kind in kinds(entries)]
    header = "| kind | train | validation | test | trained on, as in | held out, as in |"
    return "\n\n".join(
        [
            NOTE,
            "# The catalogue of natural images",
            NATURAL.format(total=len(entries), prompts=told, **counts),
            "\n".join([header, "|---|--:|--:|--:|---|---|", *rows]),
            RULES,
            "```sh\nhypertransport concepts --world natural --kind mood\n```\n",
        ]
    )


def natural_row(kind: str, entries: list[Entry]) -> str:
    """How many concepts of a kind are in each split, and one of either side."""
    phrases: dict[str, list[str]] = {"train": [], "validation": [], "test": []}
    for entry in entries:
        if entry.kind == kind:
            phrases[entry.split].append(entry.phrase)
    sizes = [str(len(found)) for found in phrases.values()]
    return f"| {' | '.join([kind, *sizes, phrases['train'][-1], phrases['test'][-1]])} |"
