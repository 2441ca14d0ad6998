"""What is worth knowing before steering, in words: warnings, none of which is an error."""

from collections.abc import Sequence

from hypertransport.concepts import Concept, Picture, Pictures, Words
from hypertransport.generators.base import Generator
from hypertransport.hypernetwork import HyperTransport


def cautions(
    hyper: HyperTransport,
    generator: Generator,
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
    return [
        *hyper.doubts(generator),
        *_novel(hyper, concepts),
        *_too_strong(hyper, concepts, strongest),
    ]


def _novel(hyper: HyperTransport, concepts: Sequence[Concept]) -> list[str]:
    found = hyper.novelty(concepts)
    far = [] if found is None else zip(concepts, found.tolist(), strict=True)
    return [
        f"{_name(concept)} lies {novelty:.2g} times as far from the concepts trained on as almost "
        "all validation concepts; it may come out badly"
        for concept, novelty in far
        if novelty > 1
    ]


def _too_strong(
    hyper: HyperTransport, concepts: Sequence[Concept], strongest: Sequence[float]
) -> list[str]:
    if hyper.about.calibration is None:
        return []
    limit = hyper.about.calibration.limit
    return [
        f"{_name(concept)} at strength {strength:.3g}: beyond {limit:.3g} most effects shrink"
        for concept, strength in zip(concepts, strongest, strict=True)
        if strength > limit
    ]


def _name(concept: Concept) -> str:
    match concept:
        case Words(text):
            return repr(text)
        case Picture():
            return "the reference picture"
        case Pictures():
            return "the reference pictures"
    return "the concept"
