"""What the command `serve` takes; added to the others by `hypertransport.arguments`."""

import argparse
import math
from pathlib import Path

from hypertransport.parsing import MODEL, add_address, add_model, command, count


def add_serve(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `serve`."""
    serve_ = command(
        commands,
        "serve",
        "serve a generator over HTTP, as OpenAI's images, steered",
        """\
  hypertransport serve
  hypertransport serve --model dmd2 --hypernetwork my-hypernetwork --max-batch 16
  hypertransport serve --host 0.0.0.0 --port 80 --api-keys keys.txt""",
    )
    add_model(serve_, "--model", default=MODEL)
    serve_.add_argument(
        "--hypernetwork",
        metavar="FOLDER",
        help="a hypernetwork trained for the model, by folder or hub id (default: the one that "
        "ships with it)",
    )
    add_address(serve_)
    serve_.add_argument(
        "--max-batch",
        type=count,
        default=8,
        metavar="N",
        help="pictures drawn at once, each with concepts of its own (default: %(default)s)",
    )
    serve_.add_argument(
        "--max-wait",
        type=_seconds,
        default=0.005,
        metavar="S",
        help="seconds that a request waits for others to join it, while nothing is drawn "
        "(default: %(default)s)",
    )
    serve_.add_argument(
        "--max-queue",
        type=count,
        default=64,
        metavar="N",
        help="pictures that may wait; further requests are told to try again (default: "
        "%(default)s)",
    )
    serve_.add_argument(
        "--api-keys",
        type=Path,
        metavar="FILE",
        help="let in only who sends one of these keys, one a line (default: those in the "
        "environment's HYPERTRANSPORT_API_KEYS; without any, everyone)",
    )


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no time in seconds; give one as 0.01")
    return value
