"""The exact one-dimensional transport cost with its gradient, at all channels of DMD2.

Random normal activations of float32. On a CPU, with 512 samples, one part in 32 of the channels is
taken, and time and memory are multiplied: channels know nothing of each other. "A plain sort" is
torch's of both sets, with the gradient of the sorted values' squared sum: not even a cost.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace

# Where JAX is installed POT loads it, which takes three quarters of a GPU for itself.
os.environ["POT_BACKEND_DISABLE_JAX"] = "1"
import ot
import torch
from torch import Tensor

from benchmarks.measuring import SEED, Row, Run, Timed, Way, bound, in_turns, row
from hypertransport.transport import transport_cost

CHANNELS = 294_080  # of DMD2
COUNTS = ((32, 32), (32, 20), (512, 512), (512, 320))
PIECES = 32
AIM = "transport cost 5 times as fast as POT's at half its memory, {} and {} samples"


def measure(run: Run) -> Iterator[Row]:
    for n, m in ((8, 8), (8, 5)) if run.quick else COUNTS:
        yield from one_size(run, n, m)


def one_size(run: Run, n: int, m: int) -> Iterator[Row]:
    """Ours against POT and against a sort."""
    pieces = PIECES if run.slow and n > 32 else 1
    channels = 64 if run.quick else CHANNELS // pieces
    draw = torch.Generator().manual_seed(SEED)
    x = torch.randn(n, channels, generator=draw).to(run.device).requires_grad_()
    y = torch.randn(m, channels, generator=draw).to(run.device)
    ways = [
        Way("transport_cost", with_gradient(x, lambda: transport_cost(x, y)), times=pieces),
        Way(
            "POT's wasserstein_1d",
            with_gradient(x, lambda: torch.as_tensor(ot.wasserstein_1d(x, y, p=2))),
            times=pieces,
        ),
        Way("a plain sort", with_gradient(x, lambda: plain_sort(x, y)), times=pieces),
    ]
    ours, pot, plain = (replace(t, mib=pieces * t.mib) for t in in_turns(run, ways))
    moved = pieces * channels * 4 * (2 * n + m + 1)  # x, y and the cost, and the gradient of x
    case = f"{n} and {m} samples"
    note = f"{pieces} x {channels:,} channels" if pieces > 1 else f"{channels:,} channels"
    rest = {"note": note, **bound(run.machine, moved)}
    met = {"aim": AIM.format(n, m), "reached": told(ours, pot)} if n != m else {}
    yield row(case, "cost and gradient", ours, pot, **rest, **met)
    yield row(case, "cost and gradient", ours, plain, **rest)


def told(ours: Timed, pot: Timed) -> str:
    share = ours.mib / pot.mib if pot.mib else float("nan")
    return f"{pot.median / ours.median:.1f} times, {share:.2f} of its memory"


def plain_sort(x: Tensor, y: Tensor) -> Tensor:
    y.sort(0)
    return x.sort(0).values.square().sum(0)


def with_gradient(x: Tensor, cost: Callable[[], Tensor]) -> Callable[[], None]:
    def action() -> None:
        x.grad = None
        cost().sum().backward()

    return action
