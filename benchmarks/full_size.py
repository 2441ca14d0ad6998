"""DMD2's and Nitro's denoisers at full size, steered and trained through: `make full-size`.

python -m benchmarks.full_size [--targets dmd2 nitro] [--pixels 512 1024] [--out FILE]

Weights are random and nothing is downloaded. Only the denoiser is there: latents and text states
are random too, of the shapes that the pipelines give. Writes docs/results/full-size.json; what is
measured, docs/full-size.md says.
"""

import argparse
import json
import math
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

from benchmarks.measuring import what_it_is
from benchmarks.memory import peak_gib, reset_peak
from benchmarks.random_targets import TARGETS, Target, build, counts, recipe
from hypertransport.errors import GeneratorError
from hypertransport.generators.base import Generator, choose_device
from hypertransport.interventions import Intervention
from hypertransport.network import HyperNetwork
from hypertransport.replacing import replacing
from hypertransport.sites import total_channels
from hypertransport.steering import steer
from hypertransport.training import amortized, lineas
from hypertransport.training.config import TrainConfig
from hypertransport.training.optimization import RISE, make_optimizer, update
from hypertransport.training.problem import Problem, cost_units, features, inverse_variances
from hypertransport.training.recompute import checkpoint_blocks

ROOT = Path(__file__).parent.parent
RESULT = ROOT / "docs/results/full-size.json"
SEED, REPEATS = 8, 3
CONCEPTS, SAMPLES = 2, 2  # of a step: four rows, as many as a batch of LinEAS's public code
EMBEDDING = 768  # numbers of a concept's embedding, as of CLIP ViT-L/14

# --- what is timed --------------------------------------------------------------------------------


@torch.no_grad()
def forward(generator: Generator, inputs: Mapping[str, Any]) -> float:
    """One call of the denoiser; the standard deviation of its answer."""
    return generator.backbone(**inputs)[0].float().std().item()


def random_maps(generator: Generator) -> Intervention:
    """Not far from the identity at any site."""
    draw = torch.Generator().manual_seed(SEED)
    scale, shift = 0.1 * torch.randn(2, total_channels(generator.sites), generator=draw)
    return Intervention.from_flat(generator.sites, 1 + scale, shift)


@torch.no_grad()
def random_problem(
    generator: Generator,
    target: Target,
    pixels: int,
    config: TrainConfig,
    shape: tuple[int, int] = (CONCEPTS, SAMPLES),
) -> Problem:
    """Source and target rows that share nothing, of so many concepts and samples of each."""
    rows, half = math.prod(shape), config.bfloat16
    sources, others = (target.inputs(generator, rows, pixels, seed) for seed in (SEED, SEED + 1))
    y = features(generator, others, bfloat16=half).unflatten(0, shape).sort(1).values
    weights = inverse_variances(generator, [sources], config.pooling)
    units = cost_units(generator, [sources])
    return Problem(generator, sources, y, weights, units, config.pooling, half)


def hypernetwork_step(problem: Problem, config: TrainConfig) -> Callable[[], float]:
    """A step of `amortized` by a new network of the recipe's size; it returns the cost."""
    sites, units = problem.units.sites, problem.units
    torch.manual_seed(SEED)
    network = HyperNetwork(amortized.shape(config, EMBEDDING, sites)).to(units.mean.device)
    network.calibrate(units.mean, units.std)
    optimizer = make_optimizer(network)
    e = torch.randn(len(problem.targets), EMBEDDING).to(units.mean)

    def step() -> float:
        cost = problem.cost(network(e)).mean()
        cost.backward()
        update(network, optimizer, config, RISE)
        return cost.item()

    return step


def lineas_step(problem: Problem, config: TrainConfig) -> Callable[[], float]:
    """A step of LinEAS, preset `quick`, from the identity; it returns the cost."""
    descent, units = lineas.PRESETS["quick"], problem.units
    start = Intervention.identity(units.sites, rows=len(problem.targets)).to(units.mean.device)
    learnt = lineas.Deviations(units, start)
    optimizer = lineas.make_optimizer(learnt, descent)

    def step() -> float:
        cost = problem.cost(learnt())
        cost.sum().backward()
        lineas.update(optimizer, learnt, descent)
        return cost.mean().item()

    return step


STEPS = {"a step of the hypernetwork": hypernetwork_step, "a step of LinEAS": lineas_step}


def actions(
    generator: Generator, target: Target, pixels: int, problem: Problem, config: TrainConfig
) -> Iterator[tuple[str, Callable[[], float]]]:
    """What there is to do at one size of picture: each with what it is, to be done at once."""
    one = partial(forward, generator, target.inputs(generator, 1, pixels, SEED))
    yield "a picture, unsteered", one
    with steer(generator, random_maps(generator)):
        yield "a picture, steered", one
    for on in (True, False):
        checkpoint_blocks(generator, on)
        for what, make in STEPS.items():
            yield what + ", gradient checkpointing" * on, make(problem, config)


def measure(
    generator: Generator, target: Target, pixels: int, config: TrainConfig
) -> dict[str, dict[str, Any]]:
    """`timed` of all `actions`, by what they are."""
    found: dict[str, dict[str, Any]] = {}
    problem = random_problem(generator, target, pixels, config)
    for what, action in actions(generator, target, pixels, problem, config):
        found[what] = timed(action, generator.device)
        print(f"{generator.id:<8}{pixels:>5} pixels  {what:<48}", told(found[what]), flush=True)
    return found


def timed(action: Callable[[], float], device: torch.device) -> dict[str, Any]:
    """Median seconds of REPEATS runs after one that does not count, the peak of memory, and what
    each returned; or that a GPU's memory does not suffice. GeneratorError for NaN and infinity."""
    reset_peak(device)
    values, seconds = [], []
    try:
        for _ in range(1 + REPEATS):
            start = time.perf_counter()
            values.append(action())  # a number: a GPU has been waited for
            seconds.append(time.perf_counter() - start)
    except torch.OutOfMemoryError:
        return {"fits": False}
    if not all(map(math.isfinite, values)):
        raise GeneratorError(f"{values} are not all finite; choose another seed")
    median = statistics.median(seconds[1:])
    return {"fits": True, "seconds": median, "peak_gib": peak_gib(device), "values": values}


def told(figures: dict[str, Any]) -> str:
    if not figures["fits"]:
        return "does not fit"
    return f"{figures['seconds']:9.3f} s {figures['peak_gib']:8.2f} GiB"


# --- the whole ------------------------------------------------------------------------------------


def measure_target(name: str, sizes: list[int], device: torch.device) -> dict[str, Any]:
    """Its counts, and what is timed at each size of picture."""
    torch.manual_seed(SEED)
    target, generator = TARGETS[name], build(name, device)
    config = recipe(name)
    found: dict[str, Any] = counts(generator, target)
    found["pixels"] = {str(n): measure(generator, target, n, config) for n in sizes}
    return found


def size(text: str) -> int:
    """Pixels that every level of both denoisers divides."""
    pixels = int(text)
    if pixels < 32 or pixels % 32:
        raise argparse.ArgumentTypeError(f"{pixels} pixels; give a multiple of 32")
    return pixels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", nargs="+", choices=TARGETS, default=[*TARGETS])
    parser.add_argument("--pixels", nargs="+", type=size, help="64; on a GPU 512 1024")
    parser.add_argument("--out", type=Path, default=RESULT)
    arguments, device = parser.parse_args(), choose_device(None)
    sizes = arguments.pixels or ([64] if device.type == "cpu" else [512, 1024])
    hardware, memory = what_it_is(device)
    record: dict[str, Any] = {"date": date.today().isoformat(), "hardware": hardware}
    record |= {"memory_gib": memory, "torch": torch.__version__}
    record |= {"seed": SEED, "rows": CONCEPTS * SAMPLES, "dtype": "bfloat16", "targets": {}}
    for name in arguments.targets:  # each in a process of its own, so that none finds memory taken
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            found = process.submit(measure_target, name, sizes, device).result()
        record["targets"][name] = found
        with replacing(arguments.out) as partial_file:
            partial_file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
