"""What is worth knowing before steering, in words: warnings, none of which is an error."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from hypertransport.concepts import Concept, Picture, Pictures, Words
from hypertransport.lexicon import Lexicon, load_lexicon

if TYPE_CHECKING:  # who asks a server waits for no torch
    from hypertransport.encoders import ConceptEncoder
    from hypertransport.generators.base import Generator
    from hypertransport.hypernetwork import HyperTransport

KNOWN_CONCEPTS = "`hypertransport concepts` lists known ones"


def cautions(
    hyper: "HyperTransport",
    generator: "Generator",
    wanted: Sequence[tuple[Concept, float]],
    strengths: Sequence[float],
    calibrated: bool = False,
    prompt: str = "",
) -> list[str]:
    """One sentence for each thing that speaks against steering so; [] where nothing is known.

    `wanted` are concepts with their own strengths, each of which multiplies all of `strengths`.
    `prompt` is compared with the words that a bundled generator knows. Negative strengths are not
    judged: no training has measured them. Raises InterventionError, as `HyperTransport.doubts`
    does, when this generator cannot be steered at all.
    """
    concepts = [concept for concept, _ in wanted]
    gains = hyper.gain(hyper(concepts)).tolist() if calibrated else [1.0] * len(concepts)
    turned = [hyper.dial(s) for s in strengths] if calibrated else strengths
    strongest = [
        max(own * s * gain for s in turned) for (_, own), gain in zip(wanted, gains, strict=True)
    ]
    told = hyper.doubts(generator) + unknown_in_prompt(generator.id, prompt)
    told += [
        sentence for concept in concepts for sentence in unknown_concept(hyper.encoder, concept)
    ]
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


def unknown_in_prompt(generator: str, prompt: str) -> list[str]:
    """Return a sentence where a prompt has words that no training caption contains.

    Empty for a generator without a lexicon, as all but the bundled ones are.
    """
    lexicon = load_lexicon(generator)
    unknown = lexicon.unknown_words(prompt) if lexicon else []
    if not lexicon or not unknown:
        return []
    hint = _did_you_mean(lexicon, unknown)
    return [f"{generator} does not know {_listed(unknown)} of the prompt; {hint}{KNOWN_CONCEPTS}"]


def unknown_concept(encoder: "ConceptEncoder", concept: Concept) -> list[str]:
    """Return a sentence where a concept in words is far from all that the encoder knows.

    Empty for concepts that are not words, and for an encoder without a lexicon.
    """
    lexicon = load_lexicon(encoder.id)
    if lexicon is None or not isinstance(concept, Words):
        return []
    distance = encoder.vocabulary_distance([concept])
    if distance is None or distance.item() <= lexicon.max_distance:
        return []
    hint = _did_you_mean(lexicon, lexicon.unknown_words(concept.text))
    return [
        f"{_name(concept)} is probably unknown to {encoder.id}, which takes it for something like "
        f"{_listed(encoder.nearest_words(concept, 2))}; {hint}{KNOWN_CONCEPTS}"
    ]


def _did_you_mean(lexicon: Lexicon, unknown: Sequence[str]) -> str:
    similar = dict.fromkeys(word for one in unknown for word in lexicon.similar(one))
    return f"did you mean {_listed(similar)}? " if similar else ""


def too_strong(concept: Concept, strength: float, limit: float) -> list[str]:
    """A sentence where a strength is beyond that up to which effects grow (see `calibration`)."""
    if strength <= limit:
        return []
    return [f"{_name(concept)} at strength {strength:.3g}: beyond {limit:.3g} most effects shrink"]


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(map(repr, texts))


def _name(concept: Concept) -> str:
    match concept:
        case Words(text):
            return repr(text)
        case Picture():
            return "the reference picture"
        case Pictures():
            return "the reference pictures"
    return "the concept"
