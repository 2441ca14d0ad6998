"""Write the pages of docs/ that follow from the code: `make docs`. A test checks them.

Not argparse's own help text, which is laid out a little differently by every version of Python.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from docs.benchmarks_page import benchmarks_page
from docs.families_page import families_page
from docs.full_size_page import full_size_page
from docs.fuzzing_page import fuzzing_page
from docs.kills_page import kills_page
from docs.natural_page import natural_page
from docs.readme_page import readme
from docs.results_page import results_page
from docs.studio_page import studio_page
from docs.training_page import training_page
from hypertransport.arguments import build_parser

FOLDER = Path(__file__).parent
NOTE = "<!-- Made by docs/generate.py from {}: edit those, then run `make docs`. -->"
CODES = """\
Exit codes: 0 when all went well; 2 for a mistake in what was asked, with one line on stderr that
says what to do; 130 after Ctrl-C. What was written is printed on stdout, one path a line; progress
bars go to stderr, and only to a terminal. A command finishes its work whatever becomes of stdout:
a full disk behind it is told at the end, with a 2; a reader that has left, such as `head`, or no
stdout at all is no error. Characters that the encoding of stdout lacks are escaped, such as
`\\xe9`."""


def pages() -> dict[str, Callable[[], str]]:
    """What makes the text of every generated page, by its path from docs/."""
    return {
        "benchmarks.md": benchmarks_page,
        "cli.md": cli_page,
        "families.md": families_page,
        "full-size.md": full_size_page,
        "fuzzing.md": fuzzing_page,
        "natural-catalogue.md": natural_page,
        "results.md": results_page,
        "resuming.md": kills_page,
        "studio.md": studio_page,
        "training.md": training_page,
        "../README.md": readme,
    }


def cli_page() -> str:
    parser = build_parser()
    parts = [NOTE.format("the parsers"), "# The command line", f"{parser.description}", CODES]
    for command in leaves(parser):
        parts += section(command)
    return "\n\n".join(parts) + "\n"


def leaves(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """The parsers of all commands, those of commands of commands in their place."""
    nested = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not nested:
        return [parser]
    return [leaf for action in nested for one in action.choices.values() for leaf in leaves(one)]


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


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text(), encoding="utf-8")
        print(FOLDER / name)
