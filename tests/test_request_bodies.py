"""Bodies are read whole, or not beyond their limits of bytes and of time."""

import asyncio
from typing import Any

import pytest

from hypertransport import request_bodies
from hypertransport.request_bodies import read_body

DISCONNECT = {"type": "http.disconnect"}


def read(parts: list[bytes], max_bytes: int, end: bool = True, gone: bool = False) -> bytes:
    """What is read of parts that come one by one; without an end, nothing comes after them."""
    last = len(parts) - 1
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": part, "more_body": not end or place < last}
        for place, part in enumerate(parts)
    ]
    messages += [DISCONNECT] * gone

    async def receive() -> dict[str, Any]:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    return asyncio.run(read_body(receive, max_bytes, 0.05))


def test_a_body_within_the_limit_is_given_whole():
    assert read([b"ab", b"", b"c"], 3) == b"abc"
    assert read([b""], 0) == b""


def test_a_longer_one_is_not_read_on_even_if_it_never_ends():
    with pytest.raises(request_bodies.BodyTooLargeError):
        read([b"ab", b"cd"], 3, end=False)


def test_one_that_stops_and_one_whose_sender_leaves_are_errors():
    with pytest.raises(request_bodies.BodyTimeoutError):
        read([b"ab"], 3, end=False)
    with pytest.raises(request_bodies.ClientGoneError):
        read([b"ab"], 3, end=False, gone=True)
