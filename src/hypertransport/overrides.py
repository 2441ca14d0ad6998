"""Temporarily patch methods of live objects."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from types import MethodType
from typing import Any, TypeAlias

from .copies import State, add_cleaner, remove_cleaner

Method: TypeAlias = Callable[..., Any]
Wrap: TypeAlias = Callable[[Method], Method]

LAYERS = "_hypertransport_layers"
_changing = RLock()  # reentrant: the garbage collector may end a forgotten block meanwhile


@contextmanager
def overridden(owner: object, name: str, wrap: Wrap) -> Iterator[None]:
    """Let ``wrap(method)`` stand in for ``owner.name``; blocks may be left in any order.

    A later block wraps the methods of the earlier ones. Others wrap methods too (accelerate and
    diffusers do, to offload a module's weights). Their wrappers inside the block stay when it is
    left, without ours. Copies of the owner made inside the block are clean (`copies`).
    """
    layer = functools.partial(wrap)  # one object for each block
    with _changing:
        layers = _layers_of(vars(owner).get(name)) or Layers(owner, name)
        layers.use((*layers.wraps, layer))
    try:
        yield
    finally:
        with _changing:
            layers.use(tuple(w for w in layers.wraps if w is not layer))
            if not layers.wraps:
                layers.put_back()


class Layers:
    """The method that stands in for one of `owner`, with a wrapper for each open block."""

    def __init__(self, owner: Any, name: str) -> None:
        self.owner, self.name, self.wraps = owner, name, ()
        self.previous: Any = vars(owner).get(name)
        self.inner: Method = getattr(owner, name)
        self.method, self._act = _stand_in(self.inner)
        setattr(self.method, LAYERS, self)
        setattr(owner, name, self.method)
        add_cleaner(owner, self._clean)

    def use(self, wraps: tuple[Wrap, ...]) -> None:
        """Wrap the original method by these, the first innermost."""
        self.wraps = wraps
        self._act(functools.reduce(lambda inner, wrap: wrap(inner), wraps, self.inner))

    def put_back(self) -> None:
        """Restore the owner's attribute, and the original method where others keep ours."""
        for key in [key for key, value in vars(self.owner).items() if value is self.method]:
            if key != self.name:
                setattr(self.owner, key, self.inner)
            elif self.previous is None:
                delattr(self.owner, key)
            else:
                setattr(self.owner, key, self.previous)
        remove_cleaner(self.owner, self._clean)

    def _clean(self, state: State) -> State:
        """Return the state of a copy, which has the method of its own class again."""
        ours = {key for key, value in state.items() if value is self.method}
        kept = {key: value for key, value in state.items() if key not in ours}
        if self.previous is not None:
            return kept | dict.fromkeys(ours, self.previous)
        own = MethodType(getattr(type(self.owner), self.name), self.owner)
        return kept | dict.fromkeys(ours - {self.name}, own)  # such as accelerate's `_old_forward`


def _stand_in(inner: Method) -> tuple[Method, Callable[[Method], None]]:
    """Return a function, and one that sets the function that it calls.

    No object with a ``__call__``: compiled code around one is lost with it.
    """
    acting = inner

    @functools.wraps(inner)  # diffusers reads the signatures of its schedulers' methods
    def method(*args: Any, **kwargs: Any) -> Any:
        return acting(*args, **kwargs)

    def act(new: Method) -> None:
        nonlocal acting
        acting = new

    return method, act


def _layers_of(method: object) -> Layers | None:
    """Return the layers that a method stands for; others' wrappers copy its attributes."""
    layers = getattr(method, LAYERS, None)
    return layers if layers is not None and layers.method is method else None
