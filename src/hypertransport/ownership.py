"""The owner of a model: one thread or asyncio task at a time may steer it or draw with it.

A block (steer, fold, attach) and a call of a generator each hold a claim on the modules that they
use. Claims travel with the `contextvars` context: whatever runs in the context of the owner, or in
a copy of it (a new task, `asyncio.to_thread`), may use the model as the owner does. Any other
thread waits for its turn, first come, first served. Another task of the same thread cannot wait, as
the owner could not go on meanwhile: it gets InUseError at once.
"""

import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import cached_property
from itertools import takewhile
from threading import Condition, current_thread, get_ident
from time import monotonic
from typing import Any

from torch import nn

from .backbones import HasBackbone, backbone_of
from .errors import InUseError

IDLE_SECONDS = 60.0  # others wait as long for a block in which nothing is begun or ended
CALL_SECONDS = 600.0  # and as long for one call of a generator
NOTICE_SECONDS = 10.0  # then a waiting thread says so
OURS = {"hypertransport", "contextlib", "contextvars", "jaxtyping", "beartype"}

logger = logging.getLogger(__name__)
_changed = Condition()
_waiting: "list[Claim]" = []
_active: "tuple[Claim, ...]" = ()
_held: "ContextVar[tuple[Claim, ...]]" = ContextVar("hypertransport_claims", default=())


class Claim:
    """What one block or call uses, and who began it where."""

    def __init__(self, parts: tuple[object, ...], purpose: str, patience: float) -> None:
        self._parts, self.purpose, self.patience = parts, purpose, patience
        self.thread, self.owner, self.site = get_ident(), _name_of_caller(), _call_site()
        self.began = self.last_change = monotonic()

    @cached_property
    def _ids(self) -> set[int]:
        """Of the parts and all modules within them."""
        modules = (part.modules() for part in self._parts if isinstance(part, nn.Module))
        return {id(part) for part in self._parts} | {id(m) for inner in modules for m in inner}

    def overlaps(self, other: "Claim") -> bool:
        return not self._ids.isdisjoint(other._ids)

    def require(self) -> None:
        """Raise InUseError where something other than the owner runs."""
        if self not in _held.get():
            raise InUseError(f"another thread or task called it while {_told([self])}")

    def blockers(self) -> "list[Claim]":
        """Claims of others that end first: those in force, and those that have waited longer."""
        mine = _held.get()
        others = [c for c in _active if c not in mine and c.overlaps(self)]
        if not _waiting or any(c.overlaps(self) for c in mine):
            return others  # an owner does not queue behind those who wait for it
        earlier = takewhile(lambda c: c is not self, _waiting)
        return others + [c for c in earlier if c.overlaps(self)]

    def take(self) -> None:
        """Wait until nobody else uses any of the parts. Raises InUseError."""
        global _active
        with _changed:
            if self.blockers():
                self._wait()
            self.began = self.last_change = monotonic()
            _active = (*_active, self)
        _held.set((*_touched(), self))

    def release(self) -> None:
        """End it from any thread, as a generator may that is closed late."""
        global _active
        with _changed:
            _active = tuple(c for c in _active if c is not self)
            self._parts = ()  # copies of the context live on, the model need not
            self._ids = set()
            _changed.notify_all()
        _held.set(tuple(c for c in _touched() if c is not self))

    def _wait(self) -> None:
        noticed = False
        _waiting.append(self)
        try:
            while blockers := self.blockers():
                left = self._patience_with(blockers)
                if not noticed and monotonic() - self.began >= NOTICE_SECONDS:
                    noticed = True
                    logger.warning("waiting as %s", _told(blockers))
                _changed.wait(min(left, NOTICE_SECONDS))
        finally:
            _waiting.remove(self)
            _changed.notify_all()

    def _patience_with(self, blockers: "Sequence[Claim]") -> float:
        """The seconds for which to wait on, from now; InUseError when there are none."""
        if any(c.thread == self.thread for c in blockers):
            raise InUseError(f"this thread cannot wait as {_told(blockers)}")
        left = max(c.ends_for(self) for c in blockers) - monotonic()
        if left <= 0:
            raise InUseError(f"waited in vain as {_told(blockers)}")
        return left

    def ends_for(self, waiting: "Claim") -> float:
        """When another claim that waits for this one gives up: never to wait without end."""
        last = max(self.began, waiting.began) + CALL_SECONDS
        return min(max(self.last_change, waiting.began) + self.patience, last)


def owned(model: HasBackbone | nn.Module, purpose: str) -> AbstractContextManager[Claim]:
    """A block in which nobody else may steer the model or draw with it.

    Its parts are the backbone, and a generator's pipeline and scheduler. Entering raises InUseError
    where another task of this thread owns one of them, or another thread for too long.
    """
    pipeline = getattr(model, "pipeline", None)
    parts = (backbone_of(model), pipeline, getattr(pipeline, "scheduler", None))
    return _claimed(parts, purpose, IDLE_SECONDS)


def drawing(generator: Any) -> AbstractContextManager[Claim]:
    """A block around one call of a generator, which uses every component of its pipeline."""
    pipeline = generator.pipeline
    parts = (backbone_of(generator), pipeline, *pipeline.components.values())
    return _claimed(parts, "drawn with", CALL_SECONDS)


@contextmanager
def _claimed(parts: Iterable[object], purpose: str, patience: float) -> Iterator[Claim]:
    objects = tuple(part for part in parts if hasattr(part, "__dict__"))  # not None, nor a number
    claim = Claim(objects, purpose, patience)
    claim.take()
    try:
        yield claim
    finally:
        claim.release()


def _after_fork() -> None:
    """A child has one thread, which may have been copied while another held the lock."""
    global _changed
    _changed = Condition()
    _waiting.clear()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_after_fork)


def _touched() -> tuple[Claim, ...]:
    """The claims of this context that are in force: their owner has just shown a sign of life."""
    held = tuple(c for c in _held.get() if c in _active)
    for claim in held:
        claim.last_change = monotonic()
    return held


def _told(claims: Sequence[Claim]) -> str:
    one = claims[0]
    return (
        f"the model is {one.purpose} by {one.owner} since {one.site}: leave that block first, give "
        "each thread a copy.deepcopy(generator), or let an Engine draw for all (docs/threads.md)"
    )


def _name_of_caller() -> str:
    """The thread, and the asyncio task where one runs."""
    thread = f"thread {current_thread().name!r}"
    if "asyncio" not in sys.modules or sys.modules["asyncio"]._get_running_loop() is None:
        return thread
    task = sys.modules["asyncio"].current_task()
    return thread if task is None else f"task {task.get_name()!r} of {thread}"


def _call_site() -> str:
    """The line of the user's code that began it."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in OURS:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
