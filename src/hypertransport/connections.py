"""Connections to our servers: bounded in number, in time and in memory, whatever a client does.

Uvicorn bounds the size of a head and the silence after a reply. It waits without end for a head,
for the rest of a body that nobody reads, and for a client that does not read its reply.
"""

import asyncio
import json
import sys
import time
from typing import Any

import h11
import uvicorn
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.flow_control import CLOSE_HEADER, HIGH_WATER_LIMIT
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from hypertransport.request_parsing import RequestParser

HEAD_SECONDS = 30.0
SEND_SECONDS = 15.0  # for each MIN_SENT bytes of a reply, or for all that is left of it
MIN_SENT = 2**14  # bytes
LINGER_SECONDS = 5.0  # after a reply, for the rest of a body that nobody reads
MAX_DISCARDED = 2**26  # bytes of that rest
MAX_CONNECTIONS = 512
MAX_UNSENT = 2**29  # bytes of replies, over all connections
BACKLOG = 32  # connections that are accepted at once, before any of them is looked at
RESERVED = BACKLOG + 32  # file descriptors beyond those of the connections that are kept


def bounded(max_requests: int = 0) -> dict[str, Any]:
    """Return options of uvicorn for a server that works at up to `max_requests` at a time."""
    return {
        "http": Connection,
        "ws": "none",
        "backlog": BACKLOG,
        "limit_concurrency": max_connections(max_requests),
        "proxy_headers": False,  # nothing here depends on the client's address
    }


def max_connections(busy: int = 0) -> int:
    """Return how many connections to keep, of which `busy` may wait for our own work."""
    wanted = MAX_CONNECTIONS + busy
    if sys.platform == "win32":
        return wanted
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return wanted
    return min(wanted, max(limit - RESERVED, BACKLOG))


class Connection(H11Protocol):
    """Uvicorn's connection, with limits on all that it waits for.

    It is closed if a head takes longer than `HEAD_SECONDS`, if the client takes fewer than
    `MIN_SENT` bytes of a reply in `SEND_SECONDS`, and soon after the reply to a request whose body
    is not complete. If there are too many connections, or too much is unsent, the connection that
    has waited longest for its client is closed.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ):
        super().__init__(config, server_state, app_state, _loop)
        self.conn = RequestParser()
        self._loaded: Any = self.app
        self.app: Any = self._serve
        self._most = config.limit_concurrency or max_connections()
        self.limit_concurrency = None  # uvicorn would refuse the newest, and wait for the others
        self._late_head: asyncio.TimerHandle | None = None
        self._late_send: asyncio.TimerHandle | None = None
        self._late_end: asyncio.TimerHandle | None = None
        self._waiting_since = time.monotonic()
        self._discarded = 0

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. The reply announces the end if the body is not complete by then."""
        self._waiting_since = time.monotonic()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and self._body_incomplete:
                message = {**message, "headers": [*message.get("headers", ()), CLOSE_HEADER]}
            await send(message)
            self._bound_unsent()

        await self._loaded(scope, receive, sending)

    # Called by asyncio

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        transport.set_write_buffer_limits(high=0)  # to be told whenever something is unsent
        self._socket = transport
        super().connection_made(LingeringTransport(self, transport))  # type: ignore[arg-type]
        self._make_room()
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        if self.ending:
            self._discard(len(data))
            return
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._late_head = _cancelled(self._late_head)
        elif self._late_head is None:
            self._expect_head()

    def pause_writing(self) -> None:
        """Watch how the client takes what the socket did not take at once."""
        self._expect_progress()

    def resume_writing(self) -> None:
        """Go on, as all is sent."""
        self._late_send = _cancelled(self._late_send)
        super().resume_writing()
        if self.cycle is not None and self.cycle.response_complete:
            super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._late_head = _cancelled(self._late_head)
        self._late_end = _cancelled(self._late_end)
        super().connection_lost(exc)
        self._late_send = _cancelled(self._late_send)

    # Called by uvicorn

    def on_response_complete(self) -> None:
        """Begin with the next request, but not before the reply is sent: one waits, not many."""
        self._waiting_since = time.monotonic()
        if not self._unsent:
            super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP in the form of the API's errors, and end."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):  # in the middle of a reply
            self._socket.abort()
            return
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        for event in _bad_request(msg):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def shutdown(self) -> None:
        if self.ending:
            self._socket.abort()
        else:
            super().shutdown()

    # Ending

    @property
    def ending(self) -> bool:
        """Whether all has been written, and what still comes is thrown away."""
        return self._late_end is not None

    def end(self) -> None:
        """Close the connection, but first let a client that is still sending read the reply.

        If a socket is closed with unread data, the client may be told of that instead.
        """
        if self.ending or self._socket.is_closing():
            return
        if self.conn.their_state in (h11.SEND_BODY, h11.ERROR):
            self._socket.write_eof()
            self.flow.resume_reading()
            self._late_end = self.loop.call_later(LINGER_SECONDS, self._socket.abort)
        else:
            self._socket.close()

    def _discard(self, count: int) -> None:
        self._discarded += count
        if self._discarded > MAX_DISCARDED:
            self._socket.abort()

    # Waiting

    @property
    def _body_incomplete(self) -> bool:
        return self.conn.their_state is h11.SEND_BODY

    @property
    def _waits_for_client(self) -> bool:
        at_work = self.cycle is not None and not self.cycle.response_complete
        return not at_work or self._body_incomplete or self.flow.write_paused

    def _expect_head(self) -> None:
        self._late_head = self.loop.call_later(HEAD_SECONDS, self._socket.close)

    def _expect_progress(self) -> None:
        enough = max(self._unsent - MIN_SENT, 0)

        def look() -> None:
            if self._unsent > enough:
                self._socket.abort()
            else:
                self._expect_progress()

        self._late_send = _cancelled(self._late_send)
        self._late_send = self.loop.call_later(SEND_SECONDS, look)

    @property
    def _unsent(self) -> int:
        return self._socket.get_write_buffer_size()

    def _make_room(self) -> None:
        if len(self.connections) > self._most:
            self._close_oldest([c for c in self._others if c._waits_for_client] or [self])

    def _bound_unsent(self) -> None:
        """Let the application wait while much of its reply is unsent, and bound what all keep."""
        if not self._unsent:
            return
        self._expect_progress()
        if self._unsent > HIGH_WATER_LIMIT:
            self.flow.pause_writing()
        slow = [c for c in (*self._others, self) if c._unsent]
        if sum(c._unsent for c in slow) > MAX_UNSENT:
            self._close_oldest(slow)

    @property
    def _others(self) -> "list[Connection]":
        return [c for c in self.connections if isinstance(c, Connection) and c is not self]

    def _close_oldest(self, connections: "list[Connection]") -> None:
        oldest = min(connections, key=lambda c: c._waiting_since)
        self.connections.discard(oldest)
        oldest._socket.abort()


class LingeringTransport:
    """A transport that lets its connection decide how to close; all else is the transport's."""

    def __init__(self, connection: Connection, transport: asyncio.Transport):
        self._connection, self._transport = connection, transport

    def close(self) -> None:
        self._connection.end()

    def is_closing(self) -> bool:
        return self._connection.ending or self._transport.is_closing()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def _bad_request(message: str) -> list[h11.Event]:
    """A reply in the form of OpenAI's errors."""
    error = {
        "message": f"{message} Send whole requests of HTTP/1.1, each with one length.",
        "type": "invalid_request_error",
        "param": None,
        "code": "invalid_http",
    }
    body = json.dumps({"error": error}).encode()
    length = (b"content-length", str(len(body)).encode())
    headers = [(b"content-type", b"application/json"), length, CLOSE_HEADER]
    start = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
    return [start, h11.Data(data=body), h11.EndOfMessage()]


def _cancelled(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
