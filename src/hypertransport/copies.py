"""Clean copies of objects that a block has changed: `copy.deepcopy`, `copy.copy` and `pickle`.

Inside a block a module has a wrapped ``forward`` or fused weights. A copy that kept them would call
the original's methods for good. So the object says itself how it is copied while it is changed, by
a ``__reduce_ex__`` of its own.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

State: TypeAlias = dict[str, Any]
Cleaner: TypeAlias = Callable[[State], State]

CLEANERS, REDUCE = "_hypertransport_cleaners", "__reduce_ex__"


def add_cleaner(owner: Any, cleaner: Cleaner) -> None:
    """Let ``cleaner(state)`` return the state that copies of `owner` get."""
    if CLEANERS not in vars(owner):
        setattr(owner, CLEANERS, [])
        setattr(owner, REDUCE, partial(_reduce, owner))
    vars(owner)[CLEANERS].append(cleaner)


def remove_cleaner(owner: Any, cleaner: Cleaner) -> None:
    """Take a cleaner away; after the last one `owner` is copied as before."""
    cleaners = vars(owner)[CLEANERS]
    cleaners.remove(cleaner)
    if not cleaners:
        delattr(owner, CLEANERS)
        delattr(owner, REDUCE)


def _reduce(owner: Any, protocol: Any) -> tuple[Any, ...]:
    of_class: Any = type(owner).__reduce_ex__
    make, args, state, *more = of_class(owner, protocol)
    cleaned = {key: value for key, value in state.items() if key not in (CLEANERS, REDUCE)}
    for cleaner in vars(owner)[CLEANERS]:
        cleaned = cleaner(cleaned)
    return make, args, cleaned, *more
