"""What the options --model, --weights and --hypernetwork of a command name, loaded."""

import argparse
import os
from typing import TYPE_CHECKING

from hypertransport.errors import GeneratorError
from hypertransport.terminal import progress, warn

if TYPE_CHECKING:  # all wait for torch
    from torch import nn

    from hypertransport.generators.base import Generator
    from hypertransport.hypernetwork import HyperTransport
    from hypertransport.sites import Site


def require_hypernetwork(chosen: argparse.Namespace) -> None:
    """Raise GeneratorError, before gigabytes are fetched, when there is none for the model."""
    from hypertransport.generators import find_model
    from hypertransport.weights import bundled

    is_there = find_model(chosen.model)[0] or os.path.exists(chosen.model)
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


def denoiser(chosen: argparse.Namespace) -> "tuple[nn.Module, tuple[Site, ...]]":
    """What is steered of the model, and where. For a model of the hub that has a name it is built
    without weights, and nothing is fetched. Raises GeneratorError."""
    from hypertransport.generators import architecture_of

    if known := architecture_of(chosen.model):
        return known
    loaded = generator(chosen)
    return loaded.backbone, loaded.sites


def generator(chosen: argparse.Namespace) -> "Generator":
    """The model, without the libraries' own bars and advice. Raises GeneratorError."""
    from hypertransport.generators import load_generator
    from hypertransport.terminal import quiet

    quiet()
    return load_generator(chosen.model, weights=chosen.weights)
