"""The weights of one norm with maps folded into them, and their way back.

A norm keeps its own weights beside the maps of all open blocks. The folded weights are computed
from these, so blocks can be left in any order and the last one restores every bit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from .affine_maps import AffineMap
from .backbones import Place
from .copies import State, add_cleaner, remove_cleaner
from .errors import InterventionError

FOLDED = "_hypertransport_folded"
FIELDS = ("weight", "bias")


@contextmanager
def folded(name: str, place: Place, T: AffineMap) -> Iterator[None]:
    """Fold one map, both (channels,), into the norm's weights inside a block.

    Leaving raises InterventionError where the weights were offloaded inside the block.
    """
    weights = vars(place.module).get(FOLDED) or FoldedWeights(name, place)
    weights.add(T)
    try:
        yield
    finally:
        weights.remove(T)


class FoldedWeights:
    """A norm's own weights, the maps folded into them in order, and the values in the module."""

    def __init__(self, name: str, place: Place) -> None:
        self.name, self.module, self.place = name, place.module, place
        self.registered = {field: field in place.module._parameters for field in FIELDS}
        self.own = {field: _value(place.module, field) for field in FIELDS}
        self.maps: list[AffineMap] = []
        self.open_blocks = 0
        self.written: dict[str, Tensor | None] = dict(self.own)
        setattr(place.module, FOLDED, self)
        add_cleaner(place.module, self._clean)

    def add(self, T: AffineMap) -> None:
        """Fold one more map after the others."""
        self.open_blocks += 1
        self._follow_module()
        self.maps.append(T)
        self._write(self._computed())

    def remove(self, T: AffineMap) -> None:
        """Fold the remaining maps alone; the last block leaves no trace on the module."""
        self.open_blocks -= 1
        self._follow_module()
        self.maps = [other for other in self.maps if other is not T]
        self._write(self._computed() if self.maps else self.own)
        if not self.open_blocks:
            delattr(self.module, FOLDED)
            remove_cleaner(self.module, self._clean)

    def _computed(self) -> dict[str, Tensor | None]:
        """Return ``scale weight`` and ``scale bias + shift``, rounded after each map."""
        weight, bias = self.own["weight"], self.own["bias"]
        like = next((v for v in (weight, bias) if v is not None), None)
        target = self.place if like is None else like
        for T in self.maps:
            scale, shift = (v.detach().to(target.device) for v in T)
            weight = scale if weight is None else scale * weight
            if bias is not None or shift.any():
                bias = shift if bias is None else scale * bias + shift
            weight, bias = weight.to(target.dtype), None if bias is None else bias.to(target.dtype)
        return {"weight": weight, "bias": bias}

    def _follow_module(self) -> None:
        """Take over what happened to the module since the last write.

        A weight or bias of other values was loaded meanwhile: it is the norm's own now. The maps
        that were folded into the old one are gone from the norm.
        """
        now = {field: getattr(self.module, field, None) for field in FIELDS}
        if any(value is not None and value.is_meta for value in now.values()):
            raise InterventionError(
                f"the weights of {self.name} were offloaded inside a fold block, so they cannot be "
                "restored: offload outside of the block, and load the model again"
            )
        for values in (self.own, self.written):
            for field, value in now.items():
                old = values[field]
                values[field] = None if old is None else old if value is None else old.to(value)
        loaded = [field for field in FIELDS if not _same(now[field], self.written[field])]
        if loaded:
            self.maps = []
        for field in loaded:
            if self.own[field] is not None:
                self.own[field] = _value(self.module, field)

    def _write(self, values: dict[str, Tensor | None]) -> None:
        for field, value in values.items():
            parameter = getattr(self.module, field, None)
            if value is None:
                self._take_away(field)
            elif parameter is None:
                setattr(self.module, field, nn.Parameter(value, requires_grad=False))
            else:
                _overwrite(parameter, value)
        self.written = {k: None if v is None else v.clone() for k, v in values.items()}

    def _take_away(self, field: str) -> None:
        """Leave None where there was None: a registered one (torch) or an attribute (diffusers)."""
        if self.module._parameters.get(field) is None:
            return
        if not self.registered[field]:
            delattr(self.module, field)
        setattr(self.module, field, None)

    def _clean(self, state: State) -> State:
        """Return the state of a copy, which has the norm's own weights."""
        state = {key: value for key, value in state.items() if key != FOLDED}
        parameters = dict(state["_parameters"])
        for field, value in self.own.items():
            parameter = parameters.get(field)
            if value is not None and parameter is not None:
                parameters[field] = nn.Parameter(value.clone(), parameter.requires_grad)
            elif self.registered[field]:
                parameters[field] = None
            elif parameters.pop(field, None) is not None:
                state[field] = None
        return state | {"_parameters": parameters}


def _value(module: nn.Module, field: str) -> Tensor | None:
    value: Any = getattr(module, field, None)
    return None if value is None else value.detach().clone()


def _same(x: Tensor | None, y: Tensor | None) -> bool:
    if x is None or y is None:
        return x is y
    return torch.equal(x, y)


def _overwrite(parameter: Tensor, value: Tensor) -> None:
    """Copy in place, so that compiled code follows; models may be loaded under inference_mode."""
    with torch.inference_mode(parameter.is_inference()), torch.no_grad():  # the first turns it on
        parameter.copy_(value)
