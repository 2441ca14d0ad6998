"""Every error a user can cause: one sentence that says what is wrong and what to do next."""

import reprlib

_BRIEF = reprlib.Repr()
_BRIEF.maxstring = _BRIEF.maxother = _BRIEF.maxlong = 80
_BRIEF.maxlevel, _BRIEF.maxlist, _BRIEF.maxdict = 3, 4, 4


class HyperTransportError(Exception):
    """Base of all errors raised on purpose; the command line prints it as one line and exits 2."""


class ConceptError(HyperTransportError, ValueError):
    """A concept cannot be read: empty words, a broken picture, a vector of wrong size."""


class GeneratorError(HyperTransportError, ValueError):
    """A generator cannot be loaded or called as asked."""


class InterventionError(HyperTransportError, ValueError):
    """An intervention does not fit: other sites, other rows, not invertible, or a damaged file."""


class InUseError(HyperTransportError, RuntimeError):
    """Another thread or task steers the model, or draws with it."""


class StrengthError(HyperTransportError, ValueError):
    """A strength is not a finite number, or there is not one per row."""


class OutputError(HyperTransportError, OSError):
    """A picture, an intervention or a pipeline cannot be written where it was asked for."""


class CheckpointError(HyperTransportError, ValueError):
    """Saved weights or training state are missing, damaged, or of another version."""


class ConfigError(HyperTransportError, ValueError):
    """A configuration has an unknown, missing or impossible field."""


class TrainingError(HyperTransportError, ArithmeticError):
    """A training or a fit computes what is no finite number."""


class ServerError(HyperTransportError):
    """A server that was asked for pictures cannot be reached, or refuses."""


class BusyError(HyperTransportError):
    """Too many requests wait for an engine; the same request may be served later."""


class ClosedError(HyperTransportError):
    """An engine has been closed and takes no more requests."""


def first_line(error: Exception) -> str:
    """Return the first line of a library's message, or its kind where there is none.

    At most 300 characters of it, all of which can be printed.
    """
    line = str(error).strip().partition("\n")[0] or type(error).__name__
    return _printable(line)


def one_line(error: Exception) -> str:
    """Return a library's message, at most 300 characters of it, with spaces for line ends."""
    return _printable(" ".join(str(error)[:600].split()))


def brief(value: object) -> str:
    """Return the `repr` of a value that came from outside, short enough for a message.

    Long texts, numbers and lists are cut, and deep ones are not followed.
    """
    try:
        return _printable(_BRIEF.repr(value))
    except ValueError:  # a whole number of more digits than Python writes
        return "a number of thousands of digits"


def _printable(text: str) -> str:
    """At most 300 characters, without half ones."""
    return text[:300].encode("utf-8", "backslashreplace").decode()
