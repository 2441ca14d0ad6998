"""What the command line takes: the parsers of all commands; docs/cli.md is made from them."""

import argparse

from hypertransport import __version__
from hypertransport.batch.arguments import add_generate_many
from hypertransport.catalogue import SPLITS, WORLDS
from hypertransport.evaluation.arguments import add_judge, add_study
from hypertransport.evaluation.evaluate_arguments import add_evaluate, add_report
from hypertransport.fit_arguments import add_fit
from hypertransport.parsing import MODEL, Parser, add_model, command
from hypertransport.paths import user_path
from hypertransport.serving.arguments import add_serve, add_studio
from hypertransport.steer_arguments import add_steer

EXAMPLES = """\
examples:
  hypertransport steer "a fox on a plain blue background" --concept mushroom --out strip.png
  hypertransport steer --image reference.png
  hypertransport COMMAND --help"""


def build_parser() -> argparse.ArgumentParser:
    """A parser whose result names its `command`."""
    parser = Parser(
        prog="hypertransport",
        description="Steer text-to-image generators towards any concept, by words or by a picture.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"hypertransport {__version__}")
    commands = parser.add_subparsers(
        title="commands", dest="command", metavar="COMMAND", required=True
    )
    drawing = (add_steer, add_studio, add_generate_many, add_serve)
    making = (add_fit, _add_train, add_evaluate, add_report, add_judge, add_study)
    for add in (*drawing, *making, _add_sites, _add_models, _add_concepts):
        add(commands)
    return parser


def _add_train(commands: argparse._SubParsersAction) -> None:
    train_ = command(
        commands,
        "train",
        "train a hypernetwork for a generator",
        """\
  hypertransport train emojiscape.toml
  hypertransport train emojiscape.toml --resume
  torchrun --nproc-per-node 2 -m hypertransport.cli train emojiscape.toml  # the same, on two""",
    )
    train_.add_argument(
        "config", type=user_path, metavar="CONFIG", help="a TOML file: what to train, and how"
    )
    train_.add_argument(
        "--resume", action="store_true", help="go on from the last checkpoint of this training"
    )


def _add_sites(commands: argparse._SubParsersAction) -> None:
    sites_ = command(
        commands,
        "sites",
        "list where a generator can be steered",
        """\
  hypertransport sites emojiscape
  hypertransport sites path/to/a/diffusers/pipeline""",
    )
    add_model(sites_, "model")


def _add_models(commands: argparse._SubParsersAction) -> None:
    command(
        commands,
        "models",
        "list the generators that have a name, with their licences",
        "  hypertransport models",
    )


def _add_concepts(commands: argparse._SubParsersAction) -> None:
    concepts_ = command(
        commands,
        "concepts",
        "list the concepts of a world, and which are held out from training",
        """\
  hypertransport concepts --kind style
  hypertransport concepts --split test --find cat
  hypertransport concepts --world natural --kind mood""",
    )
    concepts_.add_argument(
        "--world",
        choices=WORLDS,
        default=MODEL,
        help="the small world that ships, or natural images, for dmd2 and nitro "
        "(default: %(default)s)",
    )
    concepts_.add_argument(
        "--kind", metavar="KIND", help="only this kind; a wrong one is answered with all there are"
    )
    concepts_.add_argument("--split", choices=SPLITS, help="only this part; test is held out")
    concepts_.add_argument(
        "--find", default="", metavar="WORD", help="only names with this in them"
    )
