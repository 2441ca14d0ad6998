"""A new concept: from words to an intervention that is ready to use, against fitting it.

LinEAS is timed by the iteration (the cost's gradient, and the update) and multiplied, with four
source rows a step and 32 targets, as in its public code; Lin-AcT by a run of four rows, of 32. For
Nitro on a CPU, whose 300 text tokens make it slow, one row is run instead of four, in LinEAS's
favour, and the thousand concepts are left out. A thousand take their turns by themselves, three
times. The peers' targets are given to them: running those is not counted. LinEAS and Lin-AcT are
those of this package (`training.lineas`, `training.lin_act`), whose laws are tested.
"""

import math
import statistics
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import cycle
from typing import Any

import torch

from benchmarks.cases import LARGE, SMALL, Case, load
from benchmarks.measuring import (
    SEED,
    Row,
    Run,
    Timed,
    Way,
    bound,
    in_turns,
    operations_of,
    ratios,
    row,
    seconds,
    weight_bytes,
)
from hypertransport.catalogue import load as load_catalogue
from hypertransport.interventions import Intervention
from hypertransport.sites import total_channels
from hypertransport.training.lin_act import lin_act
from hypertransport.training.lineas import PRESETS, Deviations, make_optimizer, update
from hypertransport.training.problem import Problem
from hypertransport.units import Units

ITERATIONS = 20
SAMPLES, ROWS = 32, 4
MANY_REPEATS = 3
MANY = 1000
AIM = 50_000


def measure(run: Run) -> Iterator[Row]:
    for name in (SMALL, *LARGE):
        case = load(name, run)
        one, long = one_concept(case, run)
        yield from one
        if run.quick or not run.slow or name != "nitro":
            yield many_concepts(case, run, long)


def one_concept(case: Case, run: Run) -> tuple[list[Row], Timed]:
    """Rows of one concept, and what LinEAS-1000 took."""
    words, rows = cycle(names()), source_rows(case, run)
    iterations = 1 if run.quick else math.ceil(ITERATIONS / run.repeats)
    descent, steps = Descent(case, run, iterations), PRESETS["long"].steps
    ours, closed, long = in_turns(
        run,
        [
            Way("encoder and hypernetwork", lambda: case.hyper(next(words))),
            Way(
                f"Lin-AcT: a run of {rows} and their fit, by {SAMPLES // rows}",
                closed_form(case, run),
                times=SAMPLES // rows,
            ),
            Way(
                f"LinEAS-{steps}: {iterations * run.repeats} iterations, as {steps:,}",
                descent,
                times=steps / iterations,
            ),
        ],
    )
    rest = {"note": case.note, **least(case, run, 1, lambda: case.hyper("owl"))}
    tell = partial(row, case.name, "one concept", ours)
    peers = tell(descent.quick(long), **rest), tell(closed, **rest)
    return [tell(long, **rest | reached(case, ours, long)), *peers], long


def reached(case: Case, ours: Timed, peer: Timed) -> dict[str, str]:
    if case.name != "dmd2":
        return {}
    median, least, most = ratios(ours, peer)
    return {
        "aim": f"a new concept {AIM:,} times as fast as LinEAS-1000, DMD2's size",
        "reached": f"{median:,.0f} times ({least:,.0f} to {most:,.0f})",
    }


def many_concepts(case: Case, run: Run, peer: Timed) -> Row:
    """A thousand at once, by the concept. LinEAS's figures are those of one: it has no at once."""
    number = 8 if run.quick else MANY
    wanted, how = names()[:number], f"{number:,} concepts in one call, a concept"
    few = replace(run, repeats=min(MANY_REPEATS, run.repeats))
    every = partial(case.hyper, wanted)
    (ours,) = in_turns(few, [Way(how, every, times=1 / number)])
    peer = replace(peer, seconds=peer.seconds[: few.repeats])
    rest = {"note": case.note, **least(case, run, number, every)}
    return row(case.name, f"{number:,} concepts", ours, peer, **rest)


def names() -> list[str]:
    """Of all concepts of emojiscape, which are more than a thousand."""
    return [entry.name for entry in load_catalogue(SMALL)]


def source_rows(case: Case, run: Run) -> int:
    return 1 if run.slow and case.name == "nitro" else ROWS


def least(case: Case, run: Run, concepts: int, action: Callable[[], object]) -> dict[str, Any]:
    """The bound of what makes so many interventions, by the concept."""
    work = operations_of(action) / concepts
    return bound(run.machine, hyper_bytes(case, concepts) / concepts, work)


def hyper_bytes(case: Case, concepts: int) -> float:
    """What has to be read and written: all weights once, and the interventions."""
    weights = weight_bytes(case.hyper.encoder.model.text_model, case.hyper.network)
    return weights + concepts * 2 * 4 * total_channels(case.generator.sites)


# --- the peers ------------------------------------------------------------------------------------


def problem(case: Case, run: Run, rows: int) -> Problem:
    """One concept: so many source rows, and random targets."""
    sites, device = case.generator.sites, run.device
    channels = total_channels(sites)
    draw = torch.Generator().manual_seed(SEED)
    targets = torch.randn(1, SAMPLES, channels, generator=draw).sort(1).values.to(device)
    units = Units(sites, torch.zeros(channels, device=device), torch.ones(channels, device=device))
    weights = torch.full((channels,), 1 / channels, device=device)
    return Problem(case.generator, case.inputs(rows, SEED), targets, weights, units)


class Descent:
    """Called: some iterations of LinEAS-1000, each the cost's gradient and the update."""

    def __init__(self, case: Case, run: Run, iterations: int):
        self._run, self._iterations = run, iterations
        self._problem = problem(case, run, source_rows(case, run))
        start = Intervention.identity(case.generator.sites, rows=1).to(run.device)
        self._learnt = Deviations(self._problem.units, start)
        self._optimizers = {
            name: make_optimizer(self._learnt, PRESETS[name]) for name in ("long", "quick")
        }

    def __call__(self) -> None:
        for _ in range(self._iterations):
            self._problem.cost(self._learnt()).sum().backward()
            self._update("long")

    def quick(self, long: Timed) -> Timed:
        """LinEAS-50: of the same gradients; only the update is another, timed by itself."""
        few, many = PRESETS["quick"].steps, PRESETS["long"].steps
        more = self._seconds("quick") - self._seconds("long")
        how = f"LinEAS-{few}: the same iterations, as {few}"
        return Timed(how, [few * (s / many + more) for s in long.seconds], long.mib)

    def _seconds(self, preset: str) -> float:
        """The median of an update's."""
        found = []
        for _ in range(ITERATIONS):
            for d in self._learnt.parameters():
                d.grad = torch.zeros_like(d)
            found.append(seconds(self._run, partial(self._update, preset)))
        return statistics.median(found)

    def _update(self, preset: str) -> None:
        update(self._optimizers[preset], self._learnt, PRESETS[preset])


def closed_form(case: Case, run: Run) -> Callable[[], Intervention]:
    """A run of some rows, and the fit of as many samples: done for all of them, it is Lin-AcT."""
    rows = source_rows(case, run)
    posed = problem(case, run, rows)
    targets = posed.targets[:, :rows]
    return lambda: lin_act(case.generator, posed.sources, targets)
