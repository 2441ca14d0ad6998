"""What the command line takes: the parsers of all commands; docs/cli.md is made from them."""

import argparse
import math
import os
from pathlib import Path
from typing import NoReturn

from hypertransport import __version__
from hypertransport.catalogue import KINDS, SPLITS

PROMPT = "a bouquet"
CONCEPT = "brick navy"  # held out of the training of what ships
MODEL = "emojiscape"
MAX_SEEDS, MAX_STRENGTHS = 64, 32
OPENAI = "https://api.openai.com/v1"
PAIRS = "a folder with pairs.jsonl and its pictures; docs/judging.md says how to make one"
STUDY = "Let people say which of two pictures is better."
EXAMPLES = """\
examples:
  hypertransport steer "a fox on a plain blue background" --concept mushroom --out strip.png
  hypertransport steer --image reference.png
  hypertransport COMMAND --help"""


def build_parser() -> argparse.ArgumentParser:
    """A parser whose result names its `command`."""
    parser = _Parser(
        prog="hypertransport",
        description="Steer text-to-image generators towards any concept, by words or by a picture.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"hypertransport {__version__}")
    commands = parser.add_subparsers(
        title="commands", dest="command", metavar="COMMAND", required=True
    )
    for add in (_add_steer, _add_train, _add_sites, _add_models, _add_concepts):
        add(commands)
    for add in (_add_judge, _add_study):
        add(commands)
    return parser


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line, as every other error is said."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"hypertransport: {message}; see {self.prog} --help\n")


def _add_steer(commands: argparse._SubParsersAction) -> None:
    steer_ = _command(
        commands,
        "steer",
        "draw a prompt while a concept sets in, from strength 0 to 1",
        """\
  hypertransport steer
  hypertransport steer "a fox on a plain green background" --concept "black ink style"
  hypertransport steer --image mushroom.png --strengths 0,0.5,0.8 -n 4 --out grid.png
  hypertransport steer --concept mushroom=0.8 --image style.png=0.5 --out pictures/
  hypertransport steer --concept snow --strengths=-1:1:9  # with =, for the minus sign""",
    )
    steer_.add_argument(
        "prompt",
        nargs="?",
        default=PROMPT,
        metavar="PROMPT",
        help="what to draw (default: %(default)s)",
    )
    steer_.add_argument(
        "--concept",
        dest="concepts",
        action="append",
        type=lambda text: ("words", text),
        metavar="TEXT[=S]",
        help="a concept in words, at its own strength S (1 if left out); may be repeated, also "
        f"together with --image: they are composed in order (default: {CONCEPT})",
    )
    steer_.add_argument(
        "--image",
        dest="concepts",
        action="append",
        type=lambda text: ("picture", text),
        metavar="FILE[=S]",
        help="a concept by a reference picture, at its own strength S; may be repeated",
    )
    steer_.add_argument(
        "--strengths",
        type=_strengths,
        default="0:1:5",
        metavar="A:B:N",
        help="the columns: N strengths from A to B, or a list as 0,0.5,1; each multiplies the "
        "concepts' own (default: %(default)s)",
    )
    steer_.add_argument(
        "--seed",
        type=_seed,
        default=7,
        metavar="N",
        help="seed of the noise of the first row (default: %(default)s)",
    )
    steer_.add_argument(
        "-n",
        dest="number",
        type=_number,
        default=1,
        metavar="N",
        help="rows, a seed each, counting up (1 to 64; default: %(default)s)",
    )
    steer_.add_argument(
        "--out",
        default="steer.png",
        metavar="FILE",
        help="where to write the strip (.png, .jpg, .webp); a folder, which ends in /, gets "
        "single pictures (default: %(default)s)",
    )
    _add_model(steer_, "--model", default=MODEL)
    steer_.add_argument(
        "--hypernetwork",
        metavar="FOLDER",
        help="a hypernetwork trained for the model (default: the one that ships with it)",
    )


def _add_train(commands: argparse._SubParsersAction) -> None:
    train_ = _command(
        commands,
        "train",
        "train a hypernetwork for a generator",
        """\
  hypertransport train emojiscape.toml
  hypertransport train emojiscape.toml --resume""",
    )
    train_.add_argument(
        "config", type=Path, metavar="CONFIG", help="a TOML file: what to train, and how"
    )
    train_.add_argument(
        "--resume", action="store_true", help="go on from the last checkpoint of this training"
    )


def _add_sites(commands: argparse._SubParsersAction) -> None:
    sites_ = _command(
        commands,
        "sites",
        "list where a generator can be steered",
        """\
  hypertransport sites emojiscape
  hypertransport sites path/to/a/diffusers/pipeline""",
    )
    _add_model(sites_, "model")


def _add_models(commands: argparse._SubParsersAction) -> None:
    _command(
        commands,
        "models",
        "list the generators that have a name, with their licences",
        "  hypertransport models",
    )


def _add_concepts(commands: argparse._SubParsersAction) -> None:
    concepts_ = _command(
        commands,
        "concepts",
        "list the concepts of the embedded world, and which were held out from training",
        """\
  hypertransport concepts --kind style
  hypertransport concepts --split test --find cat""",
    )
    concepts_.add_argument("--kind", choices=KINDS, help="only this kind")
    concepts_.add_argument("--split", choices=SPLITS, help="only this part; test was held out")
    concepts_.add_argument(
        "--find", default="", metavar="WORD", help="only names with this in them"
    )


def _add_study(commands: argparse._SubParsersAction) -> None:
    study_ = commands.add_parser(
        "study", help="let people say which of two pictures is better", description=STUDY
    )
    actions = study_.add_subparsers(title="commands", metavar="COMMAND", required=True)
    serve = _command(
        actions,
        "serve",
        "serve the page on which people compare two pictures, blind",
        """\
  hypertransport study serve results
  hypertransport study serve results --questions 40 --host 0.0.0.0 --port 80""",
    )
    serve.set_defaults(command="study serve")
    serve.add_argument("folder", type=Path, metavar="RESULTS", help=PAIRS)
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
    serve.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="where to listen; 0.0.0.0 lets other machines in (default: %(default)s)",
    )
    serve.add_argument(
        "--port",
        type=_port,
        default=8000,
        metavar="N",
        help="0 for any that is free (default: %(default)s)",
    )
    report = _command(
        actions,
        "report",
        "say what the answers so far amount to",
        """\
  hypertransport study report results
  hypertransport study report results --votes votes.jsonl""",
    )
    report.set_defaults(command="study report")
    report.add_argument("folder", type=Path, metavar="RESULTS", help="the folder that was served")
    _add_database(report)
    report.add_argument(
        "--allowed-failures",
        type=_count,
        default=1,
        metavar="N",
        help="leave out who failed more attention checks than this (default: %(default)s)",
    )
    report.add_argument(
        "--votes",
        type=Path,
        metavar="FILE",
        help="also write the votes to this file, as judge writes them",
    )


def _add_database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database",
        type=Path,
        metavar="FILE",
        help="where answers are kept (default: study.sqlite in RESULTS)",
    )


def _add_judge(commands: argparse._SubParsersAction) -> None:
    judge_ = _command(
        commands,
        "judge",
        "let vision models say which of two pictures is better",
        """\
  hypertransport judge results --model gpt-5-mini --dry-run
  hypertransport judge results --model gpt-5-mini --price 0.25,2 --max-cost 5
  hypertransport judge results --model qwen3-vl --model internvl --base-url http://localhost:8000/v1""",
    )
    judge_.add_argument("folder", type=Path, metavar="RESULTS", help=PAIRS)
    judge_.add_argument(
        "--model",
        dest="models",
        action="append",
        required=True,
        metavar="NAME",
        help="a judge, by the endpoint's name for it; may be repeated",
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
        type=Path,
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
        help="ask no more than this in this run; 0 only prints the report",
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


def _command(
    commands: argparse._SubParsersAction, name: str, summary: str, examples: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_model(parser: argparse.ArgumentParser, name: str, **options: str) -> None:
    parser.add_argument(
        name,
        metavar="MODEL",
        help="a name that `models` lists, or a folder or hub id of a diffusers pipeline"
        + (" (default: %(default)s)" if options else ""),
        **options,  # pyright: ignore[reportArgumentType]
    )
    parser.add_argument(
        "--weights",
        metavar="PATH",
        help="for a named model: its own weights from this place instead of the usual one",
    )


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"{text!r} is no address that starts with http or https")
    return text


def _price(text: str) -> tuple[float, float]:
    """Dollars per million tokens, in and out."""
    try:
        price_in, price_out = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not two numbers as 0.25,2") from None
    if not all(0 <= price < math.inf for price in (price_in, price_out)):
        raise argparse.ArgumentTypeError(f"{text!r} is no price; give dollars as 0.25,2")
    return price_in, price_out


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port, from 0 to 65535")
    return int(text)


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


def _strengths(text: str) -> list[float]:
    """Five numbers from 0 to 1 for "0:1:5"; three for "0,0.5,1"."""
    try:
        if ":" in text:
            first, last, count = text.split(":")
            values = _spaced(float(first), float(last), int(count))
        else:
            values = [float(number) for number in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither A:B:N nor numbers as 0,0.5,1"
        ) from None
    if not 1 <= len(values) <= MAX_STRENGTHS or not all(map(math.isfinite, values)):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not 1 to {MAX_STRENGTHS} finite numbers; give A:B:N or a list as 0,0.5,1"
        )
    return values


def _spaced(first: float, last: float, count: int) -> list[float]:
    if not 1 <= count <= MAX_STRENGTHS:
        return []
    return [first + (last - first) * i / max(count - 1, 1) for i in range(count)]


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no seed; give a whole number from 0 on")
    return int(text)


def _number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MAX_SEEDS:
        raise argparse.ArgumentTypeError(f"{text!r} rows; give a whole number, 1 to {MAX_SEEDS}")
    return int(text)
