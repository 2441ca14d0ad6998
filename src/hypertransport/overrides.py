"""Put a method of a live object aside for a while, and back."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def overridden(
    owner: object, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> Iterator[None]:
    """Let ``wrap(method)`` stand in for ``owner.name``; leaving restores what was there before.

    Others wrap methods too (accelerate and diffusers do, to offload a module's weights). What they
    put around ours inside the block stays when we leave, and ours then only passes calls on.
    """
    previous, inner = vars(owner).get(name), getattr(owner, name)
    acting = wrap(inner)

    @functools.wraps(inner)  # diffusers reads the signatures of its schedulers' methods
    def method(*args: Any, **kwargs: Any) -> Any:
        return acting(*args, **kwargs)

    setattr(owner, name, method)
    try:
        yield
    finally:
        acting = inner
        if vars(owner).get(name) is method:
            _put_back(owner, name, previous)


def _put_back(owner: object, name: str, previous: object) -> None:
    if previous is None:
        delattr(owner, name)
    else:
        setattr(owner, name, previous)
