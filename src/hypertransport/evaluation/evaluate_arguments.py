"""What the commands `evaluate` and `report` take; added by `hypertransport.arguments`."""

import argparse
from pathlib import Path

from hypertransport.parsing import command
from hypertransport.paths import user_path

TABLE = "evaluation.jsonl"


def add_evaluate(commands: argparse._SubParsersAction) -> None:
    evaluate_ = command(
        commands,
        "evaluate",
        "score methods on held-out concepts, at several strengths",
        """\
  hypertransport evaluate
  hypertransport evaluate evaluation.toml --shard 2/4
  hypertransport evaluate evaluation.toml --out results/first.jsonl
  hypertransport report evaluation.jsonl""",
    )
    evaluate_.add_argument(
        "config",
        nargs="?",
        type=user_path,
        metavar="CONFIG",
        help="a TOML file: what to score, and how (default: a few validation concepts of "
        "emojiscape, by CLIP alone)",
    )
    evaluate_.add_argument(
        "--shard",
        type=shard,
        default="1/1",
        metavar="I/N",
        help="only part I of N, to share the work among machines (default: %(default)s)",
    )
    evaluate_.add_argument(
        "--out",
        type=user_path,
        metavar="FILE",
        help="the table of scores, a line per picture; an evaluation that was stopped goes on when "
        f"it is asked for again (default: {TABLE}, or evaluation-I-of-N.jsonl)",
    )


def add_report(commands: argparse._SubParsersAction) -> None:
    report = command(
        commands,
        "report",
        "say what an evaluation amounts to, on one page",
        """\
  hypertransport report
  hypertransport report evaluation-*-of-4.jsonl --out results.html""",
    )
    report.add_argument(
        "tables",
        nargs="*",
        type=user_path,
        default=[Path(TABLE)],
        metavar="TABLE",
        help=f"what `evaluate` wrote, all of its shards (default: {TABLE})",
    )
    report.add_argument(
        "--out",
        type=user_path,
        default=Path("report.html"),
        metavar="FILE",
        help="the page, with its pictures in it (default: %(default)s); the table of methods also "
        "goes to the terminal, in Markdown",
    )


def shard(text: str) -> tuple[int, int]:
    """(2, 4) for "2/4"; argparse's error for what is no part of a whole."""
    index, _, count = text.partition("/")
    if not (index.isdecimal() and count.isdecimal() and 1 <= int(index) <= int(count)):
        raise argparse.ArgumentTypeError(f"{text!r} is no part of a whole; give one as 2/4")
    return int(index), int(count)
