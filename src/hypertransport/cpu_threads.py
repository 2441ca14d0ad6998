"""Whose threads compute on a CPU: OpenMP gives each thread that asks it a pool of its own.

Two pools on the same cores slow each other down by half, even if one of them rests: more threads
than cores no longer wait for each other by spinning. So where one thread draws, others compute
alone, and the pool of the one that loaded the model is given up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import torch
from threadpoolctl import ThreadpoolController

SOFT = 1  # omp_pause_soft of omp.h: a later computation makes a pool anew

_changing = Lock()
_open: list[int] = []  # for each block that is open, what the first of them found


@contextmanager
def without_pool() -> Iterator[int]:
    """A block in which this thread, and every thread that first computes in it, computes alone.

    The pool that this thread had is given up. Gives the number of threads that there are for the
    one that draws: what this thread had before the first of such blocks, which it and new threads
    have again when the last is left, in whatever order. A block may be left by another thread; the
    one that entered it then goes on alone.
    """
    with _changing:
        threads = _open[0] if _open else torch.get_num_threads()
        _open.append(threads)
    torch.set_num_threads(1)
    give_up_pool()
    try:
        yield threads
    finally:
        with _changing:
            _open.pop()
            if not _open:
                torch.set_num_threads(threads)


def use_threads(threads: int) -> None:
    """Give this thread so many, whatever others get later.

    A thread takes torch's number for good when it first asks for it, not when it sets it.
    """
    torch.set_num_threads(threads)
    torch.get_num_threads()


def give_up_pool() -> None:
    """End the OpenMP threads that wait to compute for this one, where the library can.

    The function is of OpenMP 5.0, which Microsoft's library is not.
    """
    for library in ThreadpoolController().select(user_api="openmp").lib_controllers:
        if hasattr(library.dynlib, "omp_pause_resource_all"):
            library.dynlib.omp_pause_resource_all(SOFT)
