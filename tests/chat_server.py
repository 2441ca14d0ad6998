"""A server on the loopback that speaks OpenAI's chat completions, as well or as badly as wanted."""

import json
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

from PIL import Image

KEY = "sk-a-very-secret-key"
TASTE = ["red", "green", "blue"]  # what an ideal judge prefers, from the best


@dataclass
class Reply:
    """What a server sends: a body, or an answer to be wrapped in one."""

    content: str | None = None
    body: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    message: dict[str, Any] = field(default_factory=dict)
    finish: str = "stop"
    usage: dict[str, Any] | None = None

    def encoded(self) -> bytes:
        message = {"role": "assistant", "content": self.content} | self.message
        choice = {"index": 0, "message": message, "finish_reason": self.finish}
        usage = self.usage or {"prompt_tokens": 1000, "completion_tokens": 10}
        whole = {"id": "1", "object": "chat.completion", "choices": [choice], "usage": usage}
        return (json.dumps(whole) if self.body is None else self.body).encode()


Behaviour = Callable[[dict[str, Any], int], Reply]


def answer(word: str) -> Reply:
    return Reply(json.dumps({"answer": word}))


def colours(request: dict[str, Any]) -> list[str]:
    """The colours of the pictures that a request shows, in their order."""
    parts = request["messages"][1]["content"]
    urls = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
    pictures = [Image.open(BytesIO(b64decode(url.split(",", 1)[1]))) for url in urls]
    plain = {(255, 0, 0): "red", (0, 128, 0): "green", (0, 0, 255): "blue"}
    return [plain[picture.getpixel((0, 0))] for picture in pictures]


def ideal(request: dict[str, Any], number: int) -> Reply:
    """Answers by what is seen."""
    first, second = map(TASTE.index, colours(request))
    return answer("first" if first < second else "second")


@dataclass
class Server:
    """Where it listens, and what it was asked: bodies, and the most requests at one time."""

    url: str
    requests: list[dict[str, Any]]
    most_at_once: int = 0


@contextmanager
def serving(behave: Behaviour) -> Iterator[Server]:
    """Serve; `behave` is given each request and its number, from 0."""
    lock, seen, at_once = threading.Lock(), Server("", []), [0]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                seen.requests.append(request)
                number = len(seen.requests) - 1
                at_once[0] += 1
                seen.most_at_once = max(seen.most_at_once, at_once[0])
            try:
                reply = self.reply(request, number)
            finally:
                with lock:
                    at_once[0] -= 1
            self.send(reply)

        def reply(self, request: dict[str, Any], number: int) -> Reply:
            if self.path != "/v1/chat/completions":
                return Reply(status=404, body="{}")
            if self.headers["Authorization"] != f"Bearer {KEY}":
                told = {"error": {"message": f"wrong key: {self.headers['Authorization']}"}}
                return Reply(status=401, body=json.dumps(told))
            return behave(request, number)

        def send(self, reply: Reply) -> None:
            body = reply.encoded()
            self.send_response(reply.status)
            headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
            for name, value in (headers | reply.headers).items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except ConnectionError:  # who asked has given up waiting
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    seen.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
