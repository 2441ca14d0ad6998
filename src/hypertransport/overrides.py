"""Methods of live objects that are wrapped for a while, and put back."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from types import MethodType
from typing import Any, TypeAlias

Method: TypeAlias = Callable[..., Any]
Wrap: TypeAlias = Callable[[Method], Method]

LAYERS = "_hypertransport_layers"
# Reentrant: the garbage collector may close a forgotten block while this thread holds it.
_changing = RLock()


@contextmanager
def overridden(owner: object, name: str, wrap: Wrap) -> Iterator[None]:
    """Let ``wrap(method)`` stand in for ``owner.name``; blocks may be left in any order.

    A later block wraps what the earlier ones made. Copies of the owner, and what is unpickled, have
    none of it.
    """
    layer = functools.partial(wrap)  # another one for each block
    with _changing:
        layers = _layers(vars(owner).get(name)) or Layers(owner, name)
        layers.use((*layers.wraps, layer))
    try:
        yield
    finally:
        with _changing:
            layers.use(tuple(w for w in layers.wraps if w is not layer))
            if not layers.wraps:
                layers.put_back()


class Layers:
    """What stands in for a method of `owner`, each layer around those that came before it."""

    def __init__(self, owner: Any, name: str) -> None:
        self.name, self.wraps = name, ()
        self.previous: Any = vars(owner).get(name)
        self._owner, self._inner = owner, getattr(owner, name)
        self.method, self._act = _stand_in(self._inner)
        setattr(self.method, LAYERS, self)
        setattr(owner, name, self.method)
        setattr(owner, "__reduce_ex__", functools.partial(_reduce_without_layers, owner))

    def use(self, wraps: tuple[Wrap, ...]) -> None:
        self.wraps = wraps
        self._act(functools.reduce(lambda inner, wrap: wrap(inner), wraps, self._inner))

    def put_back(self) -> None:
        """Give the owner what it had.

        Others wrap methods too (accelerate and diffusers do, to offload a module's weights). What
        they have put around ours stays, without ours inside where the owner tells what that is.
        """
        kept = dict(vars(self._owner))
        for key in (key for key, value in kept.items() if value is self.method):
            if key != self.name:
                setattr(self._owner, key, self._inner)
            elif self.previous is None:
                delattr(self._owner, key)
            else:
                setattr(self._owner, key, self.previous)
        if not any(map(_layers, vars(self._owner).values())):
            delattr(self._owner, "__reduce_ex__")


def _stand_in(inner: Method) -> tuple[Method, Callable[[Method], None]]:
    """A function, and what sets the one that it calls.

    No object with a ``__call__``: code compiled around one is lost with it.
    """
    acting = inner

    @functools.wraps(inner)  # diffusers reads the signatures of its schedulers' methods
    def method(*args: Any, **kwargs: Any) -> Any:
        return acting(*args, **kwargs)

    def act(new: Method) -> None:
        nonlocal acting
        acting = new

    return method, act


def _layers(method: object) -> Layers | None:
    """Those that a method of an owner stands for; others' wrappers copy attributes, ours too."""
    layers = getattr(method, LAYERS, None)
    return layers if layers and layers.method is method else None


def _reduce_without_layers(owner: Any, protocol: Any) -> Any:
    """What ``copy.deepcopy`` and ``pickle`` make another one of: as it is outside all blocks."""
    make, args, state, *more = type(owner).__reduce_ex__(owner, protocol)
    if isinstance(state, dict):
        state = {k: v for k, v in state.items() if k != "__reduce_ex__"}
        state = dict(_without_layers(owner, state))
    return make, args, state, *more


def _without_layers(owner: object, state: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in state.items():
        if not (layers := _layers(value)):
            yield key, value
        elif layers.previous is not None:
            yield key, layers.previous
        elif key != layers.name:  # others keep it there
            yield key, MethodType(getattr(type(owner), layers.name), owner)
