"""Weights that are all there: what a library would initialise at random, or leave unread, is an
error instead of a line in its log."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from threading import RLock
from typing import Any

from diffusers.models.modeling_utils import ModelMixin
from transformers.modeling_utils import PreTrainedModel

SHOWN = 3  # keys in a message
KINDS = {"missing_keys": "missing", "mismatched_keys": "misshapen", "unexpected_keys": "unexpected"}
_required: ContextVar[bool] = ContextVar("required", default=False)
_lock = RLock()  # two blocks at once could restore each other's patch


@contextmanager
def complete_weights() -> Iterator[None]:
    """Check each model that `from_pretrained` of transformers or diffusers loads in this block.

    This reaches the components that a pipeline loads by itself. Tied weights, and keys that a class
    declares to ignore, count as read, as in the libraries' own reports. Only loads by the thread
    that entered the block are checked. Raises ValueError as `require_complete` does.
    """
    with _lock, ExitStack() as stack:
        stack.callback(_required.reset, _required.set(True))
        for library in (ModelMixin, PreTrainedModel):
            stack.enter_context(_checked(library))
        yield


def require_complete(report: Mapping[str, Any], model: str) -> None:
    """Raise ValueError, which names keys, unless each weight of a model was read, and no other.

    `report` is what `from_pretrained(..., output_loading_info=True)` returns beside the model.
    """
    found = {told: _names(report[kind]) for kind, told in KINDS.items() if report[kind]}
    if found:
        listed = "; ".join(f"{told}: {_some(names)}" for told, names in found.items())
        raise ValueError(f"the weights of its {model} are not those of the model ({listed})")


@contextmanager
def _checked(library: type) -> Iterator[None]:
    original = vars(library)["from_pretrained"]

    def from_pretrained(cls: type, *args: Any, **options: Any) -> Any:
        load = original.__get__(None, cls)
        if not _required.get() or options.get("output_loading_info"):
            return load(*args, **options)
        model, report = load(*args, **options, output_loading_info=True)
        require_complete(report, cls.__name__)
        return model

    ours: Any = classmethod(from_pretrained)
    setattr(library, "from_pretrained", ours)  # noqa: B010 a type has no such attribute to pyright
    try:
        yield
    finally:
        # Whoever has wrapped ours meanwhile keeps it: outside of a block it only passes calls on.
        if vars(library)["from_pretrained"] is ours:
            setattr(library, "from_pretrained", original)  # noqa: B010


def _names(keys: Any) -> list[str]:
    """Keys without the shapes that come with those that do not fit."""
    return sorted(key if isinstance(key, str) else key[0] for key in keys)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
