"""How strength varies: over the sites of a network, and over the steps of a denoising run."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from .errors import InterventionError
from .overrides import overridden

LEVELS = ("down_blocks.", "mid_block.", "up_blocks.", "conv_norm_out")
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

    A UNet's are put in the order in which they act (see `_place`), others taken in that in which
    they are named: theirs, but for neighbours in some blocks, and refiners of the text.
    """
    order = sorted(names, key=_place)
    return {name: i / max(len(order) - 1, 1) for i, name in enumerate(order)}


def _place(name: str) -> tuple[int, int, int]:
    """Where a site of a UNet acts: the level, its block, and its turn among the block's layers.

    Diffusers lists the ``mid_block`` after the ``up_blocks``, and a block's attentions before its
    resnets, which take turns. All sites of other networks have the same place.
    """
    level = next((i for i, start in enumerate(LEVELS, 1) if name.startswith(start)), 0)
    if not level:
        return 0, 0, 0
    block = re.search(r"^\w+_blocks\.(\d+)\.", name)
    layer = re.search(r"\.(resnets|attentions)\.(\d+)\.", name)
    turn = 2 * int(layer[2]) + (layer[1] == "attentions") if layer else 0
    return level, int(block[1]) if block else 0, turn


class StepFollower:
    """Calls ``tell(i / n)`` ahead of denoising step ``i = 0 ... n - 1`` of every run.

    The steps are those of the diffusers scheduler: every pipeline calls it once per step, however
    often it calls its network, while ``callback_on_step_end`` is not for all (PixArt has none).
    """

    def __init__(self, tell: Callable[[float], object]) -> None:
        self._tell, self._done = tell, 0
        self._scheduler: Any = None
        self._patches = ExitStack()

    def follow(self, scheduler: Any) -> None:
        """Follow this scheduler, and no longer the one before, from the start of a run."""
        if scheduler is self._scheduler:
            return
        replaced = self._scheduler is not None
        self.close()
        self._scheduler, self._done = scheduler, 0
        if replaced:
            self._tell(0.0)
        for name, event in {"set_timesteps": self._begin, "step": self._advance}.items():
            self._patches.enter_context(overridden(scheduler, name, _followed(event)))

    def close(self) -> None:
        """Leave the scheduler as it was."""
        self._patches.close()
        self._scheduler = None

    def _begin(self) -> None:
        self._count(0)

    def _advance(self) -> None:
        self._count(self._done + 1)

    def _count(self, i: int) -> None:
        self._done = i
        if i < len(self._scheduler.timesteps):
            self._tell(i / len(self._scheduler.timesteps))


def _followed(by: Callable[[], None]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def wrap(method: Callable[..., Any]) -> Callable[..., Any]:
        def both(*args: Any, **kwargs: Any) -> Any:
            result = method(*args, **kwargs)
            by()
            return result

        return both

    return wrap
