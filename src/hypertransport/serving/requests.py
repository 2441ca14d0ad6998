"""What the engine is asked for, checked by who asks: bad input never waits beside good."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from hypertransport.concepts import Concept, as_concept, is_unicode
from hypertransport.errors import GeneratorError, StrengthError
from hypertransport.generators.base import require_seeds
from hypertransport.serving.cache import concept_key

Pair: TypeAlias = tuple[object, int | float]


class Part(NamedTuple):
    """One concept of a request, its strength, and the key that it has in the cache."""

    concept: Concept
    strength: float
    key: Hashable


@dataclass(frozen=True, eq=False)
class Request:
    """One picture: a prompt, a seed, and any number of (concept, strength) pairs.

    A concept is anything that `as_concept` takes; several act one after the other, as `compose`
    has it, and none leaves the generator as it is. `parts` are the pairs, checked. Raises
    ConceptError, StrengthError for a strength that is not finite, and GeneratorError for a prompt
    that is no Unicode text or an impossible seed.
    """

    prompt: str
    seed: int = 0
    steering: Sequence[Pair] = ()
    parts: tuple[Part, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not is_unicode(self.prompt):
            raise GeneratorError("the prompt holds half a character; send it as Unicode text")
        require_seeds([self.seed])
        object.__setattr__(self, "parts", tuple(_part(*pair) for pair in self.steering))


def _part(concept: object, strength: int | float) -> Part:
    if not math.isfinite(strength):
        raise StrengthError(f"strength {strength} is not finite: give a number such as 0.8")
    parsed = as_concept(concept)
    return Part(parsed, float(strength), concept_key(parsed))
