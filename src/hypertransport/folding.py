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

import torch
from accelerate import init_empty_weights
from torch import Tensor, nn

from .affine_maps import AffineMap
from .backbones import HasBackbone, Place, backbone_of, find_places, require_finite
from .errors import InterventionError, OutputError
from .interventions import Intervention, Strength
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

    For one map that serves all images (no rows). It acts before any ``steer`` around it. Leaving
    restores the weights bit for bit, and their absence where there were none. Raises
    InterventionError, before anything is changed, for rows, for shifts that a norm cannot hold,
    and for weights that are offloaded.
    """
    values = intervention.at(strength)
    if values.rows is not None:
        raise InterventionError(
            f"cannot fold {values.rows} rows into one set of weights: use steer"
        )
    places = find_places(backbone_of(model), values)
    require_finite(values, places)
    for name, place in places.items():
        _check(name, place, values.maps[name])
    with ExitStack() as stack:
        for name, place in places.items():
            for field, value in _folded(place, values.maps[name]).items():
                stack.enter_context(_replaced(place.module, field, value))
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


def _folded(place: Place, T: AffineMap) -> dict[str, Tensor]:
    """The new values of ``weight`` and, where there is one or there must be, ``bias``."""
    weight, bias = (getattr(place.module, field, None) for field in ("weight", "bias"))
    scale, shift = (v.detach().to(place.device) for v in T)
    values = {"weight": scale if weight is None else scale * weight}
    if bias is not None or shift.any():
        values["bias"] = shift if bias is None else scale * bias + shift
    return {field: value.to(place.dtype) for field, value in values.items()}


@contextmanager
def _replaced(module: nn.Module, field: str, value: Tensor) -> Iterator[None]:
    """Another value for a parameter: in place where there is one, so that compiled code follows."""
    parameter = getattr(module, field)
    if parameter is None:
        with _added(module, field, value):
            yield
        return
    kept = parameter.detach().clone()
    _overwrite(parameter, value)
    try:
        yield
    finally:
        _overwrite(parameter, kept)


@contextmanager
def _added(module: nn.Module, field: str, value: Tensor) -> Iterator[None]:
    """A parameter where there is None, be that None registered (torch) or not (diffusers)."""
    registered = field in module._parameters
    setattr(module, field, nn.Parameter(value, requires_grad=False))
    try:
        yield
    finally:
        if not registered:
            delattr(module, field)
        setattr(module, field, None)


@torch.no_grad()
def _overwrite(parameter: Tensor, value: Tensor) -> None:
    parameter.copy_(value)
