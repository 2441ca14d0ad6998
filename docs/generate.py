"""Write the pages of docs/ that follow from the code: `make docs`. A test checks them.

Not argparse's own help text, which is laid out a little differently by every version of Python.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from hypertransport.arguments import build_parser
from hypertransport.catalogue import Entry, kinds, load
from hypertransport.weights import FOLDER as WEIGHTS

FOLDER = Path(__file__).parent
NOTE = "<!-- Made by docs/generate.py from {}: edit those, then run `make docs`. -->"
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
CODES = """\
Exit codes: 0 when all went well; 2 for a mistake in what was asked, with one line on stderr that
says what to do; 130 after Ctrl-C. What was written is printed on stdout, one path a line; progress
bars go to stderr, and only to a terminal."""


def pages() -> dict[str, str]:
    """The text of every generated page, by its name in docs/."""
    prompts = json.loads((WEIGHTS / "natural" / "prompts.json").read_bytes())
    return {
        "cli.md": cli_page(build_parser()),
        "natural-catalogue.md": natural_page(load("natural"), prompts),
    }


def cli_page(parser: argparse.ArgumentParser) -> str:
    commands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    parts = [NOTE.format("the parsers"), "# The command line", f"{parser.description}", CODES]
    for command in commands.choices.values():
        parts += section(command)
    return "\n\n".join(parts) + "\n"


def section(parser: argparse.ArgumentParser) -> list[str]:
    """The heading of one command, what it does, its arguments and its examples."""
    actions = [action for action in parser._actions if action.dest != "help"]
    rows = [f"| {spelling(action)} | {meaning(action)} |" for action in actions]
    table = ["\n".join(["| argument | meaning |", "|---|---|", *rows])] if rows else []
    return [f"## {parser.prog}", f"{parser.description}", *table, examples(parser)]


def spelling(action: argparse.Action) -> str:
    value = action.metavar or "{" + ",".join(action.choices or ()) + "}"
    if not action.option_strings:
        return f"`{value}`"
    return ", ".join(
        f"`{o} {value}`" if action.nargs != 0 else f"`{o}`" for o in action.option_strings
    )


def meaning(action: argparse.Action) -> str:
    """Its help, with the default filled in."""
    return (action.help or "") % {"default": action.default}


def examples(parser: argparse.ArgumentParser) -> str:
    lines = (parser.epilog or "").splitlines()[1:]
    return "\n".join(["```sh", *(line.strip() for line in lines), "```"])


def natural_page(entries: list[Entry], prompts: dict[str, list[str]]) -> str:
    counts = Counter(entry.split for entry in entries)
    told = len({prompt for texts in prompts.values() for prompt in texts})
    rows = [natural_row(kind, entries) for kind in kinds(entries)]
    header = "| kind | train | validation | test | trained on, as in | held out, as in |"
    return "\n\n".join(
        [
            NOTE.format("what recipes.natural.catalogue wrote"),
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


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
        print(FOLDER / name)
