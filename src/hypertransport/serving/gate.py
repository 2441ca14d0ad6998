"""What stands before the HTTP API: hosts, keys, how many are inside at once, and whole bodies only.

A body is read here, before any of it is parsed: no more of it than there may be, and no longer than
a while. What is refused is answered at once, and the connection then ends (see `connections`).
"""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hypertransport import request_bodies
from hypertransport.request_bodies import read_body
from hypertransport.serving.api_errors import ApiError, busy, gone
from hypertransport.serving.api_keys import ApiKeys
from hypertransport.trusted_hosts import TrustedHosts

MAX_BODY = 4 * 2**20  # bytes
MAX_VALUES = 2**17  # in a body: some take a hundred bytes of memory for each of their own
BODY_SECONDS = 30.0
OPEN = ("/health", "/ready", "/metrics", "/openapi.json")  # no key is asked for


class Gate:
    """Lets `most` requests with a body in at a time; raises `ApiError` for all others."""

    def __init__(self, app: ASGIApp, hosts: TrustedHosts, keys: ApiKeys | None, most: int):
        self._app, self._hosts, self._keys, self._most = app, hosts, keys, most
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on: a request with a body when it is here as a whole."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        self._require_host(headers)
        self._require_key(scope["path"], headers)
        if scope["method"] != "POST":
            return await self._app(scope, receive, send)
        self._require_room()
        self._inside += 1
        try:
            await self._app(scope, await _received(receive), send)
        finally:
            self._inside -= 1

    def _require_host(self, headers: Headers) -> None:
        refusal = self._hosts.refusal(headers)
        if refusal is not None:
            raise ApiError(403, refusal.code, refusal.message)

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
    """First the whole body, then whatever comes. Raises ApiError for one that cannot be taken."""
    body = await _whole_body(receive)
    if sum(map(body.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise ApiError(
            413, "body_too_large", f"the body has more than {MAX_VALUES:,} values; send fewer"
        )
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return left.pop() if left else await receive()

    return replay


async def _whole_body(receive: Receive) -> bytes:
    try:
        return await read_body(receive, MAX_BODY, BODY_SECONDS)
    except request_bodies.BodyTooLargeError:
        raise ApiError(
            413,
            "body_too_large",
            f"the body has more than {MAX_BODY:,} bytes; scale the reference pictures down",
        ) from None
    except request_bodies.BodyTimeoutError:
        raise ApiError(
            408, "body_timeout", f"the body took longer than {BODY_SECONDS:g} s; send it again"
        ) from None
    except request_bodies.ClientGoneError:
        raise gone() from None
