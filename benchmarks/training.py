"""A training step: batches that mix concepts, with cached sorted targets, against one at a time.

The peer takes one concept a step, whose targets are run through the untouched generator and sorted
in that step, as fitting them one by one would. Seconds are by the concept. On a CPU DMD2 is left
out, where a step of both takes half a minute; `full-size.md` has its steps.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from benchmarks.cases import SMALL, Case, load
from benchmarks.measuring import (
    SEED,
    Row,
    Run,
    Way,
    bound,
    in_turns,
    operations_of,
    row,
    weight_bytes,
)
from hypertransport.network import HyperNetwork
from hypertransport.sites import total_channels
from hypertransport.training.config import TrainConfig
from hypertransport.training.optimization import RISE, make_optimizer, update
from hypertransport.training.problem import Problem, features
from hypertransport.units import Units

SIZES = {SMALL: (8, 16), "nitro": (4, 8), "dmd2": (4, 8)}  # concepts a step, samples of each
SLOW = SIZES | {"nitro": (2, 2)}


def measure(run: Run) -> Iterator[Row]:
    for name in SIZES if run.quick or not run.slow else (SMALL, "nitro"):
        yield one_size(load(name, run), run)


def one_size(case: Case, run: Run) -> Row:
    concepts, samples = (2, 2) if run.quick else (SLOW if run.slow else SIZES)[case.name]
    mixed, single = step(case, run, concepts, samples), step(case, run, 1, samples, cached=False)
    ways = [
        Way(f"{concepts} concepts mixed, targets cached, a concept", mixed, times=1 / concepts),
        Way("one concept, targets run and sorted", single),
    ]
    ours, peer = in_turns(run, ways)
    backbone = case.generator.backbone
    work = operations_of(mixed) / concepts
    least = bound(run.machine, 2 * weight_bytes(backbone) / concepts, work)
    facts = {"concepts a second": 1 / ours.median, "peer's concepts a second": 1 / peer.median}
    note = f"{case.note}; {samples} samples of a concept"
    return row(case.name, "a training step", ours, peer, note=note, facts=facts, **least)


def step(
    case: Case, run: Run, concepts: int, samples: int, cached: bool = True
) -> Callable[[], None]:
    """A step of `amortized`: a network of the recipe's size, learning."""
    network = fresh_network(case, run)
    optimizer = make_optimizer(network)
    e = torch.randn(concepts, network.config.embedding_dim).to(run.device)
    inputs, others = (case.inputs(concepts * samples, seed) for seed in (SEED, SEED + 1))

    @torch.no_grad()
    def targets() -> torch.Tensor:
        found = features(case.generator, others)
        return found.unflatten(0, (concepts, samples)).sort(1).values

    kept, alike = targets(), measures(case, run)

    def action() -> None:
        y = kept if cached else targets()
        Problem(case.generator, inputs, y, *alike).cost(network(e)).mean().backward()
        update(network, optimizer, CONFIG, RISE)

    return action


CONFIG = TrainConfig.load(Path(__file__).parent.parent / "recipes/natural/dmd2.toml")


def fresh_network(case: Case, run: Run) -> HyperNetwork:
    torch.manual_seed(SEED)
    return HyperNetwork(case.hyper.network.config).to(run.device)


def measures(case: Case, run: Run) -> tuple[torch.Tensor, Units]:
    """Every channel counts alike."""
    sites = case.generator.sites
    ones = torch.ones(total_channels(sites), device=run.device)
    return ones / len(ones), Units(sites, torch.zeros_like(ones), ones)
