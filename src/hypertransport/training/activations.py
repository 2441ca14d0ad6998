"""What the loss compares: activations of every site, pooled per sample, and the targets' cache.

The published losses pool by the mean over positions, which sees a tint but no structure. The
pooling is therefore a choice (`pooling_weights`), with the mean as the reference.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, Int
from safetensors import safe_open
from torch import Tensor, nn
from torch.utils._pytree import tree_map

from hypertransport.errors import ConfigError
from hypertransport.generators.base import Generator
from hypertransport.sites import Site
from hypertransport.training.checkpoints import save_tensors


@lru_cache(maxsize=256)
def pooling_weights(pooling: str, positions: int) -> Float[Tensor, "features positions"]:
    """How positions become features: rows are weighted means over the positions of one sample.

    `mean`: one row, the published choice. `position`: every position by itself. `random-R`: the
    mean and R - 1 random signs over positions, fixed by their count. [ours, all but `mean`]

    Raises ConfigError for any other name.
    """
    mean = torch.full((1, positions), 1 / positions)
    if pooling == "mean":
        return mean
    if pooling == "position":
        return torch.eye(positions)
    kind, _, count = pooling.partition("-")
    if kind != "random" or not count.isdecimal() or not 1 <= int(count) <= 64:
        raise ConfigError(f"unknown pooling '{pooling}'; use mean, position or random-R (R 1 to 64)")
    signs = torch.randint(0, 2, (int(count) - 1, positions), generator=torch.Generator().manual_seed(positions))
    return torch.cat([mean, (2.0 * signs - 1) / positions])


def pooled(z: Float[Tensor, "rows ..."], site: Site, pooling: str) -> Float[Tensor, "rows features"]:
    """One sample's activations as features: (rows, weights x channels), in float32."""
    tokens = z.flatten(2).mT if site.channel_dim == 1 else z.flatten(1, -2)
    weights = pooling_weights(pooling, tokens.shape[1]).to(z.device)
    return (weights @ tokens.float()).flatten(1)


@contextmanager
def recording(generator: Generator, pooling: str) -> Iterator[dict[str, Tensor]]:
    """Fill a dict with every site's pooled output while the backbone runs inside the block."""
    features: dict[str, Tensor] = {}
    modules = dict(generator.backbone.named_modules())

    def keep(site: Site):
        def hook(_module: nn.Module, _args: Any, output: Tensor) -> None:
            features[site.name] = pooled(output, site, pooling)

        return hook

    handles = [modules[site.name].register_forward_hook(keep(site)) for site in generator.sites]
    try:
        yield features
    finally:
        for handle in handles:
            handle.remove()


def activations(generator: Generator, inputs: dict[str, Any], pooling: str) -> Float[Tensor, "rows features"]:
    """Run the backbone once and return the features of all sites, side by side, in site order.

    Whatever `attach` or `steer` has put on the backbone acts, and gradients flow.
    """
    with recording(generator, pooling) as features:
        generator.backbone(**inputs)
    return torch.cat([features[site.name] for site in generator.sites], 1)


def feature_weights(generator: Generator, inputs: dict[str, Any], pooling: str) -> Float[Tensor, "features"]:
    """Weights that turn a sum over features into a mean over channels, then over sites."""
    with torch.no_grad(), recording(generator, pooling) as features:
        generator.backbone(**take(inputs, torch.arange(1)))
    counts = [features[site.name].shape[1] for site in generator.sites]
    return torch.cat([torch.full((n,), 1 / (n * len(counts))) for n in counts])


def channels_of_features(generator: Generator, inputs: dict[str, Any], pooling: str) -> Int[Tensor, "features"]:
    """Which channel, counted over all sites, each feature belongs to."""
    with torch.no_grad(), recording(generator, pooling) as features:
        generator.backbone(**take(inputs, torch.arange(1)))
    start, pieces = 0, []
    for site in generator.sites:
        repeats = features[site.name].shape[1] // site.width
        pieces.append(torch.arange(start, start + site.width).repeat(repeats))
        start += site.width
    return torch.cat(pieces)


# --- inputs of the backbone, recorded once and drawn from ever after --------------------------------


def record_bank(generator: Generator, prompts: Sequence[str], seeds: Sequence[int], batch: int = 32) -> dict[str, Any]:
    """The backbone's inputs for many prompts: one nested dict with all rows."""
    parts = [
        generator.record_inputs(list(prompts[i : i + batch]), list(seeds[i : i + batch]))
        for i in range(0, len(prompts), batch)
    ]
    return _join(parts)


def _join(parts: list[Any]) -> Any:
    first = parts[0]
    if isinstance(first, dict):
        return {key: _join([part[key] for part in parts]) for key in first}
    return torch.cat(parts) if isinstance(first, Tensor) and first.ndim > 1 else first


def take(inputs: dict[str, Any], rows: Int[Tensor, "n"]) -> dict[str, Any]:
    """Some rows of recorded inputs; what has no rows (the timestep, flags) stays as it is."""
    return tree_map(lambda v: v[rows] if isinstance(v, Tensor) and v.ndim > 1 else v, inputs)


# --- the cache ----------------------------------------------------------------------------------------


class TargetCache:
    """Sorted target features of every concept on disk, memory-mapped: (m, features) each, bfloat16."""

    def __init__(self, path: Path):
        self.path = path
        self._file = safe_open(path, "pt")
        self.metadata: dict[str, str] = self._file.metadata()

    def __getitem__(self, concept: str) -> Float[Tensor, "m features"]:
        return self._file.get_tensor(concept).float()

    def batch(self, concepts: Sequence[str]) -> Float[Tensor, "concepts m features"]:
        return torch.stack([self[name] for name in concepts])

    @classmethod
    def write(cls, path: Path, features: dict[str, Tensor], metadata: dict[str, str]) -> "TargetCache":
        """Sort each concept's (m, features) along the samples in float32 and store it."""
        rows = {name: x.float().sort(0).values.bfloat16() for name, x in features.items()}
        save_tensors(path, rows, metadata)
        return cls(path)
