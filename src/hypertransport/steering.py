"""How an intervention acts on a live model: put on, changed in place, taken off.

A steered module gets a ``forward`` of its own that applies the map to what the old one returns.
A forward hook would be the usual way, but ``torch.compile`` does not look for hooks added
after it has traced a module, and would go on drawing unsteered images in silence.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from operator import index
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from .affine_maps import AffineMap, affine
from .backbones import HasBackbone, Place, find_places, require_finite
from .buffers import SiteBuffers
from .errors import InterventionError, StrengthError
from .interventions import Intervention, Strength
from .overrides import overridden
from .ownership import Claim, owned
from .regions import Mask, Region
from .schedules import StepFollower

StepSchedule: TypeAlias = Callable[[float], Strength]
Reader: TypeAlias = Callable[[torch.device], AffineMap]
Group: TypeAlias = tuple[torch.dtype, torch.device | None]


class Steering:
    """A running ``steer``: change concept, strength, mask or rows between images, at no cost."""

    def __init__(
        self,
        places: Mapping[str, Place],
        intervention: Intervention,
        strength: Strength | StepSchedule,
        mask: Mask | None,
        num_images_per_prompt: int,
        claim: Claim,
    ) -> None:
        self._places, self._images, self._claim = places, num_images_per_prompt, claim
        self._intervention, self._strength = intervention, strength
        self._follows_steps = callable(strength)
        self._groups = _groups(places)
        values = self._values(intervention, _at_start(strength))
        self._buffers = {
            group: _buffers(group, T, [intervention.maps[name].scale.shape[-1] for name in names])
            for (group, names), T in zip(self._groups.items(), values, strict=True)
        }
        device = next(iter(places.values())).device
        self._region = None if mask is None else Region(mask, device)
        self._require_same_rows()
        self.select(None)

    @property
    def rows(self) -> int:
        """The rows ``B`` of concepts, strengths and masks; 1 when they serve every image."""
        return max(self._map_rows, self._mask_rows)

    @property
    def _map_rows(self) -> int:
        return len(next(iter(self._buffers.values())))

    @property
    def _mask_rows(self) -> int:
        return 1 if self._region is None else len(self._region)

    def set(
        self,
        intervention: Intervention,
        strength: Strength | StepSchedule = 1.0,
        mask: Mask | None = None,
    ) -> None:
        """Copy new values into the buffers in place, so that compiled code stays valid.

        Without a mask the old one stays; for the whole picture give a mask of ones. Raises
        InterventionError unless sites, rows and the mask's size are those the steering began with
        (values without rows fill every row), and StrengthError as ``Intervention.at`` does or for
        a schedule where it began with none. Nothing has changed then. Raises InUseError in another
        thread or task than the owner's.
        """
        self._claim.require()
        if callable(strength) and not self._follows_steps:
            raise StrengthError("a schedule for a steering that began with none: start a new steer")
        intervention.require_same_sites(self._intervention)
        values = self._values(intervention, _at_start(strength))
        new_mask = self._fitting(mask)
        self._write(values)
        if self._region is not None and new_mask is not None:
            self._region.set(new_mask)
        self._intervention, self._strength = intervention, strength

    def select(self, rows: Sequence[int] | None) -> None:
        """Draw these rows, in this order, in the next calls of the backbone; None: all rows again.

        For what draws a batch in chunks: ``select([0, 1])``, then two pictures, ``select([2, 3])``
        and so on. Raises InterventionError for rows that there are not, and InUseError as `set`.
        """
        self._claim.require()
        chosen = [*range(self.rows)] if rows is None else _integers(rows, f"rows {rows!a:.64}")
        if not chosen or not all(0 <= row < self.rows for row in chosen):
            raise InterventionError(f"rows {rows} of a steering that has rows 0 to {self.rows - 1}")
        every = rows is None and self._images == 1
        places = None if every else torch.tensor(chosen).repeat_interleave(self._images)
        for buffer in self._buffers.values():
            buffer.select(places)
        if self._region is not None:
            self._region.select(places)

    def _at_step(self, progress: float) -> None:
        if callable(self._strength):
            self._write(self._values(self._intervention, self._strength(progress)))

    def _values(self, intervention: Intervention, strength: Strength) -> list[AffineMap]:
        """What each group's buffers are to hold; InterventionError where they cannot."""
        values = [intervention.flat_at(strength, names) for names in self._groups.values()]
        if not all(map(_fits, self._groups, values)):
            require_finite(intervention.at(strength), self._places)
        return values

    def _write(self, values: Sequence[AffineMap]) -> None:
        rows = 1 if values[0].scale.ndim == 1 else len(values[0].scale)
        if rows not in (1, self._map_rows):
            raise InterventionError(
                f"{rows} rows for a steering of {self._map_rows}: start a new steer"
            )
        for buffers, T in zip(self._buffers.values(), values, strict=True):
            buffers.set(T)

    def _reader(self, name: str) -> Reader:
        """What gives a site its map, whatever rows are in use."""
        group = _group(self._places[name])
        return self._buffers[group].sites[self._groups[group].index(name)]

    def _fitting(self, mask: Mask | None) -> Tensor | None:
        if mask is None:
            return None
        if self._region is None:
            raise InterventionError("a mask for a steering that began with none: start a new steer")
        return self._region.fitting(mask)

    def _require_same_rows(self) -> None:
        maps, masks = self._map_rows, self._mask_rows
        if 1 not in (maps, masks) and maps != masks:
            raise InterventionError(
                f"{masks} masks for {maps} rows: give one for all, or one per row"
            )


@contextmanager
def steer(
    model: HasBackbone | nn.Module,
    intervention: Intervention,
    strength: Strength | StepSchedule = 1.0,
    *,
    mask: Mask | None = None,
    num_images_per_prompt: int = 1,
) -> Iterator[Steering]:
    """Steer a generator, or any module with the named sites, inside a ``with`` block.

    An intervention of ``B`` rows (or ``B`` strengths, or ``B`` masks) steers each image of a batch
    of ``B`` by its own row; a batch of ``k B``, as guidance makes, repeats the rows. Where the
    pipeline draws several images per prompt, say so here too, with its own word.

    ``strength`` may be a function of how far the denoising is, ``i / n`` at step ``i`` of ``n``: a
    schedule, for a generator with a pipeline. ``mask``, ``(H, W)`` or ``(B, H, W)`` in [0, 1] or a
    grey PIL image, limits it to a part of the picture (see ``regions``).

    Blocks nest: the inner acts after the outer. Leaving restores what was before, in any order and
    after an exception too. The block owns the model (`ownership`): another thread waits until it is
    left. Copies made inside it are clean. Turn offloading on or off outside. No gradient flows into
    the intervention: for that, see ``attach``. Raises InterventionError when a site is missing, a
    width, mask or number of rows does not fit, or a value is not finite; StrengthError as ``at``;
    InUseError where another thread or task owns the model.
    """
    images = _images(num_images_per_prompt)
    if not isinstance(intervention, Intervention):
        raise InterventionError(
            f"a {type(intervention).__name__} is no intervention: give what a hypernetwork makes "
            "of a concept, or Intervention.stack([...]) of several"
        )
    with ExitStack() as stack:
        claim = stack.enter_context(owned(model, "steered"))
        places = find_places(claim.backbone, intervention)
        steering = Steering(places, intervention, strength, mask, images, claim)
        if callable(strength):
            _follow_steps(model, steering, claim, stack)
        if steering._region is not None:
            stack.enter_context(_held_to_latents(claim.backbone, steering._region))
        for name, place in places.items():
            stack.enter_context(_mapped(name, place, steering._reader(name), steering._region))
        yield steering


@contextmanager
def attach(model: HasBackbone | nn.Module, intervention: Intervention) -> Iterator[None]:
    """Apply the tensors of ``intervention`` as they are, gradients included: to train with.

    They must be on the model's device; a float32 map on a half-precision model acts in float32.
    Call ``backward`` inside the block if the model checkpoints activations. The block owns the
    model as that of ``steer`` does.
    """
    with ExitStack() as stack:
        claim = stack.enter_context(owned(model, "trained through"))
        for name, place in find_places(claim.backbone, intervention).items():
            T = intervention.maps[name]
            stack.enter_context(_mapped(name, place, lambda device, T=T: T, None))
        yield


def _mapped(
    name: str, place: Place, read: Reader, region: Region | None
) -> AbstractContextManager[None]:
    """A block in which the module returns the mapped output."""

    def wrap(inner: Callable[..., Tensor]) -> Callable[..., Tensor]:
        def forward(*args: Any, **kwargs: Any) -> Tensor:
            z = inner(*args, **kwargs)
            mask = None if region is None else region.on(z, place.channel_dim, name)
            return affine(z, read(z.device), place.channel_dim, mask)

        return forward

    return overridden(place.module, "forward", wrap)


def _held_to_latents(backbone: nn.Module, region: Region) -> AbstractContextManager[None]:
    """A block in which the network looks at the mask's aspect ratio before it runs."""
    latents, *_ = inspect.signature(backbone.forward).parameters  # first in every diffusers family

    def wrap(inner: Callable[..., Any]) -> Callable[..., Any]:
        def forward(*args: Any, **kwargs: Any) -> Any:
            region.require_ratio(args[0] if args else kwargs.get(latents))
            return inner(*args, **kwargs)

        return forward

    return overridden(backbone, "forward", wrap)


def _group(place: Place) -> Group:
    """Sites of one dtype on one device have their values side by side."""
    return place.dtype, place.device


def _groups(places: Mapping[str, Place]) -> dict[Group, list[str]]:
    groups: dict[Group, list[str]] = {}
    for name, place in places.items():
        groups.setdefault(_group(place), []).append(name)
    return groups


def _buffers(group: Group, T: AffineMap, widths: Sequence[int]) -> SiteBuffers:
    """A private copy in the modules' own dtype and device: the only cast there is."""
    dtype, device = group
    with torch.inference_mode(False):  # or else they could be set within such a block only
        values = (torch.atleast_2d(v.detach()) for v in T)
        own = AffineMap(*(v.to(device=device, dtype=dtype, copy=True) for v in values))
        return SiteBuffers(own, widths)


def _fits(group: Group, T: AffineMap) -> bool:
    """Whether all is finite in the group's dtype."""
    limit = torch.finfo(group[0]).max
    least, most = torch.stack([torch.stack(torch.aminmax(v.detach())) for v in T]).unbind(1)
    return bool((least.min() >= -limit) & (most.max() <= limit))


def _images(per_prompt: Any) -> int:
    """A number of images, of any type of integers; InterventionError for anything else."""
    (count,) = _integers([per_prompt], f"{per_prompt!a:.64} images per prompt")
    if count < 1:
        raise InterventionError(f"{count} images per prompt: give 1 or more")
    return count


def _integers(values: Any, told: str) -> list[int]:
    try:
        return [index(value) for value in values]
    except TypeError as error:
        raise InterventionError(f"{told}: give integers") from error


def _at_start(strength: Strength | StepSchedule) -> Strength:
    return strength(0.0) if callable(strength) else strength


def _follow_steps(model: Any, steering: Steering, claim: Claim, stack: ExitStack) -> None:
    """Tell a steering of every step, by whichever scheduler the pipeline has when it is called."""
    pipeline = getattr(model, "pipeline", None)
    if pipeline is None:
        raise StrengthError(
            f"{type(model).__name__} has no pipeline whose steps a schedule could follow: "
            "steer a generator (ht.wrap makes one of any diffusers pipeline)"
        )
    follower = StepFollower(steering._at_step)
    stack.callback(follower.close)
    claim.before_run = lambda: follower.follow(pipeline.scheduler)
    follower.follow(pipeline.scheduler)
