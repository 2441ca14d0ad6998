"""HTTP requests as h11 parses them, without those that are built to mislead or to keep us busy."""

from typing import Any

import h11

FREE_PIECES = 1000
MEAN_PIECE = 512  # bytes that a body has, on average, for each further piece


class RequestParser(h11.Connection):
    """The server's side of h11, with two more checks.

    A body whose length is told twice, as a number and by chunks, may end elsewhere for a proxy in
    front of us. A body in a great many pieces takes seconds to parse.
    """

    _pieces = _bytes = 0

    def next_event(self) -> Any:
        """Return the next event. Raises RemoteProtocolError for what h11 or the checks refuse."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._pieces = self._bytes = 0
            names = {name for name, _ in event.headers}
            if {b"content-length", b"transfer-encoding"} <= names:
                raise h11.RemoteProtocolError("content-length and transfer-encoding")
        elif isinstance(event, h11.Data):
            self._pieces += 1
            self._bytes += len(event.data)
            if self._pieces > FREE_PIECES + self._bytes // MEAN_PIECE:
                raise h11.RemoteProtocolError("too many pieces")
        return event
