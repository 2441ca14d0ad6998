"""The concept catalogue and the source prompts of natural images, from lists written by hand.

    python -m recipes.natural.catalogue     # writes catalogue.json and prompts.json

concepts.txt holds the concepts by kind, prompts.txt the prompts by what they speak of. 167 concepts
are held out for test and 80 for validation, stratified by kind. Concepts are near, and fall on one
side, when they share a line of concepts.txt, a line of near.txt, or a word (see `language`), or are
near to the same third. Held out are groups of one kind, of at most four, named by no source prompt.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool

from hypertransport.catalogue import Entry, kinds
from recipes.natural.language import named, shared_words
from recipes.splits import components, shares, split

FOLDER = Path(__file__).parent
PACKAGE = Path("src/hypertransport/weights/natural")
SEED, TEST, VALIDATION = 4, 167, 80
PROMPTS = 512  # written for each kind
LEADING = {
    "a", "an", "as", "at", "by", "during", "from", "in", "on", "the", "through", "under", "with",
}  # fmt: skip


@dataclass(frozen=True)
class Concept:
    """`name` is what a user would type, `phrase` what is added to a prompt."""

    kind: str
    name: str
    phrase: str
    line: str


def sections(path: Path) -> Iterator[tuple[str, str, str]]:
    """What stands in a heading's brackets, what follows them, and a line below: for every line."""
    heading, rest = "", ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading, _, rest = line[1:].partition("]")
        elif line and not line.startswith("#"):
            yield heading, rest.strip(), line


def bare(said: str) -> str:
    """What is left without articles and prepositions: "pine forest" of "in a pine forest"."""
    first, _, rest = said.partition(" ")
    return bare(rest) if rest and first in LEADING else said


def read_concepts() -> list[Concept]:
    """All concepts, in the order of the file."""
    return [
        Concept(kind, bare(said), template.format(said), line)
        for kind, template, line in sections(FOLDER / "concepts.txt")
        for said in line.split(", ")
    ]


def read_prompts() -> list[tuple[set[str], str]]:
    """Each prompt after the kinds that it speaks of."""
    return [(set(heading.split()), line) for heading, _, line in sections(FOLDER / "prompts.txt")]


def near(concepts: list[Concept]) -> Bool[np.ndarray, "concepts concepts"]:
    """Which concepts have a line, a line of near.txt or a telling word in common."""
    groups = [line.split(", ") for _, _, line in sections(FOLDER / "near.txt")]
    keys = [
        {c.line, *words, *(", ".join(group) for group in groups if c.name in group)}
        for c, words in zip(concepts, shared_words([c.name for c in concepts]), strict=True)
    ]
    several = [key for key, n in Counter(key for own in keys for key in own).items() if n > 1]
    has = np.array([[key in own for key in several] for own in keys], np.float32)
    return (has @ has.T > 0) | np.eye(len(concepts), dtype=bool)


def catalogue(concepts: list[Concept], prompts: list[str]) -> list[Entry]:
    """Every concept with its split, in the order given."""
    rng, spoken_of = np.random.default_rng(SEED), named([c.name for c in concepts], prompts)
    counts = Counter(c.kind for c in concepts)
    test, validation = shares(counts, TEST), shares(counts, VALIDATION)
    groups = components(near(concepts))
    side: dict[int, str] = {}
    for kind in counts:
        free = [
            group
            for group in groups
            if all(concepts[i].kind == kind and concepts[i].name not in spoken_of for i in group)
        ]
        side |= split(free, test[kind], validation[kind], rng)
    return [Entry(c.name, c.kind, c.phrase, side.get(i, "train")) for i, c in enumerate(concepts)]


def source_prompts(kind: str, prompts: list[tuple[set[str], str]]) -> list[str]:
    """Prompts that are silent about a kind, in an order of chance: a training takes the first."""
    silent = [prompt for told, prompt in prompts if kind not in told]
    order = np.random.default_rng((SEED, *kind.encode())).permutation(len(silent))
    return [silent[i] for i in order[:PROMPTS]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=PACKAGE)
    out = parser.parse_args().out
    prompts = read_prompts()
    entries = catalogue(read_concepts(), [prompt for _, prompt in prompts])
    sources = {kind: source_prompts(kind, prompts) for kind in kinds(entries)}
    out.mkdir(parents=True, exist_ok=True)
    rows = [asdict(entry) for entry in entries]
    for name, content in (("catalogue", rows), ("prompts", sources)):
        (out / f"{name}.json").write_text(
            json.dumps(content, indent=0, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    print(len(entries), "concepts,", len(prompts), "prompts in", out)


if __name__ == "__main__":
    main()
