"""Around all of the HTTP API: an id and a line in the log for each request, and no error lost.

Lines name the pattern of a path, never the path or the query themselves: what people write about
their pictures is theirs.
"""

import logging
import time
from collections.abc import Callable
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hypertransport.serving.api_errors import ApiError
from hypertransport.serving.metrics import OTHER, Metrics, known

LOG = logging.getLogger("hypertransport.serving")
REQUEST_ID = b"x-request-id"


class Journal:
    """Counts, times and logs every request; answers the errors that came through all else.

    `told` makes of an exception what the client is told.
    """

    def __init__(
        self, app: ASGIApp, metrics: Metrics, told: Callable[[Exception, Scope], ApiError]
    ):
        self._app, self._metrics, self._told = app, metrics, told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began, statuses, name = time.monotonic(), [], uuid4().hex

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
                message["headers"] = [*message.get("headers", ()), (REQUEST_ID, name.encode())]
            await send(message)

        try:
            await self._answered(scope, receive, sending, statuses, name)
        finally:
            status = statuses[0] if statuses else 0
            self._write(scope, status, time.monotonic() - began, name)

    async def _answered(
        self, scope: Scope, receive: Receive, send: Send, statuses: list[int], name: str
    ) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            if not isinstance(error, ApiError):
                LOG.error("request %s failed", name, exc_info=error)
            if statuses:  # too late to say anything else
                raise
            await self._told(error, scope).response()(scope, receive, send)

    def _write(self, scope: Scope, status: int, seconds: float, name: str) -> None:
        route = getattr(scope.get("route"), "path", None)
        self._metrics.request(route, scope["method"], status, seconds)
        method = known(scope["method"])
        LOG.info("%s %s %s %.3f s %s", method, route or OTHER, status, seconds, name)
