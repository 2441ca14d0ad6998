"""Concept -> intervention for many requests: made together where new, remembered where not."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from hashlib import sha256
from threading import Lock
from typing import NamedTuple, TypeAlias

import torch

from hypertransport.cautions import unknown_concept
from hypertransport.concepts import Concept, Embedding, Mix, Picture, Pictures, Words
from hypertransport.errors import ConfigError
from hypertransport.hypernetwork import HyperTransport
from hypertransport.interventions import Intervention

Outcome: TypeAlias = Intervention | Exception


class InterventionCache:
    """Up to `capacity` interventions by checkpoint and concept; the least recently used goes first.

    For the paper's targets one takes 0.5 MB (Nitro) or 2.4 MB (DMD2). Engines with any checkpoints
    may share a cache. Raises ConfigError for a capacity below 1.
    """

    def __init__(self, capacity: int = 256):
        if capacity < 1:
            raise ConfigError(f"a cache of {capacity} interventions; give room for 1 or more")
        self.capacity = capacity
        self._entries: OrderedDict[tuple[str, Hashable], Intervention] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, checkpoint: str, key: Hashable) -> Intervention | None:
        """What is remembered, which thereby is the most recently used."""
        with self._lock:
            found = self._entries.get((checkpoint, key))
            if found is not None:
                self._entries.move_to_end((checkpoint, key))
            return found

    def put(self, checkpoint: str, key: Hashable, intervention: Intervention) -> None:
        """Remember, and forget what was used least recently if there is no room."""
        with self._lock:
            self._entries[checkpoint, key] = intervention
            self._entries.move_to_end((checkpoint, key))
            while len(self._entries) > self.capacity:
                self._entries.popitem(last=False)


class Foresight(NamedTuple):
    """What a hypernetwork knows of a concept before it is drawn; None where it does not.

    `novelty` above 1 is far from all it was trained on; at the strength `gain` the concept has the
    effect that is common to all; beyond `limit` the effects of most concepts shrink.
    """

    novelty: float | None
    gain: float | None
    limit: float | None


class CachedHyperTransport:
    """A hypernetwork that makes only what the cache lacks, all of it in one call.

    Any thread may call it; one at a time makes something, as tokenizers cannot be shared.
    """

    def __init__(self, hyper: HyperTransport, cache: InterventionCache):
        self._hyper, self._cache = hyper, cache
        self._checkpoint = checkpoint_of(hyper)
        self._making = Lock()

    def __call__(
        self, concepts: Mapping[Hashable, Concept], ahead: Mapping[Hashable, Concept] | None = None
    ) -> dict[Hashable, Outcome]:
        """One intervention without rows per concept, or the error of that concept alone.

        `concepts` go by their `concept_key`, as the result does. Where some have to be made, those
        that will be asked for next, `ahead`, are made with them as far as the cache has room: one
        call for many takes less than several for a few.
        """
        found = self._remembered(concepts)
        missing = {key: concept for key, concept in concepts.items() if key not in found}
        if not missing:
            return found
        known = self._remembered(ahead or {})
        more = [(key, concept) for key, concept in (ahead or {}).items() if key not in known]
        room = max(0, self._cache.capacity - len(concepts) - len(known))
        wanted = missing | dict(more[:room])
        with self._making:
            made = self._make([*wanted.items()])
        for key in reversed(wanted):  # what is asked for first is forgotten last
            if isinstance(T := made[key], Intervention):
                self._cache.put(self._checkpoint, key, T)
        return found | {key: made[key] for key in missing}

    def _remembered(self, concepts: Mapping[Hashable, Concept]) -> dict[Hashable, Outcome]:
        remembered = ((key, self._cache.get(self._checkpoint, key)) for key in concepts)
        return {key: T for key, T in remembered if T is not None}

    @property
    def calibrated(self) -> bool:
        """Whether it knows what a calibrated strength is."""
        return self._hyper.about.calibration is not None

    def calibrated_strength(self, T: Intervention, strength: float) -> float:
        """The strength of what it made at which a concept is as visible as `strength` says.

        Raises CheckpointError where it is not `calibrated`.
        """
        return self._hyper.gain(T).item() * self._hyper.dial(strength)

    def foresee(self, concept: Concept) -> Foresight:
        """What is known of it. Raises ConceptError where no intervention can be made of it."""
        key = concept_key(concept)
        made = self({key: concept})[key]
        if isinstance(made, Exception):
            raise made
        with self._making:
            novelty = self._hyper.novelty([concept])
        calibration = self._hyper.about.calibration
        return Foresight(
            None if novelty is None else novelty.item(),
            None if calibration is None else self._hyper.gain(made).item(),
            None if calibration is None else calibration.limit,
        )

    def truncations(self, concepts: Sequence[Concept]) -> list[str]:
        """A sentence for each concept whose words are longer than its encoder reads."""
        return self._hyper.encoder.truncations(concepts)

    def unknown(self, concept: Concept) -> list[str]:
        """A sentence where the encoder does not know a concept in words."""
        with self._making:
            return unknown_concept(self._hyper.encoder, concept)

    def _make(self, concepts: Sequence[tuple[Hashable, Concept]]) -> dict[Hashable, Outcome]:
        """In one call; where that fails, half of them in each, until only the bad ones fail."""
        keys = [key for key, _ in concepts]
        try:
            rows = self._hyper([concept for _, concept in concepts])
            return dict(zip(keys, self._each_alone(rows), strict=True))
        except Exception as error:
            if len(concepts) == 1:
                return {keys[0]: error}
        half = len(concepts) // 2
        return self._make(concepts[:half]) | self._make(concepts[half:])

    def _each_alone(self, rows: Intervention) -> Iterator[Intervention]:
        """A copy of each row: a view would keep all others in memory."""
        for scale, shift in zip(*rows.flatten(), strict=True):
            yield Intervention.from_flat(self._hyper.sites, scale.clone(), shift.clone())


def checkpoint_of(hyper: HyperTransport) -> str:
    """A digest of what decides which intervention a concept gives: all weights, and the encoder.

    The encoder goes by its id.
    """
    digest = sha256(repr((hyper.encoder.id, hyper.network.config)).encode())
    for name, value in sorted(hyper.network.state_dict().items()):
        digest.update(repr((name, value.dtype, value.shape)).encode())
        digest.update(value.cpu().reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()


def concept_key(concept: Concept | Intervention) -> Hashable:
    """What two concepts share only if any encoder gives them the same embedding.

    Pictures, embeddings and interventions go by the digest of their values, so that no key keeps
    them in memory.
    """
    match concept:
        case Intervention():
            return "intervention", _digest_of(concept)
        case Words(text):
            return "words", text
        case Picture() | Pictures():
            sizes = tuple(image.size for image in concept.images)
            return "pictures", sizes, sha256(b"".join(i.tobytes() for i in concept.images)).digest()
        case Embedding(vector):
            values = vector.detach().to("cpu", torch.float32)
            return "embedding", sha256(values.numpy().tobytes()).digest()
        case Mix(parts):
            return "mix", tuple((concept_key(part), weight) for part, weight in parts)


def _digest_of(intervention: Intervention) -> bytes:
    """Of its sites and values; not of its file, whose header has no order."""
    shapes = [(name, tuple(T.scale.shape)) for name, T in intervention.maps.items()]
    digest = sha256(repr(shapes).encode())
    for values in intervention.flatten():
        digest.update(values.detach().to("cpu", torch.float32).contiguous().numpy().tobytes())
    return digest.digest()
