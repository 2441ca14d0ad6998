"""A fixed concept in the norms' own weights: no code beside the model, no cost per step.

``scale (w x + b) + shift = (scale w) x + (scale b + shift)``. A norm without ``weight`` gets one,
and one without ``bias`` as well where the shift needs it; an RMSNorm that knows no bias (torch's,
Mochi's) takes scales only.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from accelerate import init_empty_weights
from torch import nn

from .affine_maps import AffineMap
from .backbones import HasBackbone, Place, backbone_of, find_places, require_finite
from .errors import InterventionError, OutputError
from .folded_weights import folded
from .interventions import Intervention, Strength
from .ownership import owned
from .paths import user_path
from .replacing import replacing
from .sites import some


@runtime_checkable
class HasPipeline(HasBackbone, Protocol):
    """A generator that draws with a diffusers pipeline."""

    pipeline: Any


@contextmanager
def fold(
    model: HasBackbone | nn.Module, intervention: Intervention, strength: Strength = 1.0
) -> Iterator[None]:
    """Steer through the norms' own weights, which costs nothing while drawing.

    For one map that serves all images (no rows). It acts before any ``steer`` around it. Blocks may
    be left in any order; leaving the last one restores the weights bit for bit, and their absence
    where there were none. Weights that are loaded inside a block replace the folded ones and stay.
    The block owns the model (`ownership`). Raises InterventionError, before anything is changed,
    for rows, for shifts that a norm cannot hold, and for weights that are offloaded; InUseError
    where another thread or task owns the model.
    """
    values = intervention.at(strength)
    if values.rows is not None:
        raise InterventionError(
            f"cannot fold {values.rows} rows into one set of weights: use steer"
        )
    with ExitStack() as stack:
        stack.enter_context(owned(model, "folded"))
        places = find_places(backbone_of(model), values)
        require_finite(values, places)
        for name, place in places.items():
            _check(name, place, values.maps[name])
        for name, place in places.items():
            stack.enter_context(folded(name, place, values.maps[name]))
        yield


def save_folded(
    generator: HasPipeline,
    intervention: Intervention,
    folder: str | PathLike[str],
    strength: Strength = 1.0,
) -> None:
    """Save the pipeline with the concept in its weights, for ``DiffusionPipeline.from_pretrained``.

    Plain diffusers then draws the steered pictures, without this package. The folder is written
    whole or not at all. Raises OutputError unless it is new or empty; InterventionError as ``fold``
    does, and, before anything is written, for sites whose class has no weights there: diffusers
    would drop them on loading and draw unsteered pictures (PixArt's norms are such).
    """
    folder = user_path(folder).resolve()  # a link stays: what it leads to is filled
    _require_vacant(folder)
    with fold(generator, intervention, strength):
        _require_loadable(backbone_of(generator), intervention)
        with replacing(folder) as partial:
            generator.pipeline.save_pretrained(partial)


def _require_vacant(folder: Path) -> None:
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise OutputError(f"{folder} is taken: give a new or empty folder, or delete it first")


def _require_loadable(backbone: Any, intervention: Intervention) -> None:
    """Compare with what diffusers builds from the configuration alone when it loads."""
    with init_empty_weights():
        built = type(backbone).from_config(backbone.config)
    extra = backbone.state_dict().keys() - built.state_dict().keys()
    if lost := {key.rpartition(".")[0] for key in extra} & intervention.maps.keys():
        raise InterventionError(
            f"a saved {type(backbone).__name__} has no weights to fold into at {some(lost)}: save "
            "the intervention itself (T.save) and steer, or fold without these sites (T.without)"
        )


def _check(name: str, place: Place, T: AffineMap) -> None:
    if place.device is None:
        raise InterventionError(f"the weights of {name} are offloaded: fold before offloading")
    if not hasattr(place.module, "bias") and T.shift.any():
        raise InterventionError(
            f"{name} is an RMSNorm without bias, which cannot hold a shift: use steer"
        )
