"""HTTP requests as h11 parses them, without those that are built to mislead or to keep us busy."""

from typing import Any

import h11

MAX_HEAD = 2**14  # bytes
FREE_PIECES = 1000
MEAN_PIECE = 512  # bytes that a body has, on average, for each further piece


class RequestParser(h11.Connection):
    """The server's side of h11, with three more checks.

    A head may be too long although it came at once, where h11 looks at those alone that have not
    come whole. A body whose length is told twice, as a number and by chunks, may end elsewhere for
    a proxy in front of us. A body in a great many pieces takes seconds to parse.
    """

    def __init__(self) -> None:
        super().__init__(h11.SERVER, MAX_HEAD)
        self._pieces = self._bytes = 0

    def next_event(self) -> Any:
        """Return the next event. Raises RemoteProtocolError for what h11 or the checks refuse."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._pieces = self._bytes = 0
            _require_plain(event)
        elif isinstance(event, h11.Data):
            self._pieces += 1
            self._bytes += len(event.data)
            if self._pieces > FREE_PIECES + self._bytes // MEAN_PIECE:
                raise h11.RemoteProtocolError("too many pieces")
        return event


def _require_plain(request: h11.Request) -> None:
    """Raise RemoteProtocolError for a long head, and for one with two lengths."""
    if len(request.target) + sum(len(k) + len(v) for k, v in request.headers) > MAX_HEAD:
        raise h11.RemoteProtocolError("the head is too long")
    if {b"content-length", b"transfer-encoding"} <= {name for name, _ in request.headers}:
        raise h11.RemoteProtocolError("content-length and transfer-encoding")
