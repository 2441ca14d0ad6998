"""Standard output and standard error of a command: a stream that fails never stops the work."""

import codecs
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

PRINTABLE = "hypertransport-printable"
LAST_STANDARD_DESCRIPTOR = 2
TextStream: TypeAlias = Any  # has write and flush; a notebook's is of no common class
EIGHT_BIT_BYTES = range(0xDC80, 0xDD00)  # how Python spells bytes of file names that are no UTF-8


class StandardStream:
    """A text stream that goes on after its first failure, and then writes nothing.

    `failure` is the OSError of that write: a full disk, or a reader that has left. Characters that
    the stream's encoding lacks are escaped, such as `\\xe9`; file names that are no UTF-8 are
    written as the bytes that they are. Everything else is the wrapped stream's own.
    """

    def __init__(self, stream: TextStream):
        self.stream = stream
        self.failure: OSError | None = None

    def write(self, text: str) -> int:
        """Write text; return its length, as every text stream does."""
        self._attempt(lambda: self.stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Hand over to the system what has been written."""
        self._attempt(self.stream.flush)

    def _attempt(self, action: Callable[[], object]) -> None:
        if self.failure is not None:
            return
        try:
            action()
        except OSError as error:
            self.failure = error
            _discard_rest(self.stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def standard_streams() -> Iterator[StandardStream]:
    """Wrap both standard streams within the block; yield standard output.

    A missing stream, as for a service or after `>&-`, is replaced by the null device: otherwise the
    next file that is opened takes its descriptor, and all output of the libraries ends up in it.
    """
    _occupy_descriptors()
    before = sys.stdout, sys.stderr
    with _opened(before[0]) as output, _opened(before[1]) as errors:
        sys.stdout, sys.stderr = StandardStream(output), StandardStream(errors)  # type: ignore[assignment]
        try:
            yield sys.stdout
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            sys.stdout, sys.stderr = before


@contextmanager
def _opened(stream: TextStream | None) -> Iterator[TextStream]:
    """The stream, or the null device in its place, able to write any character."""
    if stream is None or stream.closed:
        with open(os.devnull, "w", encoding="utf-8", errors="replace") as nothing:
            yield nothing
    elif isinstance(stream, io.TextIOWrapper):
        errors = stream.errors
        stream.reconfigure(errors=PRINTABLE)
        try:
            yield stream
        finally:
            _restore(stream, errors)
    else:  # such as a notebook's, which takes any character
        yield stream


def _restore(stream: io.TextIOWrapper, errors: str | None) -> None:
    with suppress(OSError):  # it flushes once more what could not be written before
        stream.reconfigure(errors=errors)


def _occupy_descriptors() -> None:
    """Open the null device for each of the descriptors 0 to 2 that is closed."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= LAST_STANDARD_DESCRIPTOR:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)


def _discard_rest(stream: TextStream) -> None:
    """Let the descriptor lead to the null device, so that no later flush fails on what is left."""
    with suppress(io.UnsupportedOperation), open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), stream.fileno())


def _printable(error: UnicodeError) -> tuple[str | bytes, int]:
    """Escape what an encoding lacks; keep the bytes of file names that are no UTF-8."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    part = error.object[error.start : error.end]
    wide = error.encoding.replace("_", "-").lower().startswith(("utf-16", "utf-32"))
    if ord(part[0]) in EIGHT_BIT_BYTES and not wide:
        return bytes([ord(part[0]) - 0xDC00]), error.start + 1
    return part[0].encode("ascii", "backslashreplace").decode("ascii"), error.start + 1


codecs.register_error(PRINTABLE, _printable)
