"""One generator for many clients: what they ask for is drawn in batches of mixed concepts.

    with Engine(generator, hyper) as engine:
        future = engine.submit(Request("a red panda", seed=7, steering=[("mushroom", 0.8)]))
        picture = future.result()

A picture is the one drawn alone whatever it shares a batch with, but for rounding: sums of floats
depend on the size of the batch, and a value of 8 bits may come out one off.
"""

import math
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import dataclass
from threading import Event, Thread
from traceback import format_exception
from typing import NamedTuple, TypeAlias

import torch
from PIL import Image

from hypertransport.backbones import backbone_of, find_places, require_finite
from hypertransport.cautions import unknown_in_prompt
from hypertransport.concepts import Concept
from hypertransport.cpu_memory import keep_freed_memory
from hypertransport.cpu_threads import use_threads, without_pool
from hypertransport.drawing import compose
from hypertransport.errors import ConceptError, ConfigError
from hypertransport.generators.base import Generator
from hypertransport.generators.rows import MAX_ROWS
from hypertransport.hypernetwork import HyperTransport
from hypertransport.interventions import Intervention
from hypertransport.ownership import adopt_claims
from hypertransport.serving.cache import (
    CachedHyperTransport,
    Foresight,
    InterventionCache,
    Outcome,
    concept_key,
)
from hypertransport.serving.region_layers import Inside, RegionLayers
from hypertransport.serving.request_queue import Job, RequestQueue
from hypertransport.serving.requests import Part, Request
from hypertransport.serving.text_memory import remember_text
from hypertransport.steering import steer
from hypertransport.truncation import collecting

Concepts: TypeAlias = Mapping[Hashable, Concept | Intervention]

NAME = "hypertransport-engine"
MAX_WAIT = 60.0  # seconds
AHEAD = 24  # requests that wait, whose interventions are made with a batch's
NO_HYPERNETWORK = "this engine has no hypernetwork; give it one, or give interventions only"


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How requests are gathered. Raises ConfigError for what is impossible.

    `max_batch` pictures are drawn in one call of the generator, at most. While it is idle, a
    request waits up to `max_wait` seconds for others to join it. `max_queue` requests may wait.
    Where it is `reproducible`, texts and interventions are made one by one, so that a picture is a
    function of the requests of its batch and of none that were drawn before.
    """

    max_batch: int = 8
    max_wait: int | float = 0.005
    max_queue: int = 64
    reproducible: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.max_batch <= MAX_ROWS:
            raise ConfigError(f"max_batch is {self.max_batch}; give 1 to {MAX_ROWS}")
        if not 0 <= self.max_wait <= MAX_WAIT:
            raise ConfigError(f"max_wait is {self.max_wait}; give 0 to {MAX_WAIT:g} seconds")
        if self.max_queue < 1:
            raise ConfigError(f"max_queue is {self.max_queue}; give 1 or more")


class Row(NamedTuple):
    """How one picture of a batch is steered: everywhere, and then inside areas."""

    everywhere: Intervention
    inside: Sequence[Inside]


class Engine:
    """Owns a generator, which nobody else may use or steer until the engine is closed.

    One thread draws; every method may be called from any thread. `on_batch` is told the number of
    pictures and the seconds of each batch that was drawn. Without a hypernetwork only interventions
    steer. The text of prompts is remembered while the engine is open (`text_memory`). On a CPU
    torch's threads are then for the one that draws, all others compute alone (`cpu_threads`), and
    the process keeps what is freed from then on (`cpu_memory`). Raises InterventionError when
    `hyper` makes interventions that do not fit the generator.
    """

    def __init__(
        self,
        generator: Generator,
        hyper: HyperTransport | None,
        settings: EngineSettings = EngineSettings(),
        cache: InterventionCache | None = None,
        on_batch: Callable[[int, float], object] = lambda pictures, seconds: None,
    ):
        self.settings = settings
        self._generator, self._on_batch = generator, on_batch
        self._last_seconds = 0.0
        self._queue = RequestQueue(settings.max_queue)
        if generator.device.type == "cpu":
            keep_freed_memory()
        with ExitStack() as stack:
            threads = stack.enter_context(without_pool())
            stack.enter_context(remember_text(generator.pipeline, one_by_one=settings.reproducible))
            cache = InterventionCache() if cache is None else cache
            self._hyper = None if hyper is None else CachedHyperTransport(hyper, cache)
            self._device = generator.device if hyper is None else hyper.network.source_mean.device
            sites = generator.sites if hyper is None else hyper.sites
            self._identity = Intervention.identity(sites).to(self._device)
            self._places = find_places(backbone_of(generator), self._identity)
            # One steering for all batches: a new one each time would have compiled code compiled
            # again.
            self._steered = ExitStack()
            rows = Intervention.stack([self._identity] * settings.max_batch)
            # The thread that draws runs in this context, which owns the generator.
            self._context = copy_context()
            self._steering = self._context.run(self._steered.enter_context, steer(generator, rows))
            self._regions = RegionLayers(generator, self._identity, self._steering, self._steered)
            self._alone = stack.pop_all()
        self._worker = self._start(threads)

    def _start(self, threads: int) -> Thread:
        """The thread that draws, with these threads of the CPU; those to come compute alone."""
        started = Event()
        run, arguments = self._context.run, [self._run, threads, started]
        worker = Thread(target=run, args=arguments, name=NAME, daemon=True)
        worker.start()
        started.wait()
        torch.set_num_threads(1)
        return worker

    @property
    def waiting(self) -> int:
        """The requests that wait for a batch."""
        return len(self._queue)

    @property
    def working(self) -> bool:
        """Whether requests are drawn; not after `close`, nor should its thread have died."""
        return self._worker.is_alive()

    @property
    def delay(self) -> float:
        """About how many seconds those that wait will take, by how long the last batch took."""
        return math.ceil(self.waiting / self.settings.max_batch) * self._last_seconds

    @property
    def calibrated(self) -> bool:
        """Whether requests may have calibrated strengths."""
        return self._hyper is not None and self._hyper.calibrated

    def intervention(self, concept: Concept) -> Intervention:
        """What one concept gives, remembered or made by the thread that asks. Raises ConceptError.

        It is shared by all who ask: save it, or steer with it, but change nothing in it.
        """
        key = concept_key(concept)
        return _successful(self._made({key: concept})[key])

    def foresee(self, concept: Concept) -> Foresight:
        """What is known of a concept before it is drawn. Raises ConceptError."""
        if self._hyper is None:
            raise ConceptError(NO_HYPERNETWORK)
        with collecting():
            return self._hyper.foresee(concept)

    def truncations(self, requests: Sequence[Request]) -> list[str]:
        """A sentence for each prompt and concept that is longer than its encoder reads."""
        concepts = _concepts_of(requests)
        told = self._generator.truncations([request.prompt for request in requests])
        return told + ([] if self._hyper is None else self._hyper.truncations(concepts))

    def unknown_texts(self, requests: Sequence[Request]) -> list[str]:
        """A sentence for each prompt and concept that the bundled models do not know."""
        name, concepts = self._generator.id, _concepts_of(requests)
        told = [w for request in requests for w in unknown_in_prompt(name, request.prompt)]
        if self._hyper is not None:
            told += [warning for one in concepts for warning in self._hyper.unknown(one)]
        return [*dict.fromkeys(told)]

    def submit(self, request: Request) -> Future[Image.Image]:
        """Ask for a picture. Its future can be cancelled until the request's batch begins.

        The future raises what went wrong: InterventionError or ConceptError for this request
        alone, another error for a batch that failed. Raises BusyError when the queue is full and
        ClosedError after `close`.
        """
        return self.submit_all([request])[0]

    def submit_all(self, requests: Sequence[Request]) -> list[Future[Image.Image]]:
        """Ask for several pictures, each with a future of its own; refused all or none.

        More than `max_queue` never fit.
        """
        jobs = [Job(request) for request in requests]
        self._queue.put(jobs)
        return [job.future for job in jobs]

    def close(self) -> None:
        """Refuse new requests, draw those that wait, and leave the generator as it was before."""
        self._queue.close()
        self._worker.join()
        self._alone.close()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _run(self, threads: int, started: Event) -> None:
        adopt_claims()
        use_threads(threads)
        started.set()
        with self._steered:
            while jobs := self._queue.take(self.settings.max_batch, self.settings.max_wait):
                self._serve(jobs)
                del jobs  # while waiting for the next ones, keep no pictures

    def _serve(self, jobs: Sequence[Job]) -> None:
        """Settle every job: with its picture, its own error, or the error of the whole batch."""
        try:
            if rows := self._rows(jobs):
                self._draw(rows)
        except Exception as error:
            told = _without_frames(error)
            for job in jobs:
                if not job.future.done():
                    job.future.set_exception(told)

    def _rows(self, jobs: Sequence[Job]) -> dict[Job, Row]:
        """What steers each job; those whose own cannot be made get their errors."""
        made = self._made(_concepts(jobs), _concepts(self._queue.first(AHEAD)))
        rows = {}
        for job in jobs:
            try:
                rows[job] = self._row(job.request, made)
            except Exception as error:
                job.future.set_exception(error)
        return rows

    def _made(self, concepts: Concepts, ahead: Concepts | None = None) -> dict[Hashable, Outcome]:
        """What each gives, by its key: itself where it is an intervention."""
        given, asked = _parted(concepts)
        made: dict[Hashable, Outcome] = {key: T.to(self._device) for key, T in given.items()}
        if self._hyper is None:
            return made | {key: ConceptError(NO_HYPERNETWORK) for key in asked}
        with collecting():
            if self.settings.reproducible:
                for key, concept in asked.items():
                    made |= self._hyper({key: concept})
                return made
            return made | self._hyper(asked, _parted(ahead or {})[1])

    def _row(self, request: Request, made: Mapping[Hashable, Outcome]) -> Row:
        """All concepts of a request, as the generator can bear them."""
        parts = [(p.area, self._steering_of(p, _successful(made[p.key]))) for p in request.parts]
        everywhere = self._composed([part for area, part in parts if area is None])
        inside = [(area, self._composed([part])) for area, part in parts if area is not None]
        if inside:
            self._regions.require([area for area, _ in inside])
        return Row(everywhere, inside)

    def _steering_of(self, part: Part, T: Intervention) -> tuple[Intervention, float]:
        """What a concept gave, and how strongly; who gives an intervention knows its strength."""
        if not part.calibrated or self._hyper is None or isinstance(part.concept, Intervention):
            return T, part.strength
        return T, self._hyper.calibrated_strength(T, part.strength)

    def _composed(self, parts: Sequence[tuple[Intervention, float]]) -> Intervention:
        T = compose(parts or [(self._identity, 1.0)], [1.0])
        self._identity.require_same_sites(T)
        require_finite(T, self._places)
        return T

    def _draw(self, rows: Mapping[Job, Row]) -> None:
        began = time.monotonic()
        idle = [self._identity] * (self.settings.max_batch - len(rows))
        self._steering.set(Intervention.stack([*(r.everywhere for r in rows.values()), *idle]))
        self._steering.select(range(len(rows)))
        self._regions.set([row.inside for row in rows.values()])
        requests = [job.request for job in rows]
        with collecting():  # `truncations` tells who asked
            pictures = self._generator([r.prompt for r in requests], [r.seed for r in requests])
        self._last_seconds = time.monotonic() - began
        self._on_batch(len(rows), self._last_seconds)
        for job, picture in zip(rows, pictures, strict=True):
            job.future.set_result(picture)


def _concepts_of(requests: Sequence[Request]) -> list[Concept]:
    """What requests are steered by, but for interventions."""
    parts = [part.concept for request in requests for part in request.parts]
    return [concept for concept in parts if not isinstance(concept, Intervention)]


def _concepts(jobs: Sequence[Job]) -> Concepts:
    """All that steers them, by its key."""
    return {part.key: part.concept for job in jobs for part in job.request.parts}


def _parted(concepts: Concepts) -> tuple[dict[Hashable, Intervention], dict[Hashable, Concept]]:
    """Interventions as they are, and the concepts that interventions are made of."""
    given = {key: one for key, one in concepts.items() if isinstance(one, Intervention)}
    asked = {key: one for key, one in concepts.items() if not isinstance(one, Intervention)}
    return given, asked


def _successful(outcome: Outcome) -> Intervention:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _without_frames(error: Exception) -> Exception:
    """The error with its traceback as a note, in text.

    The frames themselves would keep the tensors of a batch for as long as anybody has the error,
    and where memory ran out it would still be lacking for the next batch.
    """
    error.add_note("".join(format_exception(error)))
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
