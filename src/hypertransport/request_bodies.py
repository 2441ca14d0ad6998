"""Read the body of a request within a limit of bytes and a limit of time."""

import asyncio

from starlette.types import Receive


class BodyError(Exception):
    """The body of a request cannot be had."""


class BodyTooLargeError(BodyError):
    """More bytes came than are allowed; the rest was not read."""


class BodyTimeoutError(BodyError):
    """The body was not complete in time."""


class ClientGoneError(BodyError):
    """The client closed the connection before the body was complete."""


async def read_body(receive: Receive, max_bytes: int, seconds: float) -> bytes:
    """Return the whole body; keep at most `max_bytes` and a part of what one message brings.

    Raises BodyTooLargeError, BodyTimeoutError or ClientGoneError. An answer that is sent before the
    whole body has come ends the connection (`hypertransport.connections`).
    """
    try:
        async with asyncio.timeout(seconds):
            return await _read(receive, max_bytes)
    except TimeoutError:
        raise BodyTimeoutError from None


async def _read(receive: Receive, max_bytes: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        body += message.get("body", b"")
        if len(body) > max_bytes:
            raise BodyTooLargeError
        if not message.get("more_body", False):
            return bytes(body)
