"""What is done to a model: named affine maps and their algebra (file: ``intervention_files``)."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor

from . import intervention_files
from .errors import InterventionError, StrengthError
from .sites import Site, some

Strength: TypeAlias = int | float | Sequence[int | float] | Float[Tensor, ""] | Float[Tensor, " b"]


class AffineMap(NamedTuple):
    """``z -> scale * z + shift`` per channel; a leading axis holds one map per row of a batch."""

    scale: Float[Tensor, "*rows channels"]
    shift: Float[Tensor, "*rows channels"]


@dataclass(frozen=True, eq=False)
class Intervention:
    """One affine map per site, ``{site name: (scale, shift)}``, as a plain frozen value.

    All maps are ``(C,)``, or all are ``(B, C)``: one row per image of a batch. Values may carry
    gradients. Raises InterventionError when shapes or dtypes do not agree.
    """

    maps: Mapping[str, AffineMap]

    def __post_init__(self) -> None:
        object.__setattr__(self, "maps", MappingProxyType(dict(self.maps)))
        if not self.maps:
            raise InterventionError("an intervention needs at least one site")
        for name, (scale, shift) in self.maps.items():
            _check_map(name, scale, shift)
        if len({T.scale.shape[:-1] for T in self.maps.values()}) > 1:
            raise InterventionError("all sites of an intervention need the same number of rows")

    @classmethod
    def identity(cls, sites: Sequence[Site], rows: int | None = None) -> "Intervention":
        """The intervention that changes nothing: scale 1, shift 0 at every site."""
        shapes = {s.name: (s.width,) if rows is None else (rows, s.width) for s in sites}
        return cls({k: AffineMap(torch.ones(s), torch.zeros(s)) for k, s in shapes.items()})

    @classmethod
    def from_flat(
        cls,
        sites: Sequence[Site],
        scale: Float[Tensor, "*rows channels"],
        shift: Float[Tensor, "*rows channels"],
    ) -> "Intervention":
        """The inverse of ``flatten``: cut all channels into sites, in order."""
        widths = [site.width for site in sites]
        if scale.shape[-1] != sum(widths):
            raise InterventionError(
                f"{scale.shape[-1]} channels do not fill the sites' {sum(widths)}: "
                "give the sites that the values were made for"
            )
        pairs = zip(scale.split(widths, -1), shift.split(widths, -1), strict=True)
        return cls({s.name: AffineMap(*pair) for s, pair in zip(sites, pairs, strict=True)})

    @classmethod
    def stack(cls, interventions: Iterable["Intervention"]) -> "Intervention":
        """One row per intervention (rows of batched ones in turn), for a batch that mixes them."""
        first, *rest = interventions
        for other in rest:
            first.require_same_sites(other)
        return cls({name: _cat_rows([T.maps[name] for T in (first, *rest)]) for name in first.maps})

    @property
    def rows(self) -> int | None:
        """The number of rows ``B``, or None when one map serves every image."""
        scale = self._first.scale
        return None if scale.ndim == 1 else len(scale)

    @property
    def _first(self) -> AffineMap:
        return next(iter(self.maps.values()))

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
        """``T(z; s) = (1 - s) z + s T(z)`` (Lin-AcT, LinEAS): identity at 0, ``T`` at 1, exactly.

        ``s`` is one number or one per row; without rows, ``B`` numbers make ``B`` rows. Beyond
        [0, 1] it extrapolates. Raises StrengthError when not finite or not one per row.
        """
        s = _as_strength(strength, self.rows).to(self._first.scale)
        return self._each(lambda T: AffineMap((1 - s) + s * T.scale, s * T.shift))

    def inverse(self) -> "Intervention":
        """The intervention that undoes this one; InterventionError where a scale is close to 0."""
        for name, T in self.maps.items():
            if (T.scale.abs() <= torch.finfo(T.scale.dtype).eps).any():
                raise InterventionError(
                    f"not invertible: a scale is 0 at {name}; use a strength below 1"
                )
        return self._each(lambda T: AffineMap(1 / T.scale, -T.shift / T.scale))

    def then(self, other: "Intervention") -> "Intervention":
        """``other`` after this one, as one intervention: ``z -> other(self(z))``; associative."""
        self.require_same_sites(other)
        if self.rows and other.rows and self.rows != other.rows:
            raise InterventionError(
                f"cannot compose {self.rows} rows with {other.rows}: they must be equal"
            )
        return Intervention({k: _compose(T, other.maps[k]) for k, T in self.maps.items()})

    def __matmul__(self, other: "Intervention") -> "Intervention":
        """``a @ b`` acts as ``b`` first, then ``a``, as matrices do."""
        return other.then(self)

    def require_same_sites(self, other: "Intervention") -> None:
        """Raise InterventionError, naming the difference, unless both act on the same sites."""
        if odd := self.maps.keys() ^ other.maps.keys():
            raise InterventionError(
                f"two interventions on different sites, only one has {some(odd)}: "
                "make both for the same generator"
            )

    def to(
        self, device: torch.device | str | None = None, dtype: torch.dtype | None = None
    ) -> "Intervention":
        """The same values on another device or in another dtype."""
        return self._each(lambda T: AffineMap(*(v.to(device=device, dtype=dtype) for v in T)))

    def flatten(self) -> AffineMap:
        """All sites as one map: scale and shift ``(*rows, total channels)``, in site order."""
        scales, shifts = zip(*self.maps.values(), strict=True)
        return AffineMap(torch.cat(scales, -1), torch.cat(shifts, -1))

    def equals(self, other: "Intervention", atol: float = 0.0) -> bool:
        """Same sites, rows and dtypes, and every value within ``atol``."""
        return self.maps.keys() == other.maps.keys() and all(
            a.shape == b.shape and a.dtype == b.dtype and torch.allclose(a, b, rtol=0, atol=atol)
            for name, T in self.maps.items()
            for a, b in zip(T, other.maps[name], strict=True)
        )

    def save(
        self, path: str | os.PathLike, *, generator: str, note: Mapping[str, str] | None = None
    ) -> None:
        """Write one safetensors file, atomically: a reader sees the old file or the new one."""
        header = intervention_files.Header(generator, tuple(self.maps), dict(note or {}))
        intervention_files.write(path, header, self.maps)

    @classmethod
    def load(cls, path: str | os.PathLike, *, generator: str | None = None) -> "Intervention":
        """Read, bit for bit, what ``save`` wrote; the file is trusted in nothing.

        Raises InterventionError when it is missing, damaged, of another version, holds other
        tensors than its sites need, or was made for another generator than ``generator``.
        """
        header, values = intervention_files.read(path)
        if generator not in (None, header.generator):
            raise InterventionError(
                f"{path} was made for {header.generator!r}: load that generator, not {generator!r}"
            )
        try:
            return cls({name: AffineMap(*pair) for name, pair in values.items()})
        except InterventionError as error:
            raise InterventionError(f"{path} is damaged: {error}") from error

    def _each(self, change: Callable[[AffineMap], AffineMap]) -> "Intervention":
        return Intervention({name: change(T) for name, T in self.maps.items()})


def _check_map(name: str, scale: Tensor, shift: Tensor) -> None:
    if scale.shape != shift.shape or scale.ndim not in (1, 2) or not scale.numel():
        raise InterventionError(
            f"scale {tuple(scale.shape)} and shift {tuple(shift.shape)} at {name}: "
            "both must be (channels,) or (rows, channels)"
        )
    if scale.dtype != shift.dtype or not scale.is_floating_point():
        raise InterventionError(
            f"scale is {scale.dtype} and shift {shift.dtype} at {name}: give one float type"
        )


def _as_strength(strength: Strength, rows: int | None) -> Tensor:
    """``()`` for one number, ``(B, 1)`` for one per row."""
    s = strength if isinstance(strength, Tensor) else torch.tensor(strength, dtype=torch.float64)
    if not s.isfinite().all():
        raise StrengthError(f"strength {strength} is not finite: give a number such as 0.8")
    if s.ndim > 1 or (s.ndim == 1 and len(s) != (rows or max(1, len(s)))):
        raise StrengthError(
            f"strengths of shape {tuple(s.shape)} for {rows or 'no'} rows: give one, or one per row"
        )
    return s.unsqueeze(-1) if s.ndim else s


def _compose(first: AffineMap, second: AffineMap) -> AffineMap:
    return AffineMap(second.scale * first.scale, second.scale * first.shift + second.shift)


def _cat_rows(maps: Sequence[AffineMap]) -> AffineMap:
    scales, shifts = zip(*maps, strict=True)
    return AffineMap(*(torch.cat([torch.atleast_2d(v) for v in vs]) for vs in (scales, shifts)))
