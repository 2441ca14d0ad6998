"""How strength varies: over the sites of a network, and over the steps of a denoising run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from .errors import InterventionError
from .overrides import overridden

SiteSchedule: TypeAlias = Mapping[str, int | float] | Callable[[float], int | float]


def over_sites(names: Sequence[str], schedule: SiteSchedule) -> dict[str, int | float]:
    """A strength per site, from ``{glob: strength}`` or a function of depth (see ``depths``).

    The first glob that matches a name decides; names that none matches stay at 1. Raises
    InterventionError for a glob without a match.
    """
    if not isinstance(schedule, Mapping):
        return {name: schedule(depth) for name, depth in depths(names).items()}
    strengths: dict[str, int | float] = dict.fromkeys(names, 1.0)
    for pattern, strength in reversed(list(schedule.items())):
        strengths.update(dict.fromkeys(matching(names, pattern), strength))
    return strengths


def matching(names: Sequence[str], pattern: str) -> list[str]:
    """The names that a glob matches; InterventionError when it matches none."""
    found = [name for name in names if fnmatchcase(name, pattern)]
    if not found:
        raise InterventionError(f"no site matches {pattern!r}: the first is {names[0]!r}")
    return found


def depths(names: Sequence[str]) -> dict[str, float]:
    """Each site's depth, from 0 at the first of the network to 1 at the last.

    Sites are named in the order in which they act, but for a UNet of diffusers, which lists its
    ``mid_block`` after the ``up_blocks``.
    """
    middle = [name for name in names if name.startswith("mid_block.")]
    order = [name for name in names if name not in middle]
    later = (i for i, name in enumerate(order) if name.startswith(("up_blocks.", "conv_norm_out")))
    start = next(later, len(order))
    order[start:start] = middle
    return {name: i / max(len(order) - 1, 1) for i, name in enumerate(order)}


@contextmanager
def each_step(scheduler: Any, tell: Callable[[float], object]) -> Iterator[None]:
    """Call ``tell(i / n)`` ahead of denoising step ``i = 0 ... n - 1`` of every run inside.

    The steps are those of the diffusers scheduler: every pipeline calls it once per step, however
    often it calls its network, while ``callback_on_step_end`` is not for all (PixArt has none).
    """
    done = 0

    def count(i: int) -> None:
        nonlocal done
        done = i
        if i < len(scheduler.timesteps):
            tell(i / len(scheduler.timesteps))

    with ExitStack() as stack:
        stack.enter_context(overridden(scheduler, "set_timesteps", _followed(lambda: count(0))))
        stack.enter_context(overridden(scheduler, "step", _followed(lambda: count(done + 1))))
        yield


def _followed(by: Callable[[], None]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def wrap(method: Callable[..., Any]) -> Callable[..., Any]:
        def both(*args: Any, **kwargs: Any) -> Any:
            result = method(*args, **kwargs)
            by()
            return result

        return both

    return wrap
