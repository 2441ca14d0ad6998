"""What is done to a model: named affine maps and their algebra (file: ``intervention_files``)."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from . import intervention_files
from .affine_maps import AffineMap, Cut, blend, cat_rows, check_map, compose, is_flat, undo
from .errors import InterventionError, brief
from .hub import CARD, Shared, find_folder
from .model_cards import intervention_card
from .paths import user_path
from .replacing import current, replacing_files
from .schedules import SiteSchedule, matching, over_sites
from .sites import Site, some, total_channels
from .strengths import Strength, as_strength
from .torch_state import plain_torch
from .weights import whole_name


@dataclass(frozen=True, eq=False, repr=False)
class Intervention(Shared):
    """One affine map per site, ``{site name: (scale, shift)}``, as a plain frozen value.

    All maps are ``(C,)``, or all are ``(B, C)``: one row per image of a batch. Values may carry
    gradients. Raises InterventionError when shapes or dtypes do not agree.
    """

    maps: Mapping[str, AffineMap]

    def __post_init__(self) -> None:
        if not isinstance(self.maps, Cut):
            object.__setattr__(self, "maps", MappingProxyType(dict(self.maps)))
        if not self.maps:
            raise InterventionError("an intervention needs at least one site")
        for name, T in self._parts.items():
            check_map(name, T)
        if len({T.scale.shape[:-1] for T in self._parts.values()}) > 1:
            raise InterventionError("all sites of an intervention need the same number of rows")

    def __reduce__(self) -> tuple[type["Intervention"], tuple[object]]:
        """To be copied and sent to other processes, which a view of a mapping cannot be."""
        return Intervention, (self.maps if isinstance(self.maps, Cut) else dict(self.maps),)

    @classmethod
    def identity(cls, sites: Sequence[Site], rows: int | None = None) -> "Intervention":
        """The intervention that changes nothing: scale 1, shift 0 at every site."""
        channels = total_channels(sites)
        shape = (channels,) if rows is None else (rows, channels)
        return cls.from_flat(sites, torch.ones(shape), torch.zeros(shape))

    @classmethod
    def from_flat(
        cls,
        sites: Sequence[Site],
        scale: Float[Tensor, "*rows channels"],
        shift: Float[Tensor, "*rows channels"],
    ) -> "Intervention":
        """The inverse of ``flatten``: cut all channels into sites, in order.

        Raises InterventionError unless the sites take exactly that many channels.
        """
        widths = [site.width for site in sites]
        if scale.shape[-1] != sum(widths):
            raise InterventionError(
                f"{scale.shape[-1]} channels do not fill the sites' {sum(widths)}: "
                "give the sites that the values were made for"
            )
        return cls(Cut({site.name: site.width for site in sites}, AffineMap(scale, shift)))

    @classmethod
    def stack(cls, interventions: Iterable["Intervention"]) -> "Intervention":
        """One row per intervention (rows of batched ones in turn), for a batch that mixes them.

        Raises InterventionError unless all act on the same sites.
        """
        first, *rest = parts = [*interventions]
        for other in rest:
            first.require_same_sites(other)
        if all(isinstance(T.maps, Cut) for T in parts):
            return cls(Cut(first._widths, cat_rows([T.flatten(first.maps) for T in parts])))
        return cls({name: cat_rows([T.maps[name] for T in parts]) for name in first.maps})

    def __repr__(self) -> str:
        channels = sum(self._widths.values())
        return f"Intervention({len(self.maps)} sites, {channels:,} channels, rows={self.rows})"

    @property
    def rows(self) -> int | None:
        """The number of rows ``B``, or None when one map serves every image."""
        scale = self._first.scale
        return None if scale.ndim == 1 else len(scale)

    @property
    def _parts(self) -> Mapping[str, AffineMap]:
        """What is done to all sites is done to these: to all at once, where that can be."""
        return {"all sites": self.maps.whole} if isinstance(self.maps, Cut) else self.maps

    @property
    def _first(self) -> AffineMap:
        return next(iter(self._parts.values()))

    def __len__(self) -> int:
        """The number of rows; maps without rows count as one."""
        return self.rows or 1

    def __iter__(self) -> Iterator["Intervention"]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, row: int) -> "Intervention":
        """One row as an intervention of its own; IndexError past the end."""
        if self.rows is None:
            return (self,)[row]
        return self._each(lambda T: AffineMap(T.scale[row], T.shift[row]))

    def at(self, strength: Strength) -> "Intervention":
        """This intervention at strength ``s``: the identity at 0, itself at 1, both exactly.

        ``T(z; s) = (1 - s) z + s T(z)`` (Lin-AcT, LinEAS), beyond 1 as well. A negative strength
        undoes the positive one, ``T.at(-s) == T.at(s).inverse()`` [ours]: it meets the other half
        smoothly at 0 and is the same straight line for a shift, but at -1 that line would mirror a
        channel whose scale is above 2. ``s`` is one number or one per row; without rows, ``B``
        numbers make ``B`` rows. Raises StrengthError when not finite or not one per row.
        """
        s = as_strength(strength, self.rows)
        backwards, size = s < 0, s.abs().to(self._first.scale)
        forth = self._each(lambda T: blend(T, size))
        return forth._undone(backwards) if backwards.any() else forth

    def scheduled(self, schedule: SiteSchedule) -> "Intervention":
        """Another strength at each site, by name or by depth.

        ``{glob: strength}``, where the first glob that matches a site decides and the others keep
        1; or a function from depth, 0 at the first site and 1 at the last, to strength. Raises
        InterventionError for a glob that matches nothing.
        """
        strengths = over_sites(tuple(self.maps), schedule)
        sites = {name: Intervention({name: T}) for name, T in self.maps.items()}
        return Intervention({k: T.at(strengths[k])._first for k, T in sites.items()})

    def without(self, *patterns: str) -> "Intervention":
        """Only the sites that no glob matches; InterventionError for a glob without a match."""
        left_out = {name for glob in patterns for name in matching(tuple(self.maps), glob)}
        return Intervention({k: T for k, T in self.maps.items() if k not in left_out})

    def inverse(self) -> "Intervention":
        """The intervention that undoes this one; InterventionError where a scale is close to 0."""
        return self._undone(torch.tensor(True))

    def _undone(self, where: Tensor) -> "Intervention":
        """``z -> (z - shift) / scale`` in the rows ``where``, ``()`` or ``(B, 1)``."""
        where = where.to(self._first.scale.device)
        if any((where & is_flat(T)).any() for T in self._parts.values()):
            flat = [name for name, T in self.maps.items() if (where & is_flat(T)).any()]
            raise InterventionError(
                f"not invertible: a scale is 0 at {some(flat)}; use a strength nearer to 0"
            )
        return self._each(lambda T: undo(T, where))

    def then(self, other: "Intervention") -> "Intervention":
        """``other`` after this one, as one intervention: ``z -> other(self(z))``; associative.

        Raises InterventionError for other sites, or rows of another number.
        """
        self.require_same_sites(other)
        if self.rows and other.rows and self.rows != other.rows:
            raise InterventionError(
                f"cannot compose {self.rows} rows with {other.rows}: they must be equal"
            )
        if isinstance(self.maps, Cut):
            whole = compose(self.maps.whole, other.flatten(self.maps))
            return Intervention(Cut(self._widths, whole))
        return Intervention({k: compose(T, other.maps[k]) for k, T in self.maps.items()})

    def __matmul__(self, other: "Intervention") -> "Intervention":
        """``a @ b`` acts as ``b`` first, then ``a``, as matrices do."""
        return other.then(self)

    def require_same_sites(self, other: "Intervention") -> None:
        """Raise InterventionError, naming the difference, unless both act on the same sites."""
        if self._widths == other._widths:
            return
        if odd := self.maps.keys() ^ other.maps.keys():
            raise InterventionError(
                f"two interventions on different sites, only one has {some(odd)}: "
                "make both for the same generator"
            )
        odd = {name for name, width in self._widths.items() if width != other._widths[name]}
        raise InterventionError(
            f"two interventions of different width at {some(odd)}: make both for the same generator"
        )

    def to(
        self, device: torch.device | str | None = None, dtype: torch.dtype | None = None
    ) -> "Intervention":
        """The same values on another device or in another dtype."""
        return self._each(lambda T: AffineMap(*(v.to(device=device, dtype=dtype) for v in T)))

    def flatten(self, names: Iterable[str] | None = None) -> AffineMap:
        """Sites as one map: scale and shift ``(*rows, total channels)``; all, or those named."""
        chosen = [*self.maps] if names is None else [*names]
        if isinstance(self.maps, Cut) and chosen == [*self.maps]:
            return self.maps.whole
        scales, shifts = zip(*(self.maps[name] for name in chosen), strict=True)
        return AffineMap(torch.cat(scales, -1), torch.cat(shifts, -1))

    @cached_property
    def _widths(self) -> Mapping[str, int]:
        if isinstance(self.maps, Cut):
            return self.maps.widths
        return {name: T.scale.shape[-1] for name, T in self.maps.items()}

    def flat_at(self, strength: Strength, names: Iterable[str] | None = None) -> AffineMap:
        """``at(strength).flatten(names)`` without a tensor for each site: to switch in no time."""
        s = as_strength(strength, self.rows)
        if (s < 0).any():  # where a site may have to be named that cannot be undone
            return self.at(strength).flatten(names)
        T = self.flatten(names)
        return blend(T, s.to(T.scale))

    def equals(self, other: "Intervention", atol: float = 0.0) -> bool:
        """Same sites, rows and dtypes, and every value within ``atol``."""
        return self.maps.keys() == other.maps.keys() and all(
            a.shape == b.shape and a.dtype == b.dtype and torch.allclose(a, b, rtol=0, atol=atol)
            for name, T in self.maps.items()
            for a, b in zip(T, other.maps[name], strict=True)
        )

    def save(
        self,
        path: str | os.PathLike,
        *,
        generator: str,
        generator_revision: str | None = None,
        note: Mapping[str, str] | None = None,
    ) -> None:
        """Write one safetensors file, atomically: a reader sees the old file or the new one.

        `generator` is the id of the one it was made for. Raises OSError where that cannot be.
        """
        packed = self.to_bytes(
            generator=generator, generator_revision=generator_revision, note=note
        )
        intervention_files.write(path, packed)

    def to_bytes(
        self,
        *,
        generator: str,
        generator_revision: str | None = None,
        note: Mapping[str, str] | None = None,
    ) -> bytes:
        """The content of the file that `save` writes, to be sent rather than kept."""
        told = (whole_name(generator), tuple(self.maps), dict(note or {}), generator_revision)
        return intervention_files.pack(intervention_files.Header(*told), self.maps)

    def save_pretrained(self, folder: str | Path, **saving: Any) -> None:
        """Write one file and its model card into a folder, atomically as a set; others stay.

        `saving` is what `save` takes.
        """
        with replacing_files(user_path(folder)) as new:
            self.save(new / intervention_files.FILE, **saving)
            header, _ = intervention_files.read(new / intervention_files.FILE)
            card = intervention_card(header, self.flatten().scale.shape[-1])
            (new / CARD).write_text(card, encoding="utf-8")

    @classmethod
    def from_pretrained(
        cls, source: str | Path, *, generator: str | None = None, **options: Any
    ) -> "Intervention":
        """Load a folder that `save_pretrained` wrote, or a repository of the hub as `user/name`.

        `options` (revision, token, cache_dir, local_files_only) are for the hub. Raises
        CheckpointError when it is not there, else InterventionError as `load` does.
        """
        folder = find_folder(source, (intervention_files.FILE,), "intervention", **options)
        return cls.load(current(folder, intervention_files.FILE), generator=generator)

    @classmethod
    @plain_torch()
    def load(cls, path: str | os.PathLike, *, generator: str | None = None) -> "Intervention":
        """Read, bit for bit, what ``save`` or ``save_pretrained`` wrote, trusted in nothing.

        Raises InterventionError when it is missing, damaged, of another version, holds other
        tensors than its sites need, or was made for another generator than ``generator``.
        """
        header, values = intervention_files.read(path)
        if generator and whole_name(generator) != whole_name(header.generator):
            raise InterventionError(
                f"{path} was made for {brief(header.generator)}: load that generator, not "
                f"{generator!r}"
            )
        try:
            return cls({name: AffineMap(*pair) for name, pair in values.items()})
        except InterventionError as error:
            raise InterventionError(f"{path} is damaged: {error}") from error

    def _each(self, change: Callable[[AffineMap], AffineMap]) -> "Intervention":
        if isinstance(self.maps, Cut):
            return Intervention(Cut(self._widths, change(self.maps.whole)))
        return Intervention({name: change(T) for name, T in self.maps.items()})
