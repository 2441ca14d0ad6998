"""HEAD wherever GET is answered: uptime monitors and balancers ask so."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Has HEAD answered as GET, without the body. FastAPI's routes know GET alone."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; its scope is told the route that was found."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self._app(scope, receive, send)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        read = {**scope, "method": "GET"}
        try:
            await self._app(read, receive, sending)
        finally:
            scope["route"] = read.get("route")
