"""Where a model can be steered: the norm layers whose outputs carry one map per channel."""

from collections import Counter
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


def find_sites(model: nn.Module, patterns: Sequence[str] = ("*norm*",)) -> tuple[Site, ...]:
    """All norm layers of ``model`` whose dotted name matches one of the globs, in module order.

    The default is the choice of LinEAS (2503.10679) for DMD2, ``unet.*norm.*``: 256 modules and
    294,080 channels. Raises GeneratorError when nothing matches.
    """
    sites = (
        site_of(name, module)
        for name, module in uncompiled(model).named_modules()
        if any(fnmatchcase(name, pattern) for pattern in patterns)
    )
    found = tuple(site for site in sites if site is not None)
    if not found:
        raise GeneratorError(
            f"no norm layer of {type(model).__name__} matches {', '.join(map(repr, patterns))}: "
            "look at model.named_modules() and give globs such as '*norm1'"
        )
    return found


def total_channels(sites: Sequence[Site]) -> int:
    """The channels of all sites; an intervention has two numbers for each."""
    return sum(site.width for site in sites)


def describe(sites: Sequence[Site]) -> str:
    """A table of the sites, one line per layout and width, with a total."""
    lines = [f"{'layout':<8}{'width':>7}{'sites':>7}{'channels':>10}"]
    for (layout, width), count in sorted(Counter((s.layout, s.width) for s in sites).items()):
        lines.append(f"{layout:<8}{width:>7,}{count:>7,}{width * count:>10,}")
    lines.append(f"{'total':<15}{len(sites):>7,}{total_channels(sites):>10,}")
    return "\n".join(lines)


def some(names: Collection[str], limit: int = 3) -> str:
    """The first of many site names, for a message."""
    more = len(names) - limit
    return ", ".join(sorted(names)[:limit]) + (f" and {more} more" if more > 0 else "")
