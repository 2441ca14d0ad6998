"""The HTTP API under uvicorn, on the loopback, in a thread."""

import json
import socket
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from PIL import Image
from starlette.types import ASGIApp

from hypertransport.listening import address, listen
from hypertransport.serving.server import server

GENERATIONS = "/v1/images/generations"
SECONDS = 60


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.data)

    @property
    def pictures(self) -> list[Image.Image]:
        """Those that were drawn."""
        return [decoded(one["b64_json"]) for one in self.json["data"]]

    @property
    def error(self) -> dict[str, Any]:
        """The error, if it has exactly OpenAI's form."""
        assert self.headers["content-type"] == "application/json"
        assert self.json.keys() == {"error"}
        assert self.json["error"].keys() == {"message", "type", "param", "code"}
        return self.json["error"]


@dataclass(frozen=True)
class Client:
    """Asks one server."""

    address: str

    def ask(self, path: str, sent: Any = None, method: str | None = None, **headers: str) -> Reply:
        """GET, or POST what was sent: bytes as they are, all else as JSON."""
        data = sent if sent is None or isinstance(sent, bytes) else json.dumps(sent).encode()
        if data is not None:
            headers = {"Content-Type": "application/json"} | headers
        request = Request(self.address.rstrip("/") + path, data, headers, method=method)
        try:
            with urlopen(request, timeout=SECONDS) as reply:
                return Reply(reply.status, reply.headers, reply.read())
        except HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())

    def draw(self, sent: Any, **headers: str) -> Reply:
        return self.ask(GENERATIONS, sent, **headers)

    @contextmanager
    def sending(self, start: bytes, **headers: str | int) -> Iterator[socket.socket]:
        """A connection on which a call to draw begins with these bytes of its body."""
        host = urlsplit(self.address).netloc
        told = {"Host": host, "Content-Type": "application/json"} | headers
        lines = [f"POST {GENERATIONS} HTTP/1.1", *(f"{k}: {v}" for k, v in told.items()), "", ""]
        with self.connected() as line:
            line.sendall("\r\n".join(lines).encode() + start)
            yield line

    def connected(self) -> socket.socket:
        """A connection on which nothing has been said."""
        host = urlsplit(self.address)
        return socket.create_connection((host.hostname, host.port), timeout=SECONDS)

    def metric(self, name: str) -> float:
        """The sum over all labels of what `/metrics` says."""
        lines = self.ask("/metrics").data.decode().splitlines()
        found = [line for line in lines if line.split("{")[0].split(" ")[0] == name]
        return sum(float(line.rsplit(" ", 1)[1]) for line in found)


@contextmanager
def serving(app: ASGIApp) -> Iterator[Client]:
    """Serve, and in the end shut down as at SIGTERM: what waits is answered first."""
    uvicorn = server(app)
    with listen("127.0.0.1", 0) as listening:
        thread = Thread(target=uvicorn.run, args=([listening],))
        thread.start()
        try:
            yield Client(address(listening))
        finally:
            uvicorn.should_exit = True
            thread.join()


def in_base64(picture: Image.Image, kind: str = "PNG", share: float = 1.0) -> str:
    """A picture's file, or the first part of it."""
    data = BytesIO()
    picture.save(data, kind)
    whole = data.getvalue()
    return b64encode(whole[: int(share * len(whole))]).decode()


def decoded(text: str) -> Image.Image:
    """The picture that was sent so, which must be a PNG."""
    return Image.open(BytesIO(b64decode(text)), formats=["PNG"])


def until(happened: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait for something that another thread does, or another process."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)
