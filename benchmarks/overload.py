"""Four times what a server can draw, with 30% of the clients hanging up: `--minutes` long.

`hypertransport serve` runs in a process of its own. Every picture that comes back is compared with
the one drawn alone; every answer has to be a picture or 429; and afterwards the server has to hold
no more memory, threads, files or requests than it did.
"""

import asyncio
import json
import random
import time
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import urlsplit
from urllib.request import urlopen

import psutil
from PIL import Image

import hypertransport as ht
from benchmarks.cases import SMALL
from benchmarks.load import difference, drawn_alone, requests
from benchmarks.measuring import SEED, Row, Run
from benchmarks.memory import MIB
from benchmarks.servers import serving
from hypertransport.concepts import Words
from hypertransport.serving.requests import Request

TIMES, HANG_UP, KINDS = 4, 0.3, 16
BATCH, QUEUE = 8, 32
PATIENCE = 30.0  # seconds until a client gives up: a time-out
MOST = 1000  # clients at once
SETTLE = 3.0  # seconds after which a server should have forgotten all clients
AIM = "four times the capacity: no wrong picture, no time-out, nothing leaked"


@dataclass
class Counts:
    """What became of the calls: `answers` by status, or by how they failed."""

    answers: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    wrong: int = 0
    hung_up: int = 0


def measure(run: Run) -> Iterator[Row]:
    wanted = requests(4 if run.quick else KINDS)
    generator = ht.load_generator(SMALL, device=run.device)
    hyper = ht.HyperTransport.from_pretrained(SMALL).to(run.device)
    alone = [drawn_alone(generator, hyper, request) for request in wanted]
    limits = ["--max-batch", str(BATCH), "--max-queue", str(QUEUE)]
    with serving("serve", *limits) as (pid, address):
        process = psutil.Process(pid)
        client = Client(address, wanted, alone)
        capacity = asyncio.run(client.closed(2.0 if run.quick else 10.0))
        time.sleep(SETTLE)
        before = held(process)
        counts = asyncio.run(client.open(TIMES * capacity, 60 * run.minutes))
        time.sleep(SETTLE)
        after = held(process)
        waiting = metric(address, "hypertransport_queue_length")
    yield told(run, capacity, counts, before, after, waiting)


def told(
    run: Run, capacity: float, counts: Counts, before: "Held", after: "Held", waiting: float
) -> Row:
    answers = counts.answers
    drawn, busy = answers["200"], answers["429"]
    others = answers.total() - drawn - busy
    facts = {
        "capacity, pictures a second": capacity, "calls": answers.total() + counts.hung_up,
        "drawn": drawn, "429": busy, "other answers and time-outs": others,
        "hung up": counts.hung_up, "wrong pictures": counts.wrong, "waiting after": waiting,
        "more MiB after": after.mib - before.mib,
        "more threads after": after.threads - before.threads,
        "more files after": after.files - before.files,
    }  # fmt: skip
    reached = (
        f"{counts.wrong} wrong of {drawn:,}, {others} other than 200 and 429, "
        f"{facts['more MiB after']:.0f} MiB, {facts['more threads after']:.0f} threads and "
        f"{facts['more files after']:.0f} files more, {waiting:.0f} waiting"
    )
    what = f"{run.minutes:g} minutes at {TIMES} times the capacity"
    seconds = sorted(counts.latencies)[len(counts.latencies) // 2] if counts.latencies else 0.0
    ours = "hypertransport serve, median of pictures drawn"
    return Row(SMALL, what, ours, seconds, after.mib, 1, aim=AIM, reached=reached, facts=facts)


# --- the server -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """What a process has."""

    mib: float
    threads: int
    files: int


def held(process: psutil.Process) -> Held:
    return Held(process.memory_info().rss / MIB, process.num_threads(), process.num_fds())


def metric(address: str, name: str) -> float:
    with urlopen(f"{address.rstrip('/')}/metrics", timeout=PATIENCE) as reply:
        lines = reply.read().decode().splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith(name + " "))


# --- the clients ----------------------------------------------------------------------------------


class Client:
    """Asks one server for pictures, each of which is known."""

    def __init__(self, address: str, wanted: list[Request], alone: list[Image.Image]):
        place = urlsplit(address)
        self._host, self._port = place.hostname, place.port
        self._alone, self._rng = alone, random.Random(SEED)
        self._calls = [self._call(request) for request in wanted]

    def _call(self, request: Request) -> bytes:
        concept = request.parts[0].concept
        assert isinstance(concept, Words)
        steering = [{"concept": concept.text}]
        sent = {"prompt": request.prompt, "seed": request.seed, "steering": steering}
        body = json.dumps(sent).encode()
        lines = ["POST /v1/images/generations HTTP/1.1", f"Host: {self._host}:{self._port}"]
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body

    async def closed(self, seconds: float) -> float:
        """Pictures a second when there is always work, but never more than fits."""
        counts, end = Counts(), time.monotonic() + seconds

        async def one() -> None:
            while time.monotonic() < end:
                await self._ask(counts)

        await asyncio.gather(*(one() for _ in range(2 * BATCH)))
        return counts.answers["200"] / seconds

    async def open(self, rate: float, seconds: float) -> Counts:
        """So many calls a second, whatever becomes of them."""
        counts, calls = Counts(), set()
        end = time.monotonic() + seconds
        due = time.monotonic()
        while (now := time.monotonic()) < end:
            due += self._rng.expovariate(rate)
            await asyncio.sleep(max(0.0, due - now))
            calls = {call for call in calls if not call.done()}
            if len(calls) < MOST:
                hang_up = self._rng.random() < HANG_UP
                calls.add(asyncio.create_task(self._ask(counts, hang_up)))
        await asyncio.gather(*calls)
        return counts

    async def _ask(self, counts: Counts, hang_up: bool = False) -> None:
        """One call; `hang_up`: left alone after a while, shorter than pictures take."""
        which = self._rng.randrange(len(self._calls))
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection(self._host, self._port)
                try:
                    writer.write(self._calls[which])
                    await writer.drain()
                    if hang_up:
                        await asyncio.sleep(self._rng.uniform(0, 0.3))
                        counts.hung_up += 1
                        return
                    reply = await reader.read()
                finally:
                    writer.transport.abort()
        except (OSError, TimeoutError) as error:
            counts.answers[type(error).__name__] += 1
            return
        self._note(counts, reply, which, time.monotonic() - began)

    def _note(self, counts: Counts, reply: bytes, which: int, seconds: float) -> None:
        head, _, body = reply.partition(b"\r\n\r\n")
        status = head.split(b" ", 2)[1].decode() if head else "nothing"
        counts.answers[status] += 1
        if status == "200":
            counts.latencies.append(seconds)
            data = b64decode(json.loads(body)["data"][0]["b64_json"])
            counts.wrong += difference(Image.open(BytesIO(data)), self._alone[which]) > 1
