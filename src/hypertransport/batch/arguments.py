"""What the command `generate-many` takes; added to the others by `hypertransport.arguments`."""

import argparse
from pathlib import Path

from hypertransport.parsing import add_steered_model, command, count
from hypertransport.paths import user_path


def add_generate_many(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `generate-many`."""
    many = command(
        commands,
        "generate-many",
        "draw all pictures that a file asks for, each with concepts of its own",
        """\
  hypertransport generate-many prompts.jsonl
  hypertransport generate-many prompts.csv --out pictures --max-batch 16
  hypertransport generate-many prompts.jsonl --actors 4  # on a Ray cluster""",
    )
    many.add_argument(
        "file",
        type=user_path,
        metavar="FILE",
        help="JSON lines, or CSV if it ends in .csv: prompts, seeds, strengths and concepts; all "
        "of it is checked before anything is drawn",
    )
    many.add_argument(
        "--out",
        type=user_path,
        default=Path("pictures"),
        metavar="FOLDER",
        help="gets the pictures and manifest.jsonl; what is there already is not drawn again "
        "(default: %(default)s)",
    )
    many.add_argument(
        "--max-batch",
        type=count,
        default=8,
        metavar="N",
        help="pictures drawn at once, each with concepts of its own (default: %(default)s)",
    )
    many.add_argument(
        "--actors",
        type=count,
        metavar="N",
        help="draw with N copies of the model as actors of Ray Data, on this machine or on the "
        "cluster of RAY_ADDRESS (default: in this process, without Ray)",
    )
    add_steered_model(many)
