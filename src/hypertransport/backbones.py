"""The network that is steered, and its modules by the names of the sites."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol, runtime_checkable

import torch
from torch import nn

from .errors import InterventionError
from .interventions import AffineMap, Intervention
from .sites import site_of, some, uncompiled


@runtime_checkable
class HasBackbone(Protocol):
    """A generator: whatever draws, with the network that is steered as ``backbone``."""

    @property
    def backbone(self) -> nn.Module: ...


class Place(NamedTuple):
    """A site of a live network: its module, the axis of its channels, and where values go.

    ``device`` is None while the weights are offloaded.
    """

    module: nn.Module
    channel_dim: int
    dtype: torch.dtype
    device: torch.device | None


def backbone_of(model: HasBackbone | nn.Module) -> nn.Module:
    """The network to steer: a module itself, without its compiled shell, or a generator's."""
    return uncompiled(model if isinstance(model, nn.Module) else model.backbone)


def find_places(backbone: nn.Module, intervention: Intervention) -> dict[str, Place]:
    """Each site's place, by name; InterventionError when one is missing or does not fit."""
    modules = dict(backbone.named_modules())
    if missing := intervention.maps.keys() - modules.keys():
        raise InterventionError(
            f"{type(backbone).__name__} has no module {some(missing)}: "
            "load the generator that the intervention was made for"
        )
    first = next(backbone.parameters(), torch.empty(0))  # for norms that have no weights
    return {name: _place(name, modules[name], T, first) for name, T in intervention.maps.items()}


def require_finite(intervention: Intervention, places: Mapping[str, Place]) -> None:
    """Refuse NaN, infinity, and what is too large for a model's dtype: InterventionError.

    On a GPU it waits for the values once.
    """
    limits = {name: torch.finfo(place.dtype).max for name, place in places.items()}
    scale, shift = intervention.flatten()
    if torch.maximum(scale.abs().max(), shift.abs().max()) <= min(limits.values()):
        return
    maps = intervention.maps.items()
    if bad := [name for name, T in maps if not all((v.abs() <= limits[name]).all() for v in T)]:
        raise InterventionError(
            f"not finite in the model's dtype at {some(bad)}: make the intervention again"
        )


def _place(name: str, module: nn.Module, T: AffineMap, first: torch.Tensor) -> Place:
    site, width = site_of(name, module), T.scale.shape[-1]
    if site is None:
        raise InterventionError(f"{name} is a {type(module).__name__}, which is no norm layer")
    if site.width != width:
        raise InterventionError(
            f"{width} channels do not fit the {site.width} of {name}: "
            "load the generator that the intervention was made for"
        )
    like = next(module.parameters(), first)
    return Place(module, site.channel_dim, like.dtype, None if like.is_meta else like.device)
