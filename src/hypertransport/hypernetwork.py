"""Concept -> intervention in one forward pass: HyperTransport (arXiv 2605.08254), h(e) = {T_k}.

The network by itself is in `network`, its folder on disk in `hypernetwork_files`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from hypertransport.backbones import backbone_of, find_places
from hypertransport.calibration import Calibration
from hypertransport.concepts import require_no_file_names
from hypertransport.dial import Dial
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import CheckpointError, ConceptError
from hypertransport.generators.base import Generator
from hypertransport.generators.revisions import same_weights
from hypertransport.hub import Shared, find_folder
from hypertransport.hypernetwork_files import CONFIG, TABLES, WEIGHTS, Header, read, write
from hypertransport.interventions import Intervention
from hypertransport.model_cards import hypernetwork_card
from hypertransport.network import HyperNetwork, HyperNetworkConfig, build
from hypertransport.novelty import TrainedConcepts
from hypertransport.paths import user_path
from hypertransport.sites import Site
from hypertransport.torch_state import plain_torch
from hypertransport.training_record import TrainingRecord
from hypertransport.weights import bundled

__all__ = ["About", "HyperNetwork", "HyperNetworkConfig", "HyperTransport"]
EFFECTS, DIAL = "effects.", "dial."  # before the names of their tensors, in the tables


@dataclass(frozen=True)
class About:
    """What a training leaves beside the network, each None where it is not known.

    `generator_revision` tells which weights the generator had (`Generator.revision`), `record` how
    the network was trained, `trained` what novelty is told by, `calibration` what strength means,
    `dial` how it is seen.
    """

    generator_revision: str | None = None
    record: TrainingRecord | None = None
    trained: TrainedConcepts | None = None
    calibration: Calibration | None = None
    dial: Dial | None = None


class HyperTransport(Shared):
    """An encoder and a hypernetwork trained on its embeddings, for the generator of id `generator`.

    Raises CheckpointError when the two do not fit.
    """

    def __init__(
        self,
        network: HyperNetwork,
        encoder: ConceptEncoder,
        generator: str,
        about: About = About(),
    ):
        if encoder.dim != network.config.embedding_dim:
            raise CheckpointError(
                f"encoder {encoder.id} gives {encoder.dim} numbers, the hypernetwork takes "
                f"{network.config.embedding_dim}; use the encoder that it was trained with"
            )
        self.network = network
        self.encoder = encoder
        self.generator = generator
        self.about = about

    @property
    def sites(self) -> tuple[Site, ...]:
        """Where its interventions act, in the order of the generator."""
        return self.network.config.sites

    def to(self, device: str | torch.device) -> "HyperTransport":
        """Move network and encoder to a device, in place; returns itself."""
        self.network.to(device)
        self.encoder.to(device)
        return self

    @plain_torch()
    def __call__(self, concept: object, *, calibrated: bool = False) -> Intervention:
        """The intervention that induces a concept: anything that `as_concept` takes.

        A list is several concepts and gives one row each; any other concept, a mix written as a
        mapping or as a tuple of (concept, weight) pairs too, gives maps without rows.

        `calibrated` scales each so that strength 1 has the same effect for every concept, as far
        as that was foreseen for validation concepts (see `calibration`). Raises CheckpointError
        where the hypernetwork has no calibration; ConceptError for what is no concept, for an empty
        list, and for a picture's file that is named in a str, which would be read as words.
        """
        if isinstance(concept, list) and not concept:
            raise ConceptError("an empty list holds no concept; name at least one")
        concepts = concept if isinstance(concept, list) else [concept]
        require_no_file_names(concepts)
        maps = self.network(self.encoder.encode(concepts))
        maps = maps.at(self.gain(maps)) if calibrated else maps
        return maps if isinstance(concept, list) else maps[0]

    def gain(self, maps: Intervention) -> Float[Tensor, "*rows"]:
        """The strength at which what this hypernetwork made has the effect common to all."""
        if self.about.calibration is None:
            raise CheckpointError(
                "this hypernetwork has no calibration; leave 'calibrated' out, or train it again"
            )
        return self.about.calibration.gain(self.network.size(maps))

    def dial(self, strength: float) -> float:
        """The strength of a calibrated intervention at which that share of its effect is seen (see
        `dial`), as far as that was foreseen; where it was not measured, `strength` itself."""
        return strength if self.about.dial is None else self.about.dial(strength)

    # --- what speaks against using it -------------------------------------------------------------

    def doubts(self, generator: Generator) -> list[str]:
        """Reasons why it may steer `generator` badly, in words; empty where it was made for it.

        Raises InterventionError, which says which sites differ, when it cannot steer it at all.
        """
        find_places(backbone_of(generator), Intervention.identity(self.sites))
        wanted = self.about.generator_revision
        found = wanted and generator.revision  # which may take a digest of gigabytes
        same = same_weights(wanted, found) if wanted and found else None
        if same is False:
            return [f"it was trained on other weights of {self.generator} (revision {wanted})"]
        if same is None and self.generator != generator.id:
            return [f"it was trained for {self.generator}, not for {generator.id}"]
        return []

    @plain_torch()
    def novelty(self, concepts: Sequence[object]) -> Float[Tensor, "concepts"] | None:
        """How far each concept lies from those trained on; above 1 is far (see `novelty`).

        None where the hypernetwork does not know its training concepts.
        """
        trained = self.about.trained
        return None if trained is None else trained.novelty(self.encoder.encode(concepts))

    # --- its folder -------------------------------------------------------------------------------

    @classmethod
    @plain_torch()
    def from_pretrained(
        cls,
        source: str | Path,
        *,
        encoder: ConceptEncoder | str | Path | None = None,
        **options: Any,
    ) -> "HyperTransport":
        """Load what ships under a name ("emojiscape"), a folder, or a repository of the hub.

        Any stored precision runs in float32. `encoder` is one, or where it is, instead of the
        one that the folder names. `options` (revision, token, cache_dir, local_files_only) are for
        the hub, all but the revision for that encoder too. Raises CheckpointError when something is
        missing, damaged or of another version.
        """
        files = (CONFIG, WEIGHTS, TABLES)
        shipped = bundled(str(source), "hypernetwork")
        folder = find_folder(shipped or source, files, "hypernetwork", **options)
        try:
            header, weights, tables = read(folder)
            network = build(header.network, weights)
            about = _about(header, tables, network.config.embedding_dim)
        except CheckpointError as error:
            raise CheckpointError(f"cannot load {folder}: {error}") from error
        if not isinstance(encoder, ConceptEncoder):
            of_hub = {name: value for name, value in options.items() if name != "revision"}
            encoder = _encoder(header, encoder, of_hub)
        return cls(network, encoder, header.generator, about)

    @plain_torch()
    def save_pretrained(self, folder: str | Path, *, bits: int = 32) -> None:
        """Write the files of the folder and its model card, atomically as a set; others stay.

        `bits` of a stored number: 32, 16, or 8 (large matrices only, 16 elsewhere). Raises OSError
        where it cannot be written, ValueError for other `bits`.
        """
        about = self.about
        header = Header(
            self.generator,
            self.encoder.id,
            self.network.config.to_dict(),
            about.generator_revision,
            about.record and asdict(about.record),
        )
        card = hypernetwork_card(header, self.sites, about.record)
        state, tables = self.network.state_dict(), _tables(about)
        write(user_path(folder), header, state, tables, bits, card)


def _encoder(
    header: Header, source: str | Path | None, options: Mapping[str, Any]
) -> ConceptEncoder:
    try:
        return ConceptEncoder.from_pretrained(source or header.encoder, **options)
    except CheckpointError as error:
        if source:
            raise
        raise CheckpointError(
            f"{error}; if it lies elsewhere now, say encoder=... where the hypernetwork is loaded"
        ) from error


def _tables(about: About) -> dict[str, Tensor]:
    """All tensors of what is known, by names that do not collide."""
    parts = {"": about.trained, EFFECTS: about.calibration, DIAL: about.dial}
    named = {prefix: part.tensors() for prefix, part in parts.items() if part is not None}
    return {prefix + name: value for prefix, part in named.items() for name, value in part.items()}


def _about(header: Header, tables: dict[str, Tensor], dim: int) -> About:
    """The inverse of `_tables`, with the header's part; CheckpointError for anything odd."""
    parts: dict[str, dict[str, Tensor]] = {"": {}, EFFECTS: {}, DIAL: {}}
    for name, value in tables.items():
        prefix = next((p for p in (EFFECTS, DIAL) if name.startswith(p)), "")
        parts[prefix][name.removeprefix(prefix)] = value
    trained, effects, dial = parts.values()
    return About(
        header.generator_revision,
        None if header.training is None else TrainingRecord.from_dict(header.training),
        TrainedConcepts.from_tensors(trained, dim) if trained else None,
        Calibration.from_tensors(effects) if effects else None,
        Dial.from_tensors(dial) if dial else None,
    )
