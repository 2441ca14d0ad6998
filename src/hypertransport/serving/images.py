"""`POST /v1/images/generations`: from a body to requests to the engine, and to pictures."""

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import NamedTuple, TypeVar

import fastapi
from anyio import CapacityLimiter, to_thread
from PIL import Image

from hypertransport.serving import schemas
from hypertransport.serving.api_errors import ApiError, gone
from hypertransport.serving.engine import Engine
from hypertransport.serving.pictures import encoded, parts_of
from hypertransport.serving.requests import Request
from hypertransport.serving.schemas import ImagesBody, ImagesReply
from hypertransport.text_cleaning import clean_text

DECODERS = 2  # threads that read and write pictures: each holds a few of them, decoded
MAX_PICTURES = 64  # of one call

Result = TypeVar("Result")


class Cell(NamedTuple):
    """One picture of a call: what is asked for, and the strength that multiplies its concepts'."""

    request: Request
    strength: float


class Images:
    """Draws what is asked for with an engine whose pictures have `size`, as "64x64"."""

    def __init__(self, engine: Engine, size: str):
        self._engine, self._size = engine, size
        self._most = min(MAX_PICTURES, engine.settings.max_queue)
        self._decoders = CapacityLimiter(DECODERS)

    async def generate(self, body: ImagesBody, client: fastapi.Request) -> ImagesReply:
        """All pictures of a call. Those that have not begun are cancelled when the client goes.

        Raises ApiError and what the engine raises.
        """
        self._require_possible(body)
        cells = await self.in_thread(cells_of, body)
        requests = [cell.request for cell in cells]
        futures = self._engine.submit_all(requests)
        pictures = await drawn(futures, client)
        data = await self.in_thread(_described, cells, pictures)
        told = await self.in_thread(self._engine.truncations, requests)
        told += await self.in_thread(self._engine.unknown_texts, requests)
        return ImagesReply(created=int(time.time()), data=data, warnings=told)

    async def in_thread(self, call: Callable[..., Result], *arguments: object) -> Result:
        """Read or write pictures, a few at a time, while others are served."""
        return await to_thread.run_sync(call, *arguments, limiter=self._decoders)

    def _require_possible(self, body: ImagesBody) -> None:
        if not clean_text(body.prompt):
            raise ApiError(
                400, "invalid_value", "the prompt is empty; describe a picture", "prompt"
            )
        if body.size not in (None, "auto", self._size):
            raise ApiError(
                400,
                "unsupported_size",
                f"this model draws {self._size} only; leave size out, or give that",
                "size",
            )
        if body.calibrated and not self._engine.calibrated:
            raise ApiError(
                400,
                "not_calibrated",
                "this server's hypernetwork has no calibration; leave calibrated out",
                "calibrated",
            )
        asked = (body.n or 1) * len(body.strengths)
        if asked > self._most:
            raise ApiError(
                400,
                "too_many_pictures",
                f"n times strengths is {asked}; ask for at most {self._most} pictures in one call",
                "strengths" if len(body.strengths) > 1 else "n",
            )


def cells_of(body: ImagesBody) -> list[Cell]:
    """Seed by seed, each at every strength. Raises ApiError for a concept that is none."""
    parts = [part._replace(calibrated=body.calibrated) for part in parts_of(body.steering)]
    first = secrets.randbelow(2**31) if body.seed is None else body.seed
    return [
        Cell(Request(body.prompt, seed, [part.times(strength) for part in parts]), strength)
        for seed in range(first, first + (body.n or 1))
        for strength in body.strengths
    ]


async def drawn(
    futures: Sequence[Future[Image.Image]], client: fastapi.Request
) -> list[Image.Image]:
    """The pictures, when all are there.

    If one fails, or the client goes away, the others are cancelled: raises its error, or ApiError.
    """
    drawing = asyncio.create_task(_all(futures))
    left = asyncio.create_task(_left(client))
    try:
        await asyncio.wait((drawing, left), return_when=asyncio.FIRST_COMPLETED)
        if not drawing.done():
            raise gone()
        return drawing.result()
    finally:
        left.cancel()
        drawing.cancel()
        for future in futures:
            future.cancel()


async def _all(futures: Sequence[Future[Image.Image]]) -> list[Image.Image]:
    return await asyncio.gather(*map(asyncio.wrap_future, futures))


async def _left(client: fastapi.Request) -> None:
    while (await client.receive())["type"] != "http.disconnect":
        pass


def _described(cells: Sequence[Cell], pictures: Sequence[Image.Image]) -> list[schemas.Picture]:
    return [
        schemas.Picture(b64_json=encoded(picture), seed=cell.request.seed, strength=cell.strength)
        for cell, picture in zip(cells, pictures, strict=True)
    ]
