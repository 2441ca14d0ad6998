"""How an intervention acts on a live model: put on, changed in place, taken off.

A steered module gets a ``forward`` of its own that applies the map to what the old one returns.
A forward hook would be the usual way, but ``torch.compile`` does not look for hooks added
after it has traced a module, and would go on drawing unsteered images in silence.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from typing import Any, Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from .errors import InterventionError
from .interventions import AffineMap, Intervention, Strength
from .sites import site_of, some, uncompiled


@runtime_checkable
class HasBackbone(Protocol):
    """A generator: whatever draws, with the network that is steered as ``backbone``."""

    @property
    def backbone(self) -> nn.Module: ...


class Steering:
    """A running ``steer``: change its concept or strength between images, at no cost."""

    def __init__(self, buffers: Intervention) -> None:
        self._buffers = buffers

    def set(self, intervention: Intervention, strength: Strength = 1.0) -> None:
        """Copy new values into the buffers in place, so that compiled code stays valid.

        Raises InterventionError unless sites and rows are those the steering began with
        (values without rows fill every row), and StrengthError as ``Intervention.at`` does.
        """
        values = intervention.at(strength)
        values.require_same_sites(self._buffers)
        if values.rows not in (None, self._buffers.rows):
            raise InterventionError(
                f"{values.rows} rows for a steering of {self._buffers.rows}: start a new steer"
            )
        for name, buffer in self._buffers.maps.items():
            _overwrite(buffer, values.maps[name])


@contextmanager
def steer(
    model: HasBackbone | nn.Module, intervention: Intervention, strength: Strength = 1.0
) -> Iterator[Steering]:
    """Steer a generator, or any module with the named sites, inside a ``with`` block.

    An intervention of ``B`` rows (or ``B`` strengths) steers each image of a batch of ``B`` by its
    own row; a batch of ``k B``, as guidance makes, repeats the rows. Blocks nest: the inner acts
    after the outer. Leaving restores what was before, after an exception too. No gradient flows
    into the intervention: for that, see ``attach``. Raises InterventionError when a site is
    missing, a width differs, or (when drawing) rows and batch do not fit; StrengthError as ``at``.
    """
    backbone = backbone_of(model)
    buffers = _buffers(backbone, intervention.at(strength))
    with attach(backbone, buffers):
        yield Steering(buffers)


@contextmanager
def attach(model: HasBackbone | nn.Module, intervention: Intervention) -> Iterator[None]:
    """Apply the tensors of ``intervention`` as they are, gradients included: to train with.

    They must be on the model's device; a float32 map on a half-precision model acts in float32.
    Call ``backward`` inside the block if the model checkpoints activations.
    """
    modules = _find(backbone_of(model), intervention)
    with ExitStack() as stack:
        for name, (module, channel_dim) in modules.items():
            stack.enter_context(_mapped(module, intervention.maps[name], channel_dim))
        yield


@contextmanager
def fold(
    model: HasBackbone | nn.Module, intervention: Intervention, strength: Strength = 1.0
) -> Iterator[None]:
    """Steer through the norms' own weights, which costs nothing while drawing.

    ``scale (w x + b) + shift = (scale w) x + (scale b + shift)``. For one map that serves all
    images (no rows) on norms that have ``weight`` and ``bias``; else InterventionError. It acts
    before any ``steer`` around it. Leaving restores the weights bit for bit.
    """
    values = intervention.at(strength)
    if values.rows is not None:
        raise InterventionError(
            f"cannot fold {values.rows} rows into one set of weights: use steer"
        )
    modules = _find(backbone_of(model), values)
    with ExitStack() as stack:
        for name, (module, _) in modules.items():
            stack.enter_context(_folded(name, module, values.maps[name]))
        yield


def affine(
    z: Float[Tensor, "batch ..."], T: AffineMap, channel_dim: int
) -> Float[Tensor, "batch ..."]:
    """``scale * z + shift`` along ``channel_dim``, row by row, in one multiply-add."""
    rows = 1 if T.scale.ndim == 1 else len(T.scale)
    if len(z) % rows:
        raise InterventionError(
            f"the intervention has {rows} rows but the batch {len(z)}: give one row per image"
        )
    shape = [rows] + [1] * (z.ndim - 1)
    shape[channel_dim] = -1
    grouped = z if rows in (1, len(z)) else z.unflatten(0, (-1, rows))
    out = torch.addcmul(T.shift.view(shape), grouped, T.scale.view(shape))
    return out.to(z.dtype).reshape(z.shape)


def backbone_of(model: HasBackbone | nn.Module) -> nn.Module:
    """The network to steer: a module itself, without its compiled shell, or a generator's."""
    return uncompiled(model if isinstance(model, nn.Module) else model.backbone)


@contextmanager
def _mapped(module: nn.Module, T: AffineMap, channel_dim: int) -> Iterator[None]:
    """Let ``module`` return the mapped output; a ``forward`` set by an outer block comes back."""
    previous, inner = vars(module).get("forward"), module.forward

    def forward(*args: Any, **kwargs: Any) -> Tensor:
        return affine(inner(*args, **kwargs), T, channel_dim)

    module.forward = forward
    try:
        yield
    finally:
        if previous is None:
            del module.forward
        else:
            module.forward = previous


@contextmanager
def _folded(name: str, module: nn.Module, T: AffineMap) -> Iterator[None]:
    weight, bias = getattr(module, "weight", None), getattr(module, "bias", None)
    if weight is None or bias is None:
        raise InterventionError(f"{name} has no weight and bias to fold into: use steer")
    scale, shift = (v.detach().to(weight.device) for v in T)
    kept = weight.detach().clone(), bias.detach().clone()
    _overwrite((weight, bias), (scale * weight, scale * bias + shift))
    try:
        yield
    finally:
        _overwrite((weight, bias), kept)


@torch.no_grad()
def _overwrite(old: tuple[Tensor, Tensor], new: tuple[Tensor, Tensor]) -> None:
    for before, after in zip(old, new, strict=True):
        before.copy_(after)


def _find(backbone: nn.Module, intervention: Intervention) -> dict[str, tuple[nn.Module, int]]:
    """Each site's module and channel axis, by name."""
    modules = dict(backbone.named_modules())
    if missing := intervention.maps.keys() - modules.keys():
        raise InterventionError(
            f"{type(backbone).__name__} has no module {some(missing)}: "
            "load the generator that the intervention was made for"
        )
    return {name: _check(name, modules[name], T) for name, T in intervention.maps.items()}


def _check(name: str, module: nn.Module, T: AffineMap) -> tuple[nn.Module, int]:
    site, width = site_of(name, module), T.scale.shape[-1]
    if site is None:
        raise InterventionError(f"{name} is a {type(module).__name__}, which is no norm layer")
    if site.width != width:
        raise InterventionError(
            f"{width} channels do not fit the {site.width} of {name}: "
            "load the generator that the intervention was made for"
        )
    return module, site.channel_dim


def _buffers(backbone: nn.Module, intervention: Intervention) -> Intervention:
    """A private copy, each site in its module's own dtype and device: the only cast there is."""

    def own(module: nn.Module, T: AffineMap) -> AffineMap:
        like = next(chain(module.parameters(), backbone.parameters()))
        return AffineMap(*(v.detach().to(like.device, like.dtype, copy=True) for v in T))

    found = _find(backbone, intervention)
    return Intervention({k: own(module, intervention.maps[k]) for k, (module, _) in found.items()})
