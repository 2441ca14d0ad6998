"""What the options --model, --weights and --hypernetwork of a command name, loaded."""

import argparse
import os
from typing import TYPE_CHECKING

from hypertransport.errors import GeneratorError
from hypertransport.terminal import progress, warn

if TYPE_CHECKING:  # both wait for torch
    from hypertransport.generators.base import Generator
    from hypertransport.hypernetwork import HyperTransport


def require_hypernetwork(chosen: argparse.Namespace) -> None:
    """Raise GeneratorError, before gigabytes are fetched, when there is none for the model."""
    from hypertransport.generators import MODELS
    from hypertransport.weights import bundled

    is_there = chosen.model in MODELS or os.path.exists(chosen.model)
    if is_there and not (chosen.hypernetwork or bundled(chosen.model, "hypernetwork")):
        raise GeneratorError(
            f"no hypernetwork ships for {chosen.model}; train one and give --hypernetwork FOLDER"
        )


def hypernetwork(chosen: argparse.Namespace) -> "HyperTransport":
    """The one that was named, or the one that ships with the model. Raises CheckpointError."""
    from hypertransport.hypernetwork import HyperTransport

    return HyperTransport.from_pretrained(chosen.hypernetwork or chosen.model)


def steered(chosen: argparse.Namespace) -> "tuple[Generator, HyperTransport]":
    """The model and its hypernetwork, with a bar, and warnings of what speaks against the two
    together. Raises GeneratorError and CheckpointError."""
    with progress(f"loading {chosen.model}"):
        model = generator(chosen)
        hyper = hypernetwork(chosen).to(model.device)
    for doubt in hyper.doubts(model):
        warn(doubt)
    return model, hyper


def generator(chosen: argparse.Namespace) -> "Generator":
    """The model, without the libraries' own bars and advice. Raises GeneratorError."""
    from hypertransport.generators import load_generator
    from hypertransport.terminal import quiet

    quiet()
    return load_generator(chosen.model, weights=chosen.weights)
