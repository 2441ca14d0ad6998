"""What the parsers of all commands are made with."""

import argparse
import math
import os
from typing import NoReturn

CONCEPT = "brick navy"  # held out of the training of what ships
MODEL = "emojiscape"
NO_VALUE = "expected one argument"  # argparse's words: a value such as -1 looks like an option


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line, as every other error is said."""

    def error(self, message: str) -> NoReturn:
        """Print the line to stderr and exit with 2."""
        minus = ", with = before a minus sign, as --strengths=-1:1:3" * (NO_VALUE in message)
        self.exit(2, f"hypertransport: {message}{minus}; see {self.prog} --help\n")


def command(
    commands: argparse._SubParsersAction, name: str, summary: str, examples: str
) -> argparse.ArgumentParser:
    """Add a command, described by one sentence and by examples, indented by two."""
    return commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_model(parser: argparse.ArgumentParser, name: str, **options: str) -> None:
    """Add the argument or option that names a generator, and --weights."""
    parser.add_argument(
        name,
        type=os.path.expanduser,
        metavar="MODEL",
        help="a name that `models` lists, a folder or hub id of a diffusers pipeline, or a .toml "
        "file that says how one is called" + (" (default: %(default)s)" if options else ""),
        **options,  # pyright: ignore[reportArgumentType]
    )
    parser.add_argument(
        "--weights",
        type=os.path.expanduser,
        metavar="PATH",
        help="for a named model: its own weights from this place instead of the usual one",
    )


def add_steered_model(parser: argparse.ArgumentParser) -> None:
    """Add --model, --weights and --hypernetwork, which `loading.steered` reads."""
    add_model(parser, "--model", default=MODEL)
    parser.add_argument(
        "--hypernetwork",
        type=os.path.expanduser,
        metavar="FOLDER",
        help="a hypernetwork trained for the model, by folder or hub id (default: the one that "
        "ships with it)",
    )


def add_address(parser: argparse.ArgumentParser) -> None:
    """Add --host and --port, where a server listens: on this machine only, unless told."""
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="where to listen; 0.0.0.0 lets other machines in (default: %(default)s)",
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=8000,
        metavar="N",
        help="0 for any that is free (default: %(default)s)",
    )


def count(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no count; give a whole number from 1 on")
    return int(text)


def positive(text: str) -> float:
    """A finite number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0; give one such as 0.1")
    return value


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port, from 0 to 65535")
    return int(text)
