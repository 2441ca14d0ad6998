"""Where requests wait for the engine: in order, bounded, and only while somebody wants them."""

import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition

from PIL import Image

from hypertransport.errors import BusyError, ClosedError
from hypertransport.serving.requests import Request


@dataclass(frozen=True, eq=False)
class Job:
    """A request, the future of its picture, and when it came (`time.monotonic`, in seconds)."""

    request: Request
    future: Future[Image.Image] = field(default_factory=Future)
    arrived: float = field(default_factory=time.monotonic)


class RequestQueue:
    """At most `capacity` waiting jobs, first come first served; any thread may call any method.

    A job whose future is cancelled gives its place up.
    """

    def __init__(self, capacity: int):
        self._capacity = capacity
        self._jobs: list[Job] = []
        self._closed = False
        self._changed = Condition()

    def __len__(self) -> int:
        """The jobs that wait."""
        with self._changed:
            self._drop_cancelled()
            return len(self._jobs)

    def first(self, most: int) -> list[Job]:
        """The first jobs that wait, at most `most`, left where they are."""
        with self._changed:
            self._drop_cancelled()
            return self._jobs[:most]

    def put(self, jobs: Sequence[Job]) -> None:
        """Let these jobs wait, all or none: BusyError when they do not fit, or ClosedError."""
        with self._changed:
            if self._closed:
                raise ClosedError("the engine is closed; send the request to another one")
            self._drop_cancelled()
            if len(self._jobs) + len(jobs) > self._capacity:
                raise BusyError(
                    f"{len(self._jobs)} of at most {self._capacity} requests wait already, and "
                    f"{len(jobs)} more do not fit; try again later"
                )
            self._jobs += jobs
            self._changed.notify_all()

    def take(self, most: int, wait: int | float) -> list[Job]:
        """Wait for the first jobs, at most `most`, which from now on cannot be cancelled.

        They are fewer when the oldest came `wait` seconds ago, or when the queue is closed. Once
        it is closed and empty, an empty list.
        """
        with self._changed:
            jobs: list[Job] = []
            while not jobs and self._any():
                deadline = self._jobs[0].arrived + wait
                self._changed.wait_for(
                    lambda: self._closed or self._count() >= most, deadline - time.monotonic()
                )
                jobs = self._start(most)
            return jobs

    def close(self) -> None:
        """Refuse all further jobs; those that wait can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _any(self) -> bool:
        """Wait until there is a job; False if none will come."""
        self._changed.wait_for(lambda: self._closed or self._count())
        return bool(self._jobs)

    def _count(self) -> int:
        self._drop_cancelled()
        return len(self._jobs)

    def _start(self, most: int) -> list[Job]:
        """The first jobs, without those that are cancelled at this very moment."""
        self._drop_cancelled()
        first, self._jobs = self._jobs[:most], self._jobs[most:]
        return [job for job in first if job.future.set_running_or_notify_cancel()]

    def _drop_cancelled(self) -> None:
        cancelled = {job for job in self._jobs if job.future.cancelled()}
        for job in cancelled:
            job.future.set_running_or_notify_cancel()  # tells those who wait for several futures
        self._jobs = [job for job in self._jobs if job not in cancelled]
