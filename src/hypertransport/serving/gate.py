"""What stands before the HTTP API: keys, how many are inside at once, and whole bodies only.

A body is read here, before any of it is parsed: no more of it than there may be, and no longer than
a while. What is refused is read as well, and thrown away: many clients look for an answer only when
they have sent all.
"""

import asyncio

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hypertransport.serving.api_errors import ApiError, busy, gone
from hypertransport.serving.api_keys import ApiKeys

MAX_BODY = 4 * 2**20  # bytes
MAX_DISCARDED = 16 * MAX_BODY
BODY_SECONDS = 30.0
OPEN = ("/health", "/ready", "/metrics", "/openapi.json")  # no key is asked for


class Gate:
    """Lets `most` requests with a body in at a time; raises `ApiError` for all others."""

    def __init__(self, app: ASGIApp, keys: ApiKeys | None, most: int):
        self._app, self._keys, self._most = app, keys, most
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on: a request with a body when it is here as a whole."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        posted, headers = scope["method"] == "POST", Headers(scope=scope)
        try:
            self._require_key(scope["path"], headers)
            if posted:
                self._require_room()
        except ApiError:
            await _whole_body(receive, most=0)
            raise
        if not posted:
            return await self._app(scope, receive, send)
        self._inside += 1
        try:
            await self._app(scope, await _received(receive), send)
        finally:
            self._inside -= 1

    def _require_room(self) -> None:
        if self._inside >= self._most:
            raise busy(f"{self._inside} requests are under way already; try again later", 1)

    def _require_key(self, path: str, headers: Headers) -> None:
        if self._keys is None or path in OPEN:
            return
        if not self._keys.allow(headers.get("authorization", "").encode("latin-1")):
            raise ApiError(
                401,
                "invalid_api_key",
                "this server asks for a key, and this is none of them; send one as "
                "'Authorization: Bearer KEY'",
                headers={"WWW-Authenticate": "Bearer"},
            )


async def require_json(request: Request) -> None:
    """Raise ApiError for all else, so that no page of another site can post unasked.

    A browser asks first before it sends JSON to another site than the page's own.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ApiError(
            415, "unsupported_media_type", "send JSON, with 'Content-Type: application/json'"
        )


async def _received(receive: Receive) -> Receive:
    """First the whole body, then whatever comes. Raises ApiError where it is too long."""
    body = await _whole_body(receive, MAX_BODY)
    if body is None:
        raise ApiError(
            413,
            "body_too_large",
            f"the body has more than {MAX_BODY:,} bytes; scale the reference pictures down",
        )
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return left.pop() if left else await receive()

    return replay


async def _whole_body(receive: Receive, most: int) -> bytes | None:
    """A body, or None if it is longer. Raises ApiError if it takes too long, or nobody sends it."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(receive, most)
    except TimeoutError:
        raise ApiError(
            408, "body_timeout", f"the body took longer than {BODY_SECONDS:g} s; send it again"
        ) from None


async def _read(receive: Receive, most: int) -> bytes | None:
    kept, length = bytearray(), 0
    while length <= MAX_DISCARDED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise gone()
        part = message.get("body", b"")
        length += len(part)
        if length <= most:
            kept += part
        if not message.get("more_body", False):
            break
    return bytes(kept) if length <= most else None
