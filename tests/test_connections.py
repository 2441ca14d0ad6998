"""No connection waits for ever, nor keeps what others need; a request takes the time it takes."""

import asyncio
import json
import socket
import sys
import time
from collections import Counter

import pytest
from api_server import Client, serving, until
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from hypertransport import connections, request_parsing

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
UNREAD = b"POST /unread HTTP/1.1\r\nHost: a\r\n"
GET = b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
LARGE = 2**25  # bytes: more than sockets keep
asked: Counter[str] = Counter()  # how often each path was


@pytest.fixture(scope="module")
def app():
    async def late(request: Request) -> PlainTextResponse:
        body = await request.body()
        asked["late"] += 1
        await asyncio.sleep(0.3)
        return PlainTextResponse(body)

    async def unread(request: Request) -> PlainTextResponse:
        return PlainTextResponse("unread")

    async def large(request: Request) -> PlainTextResponse:
        asked["large"] += 1
        return PlainTextResponse(b"a" * LARGE)

    return Starlette(
        routes=[
            Route("/", late, methods=["POST"]),
            Route("/unread", unread, methods=["GET", "POST"]),
            Route("/large", large),
        ]
    )


@pytest.fixture(scope="module")
def client(app):
    with serving(app) as client:
        yield client


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(connections, "SEND_SECONDS", 0.2)
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.2)


def told(line: socket.socket, end: bytes | None = None) -> bytes:
    """What comes until it ends so, or until the connection is closed."""
    heard = b""
    while end is None or not heard.endswith(end):
        if not (more := line.recv(2**16)):
            break
        heard += more
    return heard


def closed(line: socket.socket, sent: bytes = b"") -> bool:
    """Whether the other side has closed; if not, these bytes are sent to it."""
    try:
        line.setblocking(False)
        line.send(sent)
        return line.recv(2**16, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


# Heads


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


def test_what_is_no_http_is_refused_in_the_form_of_the_api(client: Client):
    heads = (
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",  # without a host
        UNREAD + b"X: " + b"a" * 2**17,
        UNREAD + b"".join(b"X-%d: a\r\n" % i for i in range(10_000)) + b"\r\n",
        UNREAD + b"Content-Length: 3\r\n" + CHUNKED + b"3\r\nabc\r\n0\r\n\r\n",
        UNREAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    )
    for head in heads:
        with client.connected() as line:
            line.sendall(head)
            start, _, body = told(line).rpartition(b"\r\n\r\n")
        assert b"HTTP/1.1 400 Bad Request" in start
        assert b"connection: close" in start
        error = json.loads(body)["error"]
        assert (error["code"], error.keys()) == (
            "invalid_http",
            {"message", "type", "param", "code"},
        )


def test_an_upgrade_is_not_made_and_old_clients_are_served(client: Client):
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    with client.connected() as line:
        line.sendall(b"GET /unread HTTP/1.1\r\nHost: a\r\n" + upgrade + b"\r\n")
        assert told(line, b"unread").startswith(b"HTTP/1.1 200")
    with client.connected() as line:
        line.sendall(b"GET /unread HTTP/1.0\r\n\r\n")
        assert told(line).endswith(b"unread")


# Bodies that nobody reads


@pytest.mark.parametrize("kind", [b"Content-Length: 1000000\r\n\r\n", CHUNKED])
def test_the_rest_of_a_body_is_not_waited_for_once_it_is_answered(client: Client, kind: bytes):
    with client.connected() as line:
        line.sendall(UNREAD + kind)
        reply = told(line)  # until the other side closes
        assert reply.endswith(b"unread")
        assert b"connection: close" in reply
        until(lambda: closed(line, b"1\r\na\r\n"), seconds=20)


def test_nor_is_much_of_it_taken(client: Client, monkeypatch):
    monkeypatch.setattr(connections, "LINGER_SECONDS", 60)
    monkeypatch.setattr(connections, "MAX_DISCARDED", 2**20)
    with client.connected() as line:
        line.sendall(UNREAD + b"Content-Length: 1000000000\r\n\r\n")
        with pytest.raises(ConnectionError):
            line.sendall(b"a" * 2**28)


def test_a_client_that_sends_all_before_it_reads_gets_its_reply(client: Client, monkeypatch):
    monkeypatch.setattr(connections, "LINGER_SECONDS", 60)
    with client.connected() as line:
        line.sendall(UNREAD + b"Content-Length: %d\r\n\r\n" % LARGE)
        line.sendall(b"a" * LARGE)
        assert told(line).endswith(b"unread")


def test_a_body_in_very_many_pieces_is_not_parsed_to_its_end(client: Client, monkeypatch):
    pieces = request_parsing.FREE_PIECES
    with client.connected() as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: a\r\n" + CHUNKED + b"1\r\na\r\n" * 2 * pieces)
        assert told(line).startswith(b"HTTP/1.1 400")
    with client.connected() as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: a\r\n" + CHUNKED)
        line.sendall(b"1\r\na\r\n" * (pieces // 2) + b"400\r\n" + b"b" * 1024 + b"\r\n0\r\n\r\n")
        assert told(line, b"b" * 1024).startswith(b"HTTP/1.1 200")


# Replies that nobody reads


def taken(line: socket.socket, pause: float = 0.0) -> int:
    """How many bytes of a large reply come, read at this pace, until all are here or no more."""
    length = 0
    try:
        while length < LARGE and (more := line.recv(2**20)):
            length += len(more)
            time.sleep(pause)
    except ConnectionError:
        pass
    return length


def test_a_reply_that_is_not_read_is_given_up(client: Client):
    with client.connected() as line:
        line.sendall(GET % b"large")
        time.sleep(1)
        assert taken(line) < LARGE


def test_one_that_is_read_slowly_is_not(client: Client):
    with client.connected() as line:
        line.sendall(GET % b"large")
        assert taken(line, pause=0.03) >= LARGE


def test_no_further_request_begins_before_a_reply_is_sent(client: Client, monkeypatch):
    monkeypatch.setattr(connections, "SEND_SECONDS", 60)
    before = asked["large"]
    with client.connected() as line:
        line.sendall(GET % b"large" * 20)
        until(lambda: asked["large"] > before)
        time.sleep(0.3)
        assert asked["large"] == before + 1
        assert taken(line) >= LARGE
        until(lambda: asked["large"] == before + 2)


def test_what_is_unsent_is_bounded_over_all_connections(client: Client, monkeypatch):
    monkeypatch.setattr(connections, "SEND_SECONDS", 60)
    monkeypatch.setattr(connections, "MAX_UNSENT", 3 * LARGE)
    lines = []
    for _ in range(8):
        before = asked["large"]
        lines.append(client.connected())
        lines[-1].sendall(GET % b"large")
        until(lambda before=before: asked["large"] > before)
    whole = []
    for line in lines:
        with line:
            whole.append(taken(line) >= LARGE)
    assert whole[-1]
    assert not any(whole[:4])


# Too many


def test_who_has_waited_longest_makes_room_for_another(app, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 60)
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 8)
    with serving(app) as client:
        lines = []
        for _ in range(20):
            lines.append(client.connected())
            lines[-1].sendall(GET[:9])
        reply, gone = client.ask("/unread"), [closed(line) for line in lines]
        for line in lines:
            line.close()
    assert reply.data == b"unread"
    assert gone == sorted(gone, reverse=True)
    assert sum(gone) == 13


def test_nobody_makes_room_whose_request_is_being_answered(app, monkeypatch):
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 8)
    with serving(app) as client:
        before, busy = asked["late"], client.connected()
        busy.sendall(HEAD + b"one")
        until(lambda: asked["late"] > before)
        lines = [client.connected() for _ in range(20)]
        assert told(busy, b"one").endswith(b"one")
        for line in (busy, *lines):
            line.close()


def test_those_whose_bodies_do_not_end_make_room_as_well(app, monkeypatch):
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 8)
    with serving(app) as client:
        lines = [client.connected() for _ in range(20)]
        for line in lines:
            line.sendall(HEAD)
        reply = client.ask("/unread")
        for line in lines:
            line.close()
        assert reply.data == b"unread"


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_there_are_fewer_connections_than_the_process_may_open_files():
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
        assert connections.max_connections(10_000) == 200 - connections.RESERVED
        assert connections.max_connections() + connections.BACKLOG < 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
