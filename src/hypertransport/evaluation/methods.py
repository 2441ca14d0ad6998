"""The interventions that an evaluation compares, each made for one concept and timed."""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import torch

from hypertransport.catalogue import Entry
from hypertransport.concepts import Pictures
from hypertransport.errors import ConceptError
from hypertransport.evaluation.config import (
    BY_PICTURE,
    BY_PICTURES,
    HYPERTRANSPORT,
    EvaluationConfig,
)
from hypertransport.generators.base import Generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.interventions import Intervention
from hypertransport.picture_files import load_picture, picture_paths
from hypertransport.training.lineas import PRESETS
from hypertransport.training.nearest import nearest_entry
from hypertransport.training.per_concept import CLOSED_FORMS, Plan

OWN = (HYPERTRANSPORT, BY_PICTURE, BY_PICTURES)  # the hypernetwork's
PRESET_OF = {"nearest": "quick", "lineas": "quick", "lineas-long": "long", "refine": "refine"}


class Methods:
    """Makes the intervention of any method but prompting, which has none.

    `entries` is the whole catalogue, among which the nearest trained concept is looked up.
    """

    def __init__(
        self,
        config: EvaluationConfig,
        generator: Generator,
        hyper: HyperTransport,
        entries: Sequence[Entry],
    ):
        self.config, self.generator, self.hyper, self.entries = config, generator, hyper, entries
        hyper(entries[0].name)  # the first call of all pays for what is loaded lazily

    def __call__(self, method: str, entry: Entry) -> tuple[Intervention, float]:
        """The intervention (without rows) and the seconds that it took, encoding included.

        Reference pictures are read before the clock starts. Raises ConceptError when there is none,
        CheckpointError where a calibrated hypernetwork is asked for and it is not.
        """
        concept = self._concept(method, entry)
        begun = perf_counter()
        maps = self._make(method, entry, concept)
        if self.generator.device.type == "cuda":
            torch.cuda.synchronize()
        return maps, perf_counter() - begun

    def strength(self, method: str, strength: float) -> float:
        """What a method is steered with at a strength: a calibrated hypernetwork has a dial, which
        may be lent to all others."""
        turned = self.config.one_dial or (self.config.calibrated and method in OWN)
        return self.hyper.dial(strength) if turned else strength

    def _make(self, method: str, entry: Entry, concept: object) -> Intervention:
        if method in OWN:
            return self.hyper(concept, calibrated=self.config.calibrated)
        start, phrase = None, entry.phrase
        if method == "refine":
            start = self.hyper(concept)
        elif method == "nearest":
            phrase = nearest_entry(self.hyper.encoder, entry.name, self.entries)[1].phrase
        solver = self._plan(method)
        return solver.fit(solver.pose(self.generator, phrase), start)[0]

    def _plan(self, method: str) -> Plan:
        if method in CLOSED_FORMS:
            return Plan(closed_form=method, samples=self.config.samples)
        return Plan(descent=PRESETS[PRESET_OF[method]], samples=self.config.samples)

    def _concept(self, method: str, entry: Entry) -> object:
        """What the hypernetwork is given of a concept: its phrase, or reference pictures."""
        if method not in (BY_PICTURE, BY_PICTURES):
            return entry.phrase
        folder = (self.config.pictures or Path()) / entry.name
        if not folder.is_dir():
            raise ConceptError(f"there is no reference picture {folder}/*.png; draw one")
        pictures = tuple(map(load_picture, picture_paths(folder)))
        if method == BY_PICTURES:
            return Pictures(pictures)
        return pictures[min(self.config.picture, len(pictures) - 1)]
