"""Write the pages of docs/ that follow from the code: `make docs`. A test checks them.

Not argparse's own help text, which is laid out a little differently by every version of Python.
"""

import argparse
import inspect
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from hypertransport.arguments import build_parser
from hypertransport.sites import describe, find_sites, total_channels

FOLDER = Path(__file__).parent
TESTS = FOLDER.parent / "tests"
NOTE = "<!-- Made by docs/generate.py from the parsers: edit those, then run `make docs`. -->"
HALF = "<!-- From here on made by docs/generate.py from tests/families.py: run `make docs`. -->"
TABLE = """\
Sites (by the default pattern) and channels are those of the size that people use. The laws are
tested on the tiny pipeline of the same classes, on whole pictures."""
CODES = """\
Exit codes: 0 when all went well; 2 for a mistake in what was asked, with one line on stderr that
says what to do; 130 after Ctrl-C. What was written is printed on stdout, one path a line; progress
bars go to stderr, and only to a terminal."""


def pages() -> dict[str, Callable[[], str]]:
    """What makes the text of every generated page, by its name in docs/."""
    return {"cli.md": cli_page, "families.md": families_page}


# --- the command line -----------------------------------------------------------------------------


def cli_page() -> str:
    parser = build_parser()
    commands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    parts = [NOTE, "# The command line", f"{parser.description}", CODES]
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


# --- the families that are tested -----------------------------------------------------------------


def families_page() -> str:
    """What is written by hand there, then the example's source, the table and each one's sites."""
    sys.path.insert(0, str(TESTS))
    families: Any = import_module("families")
    by_hand, _, _ = (FOLDER / "families.md").read_text().partition(HALF)
    example = f"```python\n{inspect.getsource(families.chroma)}```"
    laws = [f"- Law {number}: {law}." for number, law in families.LAWS.items()]
    backbones = [(family, family.published_backbone()) for family in families.FAMILIES]
    parts = ["## The function of one family", example, "## The table", TABLE, "\n".join(laws)]
    parts += [table(families.LAWS, backbones), "## The sites of each"]
    for family, backbone in backbones:
        sites = describe(backbone, find_sites(backbone))
        parts += [f"### {family.name}", f"```text\n{sites}\n```"]
    return by_hand + HALF + "\n\n" + "\n\n".join(parts) + "\n"


def table(laws: Iterable[int], backbones: Iterable[tuple[Any, Any]]) -> str:
    """A line per family: how many sites and channels, and which laws hold."""
    head = ["family", "backbone", "sites", "channels", *(f"law {law}" for law in laws)]
    rows = [head, ["---"] * len(head)]
    for family, backbone in backbones:
        sites = find_sites(backbone)
        sizes = [f"{len(sites):,}", f"{total_channels(sites):,}"]
        held = ["holds" if family.obeys(law) else "no" for law in laws]
        rows.append([family.name, f"`{type(backbone).__name__}`", *sizes, *held])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text())
        print(FOLDER / name)
