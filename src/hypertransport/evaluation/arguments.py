"""What the commands `judge` and `study` take; added to the others by `hypertransport.arguments`."""

import argparse
import math
import os
from urllib.parse import urlsplit

from hypertransport.parsing import add_address, command
from hypertransport.paths import user_path

OPENAI = "https://api.openai.com/v1"
PAIRS = "a folder with pairs.jsonl and its pictures; docs/judging.md says how to make one"
STUDY = "Let people say which of two pictures is better."


def add_judge(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `judge`."""
    judge_ = command(
        commands,
        "judge",
        "let vision models say which of two pictures is better",
        """\
  hypertransport judge results --model gpt-5-mini --dry-run
  hypertransport judge results --model gpt-5-mini --price 0.25,2 --max-cost 5
  hypertransport judge results --model qwen3-vl --model internvl --base-url http://localhost:8000/v1""",
    )
    judge_.add_argument("folder", type=user_path, metavar="RESULTS", help=PAIRS)
    judge_.add_argument(
        "--model",
        dest="models",
        action="append",
        default=[],
        metavar="NAME",
        help="a judge, by the endpoint's name for it; may be repeated. Without one nobody is "
        "asked, and the votes that there are reported",
    )
    judge_.add_argument(
        "--base-url",
        type=_url,
        default=os.environ.get("OPENAI_BASE_URL", OPENAI),
        metavar="URL",
        help="an endpoint that speaks OpenAI's chat completions (default: the environment's "
        f"OPENAI_BASE_URL, or {OPENAI})",
    )
    judge_.add_argument(
        "--key-variable",
        default="OPENAI_API_KEY",
        metavar="NAME",
        help="the environment variable that holds the key (default: %(default)s)",
    )
    judge_.add_argument(
        "--votes",
        type=user_path,
        metavar="FILE",
        help="where votes are kept; what they answer is not asked again (default: votes.jsonl in "
        "RESULTS)",
    )
    judge_.add_argument(
        "--price",
        type=_price,
        default="0,0",
        metavar="IN,OUT",
        help="dollars per million tokens, to show and to limit the cost",
    )
    judge_.add_argument(
        "--max-cost",
        type=_positive,
        default=math.inf,
        metavar="DOLLARS",
        help="stop before this run has cost more",
    )
    judge_.add_argument(
        "--max-questions",
        type=_count,
        metavar="N",
        help="ask no more than this in this run",
    )
    judge_.add_argument(
        "--parallel",
        type=_count_from_one,
        default=4,
        metavar="N",
        help="questions under way at once (default: %(default)s)",
    )
    judge_.add_argument(
        "--timeout",
        type=_positive,
        default=120.0,
        metavar="SECONDS",
        help="how long one try may wait (default: %(default)s)",
    )
    judge_.add_argument(
        "--dry-run", action="store_true", help="say what it would take, and ask nothing"
    )


def add_study(commands: argparse._SubParsersAction) -> None:
    """Add the parsers of `study serve` and `study report`."""
    study_ = commands.add_parser(
        "study", help="let people say which of two pictures is better", description=STUDY
    )
    actions = study_.add_subparsers(title="commands", metavar="COMMAND", required=True)
    serve = command(
        actions,
        "serve",
        "serve the page on which people compare two pictures, blind",
        """\
  hypertransport study serve results
  hypertransport study serve results --questions 40 --invite 50
  hypertransport study serve results --invite 50 --address https://study.example.org/""",
    )
    serve.set_defaults(command="study serve")
    serve.add_argument("folder", type=user_path, metavar="RESULTS", help=PAIRS)
    _add_database(serve)
    serve.add_argument(
        "--questions",
        type=_count_from_one,
        metavar="N",
        help="how many each person is asked, those first that have the fewest answers (default: "
        "all)",
    )
    serve.add_argument(
        "--check-every",
        type=_count,
        default=10,
        metavar="N",
        help="one attention check in so many questions; 0 for none (default: %(default)s)",
    )
    _add_enrolment(serve)
    add_address(serve)
    report = command(
        actions,
        "report",
        "say what the answers so far amount to",
        """\
  hypertransport study report results
  hypertransport study report results --votes raters.jsonl""",
    )
    report.set_defaults(command="study report")
    report.add_argument(
        "folder", type=user_path, metavar="RESULTS", help="the folder that was served"
    )
    _add_database(report)
    report.add_argument(
        "--allowed-failures",
        type=_count,
        default=1,
        metavar="N",
        help="leave out who failed more attention checks than this (default: %(default)s)",
    )
    report.add_argument(
        "--votes-per-rater",
        type=_count_from_one,
        metavar="N",
        help="count no more than the first N votes of each person (default: all)",
    )
    report.add_argument(
        "--raters",
        action="store_true",
        help="list everyone who answered, not only those who answered oddly",
    )
    report.add_argument(
        "--votes",
        type=user_path,
        metavar="FILE",
        help="also write the votes to this new file, one a line like those of judge",
    )


def _add_enrolment(serve: argparse.ArgumentParser) -> None:
    """Who may take part."""
    serve.add_argument(
        "--invite",
        type=_count,
        default=0,
        metavar="N",
        help="print N new links, each for one person; from the first on, nobody takes part without "
        "one (default: %(default)s)",
    )
    serve.add_argument(
        "--address",
        type=_address,
        metavar="URL",
        help="where people reach the page, such as that of a proxy with TLS; links begin with it, "
        "and its host is answered (default: where it listens)",
    )
    serve.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="answer requests for this host name too, such as that of a proxy; *.example.org for "
        "all names below one, * for any; may be repeated",
    )
    serve.add_argument(
        "--max-raters",
        type=_count,
        default=1000,
        metavar="N",
        help="without invitations, how many people may take part (default: %(default)s)",
    )
    serve.add_argument(
        "--per-address",
        type=_count,
        default=30,
        metavar="N",
        help="without invitations, how many people may begin from one address in an hour; 0 for "
        "any number (default: %(default)s)",
    )
    serve.add_argument(
        "--completion",
        default="",
        metavar="CODE",
        help="shown to those who have answered everything, for the platform that sent them",
    )


def _add_database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database",
        type=user_path,
        metavar="FILE",
        help="where answers are kept (default: study.sqlite in RESULTS)",
    )


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"{text!r} is no address that starts with http or https")
    return text


def _address(text: str) -> str:
    """A page's address; a last / is added, which browsers would ask for."""
    if not urlsplit(_url(text)).hostname or "#" in text or "?" in text:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as https://example.org/")
    return text if text.endswith("/") else f"{text}/"


def _price(text: str) -> tuple[float, float]:
    """Dollars per million tokens, in and out."""
    try:
        price_in, price_out = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not two numbers as 0.25,2") from None
    if not all(0 <= price < math.inf for price in (price_in, price_out)):
        raise argparse.ArgumentTypeError(f"{text!r} is no price; give dollars as 0.25,2")
    return price_in, price_out


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return value


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 on")
    return int(text)


def _count_from_one(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)
