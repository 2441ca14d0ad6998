"""What the engine is asked for, checked by who asks: bad input never waits beside good."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from PIL import Image
from torch import Tensor

from hypertransport.concepts import Concept, as_concept
from hypertransport.errors import StrengthError
from hypertransport.generators.rows import require_seeds
from hypertransport.interventions import Intervention
from hypertransport.serving.areas import Area, as_area
from hypertransport.serving.cache import concept_key
from hypertransport.text_cleaning import clean_prompt

Region: TypeAlias = Sequence[int | float] | Image.Image | Tensor
Given: TypeAlias = tuple[object, int | float] | tuple[object, int | float, Region]


class Part(NamedTuple):
    """One concept of a request, its strength, the key that it has in the cache, and its region.

    It may be an intervention at once, as `fit` writes them. Without an area it acts everywhere. A
    `calibrated` strength is what the hypernetwork's gain and dial make of it.
    """

    concept: Concept | Intervention
    strength: float
    key: Hashable
    area: Area | None = None
    calibrated: bool = False

    def times(self, factor: int | float) -> "Part":
        """The same at another strength, without making the key again. Raises StrengthError."""
        return self._replace(strength=_finite(self.strength * factor))

    def inside(self, region: Region) -> "Part":
        """The same in a region only. Raises InterventionError for an impossible one."""
        return self._replace(area=as_area(region))


@dataclass(frozen=True, eq=False)
class Request:
    """One picture: a prompt, a seed, and any number of (concept, strength) or (..., region).

    A concept is anything that `as_concept` takes, or an intervention; several act one after the
    other, as `compose` has it, and none leaves the generator as it is. A region is the sides of a
    box, or a mask (`as_area`); concepts that have one act after those that act everywhere. `parts`
    are the concepts, checked; parts of another request may be given as well. Raises ConceptError,
    StrengthError for a strength that is not finite, InterventionError for an impossible region,
    and GeneratorError for a prompt that is no Unicode text or an impossible seed.
    """

    prompt: str
    seed: int = 0
    steering: Sequence[Given | Part] = ()
    parts: tuple[Part, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prompt", clean_prompt(self.prompt))
        require_seeds([self.seed])
        object.__setattr__(self, "parts", tuple(map(_as_part, self.steering)))


def part(concept: object, strength: int | float = 1.0, region: Region | None = None) -> Part:
    """A concept with all that a request needs of it. Raises as `Request` does."""
    strength = _finite(strength)
    parsed = concept if isinstance(concept, Intervention) else as_concept(concept)
    return Part(parsed, strength, concept_key(parsed), None if region is None else as_area(region))


def _as_part(given: Given | Part) -> Part:
    if isinstance(given, Part):
        return given
    concept, strength, *region = given
    return part(concept, strength, *region)


def _finite(strength: int | float) -> float:
    if not math.isfinite(strength):
        raise StrengthError(f"strength {strength} is not finite: give a number such as 0.8")
    return float(strength)
