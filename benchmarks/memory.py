"""How much memory a thing takes: of its tensors at once, or of all that a process holds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile

GIB, MIB = 2**30, 2**20


@dataclass
class Held:
    """MiB of tensors made in a block that were there at once, at most; known when it is left."""

    mib: float = 0.0


@contextmanager
def counted(device: torch.device) -> Iterator[Held]:
    """Count the tensors of a block: on a GPU all, on a CPU those of the thread that it runs in."""
    held = Held()
    if device.type == "cuda":
        reset_peak(device)
        before = peak_gib(device)
        yield held
        held.mib = (peak_gib(device) - before) * GIB / MIB
        return
    with silent(), profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiled:
        yield held
    held.mib = most_held(profiled) / MIB


def most_held(profiled: profile) -> int:
    """The bytes that the thread which was profiled took and had not yet given back, at most.

    Torch's allocator tells of each tensor; what the whole process holds, in which the C library
    keeps what was given back for later, would not tell a picture's few MiB.
    """
    results: Any = profiled.profiler  # torch's hints lack what memory events have
    events = sorted(results.kineto_results.events(), key=lambda event: event.start_ns())
    return max(accumulate((e.nbytes() for e in events if e.name() == "[memory]"), initial=0))


@contextmanager
def silent() -> Iterator[None]:
    """Nothing on stderr: torch's profiler says when it begins and ends, at any level of logging."""
    with open(os.devnull, "w", encoding="utf-8") as nothing:
        kept = os.dup(2)
        os.dup2(nothing.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


# --- of a whole process ---------------------------------------------------------------------------


def reset_peak(device: torch.device) -> None:
    """Count from now on: a GPU's tensors, or else (Linux) all that the process holds."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(device)
    else:
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


def peak_gib(device: torch.device) -> float:
    """The most since then, weights and all."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / GIB
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    status = dict(line.split(":", 1) for line in lines)
    return int(status["VmHWM"].split()[0]) * 1024 / GIB
