"""What is worth knowing before steering, in words: warnings, none of which is an error."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hypertransport.concepts import Concept, Picture, Pictures, Words

if TYPE_CHECKING:  # who asks a server waits for no torch
    from hypertransport.generators.base import Generator
    from hypertransport.hypernetwork import HyperTransport


def cautions(
    hyper: "HyperTransport",
    generator: "Generator",
    wanted: Sequence[tuple[Concept, float]],
    strengths: Sequence[float],
    calibrated: bool = False,
) -> list[str]:
    """One sentence for each thing that speaks against steering so; [] where nothing is known.

    `wanted` are concepts with their own strengths, each of which multiplies all of `strengths`.
    Negative strengths are not judged: no training has measured them. Raises InterventionError, as
    `HyperTransport.doubts` does, when this generator cannot be steered at all.
    """
    concepts = [concept for concept, _ in wanted]
    gains = hyper.gain(hyper(concepts)).tolist() if calibrated else [1.0] * len(concepts)
    turned = [hyper.dial(s) for s in strengths] if calibrated else strengths
    strongest = [
        max(own * s * gain for s in turned) for (_, own), gain in zip(wanted, gains, strict=True)
    ]
    told = hyper.doubts(generator)
    found = hyper.novelty(concepts)
    if found is not None:
        for concept, novelty in zip(concepts, found.tolist(), strict=True):
            told += novel(concept, novelty)
    if hyper.about.calibration is not None:
        for concept, strength in zip(concepts, strongest, strict=True):
            told += too_strong(concept, strength, hyper.about.calibration.limit)
    return told


def novel(concept: Concept, novelty: float) -> list[str]:
    """A sentence where a concept is far from those trained on (see `novelty`)."""
    if novelty <= 1:
        return []
    return [
        f"{_name(concept)} lies {novelty:.2g} times as far from the concepts trained on as almost "
        "all validation concepts; it may come out badly"
    ]


def too_strong(concept: Concept, strength: float, limit: float) -> list[str]:
    """A sentence where a strength is beyond that up to which effects grow (see `calibration`)."""
    if strength <= limit:
        return []
    return [f"{_name(concept)} at strength {strength:.3g}: beyond {limit:.3g} most effects shrink"]


def _name(concept: Concept) -> str:
    match concept:
        case Words(text):
            return repr(text)
        case Picture():
            return "the reference picture"
        case Pictures():
            return "the reference pictures"
    return "the concept"
