"""What only some commands need, and how to install it."""

from collections.abc import Iterator
from contextlib import contextmanager

from hypertransport.errors import HyperTransportError


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Say how to install what an import in this block does not find."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise HyperTransportError(
            f"this takes {error.name}: pip install 'hypertransport[{name}]'"
        ) from error
