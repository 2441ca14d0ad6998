"""What `serve` and `studio` take; added to the other commands by `hypertransport.arguments`."""

import argparse
import math

from hypertransport.parsing import add_address, add_steered_model, command, count
from hypertransport.paths import user_path


def add_serve(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `serve`."""
    serve_ = command(
        commands,
        "serve",
        "serve a generator over HTTP, as OpenAI's images, steered",
        """\
  hypertransport serve
  hypertransport serve --model dmd2 --hypernetwork my-hypernetwork --max-batch 16
  hypertransport serve --host 0.0.0.0 --port 80 --api-keys keys.txt
  hypertransport serve --allow-host draw.example.com  # behind a proxy of that name""",
    )
    _add_serving(serve_)


def add_studio(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `studio`."""
    studio_ = command(
        commands,
        "studio",
        "serve a page to steer with by hand, and the same API as `serve`",
        """\
  hypertransport studio --open
  hypertransport studio --model dmd2 --hypernetwork my-hypernetwork
  hypertransport studio --host 0.0.0.0 --api-keys keys.txt  # for a phone on the same network""",
    )
    studio_.add_argument(
        "--open", action="store_true", help="show the page in this machine's browser"
    )
    _add_serving(studio_)


def _add_serving(parser: argparse.ArgumentParser) -> None:
    add_steered_model(parser)
    add_address(parser)
    parser.add_argument(
        "--max-batch",
        type=count,
        default=8,
        metavar="N",
        help="pictures drawn at once, each with concepts of its own (default: %(default)s)",
    )
    parser.add_argument(
        "--max-wait",
        type=_seconds,
        default=0.005,
        metavar="S",
        help="seconds that a request waits for others to join it, while nothing is drawn "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--max-queue",
        type=count,
        default=64,
        metavar="N",
        help="pictures that may wait; further requests are told to try again (default: "
        "%(default)s)",
    )
    parser.add_argument(
        "--api-keys",
        type=user_path,
        metavar="FILE",
        help="let in only who sends one of these keys, one a line (default: those in the "
        "environment's HYPERTRANSPORT_API_KEYS; without any, everyone)",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="also answer requests for this host name, or from pages of it, such as "
        "draw.example.com or *.example.com; may be given several times (default: localhost, "
        "loopback addresses and --host; all addresses where that is 0.0.0.0)",
    )


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no time in seconds; give one as 0.01")
    return value
