"""No connection waits for ever for a request; a request and its reply take the time they take."""

import asyncio
import time
from socket import socket

import pytest
from api_server import Client, serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from hypertransport import connections

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"


@pytest.fixture(scope="module")
def client():
    async def late(request: Request) -> PlainTextResponse:
        body = await request.body()
        await asyncio.sleep(0.3)
        return PlainTextResponse(body)

    with serving(Starlette(routes=[Route("/", late, methods=["POST"])])) as client:
        yield client


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)


def told(line: socket, end: bytes | None = None) -> bytes:
    """What comes until it ends so, or until the connection is closed."""
    heard = b""
    while end is None or not heard.endswith(end):
        if not (more := line.recv(1000)):
            break
        heard += more
    return heard


@pytest.mark.parametrize("said", [b"", HEAD[:7], HEAD[:-2]])
def test_a_head_that_does_not_end_is_not_waited_for(client: Client, said: bytes):
    with client.connected() as line:
        line.sendall(said)
        assert told(line) == b""


def test_nor_is_that_of_a_later_request(client: Client):
    with client.connected() as line:
        line.sendall(HEAD + b"one")
        assert told(line, b"one").endswith(b"one")
        line.sendall(HEAD[:-2])
        assert told(line) == b""


def test_a_body_and_a_reply_may_take_longer(client: Client):
    with client.connected() as line:
        for _ in range(2):
            line.sendall(HEAD + b"tw")
            time.sleep(0.3)
            line.sendall(b"o")
            assert told(line, b"two").endswith(b"two")
