"""Serving: every request with a concept of its own, in batches, against switching adapters.

32 clients ask the engine, each for its next picture when it has the last; no concept comes twice
in a repeat, and none is remembered from another. Their prompts are four, whose text the engine
remembers; in one more row each has a prompt of its own too. The peer swaps a LoRA of PEFT in place,
as the hot-swap of diffusers does, and draws, request by request, on a pipeline of the same weights;
its adapters are ready in memory, as the engine is open. HTTP is left out on both sides. Both draw
in a thread of their own, which ends with the repeat, so that there is one pool of threads at a time
(`cpu_threads`).
"""

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from threading import Semaphore
from typing import Any

import numpy as np
import torch
from peft.utils.hotswap import hotswap_adapter_from_state_dict, prepare_model_for_compiled_hotswap
from PIL import Image

import hypertransport as ht
from benchmarks.cases import SMALL
from benchmarks.measuring import (
    Row,
    Run,
    Timed,
    Way,
    bound,
    in_turns,
    operations_of,
    ratios,
    row,
    weight_bytes,
)
from benchmarks.steering_cost import RANK, lora_on
from benchmarks.switching import adapters
from hypertransport.catalogue import load as load_catalogue
from hypertransport.cpu_threads import use_threads, without_pool
from hypertransport.drawing import draw
from hypertransport.generators.base import Generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.serving.engine import Engine, EngineSettings
from hypertransport.serving.requests import Request
from hypertransport.training.inputs import record_bank
from hypertransport.training.prompts import NEUTRAL

CLIENTS, BATCHES, REQUESTS, ADAPTERS = 32, (1, 8, 32), 64, 8
PROMPTS = ("a mushroom", "a crown", "a door", "a fox")
BUDGET = 90.0  # seconds of turns: one differs from the next by a tenth
UNLIKE = 8  # the batch that is also measured with prompts of which none comes twice
AIM = "pictures in a batch of {}{} are those made alone"
TIMES = {8: "at least 4 times as many as by hot-swapping; "}  # what is aimed at, by the batch


def measure(run: Run) -> Iterator[Row]:
    with without_pool() as threads:
        yield from measured(run, threads)


def measured(run: Run, threads: int) -> Iterator[Row]:
    generator = ht.load_generator(SMALL, device=run.device)
    hyper = ht.HyperTransport.from_pretrained(SMALL).to(run.device)
    number = 4 if run.quick else REQUESTS
    wanted, unlike = requests(number), requests(number, NEUTRAL)
    batches = BATCHES[:2] if run.quick else BATCHES
    served = [Served(generator, hyper, size, wanted) for size in batches]
    served.append(Served(generator, hyper, UNLIKE, unlike, own=" with prompts of their own"))
    ways = [
        Way(f"engine, batches of up to {one.size}{one.own}", one, one.opened, 1 / number)
        for one in served
    ]
    swap = in_a_thread(swapping(generator, wanted), threads)
    ways.append(Way("hot-swap of PEFT", swap, times=1 / number))
    *ours, peer = in_turns(run, ways, BUDGET)
    if run.slow:
        for timed in (*ours, peer):
            timed.mib = math.nan  # a CPU's memory is told of the thread that asks alone
    most = max(batches)
    rows = record_bank(generator, [PROMPTS[0]] * most, range(most))
    work = operations_of(lambda: generator.backbone(**rows)) / most
    least = bound(run.machine, weight_bytes(generator.backbone) / most, work)
    for one, timed in zip(served, ours, strict=True):
        alone = [drawn_alone(generator, hyper, request) for request in one.wanted]
        yield told(one, timed, peer, alone, least)


def requests(number: int, prompts: Sequence[str] = PROMPTS) -> list[Request]:
    """Each with a concept of its own; prompts take turns."""
    names = [entry.name for entry in load_catalogue(SMALL)][:number]
    return [
        Request(prompt, seed, [(name, 1.0)])
        for seed, (name, prompt) in enumerate(zip(names, cycle(prompts), strict=False))
    ]


def told(
    one: "Served", timed: Timed, peer: Timed, alone: list[Image.Image], least: dict[str, Any]
) -> Row:
    wrong = sum(difference(a, b) > 1 for a, b in zip(one.pictures, alone, strict=True))
    facts = {"pictures a second": 1 / timed.median, "of the peer": 1 / peer.median}
    for share in (50, 95, 99):
        facts[f"seconds of {share}%"] = float(np.percentile(one.latencies, share))
    facts["wrong pictures"] = wrong
    reached = f"{wrong} of {len(alone)} differ by more than rounding"
    if one.size in TIMES:
        reached = "{:.2f} times ({:.2f} to {:.2f}); ".format(*ratios(timed, peer)) + reached
    met = {"aim": TIMES.get(one.size, "") + AIM.format(one.size, one.own), "reached": reached}
    return row(SMALL, "a picture with its own concept", timed, peer, facts=facts, **met, **least)


class Served:
    """Called: all requests through the engine that is open, from `CLIENTS` clients."""

    def __init__(
        self,
        generator: Generator,
        hyper: HyperTransport,
        size: int,
        wanted: list[Request],
        own: str = "",
    ):
        self.size, self.wanted, self.own = size, wanted, own
        self._generator, self._hyper = generator, hyper
        self.latencies: list[float] = []
        self.pictures: list[Image.Image] = []

    @contextmanager
    def opened(self) -> Iterator[None]:
        """A block with a new engine, which remembers nothing yet."""
        settings = EngineSettings(max_batch=self.size, max_queue=CLIENTS)
        with Engine(self._generator, self._hyper, settings) as self._engine:
            yield

    def __call__(self) -> None:
        room, futures = Semaphore(CLIENTS), []
        for request in self.wanted:
            room.acquire()
            began = time.perf_counter()
            future = self._engine.submit(request)
            future.add_done_callback(lambda _, began=began: self._done(room, began))
            futures.append(future)
        self.pictures = [future.result() for future in futures]

    def _done(self, room: Semaphore, began: float) -> None:
        self.latencies.append(time.perf_counter() - began)
        room.release()


def swapping(generator: Generator, wanted: list[Request]) -> Callable[[], None]:
    """All requests one after the other, each with the adapters swapped before it."""
    pipeline = copy.deepcopy(generator.pipeline)
    backbone = pipeline.transformer
    config: Any = lora_on(backbone).peft_config["default"]
    prepare_model_for_compiled_hotswap(backbone, target_rank=RANK, config=config)
    files = cycle(adapters(backbone, ADAPTERS))

    def action() -> None:
        for request in wanted:
            hotswap_adapter_from_state_dict(backbone, next(files), "default", config)
            noise = torch.Generator().manual_seed(request.seed)
            pipeline(prompt=request.prompt, generator=noise, **generator.defaults)

    return action


def in_a_thread(action: Callable[[], None], threads: int) -> Callable[[], None]:
    """The action in a new thread that has so many of the CPU's, as an engine's."""

    def run() -> None:
        with ThreadPoolExecutor(1, initializer=use_threads, initargs=(threads,)) as pool:
            pool.submit(action).result()

    return run


def drawn_alone(generator: Generator, hyper: HyperTransport, request: Request) -> Image.Image:
    parts = [(hyper(part.concept), part.strength) for part in request.parts]
    return draw(generator, request.prompt, parts, [(request.seed, 1.0)])[0]


def difference(a: Image.Image, b: Image.Image) -> int:
    """The largest of all values, of 255."""
    pair = (np.asarray(picture, dtype=np.int16) for picture in (a, b))
    return int(np.abs(np.subtract(*pair)).max())
