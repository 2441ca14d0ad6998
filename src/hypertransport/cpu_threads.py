"""Whose threads compute on a CPU: OpenMP gives each thread that asks it a pool of its own.

Two pools on the same cores slow each other down by half, even if one of them rests: more threads
than cores no longer wait for each other by spinning. So where one thread draws, others compute
alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

_found: list[int] = []  # by the blocks that are open: what the first of them found, each time


@contextmanager
def without_pool() -> Iterator[int]:
    """A block in which this thread, and every thread that first computes in it, computes alone.

    Gives the number of threads that there are for the one that draws: what this thread had before
    the outermost of such blocks. Afterwards it has again what it had.
    """
    before = torch.get_num_threads()
    _found.append(_found[0] if _found else before)
    torch.set_num_threads(1)
    try:
        yield _found[0]
    finally:
        _found.pop()
        torch.set_num_threads(before)


def use_threads(threads: int) -> None:
    """Give this thread so many, whatever others get later.

    A thread takes torch's number for good when it first asks for it, not when it sets it.
    """
    torch.set_num_threads(threads)
    torch.get_num_threads()
