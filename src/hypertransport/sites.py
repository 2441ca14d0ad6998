"""Where a model can be steered: the norm layers whose outputs carry one map per channel."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from diffusers.models import normalization
from torch import nn

from .errors import GeneratorError


@dataclass(frozen=True, slots=True)
class Site:
    """One module whose output may be changed: its dotted name and number of channels.

    ``channel_dim`` is the axis of the output that holds the channels: 1 for spatial layouts
    ``(B, C, H, W)``, -1 for token layouts ``(B, N, C)``.
    """

    name: str
    width: int
    channel_dim: Literal[1, -1]

    @property
    def layout(self) -> Literal["spatial", "token"]:
        """Whether outputs are grids of positions, or lists of them."""
        return "spatial" if self.channel_dim == 1 else "token"


def site_of(name: str, module: nn.Module) -> Site | None:
    """The site that ``module`` offers, or None when it is no per-channel norm layer."""
    match module:
        case nn.GroupNorm(num_channels=width) | nn.BatchNorm2d(num_features=width):
            return Site(name, width, 1)
        case nn.LayerNorm(normalized_shape=(width,)) | nn.RMSNorm(normalized_shape=(width,)):
            return Site(name, width, -1)
        case normalization.RMSNorm(dim=(width,)) | normalization.MochiRMSNorm(dim=(width,)):
            return Site(name, width, -1)
    return None


def uncompiled(model: nn.Module) -> nn.Module:
    """The model inside ``torch.compile(model)``, whose modules keep their own names."""
    return getattr(model, "_orig_mod", model)


def is_compiled(model: nn.Module) -> bool:
    """Whether ``torch.compile`` made it, or compiles its forward pass, or its blocks', in place."""
    within = any(getattr(module, "_compiled_call_impl", None) for module in model.modules())
    return uncompiled(model) is not model or within


def find_sites(model: nn.Module, patterns: str | Sequence[str] = "*norm*") -> tuple[Site, ...]:
    """All norm layers of ``model`` whose dotted name matches a glob, in module order.

    The default is the choice of LinEAS (2503.10679) for DMD2, ``unet.*norm.*``: 256 modules and
    294,080 channels. Raises GeneratorError, which says what there is, when nothing matches.
    """
    patterns = [patterns] if isinstance(patterns, str) else patterns
    modules = uncompiled(model).named_modules()
    sites = [site for name, module in modules if (site := site_of(name, module))]
    found = tuple(s for s in sites if any(fnmatchcase(s.name, pattern) for pattern in patterns))
    if not found:
        raise GeneratorError(
            f"no norm layer of {type(model).__name__} matches {', '.join(map(repr, patterns))}: "
            f"it has {some({_pattern(site.name) for site in sites}) or 'none'}"
        )
    return found


def total_channels(sites: Sequence[Site]) -> int:
    """The channels of all sites; an intervention has two numbers for each."""
    return sum(site.width for site in sites)


def describe(model: nn.Module, sites: Sequence[Site]) -> str:
    """A table of the sites of ``model``, one line per kind, to choose patterns from.

    A kind is the sites whose names differ in their indices only. Its name, with ``*`` for an index,
    is a pattern for ``find_sites``. ``weights`` are the norm's own.
    """
    modules, kinds = dict(uncompiled(model).named_modules()), defaultdict(list)
    for site in sites:
        kinds[_pattern(site.name), site.layout, _own(modules[site.name])].append(site.width)
    rows = [("pattern", "layout", "width", "sites", "channels", "weights")]
    for (pattern, layout, own), widths in kinds.items():
        width = " to ".join(f"{w:,}" for w in sorted({min(widths), max(widths)}))
        rows.append((pattern, layout, width, f"{len(widths):,}", f"{sum(widths):,}", own))
    rows.append(("total", "", "", f"{len(sites):,}", f"{total_channels(sites):,}", ""))
    return _aligned(rows, left=(0, 1, 5))


def _aligned(rows: Sequence[Sequence[str]], left: Collection[int]) -> str:
    """Columns two spaces apart, those named in ``left`` flush left and the others right."""
    columns = []
    for i, column in enumerate(zip(*rows, strict=True)):
        wide = max(map(len, column))
        columns.append([x.ljust(wide) if i in left else x.rjust(wide) for x in column])
    return "\n".join("  ".join(row).rstrip() for row in zip(*columns, strict=True))


def _pattern(name: str) -> str:
    """``blocks.*.norm1`` for ``blocks.3.norm1``."""
    return re.sub(r"\b\d+\b", "*", name)


def _own(norm: nn.Module) -> str:
    """The affine weights that a norm has of its own; many are modulated from outside instead."""
    return ", ".join(name for name, _ in norm.named_parameters()) or "none"


def some(names: Collection[str], limit: int = 3) -> str:
    """The first of many site names, for a message."""
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(f"{name:.80}" for name in sorted(names)[:limit]) + more
