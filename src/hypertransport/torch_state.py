"""Results that do not depend on what a program has set in torch for the rest of its code."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

import torch

CPU = torch.device("cpu")

_changing = Lock()
_open: list[torch.dtype] = []  # for each open block, the default dtype that the first one found


@contextmanager
def plain_torch(*, gradients: bool = False, autocast: bool = False) -> Iterator[None]:
    """Compute in this block as torch does where nothing was set, and set everything back after it.

    The block has float32 and the CPU as defaults and no inference mode, whose tensors could not be
    trained with later; `gradients` are recorded where asked for, and autocast ends unless it is
    left as it is. Usable as a decorator. All of this is the thread's own but the default dtype,
    which is the process's: meanwhile other threads have float32 as well.
    """
    with ExitStack() as stack:
        if torch.is_inference_mode_enabled():
            stack.enter_context(torch.inference_mode(False))
        stack.enter_context(torch.set_grad_enabled(gradients))
        if torch.get_default_device() != CPU:
            stack.enter_context(CPU)
        if not autocast:
            for kind in _autocast_kinds():
                stack.enter_context(torch.autocast(kind, enabled=False))
        stack.enter_context(_single_precision())
        yield


def _autocast_kinds() -> list[str]:
    """The kinds of devices for which this thread has autocast on."""
    return [kind for kind in ("cpu", "cuda", "mps", "xpu") if torch.is_autocast_enabled(kind)]


@contextmanager
def _single_precision() -> Iterator[None]:
    """float32 as the default dtype until the last such block of all threads is left."""
    with _changing:
        _open.append(_open[0] if _open else torch.get_default_dtype())
        torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        with _changing:
            before = _open.pop()
            if not _open:
                torch.set_default_dtype(before)
