"""The network of HyperTransport (arXiv 2605.08254): embedding -> {(scale_k, shift_k)}.

The paper's architecture beyond its abstract could not be read: this one is ours, after the heads
of Text-to-LoRA.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, fields
from itertools import groupby
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from hypertransport.errors import CheckpointError, brief, one_line
from hypertransport.hypernetwork_files import with_keys
from hypertransport.interventions import Intervention
from hypertransport.sites import Site, total_channels
from hypertransport.units import Units

MAX_SIZE = 2**16  # of any one dimension in a config file, which is trusted in nothing
MAX_SITES = 2**14
MAX_DEPTH = 64


@dataclass(frozen=True, slots=True)
class HyperNetworkConfig:
    """Shape of a hypernetwork; `rank` is the linear part's (0: none), `width` and `depth` are the
    trunk's, `latent_dim` is per site.

    `own_heads`: each site reads its maps with a head of its own, instead of one for all of a width.
    """

    embedding_dim: int
    sites: tuple[Site, ...]
    rank: int = 128
    width: int = 512
    depth: int = 3
    site_dim: int = 64
    latent_dim: int = 256
    own_heads: bool = False

    def to_dict(self) -> dict[str, Any]:
        """All fields as JSON can hold them; a site is [name, width, channel_dim]."""
        return asdict(self) | {"sites": [list(astuple(site)) for site in self.sites]}

    @classmethod
    def from_dict(cls, values: object) -> "HyperNetworkConfig":
        """The inverse of `to_dict`, strict: CheckpointError for any unknown or impossible value."""
        sizes = dict(with_keys(values, {field.name for field in fields(cls)}, "network"))
        rows, own_heads = sizes.pop("sites"), sizes.pop("own_heads")
        if type(own_heads) is not bool:
            raise CheckpointError(f"own_heads is {brief(own_heads)}; get the hypernetwork again")
        if (
            not all(_is_size(n) or (n == 0 and k == "rank") for k, n in sizes.items())
            or sizes["depth"] > MAX_DEPTH
        ):
            raise CheckpointError(f"impossible sizes {brief(sizes)}; get the hypernetwork again")
        if not isinstance(rows, list) or not 0 < len(rows) <= MAX_SITES:
            raise CheckpointError("its table of sites is damaged; get the hypernetwork again")
        sites = tuple(_to_site(row) for row in rows)
        if len({site.name for site in sites}) < len(sites):
            raise CheckpointError("it names a site twice; get the hypernetwork again")
        return cls(sites=sites, own_heads=own_heads, **sizes)


class Residual(nn.Module):
    """x + MLP(LayerNorm(x))."""

    def __init__(self, width: int):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, 2 * width)
        self.down = nn.Linear(2 * width, width)

    def forward(self, x: Float[Tensor, "*rows width"]) -> Float[Tensor, "*rows width"]:
        return x + self.down(F.gelu(self.up(self.norm(x))))


class Linear(nn.Module):
    """U V e + b, of rank r: (batch, dim) -> (batch, out). Zero at the start."""

    def __init__(self, dim: int, rank: int, out: int):
        super().__init__()
        self.down = nn.Linear(dim, rank)
        self.up = nn.Linear(rank, out)
        for parameter in self.up.parameters():
            nn.init.zeros_(parameter)
        self.store_by_columns()

    def forward(self, x: Float[Tensor, "batch dim"]) -> Float[Tensor, "batch out"]:
        return self.up(self.down(x))

    def store_by_columns(self) -> None:
        """Keep U, (out, r), column after column in memory: by rows, one concept's product with so
        tall and narrow a matrix takes up to twice as long (LOG.md). In a file it lies by rows."""
        self.up.weight.data = self.up.weight.data.T.contiguous().T


class OwnHeads(nn.Module):
    """H_k z_k + b_k for all sites of one width, each with a head of its own."""

    def __init__(self, sites: int, latent_dim: int, out: int):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(sites, out, latent_dim))
        self.bias = nn.Parameter(torch.empty(sites, out))

    def forward(self, z: Float[Tensor, "batch sites latent"]) -> Float[Tensor, "batch sites out"]:
        return torch.einsum("bkl,kol->bko", z, self.weight) + self.bias


class HyperNetwork(nn.Module):
    """h: embedding e -> {(scale_k, shift_k)}, all sites of one width in one matrix product.

    Trunk: u = MLP(e). Site k: z_k = MLP(u, its learned embedding). Head, shared by the sites of a
    width or one for each: (d_scale, d_shift)_k = H z_k + (U V e)_k, the map's deviations from the
    identity in the source's own `units`. H and U are zero at the start.

    What is linear in the embedding carries over to concepts never seen; the trunk learns what is
    not [ours].

    Untrained it is exactly the identity. `source_mean` and `source_std` are (channels,) in site
    order; they start at 0 and 1 and are set by `calibrate`.
    """

    source_mean: Tensor
    source_std: Tensor

    def __init__(self, config: HyperNetworkConfig):
        super().__init__()
        self.config = config
        channels = total_channels(config.sites)
        sizes = config.embedding_dim, config.rank, 2 * channels
        self.linear = Linear(*sizes) if config.rank else None
        self.trunk = nn.Sequential(
            nn.Linear(config.embedding_dim, config.width),
            *(Residual(config.width) for _ in range(config.depth)),
            nn.LayerNorm(config.width),
        )
        self.site = nn.Parameter(torch.randn(len(config.sites), config.site_dim))
        self.from_concept = nn.Linear(config.width, config.latent_dim)
        self.from_site = nn.Linear(config.site_dim, config.latent_dim)
        self.latent = nn.Sequential(Residual(config.latent_dim), nn.LayerNorm(config.latent_dim))
        self.places = _places(config.sites)
        self.runs = _runs(config.sites)
        self.heads = nn.ModuleDict(
            {
                str(width): OwnHeads(len(places), config.latent_dim, 2 * width)
                if config.own_heads
                else nn.Linear(config.latent_dim, 2 * width)
                for width, places in self.places.items()
            }
        )
        for parameter in self.heads.parameters():
            nn.init.zeros_(parameter)
        self.register_buffer("source_mean", torch.zeros(channels))
        self.register_buffer("source_std", torch.ones(channels))

    def forward(self, e: Float[Tensor, "batch dim"]) -> Intervention:
        """One row of maps per embedding; embeddings of any length are normalised first."""
        x = standardised(e)
        deviations = self._deviations(self._latents(x))
        if self.linear is not None:
            deviations = deviations + self.linear(x).unflatten(-1, (2, -1))
        return self.units.maps(*deviations.unbind(1))

    @property
    def units(self) -> Units:
        """What the heads' numbers are measured in."""
        return Units(self.config.sites, self.source_mean, self.source_std)

    def size(self, maps: Intervention) -> Float[Tensor, "*rows"]:
        """The root mean square of the maps' deviations from the identity, in the units."""
        return torch.cat(self.units.deviations(maps), -1).square().mean(-1).sqrt()

    def calibrate(self, mean: Float[Tensor, "channels"], std: Float[Tensor, "channels"]) -> None:
        """Set the statistics of every channel over the unsteered generator's activations."""
        self.source_mean.copy_(mean)
        self.source_std.copy_(std)

    def _latents(self, x: Float[Tensor, "batch dim"]) -> Float[Tensor, "batch sites latent"]:
        return self.latent(self.from_concept(self.trunk(x))[:, None] + self.from_site(self.site))

    def _deviations(
        self, z: Float[Tensor, "batch sites latent"]
    ) -> Float[Tensor, "batch two channels"]:
        """What the heads say of d_scale and d_shift, in site order."""
        said = {}
        for width, places in self.places.items():
            pairs = self.heads[str(width)](z[:, places]).unflatten(-1, (2, width))
            said[width] = pairs.transpose(1, 2)
        return torch.cat([said[width][:, :, run].flatten(2) for width, run in self.runs], dim=-1)


def standardised(e: Float[Tensor, "*rows dim"]) -> Float[Tensor, "*rows dim"]:
    """Unit variance rather than unit length: what a linear layer's initialisation expects."""
    return F.normalize(e, dim=-1) * e.shape[-1] ** 0.5


def build(config: object, weights: Mapping[str, Tensor]) -> HyperNetwork:
    """The network of a folder, ready to run. CheckpointError where weights and sizes differ."""
    with torch.device("meta"):  # so that impossible sizes meet the real tensors before any memory
        network = HyperNetwork(HyperNetworkConfig.from_dict(config))
    try:
        network.load_state_dict(weights, assign=True)
    except RuntimeError as error:
        raise CheckpointError(f"the weights do not fit the config ({one_line(error)})") from error
    if network.linear is not None:
        network.linear.store_by_columns()
    return network.eval()


def _places(sites: tuple[Site, ...]) -> dict[int, list[int]]:
    """Width -> the positions of the sites that have it."""
    places: dict[int, list[int]] = {}
    for k, site in enumerate(sites):
        places.setdefault(site.width, []).append(k)
    return places


def _runs(sites: tuple[Site, ...]) -> list[tuple[int, slice]]:
    """All sites in order, those of one width that follow each other as (width, which of it)."""
    runs, taken = [], Counter[int]()
    for width, some in groupby(site.width for site in sites):
        count = sum(1 for _ in some)
        runs.append((width, slice(taken[width], taken[width] + count)))
        taken[width] += count
    return runs


def _is_size(value: object) -> bool:
    return type(value) is int and 0 < value <= MAX_SIZE


def _to_site(row: object) -> Site:
    match row:
        case [str(name), width, 1 | -1 as channel_dim] if _is_size(width):
            return Site(name, width, channel_dim)
    raise CheckpointError(f"{brief(row)} is no site; get the hypernetwork again")
