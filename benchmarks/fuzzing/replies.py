"""A server on this machine that answers with whatever bytes it is given."""

import socket
from contextlib import suppress
from functools import cache
from threading import Thread

SECONDS = 5.0  # for a request to arrive


class Answering:
    """Answers every connection with `reply`, and closes it."""

    def __init__(self) -> None:
        self.reply = b""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            line, _ = self._listening.accept()
            with line, suppress(OSError):  # a client may leave at any moment
                line.settimeout(SECONDS)
                self._answer(line)

    def _answer(self, line: socket.socket) -> None:
        """Read the whole request first: closing before would be a reset."""
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += line.recv(2**16)
        head, _, body = asked.partition(b"\r\n\r\n")
        fields = dict(row.lower().split(b": ", 1) for row in head.split(b"\r\n")[1:])
        missing = int(fields.get(b"content-length", b"0")) - len(body)
        while missing > 0:
            missing -= len(line.recv(missing))
        line.sendall(self.reply)


@cache
def answering() -> Answering:
    """The one of this process, started when it is first asked for."""
    return Answering()
