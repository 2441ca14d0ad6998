"""The network that is steered, and its modules by the names of the sites."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol, runtime_checkable

import torch
from torch import nn

from .errors import InterventionError
from .interventions import Intervention
from .sites import Site, site_of, some, uncompiled

# What maps are kept in: the first parameter of a backbone may be quantised, as FLUX's are in nf4.
COMPUTED = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


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
    """The network to steer: a module itself, without its compiled shell, or a generator's.

    Raises InterventionError for what has none, such as a pipeline that was not wrapped.
    """
    if not isinstance(model, nn.Module) and not hasattr(model, "backbone"):
        raise InterventionError(
            f"a {type(model).__name__} cannot be steered: give a module, or a pipeline as "
            "ht.wrap(pipeline, id=...)"
        )
    return uncompiled(model if isinstance(model, nn.Module) else model.backbone)


def find_places(backbone: nn.Module, intervention: Intervention) -> dict[str, Place]:
    """Each site's place, by name; InterventionError when one is missing or does not fit."""
    modules = dict(backbone.named_modules())
    if missing := intervention.maps.keys() - modules.keys():
        raise InterventionError(
            f"{type(backbone).__name__} has no module {some(missing)}: "
            "load the generator that the intervention was made for"
        )
    sites = {name: site_of(name, modules[name]) for name in intervention.maps}
    widths = {name: T.scale.shape[-1] for name, T in intervention.maps.items()}
    if odd := {text for name, site in sites.items() if (text := _misfit(name, site, widths[name]))}:
        raise InterventionError(
            f"{some(odd)}: load the generator that the intervention was made for"
        )
    first = next(backbone.parameters(), torch.empty(0))  # for norms that have no weights
    return {name: _place(modules[name], site, first) for name, site in sites.items() if site}


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


def _misfit(name: str, site: Site | None, width: int) -> str | None:
    """Why a map of `width` channels cannot act there, in words."""
    if site is None:
        return f"{name} is no norm layer"
    if site.width != width:
        return f"{width} channels do not fit the {site.width} of {name}"
    return None


def _place(module: nn.Module, site: Site, first: torch.Tensor) -> Place:
    like = next(module.parameters(), first)
    dtype = like.dtype if like.dtype in COMPUTED else torch.float32
    return Place(module, site.channel_dim, dtype, None if like.is_meta else like.device)
