"""What emojiscape reaches: the tables of docs/results on a page."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
RECIPES = FOLDER.parent / "recipes/emojiscape"
MADE_BY = "<!-- Made by docs/generate.py from docs/results: run `make docs`. -->"
SPLITS = {"test": "the held-out concepts", "validation": "the validation concepts"}
POOLING = "random-4"
MODELS = {"emojiscape-pixart": "", "emojiscape-sdxl": "-sdxl"}  # and what their files end with
HOW = {
    "untouched": "not steered", "words": "hypernetwork, words", "picture": "hypernetwork, picture",
    "lin_act": "causal Lin-AcT, fitted", "lin_eas": "LinEAS, fitted",
    "prompt": "written into the prompt",
}  # fmt: skip
METHODS = (
    "All 167 held-out concepts, by `python -m recipes.emojiscape.benchmark` and "
    "`hypertransport report`; the hypernetwork's strengths are "
    "[calibrated](steering.md#calibrated-strength-and-novelty). *times* is its effect over the "
    "method's, both at their best strength, and at the method's content or more."
)
STRENGTHS = (
    "**{}.** Strengths from {} to {}. Pictures, curves and kinds: "
    "[the report](held-out-report{}.html)."
)
FITTED = (
    "**Fitted by gradient:** LinEAS with 50 steps, for the concept and for the *nearest* trained "
    "one, and ten steps of refining the hypernetwork's answer; emojiscape-pixart, by "
    "`recipes/emojiscape/evaluation-fits.toml`."
)
AT_LENGTH = (
    "**LinEAS at length**, 1000 steps, on a part of them; emojiscape-pixart, by "
    "`recipes/emojiscape/evaluation-long.toml`."
)
FINELY = (
    "**One dial for all**, in steps of an eighth and by 32 pictures a step: for how many concepts "
    "the effect grows with it, which is the hypernetwork's and turns direct fits as well; "
    "emojiscape-pixart, by `recipes/emojiscape/evaluation-dial.toml`."
)
OTHER_HAND = (
    "**One picture of the other set** that no training saw, fluent-emoji-flat; above it is of "
    "noto-v1. {}, by `recipes/emojiscape/evaluation-hand{}.toml`."
)
KNOWN_WORDS = (
    "`hypertransport steer` warns of a concept whose distance to the encoder's vocabulary exceeds "
    "a threshold, and of words of a prompt that no training caption contains "
    "([how](steering.md#unknown-words)). The threshold is the conformal 95% quantile of wordings "
    "of validation concepts. The natural concepts are those of "
    "[the natural catalogue](natural-catalogue.md) with a word that names nothing here, so the "
    "second row separates them by construction. By `python -m recipes.emojiscape.known_words`."
    "\n\n![ROC curves of four measures on validation texts](known-words-roc.png)"
)
KINDS = {"thing": "things", "style": "styles", "background": "backgrounds", "frame": "frames"}
RETRIEVAL = {"noto-v1": "Noto, first version", "fluent-emoji-flat": "Fluent, flat"}


def load(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / "results" / f"{name}.json").read_text(encoding="utf-8"))


def percent(figures: Sequence[float]) -> str:
    """A mean and its interval."""
    mean, low, high = (round(100 * v) for v in figures)
    return f"{mean}% ({low} to {high})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def origin(record: Mapping[str, Any]) -> str:
    return f"Measured on {record['date']}, seed {record['seed']}; {record['hardware']}."


def by_kind(found: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """All concepts first, then each kind, with how many they are."""
    named = [(f"all {found['all']['concepts']}", found["all"])]
    return named + [(f"{KINDS[k]} ({found[k]['concepts']})", found[k]) for k in KINDS if k in found]


def costs(record: Mapping[str, Any]) -> str:
    """The way closed from the identity's cost to the floor."""
    rows = [
        [name, percent(row["words_closed"]), percent(row["picture_closed"])]
        for name, row in by_kind(record["costs"])
    ]
    return table(["way closed to the floor", "words", "reference picture"], rows)


def rates(record: Mapping[str, Any]) -> str:
    """How often a concept shows, by method."""
    groups = by_kind(record["rates"])
    rows = [[name, *(percent(row[how]) for _, row in groups)] for how, name in HOW.items()]
    return table(["the recogniser sees the concept", *(name for name, _ in groups)], rows)


def generator(record: Mapping[str, Any]) -> str:
    """What the one-step generator draws right, beside what the recogniser reads right on truth."""
    rows = [
        [name, percent(row["one_step"]), f"{row['ceiling']:.0%}", f"{row['ratio']:.2f}"]
        for name, row in record.items()
        if isinstance(row, dict)
    ]
    return table(["right", "one-step generator", "true scenes", "ratio"], rows)


def encoder(record: Mapping[str, Any]) -> str:
    """Zero-shot retrieval among all things."""
    rows = [
        [name, f"{record[key]['picture_to_words']:.0%}", f"{record[key]['words_to_picture']:.0%}"]
        for key, name in RETRIEVAL.items()
    ]
    return table(["unseen renderings", "picture to words", "words to picture"], rows)


def known_words(record: Mapping[str, Any]) -> list[str]:
    """How well texts that the world does not know are told from known ones, on both splits."""
    parts = []
    for split in ("validation", "test"):
        found = record[split]
        groups = [group for group in found["texts"] if group != "known"]
        rows = [
            [name, *(area(areas[group]) for group in groups)]
            for name, areas in found["area under the ROC curve"].items()
        ]
        header = [f"area under the ROC curve, {split}"]
        header += [f"{group} ({found['texts'][group]})" for group in groups]
        warned = ", ".join(f"{share:.0%} of {group}" for group, share in found["warned"].items())
        parts += [
            table(header, rows),
            f"A warning is given for {warned.replace('known', 'known texts', 1)}.",
        ]
    return parts


def area(figures: Sequence[float]) -> str:
    """An area under a curve and its interval."""
    mean, low, high = figures
    return f"{mean:.2f} ({low:.2f} to {high:.2f})"


def speed(record: Mapping[str, Any]) -> str:
    """Medians of `make bench`."""
    rows = [[what, f"{found['median']:,.0f}"] for what, found in record["milliseconds"].items()]
    return table(["on CPU", "milliseconds"], rows)


def methods() -> list[str]:
    """What `hypertransport report` printed about all 167 concepts, for each model."""
    parts = []
    for model, end in MODELS.items():
        config = tomllib.loads((RECIPES / f"evaluation{end}.toml").read_text(encoding="utf-8"))
        strengths = config["strengths"]
        parts.append(STRENGTHS.format(model, min(strengths), max(strengths), end))
        parts.append((FOLDER / f"results/methods{end}.md").read_text(encoding="utf-8").strip())
    hands = [(OTHER_HAND.format(model, end), f"hand{end}") for model, end in MODELS.items()]
    for told, end in (*hands, (FINELY, "dial"), (FITTED, "fits"), (AT_LENGTH, "long")):
        parts += [told, (FOLDER / f"results/methods-{end}.md").read_text(encoding="utf-8").strip()]
    return parts


def generators() -> list[str]:
    """What each of both draws right."""
    parts = []
    for model, end in MODELS.items():
        record = load(f"generator{end}")
        parts += [f"**{model}.** {origin(record)}", generator(record)]
    return parts


def on_split(split: str) -> list[str]:
    """Both models on one split of concepts; how often they show, where that was measured."""
    parts = []
    for model, end in MODELS.items():
        record = load(f"{split}-{POOLING}{end}")
        parts += [f"**{model}.** {origin(record)}", costs(record)]
        parts += [rates(record)] if "rates" in record else []
    return parts


def results_page() -> str:
    """Every table, with where it comes from."""
    parts = [MADE_BY, "# What emojiscape reaches"]
    for split, title in SPLITS.items():
        parts += [f"## On {title}", *on_split(split)]
    parts += ["## Methods side by side, each at its best strength", METHODS, *methods()]
    parts += ["## The one-step generators", *generators()]
    timed, read = load("strip"), load("encoder")
    parts += ["## Speed", f"{timed['date']}; {timed['hardware']}.", speed(timed)]
    parts += ["## The concept encoder", origin(read), encoder(read)]
    synonyms = read["held_out_synonyms"]
    parts.append(
        f"{synonyms['count']} synonyms that stand in no caption find their thing among "
        f"{read['things']} in {synonyms['to_words_at_1']:.0%} of cases, and among the first five "
        f"in {synonyms['to_words_at_5']:.0%}."
    )
    lexicon = load("known-words")
    parts += ["## Known and unknown words", origin(lexicon), KNOWN_WORDS, *known_words(lexicon)]
    return "\n\n".join(parts) + "\n"
