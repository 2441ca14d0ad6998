"""What the engine is asked for, checked by who asks: bad input never waits beside good."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from hypertransport.concepts import Concept, as_concept, is_unicode
from hypertransport.errors import GeneratorError, InterventionError, StrengthError
from hypertransport.generators.base import require_seeds
from hypertransport.interventions import Intervention
from hypertransport.serving.cache import concept_key

Box: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom: 0 to 1 of a picture
Given: TypeAlias = tuple[object, int | float] | tuple[object, int | float, Sequence[int | float]]


class Part(NamedTuple):
    """One concept of a request, its strength, the key that it has in the cache, and its region.

    It may be an intervention at once, as `fit` writes them. Without a box it acts everywhere.
    """

    concept: Concept | Intervention
    strength: float
    key: Hashable
    box: Box | None = None

    def times(self, factor: int | float) -> "Part":
        """The same at another strength, without making the key again. Raises StrengthError."""
        return self._replace(strength=_finite(self.strength * factor))

    def inside(self, box: Sequence[int | float]) -> "Part":
        """The same in a region only. Raises InterventionError for an impossible one."""
        return self._replace(box=_box(box))


@dataclass(frozen=True, eq=False)
class Request:
    """One picture: a prompt, a seed, and any number of (concept, strength) or (..., region).

    A concept is anything that `as_concept` takes, or an intervention; several act one after the
    other, as `compose` has it, and none leaves the generator as it is. A region is a `Box`;
    concepts that have one act after those that act everywhere. `parts` are the concepts, checked;
    parts of another request may be given as well. Raises ConceptError, StrengthError for a strength
    that is not finite, InterventionError for an impossible region, and GeneratorError for a prompt
    that is no Unicode text or an impossible seed.
    """

    prompt: str
    seed: int = 0
    steering: Sequence[Given | Part] = ()
    parts: tuple[Part, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not is_unicode(self.prompt):
            raise GeneratorError("the prompt holds half a character; send it as Unicode text")
        require_seeds([self.seed])
        object.__setattr__(self, "parts", tuple(map(_as_part, self.steering)))


def part(
    concept: object, strength: int | float = 1.0, box: Sequence[int | float] | None = None
) -> Part:
    """A concept with all that a request needs of it. Raises as `Request` does."""
    strength = _finite(strength)
    parsed = concept if isinstance(concept, Intervention) else as_concept(concept)
    return Part(parsed, strength, concept_key(parsed), None if box is None else _box(box))


def _as_part(given: Given | Part) -> Part:
    if isinstance(given, Part):
        return given
    concept, strength, *box = given
    return part(concept, strength, *box)


def _finite(strength: int | float) -> float:
    if not math.isfinite(strength):
        raise StrengthError(f"strength {strength} is not finite: give a number such as 0.8")
    return float(strength)


def _box(sides: Sequence[int | float]) -> Box:
    if len(sides) == 4:
        left, top, right, bottom = map(float, sides)
        if 0 <= left < right <= 1 and 0 <= top < bottom <= 1:
            return left, top, right, bottom
    raise InterventionError(
        f"a region of {list(sides)}: give [left, top, right, bottom] from 0 to 1 of the picture, "
        "with left < right and top < bottom"
    )
