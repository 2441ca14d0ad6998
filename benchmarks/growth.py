"""How time and memory grow with sites, channels, concepts at once and samples.

From an embedding to maps by sites and by concepts (sites of 1,280 channels), and the transport
cost with its gradient by channels and by samples. The exponent is that of a power law fitted to
the upper half of the sizes; 1 is growth in proportion.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch

from benchmarks.measuring import SEED, Row, Run, Way, bound, in_turns, operations_of
from benchmarks.transport_cost import with_gradient
from hypertransport.network import HyperNetwork, HyperNetworkConfig
from hypertransport.sites import Site
from hypertransport.transport import transport_cost

WIDTH, EMBEDDING = 1280, 768
SIZES = {
    "sites": (16, 32, 64, 128, 256, 512),
    "concepts at once": (1, 4, 16, 64, 128, 256),
    "channels": (8192, 16384, 32768, 65536, 131072, 262144),
    "samples": (8, 16, 32, 64, 128, 256),
}
Action = Callable[[], object]


def measure(run: Run) -> Iterator[Row]:
    makers = {
        "sites": lambda n: maps(run, sites=n, concepts=1),
        "concepts at once": lambda n: maps(run, sites=32, concepts=n),
        "channels": lambda n: cost(run, channels=n, samples=32),
        "samples": lambda n: cost(run, channels=16384, samples=n),
    }
    for axis, make in makers.items():
        sizes = (2, 4, 8) if run.quick else SIZES[axis]
        yield grown(run, axis, sizes, make)


def grown(
    run: Run, axis: str, sizes: Sequence[int], make: Callable[[int], tuple[Action, float]]
) -> Row:
    """All sizes of one axis, in turns."""
    made = [make(n) for n in sizes]
    timed = in_turns(
        run, [Way(f"{n:,} {axis}", action) for n, (action, _) in zip(sizes, made, strict=True)]
    )
    points = [(float(n), t.median, t.mib) for n, t in zip(sizes, timed, strict=True)]
    times, memory = (exponent([(p[0], p[k]) for p in points]) for k in (1, 2))
    facts = {"exponent of time": times, "exponent of memory": memory}
    last, (action, moved) = timed[-1], made[-1]
    what = "embedding to maps" if axis in ("sites", "concepts at once") else "transport cost"
    return Row(
        axis, what, last.how, last.median, last.mib, run.repeats,
        facts=facts, points=points, **bound(run.machine, moved, operations_of(action)),
    )  # fmt: skip


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """The slope in logarithms, over the larger half of the sizes; NaN for what is not positive."""
    upper = np.array(points[len(points) // 2 - 1 :])
    if (upper <= 0).any():
        return float("nan")
    size, value = np.log(upper).T
    return float(np.polyfit(size, value, 1)[0])


def maps(run: Run, sites: int, concepts: int) -> tuple[Action, float]:
    """The hypernetwork alone, and the bytes that it reads and writes at least."""
    torch.manual_seed(SEED)
    table = tuple(Site(f"norm{k}", WIDTH, -1) for k in range(sites))
    network = HyperNetwork(HyperNetworkConfig(EMBEDDING, table)).to(run.device).eval()
    e = torch.randn(concepts, EMBEDDING).to(run.device)
    weights = 4 * sum(p.numel() for p in network.parameters())
    return torch.no_grad()(lambda: network(e)), weights + 4 * 2 * concepts * sites * WIDTH


def cost(run: Run, channels: int, samples: int) -> tuple[Action, float]:
    """Unequal counts: five targets for eight sources."""
    draw, m = torch.Generator().manual_seed(SEED), max(1, 5 * samples // 8)
    x = torch.randn(samples, channels, generator=draw).to(run.device).requires_grad_()
    y = torch.randn(m, channels, generator=draw).to(run.device)
    return with_gradient(x, lambda: transport_cost(x, y)), 4 * channels * (2 * samples + m + 1)
