"""How everything here is timed: ways of doing one thing, in turns, and what none can go below."""

import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.memory import GIB, MIB, counted

SEED = 8
MOST_TURNS = 200
LEAST_SECONDS = 0.2  # of one timing: what takes less is done several times over


@dataclass(frozen=True)
class Machine:
    """What it is, and what it can do at most: bytes and operations a second, as measured."""

    hardware: str
    memory_gib: float
    bytes_a_second: float
    operations_a_second: float


@dataclass(frozen=True)
class Run:
    """What a benchmark is told. `quick` takes tiny sizes: to test the benchmark, not to measure.

    `minutes` is how long the overload lasts.
    """

    machine: Machine
    device: torch.device
    repeats: int = 7
    quick: bool = False
    minutes: float = 1.0

    @property
    def slow(self) -> bool:
        """Whether full sizes have to be cut: on a CPU."""
        return self.device.type == "cpu"


@dataclass(frozen=True)
class Way:
    """One way of doing a thing.

    `around` makes a block that holds while it is timed, untimed itself. Its seconds are multiplied
    by `times`, for what is done only in part.
    """

    how: str
    action: Callable[[], object]
    around: Callable[[], AbstractContextManager[object]] = nullcontext
    times: float = 1.0


@dataclass
class Timed:
    """Seconds of each repeat, and the MiB of tensors of its own that one run held at most."""

    how: str
    seconds: list[float] = field(default_factory=list)
    mib: float = 0.0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


@dataclass(frozen=True)
class Row:
    """One line of a table. Ratios are peer by ours: median, least and most of the repeats.

    `aim` and `reached` are words, for the table of aims; `facts` are further numbers by name;
    `points` are (size, seconds, MiB), where it was done at several sizes.
    """

    case: str
    what: str
    ours: str
    seconds: float
    mib: float
    repeats: int
    peer: str | None = None
    peer_seconds: float | None = None
    peer_mib: float | None = None
    ratio: tuple[float, float, float] | None = None
    bound_seconds: float | None = None
    bound_by: str | None = None
    aim: str | None = None
    reached: str | None = None
    note: str = ""
    facts: Mapping[str, float] = field(default_factory=dict)
    points: Sequence[tuple[float, float, float]] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


# --- timing ---------------------------------------------------------------------------------------


def in_turns(run: Run, ways: Sequence[Way], budget: float = 0.0) -> list[Timed]:
    """Each way once for its memory, then all ways in turns, every second time in reverse.

    With a `budget` of seconds, as many turns of one call each as it holds, up to 200, if that is
    more than the repeats: for differences that are small beside the noise of a call.
    """
    found, calls, turn = [Timed(way.how) for way in ways], [], 0.0
    for way, timed in zip(ways, found, strict=True):
        with way.around():
            with counted(run.device) as held:
                once = seconds(run, way.action)
            timed.mib = held.mib
            warm = seconds(run, way.action) if once < 1 else once
        many = not run.quick and not budget
        calls.append(max(1, math.ceil(LEAST_SECONDS / warm)) if many else 1)
        turn += warm
    order = list(zip(ways, found, calls, strict=True))
    afford = 0 if run.quick else min(MOST_TURNS, int(budget / turn))
    for repeat in range(max(run.repeats, afford)):
        for way, timed, count in order[:: 1 if repeat % 2 else -1]:
            with way.around():
                timed.seconds.append(seconds(run, way.action, count) * way.times)
    return found


def seconds(run: Run, action: Callable[[], object], calls: int = 1) -> float:
    """Of one call, as a mean over several."""
    settle(run)
    start = time.perf_counter()
    for _ in range(calls):
        action()
    settle(run)
    return (time.perf_counter() - start) / calls


def settle(run: Run) -> None:
    if run.device.type == "cuda":
        torch.cuda.synchronize(run.device)


def ratios(ours: Timed, peer: Timed) -> tuple[float, float, float]:
    """Peer by ours, repeat by repeat: median, least, most."""
    found = [b / a for a, b in zip(ours.seconds, peer.seconds, strict=True)]
    return statistics.median(found), min(found), max(found)


def typical(values: Sequence[float]) -> tuple[float, float, float]:
    """Their median, and its 95% interval: the order statistics at n/2 and 0.98 sqrt(n) around it,
    by the normal approximation of the binomial. Of few values, the least and the most."""
    ordered, n = sorted(values), len(values)
    low = max(0, math.floor(n / 2 - 0.98 * math.sqrt(n)))
    high = min(n - 1, math.ceil(n / 2 + 0.98 * math.sqrt(n)))
    return statistics.median(ordered), ordered[low], ordered[high]


def row(case: str, what: str, ours: Timed, peer: Timed | None = None, **rest: Any) -> Row:
    """What two ways took, as a line."""
    found: dict[str, Any] = {"repeats": len(ours.seconds), **rest}
    if peer is not None:
        found |= {"peer": peer.how, "peer_seconds": peer.median, "peer_mib": peer.mib}
        found["ratio"] = ratios(ours, peer)
    return Row(case, what, ours.how, ours.median, ours.mib, **found)


# --- the machine, and what it cannot go below -----------------------------------------------------


def bound(machine: Machine, moved: float, operations: float = 0.0) -> dict[str, Any]:
    """The seconds that so many bytes and operations take at least, as fields of a `Row`."""
    limits = {
        "bytes": moved / machine.bytes_a_second,
        "operations": operations / machine.operations_a_second,
    }
    by = max(limits, key=lambda name: limits[name])
    return {"bound_seconds": limits[by], "bound_by": by}


def operations_of(action: Callable[[], object]) -> float:
    """Of the products of matrices and the convolutions in one call, forward and backward."""
    with FlopCounterMode(display=False) as counter:
        action()
    return counter.get_total_flops()


def weight_bytes(*modules: torch.nn.Module) -> int:
    """Of all weights that a forward pass reads; embedding tables, which are looked up, left out."""
    parts = [part for module in modules for part in module.modules()]
    read = [part for part in parts if not isinstance(part, torch.nn.Embedding)]
    weights = [p for part in read for p in part.parameters(recurse=False)]
    return sum(p.numel() * p.element_size() for p in weights)


def measure_machine(device: torch.device, quick: bool = False) -> Machine:
    """Copies a large tensor and multiplies large matrices, in the precision that is used there."""
    megabytes, side = (4, 128) if quick else (256, 1536) if device.type == "cpu" else (2048, 8192)
    dtype = torch.float32 if device.type == "cpu" else torch.bfloat16
    blank = Run(Machine("", 0, 1, 1), device)
    a = torch.ones(megabytes * MIB // 4, device=device)
    b, c = torch.empty_like(a), torch.ones(side, side, device=device, dtype=dtype)
    # The least of some seconds, in which whatever else runs now and then is left out.
    times = 4 if quick else 40
    copying = min(seconds(blank, lambda: b.copy_(a), 3) for _ in range(times))
    product = min(seconds(blank, lambda: c @ c, 2) for _ in range(times))
    return Machine(*what_it_is(device), 2 * 4 * a.numel() / copying, 2 * side**3 / product)


def what_it_is(device: torch.device) -> tuple[str, float]:
    """Its name and its GiB of memory."""
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return properties.name, properties.total_memory / GIB
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    return f"{platform.machine()}, {torch.get_num_threads()} threads", memory
