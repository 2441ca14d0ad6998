"""The scores of pictures: by an encoder with an image and a text tower, and by other scorers.

| score | what it says |
|---|---|
| clip.concept | similarity to the concept's name |
| clip.prompt | similarity to the prompt without the concept |
| clip.unsteered | similarity to the unsteered picture of the same prompt and seed |
| clip.direction | whether it moved from there as the prompt did when the concept was added |
| NAME.concept | how surely the scorer of that name sees the concept |
| NAME.content | how surely it sees what the prompt asks for |
"""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float
from PIL import Image

from hypertransport.catalogue import Entry
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import ConfigError
from hypertransport.evaluation.metrics import directional_similarity, similarity
from hypertransport.evaluation.scorers import Clauses, Scorer, columns, shown
from hypertransport.training.prompts import prompted

Scores = dict[str, float]


class Scoring:
    """Scores pictures by `encoder` and by `scorers`, which know texts by `labels`.

    Raises ConfigError for two scorers of one name, and for one that knows none of the `concepts`.
    """

    def __init__(
        self,
        encoder: ConceptEncoder,
        scorers: Sequence[Scorer] = (),
        labels: Mapping[str, Clauses] | None = None,
        concepts: Sequence[Entry] = (),
    ):
        self.encoder, self.scorers, self.labels = encoder, scorers, labels or {}
        names = ["clip", *(scorer.name for scorer in scorers)]
        if len(set(names)) < len(names):
            raise ConfigError(f"scorers need names of their own, not {', '.join(names[1:])}")
        for scorer in scorers:
            if not any(columns(scorer, self.labels, entry.name) for entry in concepts):
                raise ConfigError(
                    f"{scorer.name} has a label for none of the concepts; give labels = 'FILE.json'"
                )

    def embed(self, pictures: Sequence[Image.Image]) -> Float[np.ndarray, "pictures dim"]:
        """Unit vectors."""
        return self.encoder.images(pictures).cpu().numpy()

    def __call__(
        self,
        entry: Entry,
        prompts: Sequence[str],
        pictures: Sequence[Image.Image],
        embedded: Float[np.ndarray, "pictures dim"],
        unsteered: Float[np.ndarray, "pictures dim"],
    ) -> list[Scores]:
        """All scores of each picture; those that a scorer cannot give are left out."""
        found = self._by_encoder(entry, prompts, embedded, unsteered)
        for scorer in self.scorers:
            found |= self._by_scorer(scorer, entry, prompts, scorer(pictures))
        return [
            {name: float(values[i]) for name, values in found.items() if not np.isnan(values[i])}
            for i in range(len(pictures))
        ]

    def _by_encoder(
        self,
        entry: Entry,
        prompts: Sequence[str],
        embedded: Float[np.ndarray, "pictures dim"],
        unsteered: Float[np.ndarray, "pictures dim"],
    ) -> dict[str, Float[np.ndarray, " pictures"]]:
        both = [prompted(prompt, entry.phrase) for prompt in prompts]
        texts = self.encoder.text([entry.name, *prompts, *both]).cpu().numpy()
        concept, prompt, text = np.split(texts, [1, 1 + len(prompts)])
        return {
            "clip.concept": similarity(embedded, concept),
            "clip.prompt": similarity(embedded, prompt),
            "clip.unsteered": similarity(embedded, unsteered),
            "clip.direction": directional_similarity(embedded, unsteered, text, prompt),
        }

    def _by_scorer(
        self,
        scorer: Scorer,
        entry: Entry,
        prompts: Sequence[str],
        probabilities: Float[np.ndarray, "pictures labels"],
    ) -> dict[str, Float[np.ndarray, " pictures"]]:
        content = np.full(len(prompts), np.nan)
        for i, prompt in enumerate(prompts):
            if known := columns(scorer, self.labels, prompt):
                content[i] = shown(probabilities[i : i + 1], known)[0]
        concept = columns(scorer, self.labels, entry.name)
        effect = shown(probabilities, concept) if concept else np.full(len(prompts), np.nan)
        return {f"{scorer.name}.concept": effect, f"{scorer.name}.content": content}
