"""A new concept: from words to an intervention that is ready to use, against fitting it.

LinEAS is timed by the iteration (the cost's gradient, and the update) and multiplied, with four
source rows a step and 32 targets, as in its public code; Lin-AcT by a run of four rows, of 32.
Their targets are given to them: running those is not counted. LinEAS and Lin-AcT are those of this
package (`training.lineas`, `training.lin_act`), whose laws are tested.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count

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
    row,
    seconds,
    weight_bytes,
    with_memory,
)
from hypertransport.interventions import Intervention
from hypertransport.sites import total_channels
from hypertransport.training.lin_act import lin_act
from hypertransport.training.lineas import PRESETS, Deviations, make_optimizer, update
from hypertransport.training.problem import Problem
from hypertransport.units import Units

ITERATIONS = 20
SAMPLES, ROWS = 32, 4
MANY = 1000
AIM = 50_000


def measure(run: Run) -> Iterator[Row]:
    for name in (SMALL, *LARGE):
        case = load(name, run)
        one, peers = one_concept(case, run)
        yield from one
        yield many_concepts(case, run, peers)


@dataclass(frozen=True)
class Step:
    """A step of LinEAS in its parts: the gradient, and each preset's update."""

    gradient: Timed
    updates: dict[str, Timed]

    def whole(self, preset: str, steps: int) -> Timed:
        how = f"LinEAS-{steps}: one iteration, {len(self.gradient.seconds)} times, by {steps:,}"
        pairs = zip(self.gradient.seconds, self.updates[preset].seconds, strict=True)
        return Timed(how, [steps * (a + b) for a, b in pairs], self.gradient.mib)


def one_concept(case: Case, run: Run) -> tuple[list[Row], list[Timed]]:
    """Rows of one concept, and what the peers took."""
    words = (f"concept number {i}" for i in count())  # none is ever asked for twice
    ways = [
        Way("encoder and hypernetwork", lambda: case.hyper(next(words))),
        Way(
            f"Lin-AcT: a run of {ROWS} rows and the fit of {SAMPLES}, by {SAMPLES // ROWS}",
            closed_form(case, run),
            times=SAMPLES // ROWS,
        ),
    ]
    ours, lin_act_ = in_turns(run, ways)
    step = lineas_step(case, run)
    long, quick = (step.whole(name, PRESETS[name].steps) for name in ("long", "quick"))
    least = bound(run.machine, hyper_bytes(case, 1), 0)
    rest = {"note": case.note, **least}
    matched = [cut(ours, peer) for peer in (long, quick)]
    rows = [
        row(case.name, "one concept", *matched[0], **rest | reached(case, *matched[0])),
        row(case.name, "one concept", *matched[1], **rest),
        row(case.name, "one concept", ours, lin_act_, **rest),
    ]
    return rows, [long]


def cut(ours: Timed, peer: Timed) -> tuple[Timed, Timed]:
    """The peer's iterations in as many groups as we have repeats, so that each has its ratio."""
    n = len(ours.seconds)
    groups = [peer.seconds[k::n] for k in range(n)]
    return ours, replace(peer, seconds=[sum(g) / len(g) for g in groups])


def reached(case: Case, ours: Timed, peer: Timed) -> dict[str, str]:
    if case.name != "dmd2":
        return {}
    return {
        "aim": f"a new concept {AIM:,} times as fast as LinEAS-1000, DMD2's size",
        "reached": f"{peer.median / ours.median:,.0f} times",
    }


def many_concepts(case: Case, run: Run, peers: list[Timed]) -> Row:
    """A thousand at once, by the concept. LinEAS's figures are those of one: it has no at once."""
    number = 8 if run.quick else MANY
    names = [f"concept number {i}" for i in range(number)]
    how = f"{number:,} concepts in one call, a concept"
    (ours,) = in_turns(run, [Way(how, lambda: case.hyper(names), times=1 / number)])
    least = bound(run.machine, hyper_bytes(case, number) / number)
    ours, peer = cut(ours, peers[0])
    return row(case.name, f"{number:,} concepts", ours, peer, note=case.note, **least)


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


def lineas_step(case: Case, run: Run) -> Step:
    """`ITERATIONS` steps, timed in their parts."""
    posed = problem(case, run, ROWS)
    start = Intervention.identity(posed.units.sites, rows=1).to(run.device)
    learnt = Deviations(posed.units, start)
    optimizers = {name: make_optimizer(learnt, PRESETS[name]) for name in ("long", "quick")}
    gradient, updates = Timed("gradient"), {name: Timed(name) for name in optimizers}

    def descend() -> None:
        posed.cost(learnt()).sum().backward()

    _, gradient.mib = with_memory(run, descend)
    for _ in range(2 if run.quick else max(ITERATIONS, run.repeats)):
        gradient.seconds.append(seconds(run, descend))
        grads = [d.grad.clone() for d in learnt.parameters() if d.grad is not None]
        for name, optimizer in optimizers.items():
            for d, grad in zip(learnt.parameters(), grads, strict=True):
                d.grad = grad.clone()
            taken = seconds(run, lambda o=optimizer, n=name: update(o, learnt, PRESETS[n]))
            updates[name].seconds.append(taken)
    return Step(gradient, updates)


def closed_form(case: Case, run: Run) -> Callable[[], Intervention]:
    """A run of some rows, and the fit of as many samples: done for all of them, it is Lin-AcT."""
    posed = problem(case, run, ROWS)
    targets = posed.targets[:, :ROWS]
    return lambda: lin_act(case.generator, posed.sources, targets)
