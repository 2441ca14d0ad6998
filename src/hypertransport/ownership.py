"""One owner at a time for every model: the thread, or the asyncio task, that steers or draws.

A block (``steer``, ``fold``, ``attach``) and a call of a generator each hold a *claim* on the
objects that they change: the backbone, the pipeline and its scheduler, and during a call all
components of the pipeline. Whoever runs in the `contextvars` context of the owner, such as a task
that it starts or ``asyncio.to_thread``, may use the model as the owner does. Any other thread waits
for its turn, first come, first served. Another task of the same thread cannot wait, because the
owner could not continue meanwhile, and gets an InUseError.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import cached_property
from itertools import takewhile
from threading import Condition, current_thread, get_ident
from time import monotonic
from typing import Any

from torch import nn

from .backbones import HasBackbone, backbone_of
from .errors import InterventionError, InUseError
from .overrides import Method, Wrap, overridden

IDLE_SECONDS = 60.0  # how long others wait for an owner that draws nothing
LONGEST_SECONDS = 600.0  # how long others wait for one block or call, whatever it draws
NOTICE_SECONDS = 10.0  # how long a thread waits before it logs why
INTERNAL = {"hypertransport", "contextlib", "contextvars", "jaxtyping", "beartype"}

logger = logging.getLogger(__name__)
_changed = Condition()  # reentrant: the garbage collector may end a block inside `take`
_waiting: "list[Claim]" = []
_active: "list[Claim]" = []
_held: "ContextVar[tuple[Claim, ...]]" = ContextVar("hypertransport_claims", default=())


class Claim:
    """The objects that one block or call uses, and who began it where."""

    def __init__(self, model: Any, parts: Iterable[object], purpose: str) -> None:
        self.model, self.purpose = model, purpose
        self.pipeline, self.backbone = getattr(model, "pipeline", None), backbone_of(model)
        self.before_run: Callable[[], object] = lambda: None
        self._parts = [part for part in (self.backbone, self.pipeline, *parts) if part is not None]
        self._where = _call_site()
        self.adopt()

    def adopt(self) -> None:
        """Make the current thread and task the owner."""
        self._thread, self._task, self._owner = get_ident(), _current_task(), _name_of_owner()

    @property
    def is_mine(self) -> bool:
        """Whether the caller is the owner, or runs in a copy of the owner's context.

        A task that has ended inside a block, as a notebook's cell may, leaves it to its thread.
        """
        if self in _held.get():
            return True
        return self._thread == get_ident() and (self._task is None or self._task.done())

    @cached_property
    def _ids(self) -> set[int]:
        """The identities of the parts and of all modules inside them."""
        modules = (m for part in self._parts if isinstance(part, nn.Module) for m in part.modules())
        return {id(part) for part in self._parts} | {id(module) for module in modules}

    def blockers(self) -> "list[Claim]":
        """Return the claims of others that must end first, earlier waiting ones included."""
        active = [c for c in _active if not c.is_mine and not self._ids.isdisjoint(c._ids)]
        if not _waiting or any(c.is_mine and not self._ids.isdisjoint(c._ids) for c in _active):
            return active  # an owner does not queue behind those that wait for it
        earlier = takewhile(lambda c: c is not self, _waiting)
        return active + [c for c in earlier if not self._ids.isdisjoint(c._ids)]

    def take(self) -> None:
        """Wait until nobody else uses any of the parts. Raises InUseError."""
        with _changed:
            if any(not c.is_mine for c in _active) or _waiting:
                self._wait()
            _active.append(self)
        _held.set((*_in_force(), self))

    def release(self) -> None:
        """End the claim, from any thread: the garbage collector may close a block late."""
        with _changed:
            _active[:] = [c for c in _active if c is not self]
            _changed.notify_all()
        _held.set(_in_force())

    def require(self) -> None:
        """Raise InUseError unless the caller is the owner."""
        if not self.is_mine:
            raise InUseError(f"only its owner may use it: {_told(self)}")

    def begin_run(self) -> None:
        """Check a run of the pipeline that is about to start.

        Raises InUseError for a run by others, and InterventionError where the backbone was
        replaced inside the block.
        """
        self.require()
        if backbone_of(self.model) is not self.backbone:
            raise InterventionError(
                f"the {type(self.backbone).__name__} was replaced inside a block in which it is "
                f"{self.purpose}: leave the block, replace it, and enter a new one"
            )
        self.before_run()

    def _wait(self) -> None:
        began = idle_since = monotonic()
        noticed, last, seen = False, [], {}
        _waiting.append(self)
        try:
            while blockers := self.blockers():
                if any(c._thread == self._thread for c in blockers):
                    raise InUseError(f"this thread cannot wait: {_told(blockers[0])}")
                if blockers != last or any(isinstance(c, Call) for c in blockers):
                    idle_since, last = monotonic(), blockers
                if monotonic() - idle_since >= IDLE_SECONDS:
                    raise InUseError(f"waited for {IDLE_SECONDS:g} s: {_told(blockers[0])}")
                for claim in (c for c in blockers if c in _active):
                    if monotonic() - seen.setdefault(claim, monotonic()) >= LONGEST_SECONDS:
                        raise InUseError(f"waited for {LONGEST_SECONDS:g} s: {_told(claim)}")
                if not noticed and monotonic() - began >= NOTICE_SECONDS:
                    noticed = True
                    logger.warning("waiting: %s", _told(blockers[0]))
                _changed.wait(min(1.0, IDLE_SECONDS / 10))
        finally:
            _waiting.remove(self)
            _changed.notify_all()


class Call(Claim):
    """A claim for the time of one call of a generator."""


@contextmanager
def owned(model: HasBackbone | nn.Module, purpose: str) -> Iterator[Claim]:
    """Own a model inside a block: nobody else may steer it or draw with it.

    Direct calls of a generator's pipeline are watched too: every diffusers pipeline asks for its
    progress bar before its first step, and for a step of its scheduler after each call of the
    backbone, so that a run which had begun before the block is refused as well. These are patched
    rather than the backbone, which may be compiled.

    Raises InUseError where another task of this thread owns a part of it, or where another thread
    owns it and draws nothing for IDLE_SECONDS, or anything for LONGEST_SECONDS.
    """
    scheduler = getattr(getattr(model, "pipeline", None), "scheduler", None)
    claim = Claim(model, [scheduler], purpose)
    claim.take()
    try:
        with ExitStack() as stack:
            for watched, name, check in (
                (claim.pipeline, "progress_bar", claim.begin_run),
                (scheduler, "step", claim.require),
            ):
                if watched is not None:
                    stack.enter_context(overridden(watched, name, _preceded_by(check)))
            yield claim
    finally:
        claim.release()


@contextmanager
def drawing(generator: Any) -> Iterator[None]:
    """Own a generator and all components of its pipeline for one call.

    Raises InUseError as `owned` does.
    """
    call = Call(generator, _components(generator.pipeline), "drawn with")
    call.take()
    try:
        yield
    finally:
        call.release()


def _in_force() -> tuple[Claim, ...]:
    """The claims of this context; those that ended elsewhere no longer keep their model."""
    return tuple(c for c in _held.get() if c in _active)


def adopt_claims() -> None:
    """Make the current thread the owner of all claims of its context."""
    for claim in _held.get():
        claim.adopt()


def _preceded_by(event: Callable[[], object]) -> Wrap:
    def wrap(method: Method) -> Method:
        def both(*args: Any, **kwargs: Any) -> Any:
            event()
            return method(*args, **kwargs)

        return both

    return wrap


def _components(pipeline: Any) -> list[object]:
    values = pipeline.components.values()
    return [value for value in values if not isinstance(value, bool | int | float | str)]


def _after_fork() -> None:
    """Replace the condition in a child process, since another thread may have held its lock."""
    global _changed
    _changed = Condition()
    _waiting.clear()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_after_fork)


def _told(claim: Claim) -> str:
    return (
        f"the model is {claim.purpose} by {claim._owner} since {claim._where}. Leave that block "
        "first, give each thread its own copy.deepcopy(generator), or share an Engine "
        "(docs/threads.md)"
    )


def _current_task() -> "asyncio.Task[Any] | None":
    return asyncio.current_task() if asyncio._get_running_loop() is not None else None


def _name_of_owner() -> str:
    task, thread = _current_task(), f"thread {current_thread().name!r}"
    return thread if task is None else f"task {task.get_name()!r} of {thread}"


def _call_site() -> str:
    """Return file and line of the user's code that began the block or the call."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in INTERNAL:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
