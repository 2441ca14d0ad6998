"""Concept -> intervention in one forward pass: HyperTransport (arXiv 2605.08254), h(e) = {T_k}.

The network by itself is in `network`, its folder on disk in `hypernetwork_files`.
"""

from pathlib import Path
from typing import Any

import torch

from hypertransport.backbones import backbone_of, find_places
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import CheckpointError, ConceptError
from hypertransport.generators.base import Generator
from hypertransport.hub import Shared, find_folder, write_card
from hypertransport.hypernetwork_files import CONFIG, WEIGHTS, Header, read, write
from hypertransport.interventions import Intervention
from hypertransport.model_cards import hypernetwork_card
from hypertransport.network import HyperNetwork, HyperNetworkConfig, build
from hypertransport.sites import Site
from hypertransport.training_record import TrainingRecord
from hypertransport.weights import bundled

__all__ = ["HyperNetwork", "HyperNetworkConfig", "HyperTransport"]


class HyperTransport(Shared):
    """An encoder and a hypernetwork trained on its embeddings, for the generator of id `generator`.

    `generator_revision` tells which weights that generator had (`Generator.revision`), `training`
    how it was trained; both may be unknown. Raises CheckpointError when encoder and network do not
    fit.
    """

    def __init__(
        self,
        network: HyperNetwork,
        encoder: ConceptEncoder,
        generator: str,
        *,
        generator_revision: str | None = None,
        training: TrainingRecord | None = None,
    ):
        if encoder.dim != network.config.embedding_dim:
            raise CheckpointError(
                f"encoder {encoder.id} gives {encoder.dim} numbers, the hypernetwork takes "
                f"{network.config.embedding_dim}; use the encoder that it was trained with"
            )
        self.network = network
        self.encoder = encoder
        self.generator = generator
        self.generator_revision = generator_revision
        self.training = training

    @property
    def sites(self) -> tuple[Site, ...]:
        return self.network.config.sites

    def to(self, device: str | torch.device) -> "HyperTransport":
        self.network.to(device)
        self.encoder.to(device)
        return self

    @torch.no_grad()
    def __call__(self, concept: object) -> Intervention:
        """The intervention that induces a concept: anything that `as_concept` takes.

        A list is several concepts and gives one row each; any other concept, a mix written as a
        mapping or as a tuple of (concept, weight) pairs too, gives maps without rows.
        """
        if concept == []:
            raise ConceptError("an empty list holds no concept; name at least one")
        if isinstance(concept, list):
            return self.network(self.encoder.encode(concept))
        return self.network(self.encoder.encode([concept]))[0]

    def doubts(self, generator: Generator) -> list[str]:
        """Reasons why it may steer `generator` badly, in words; empty where it was made for it.

        Raises InterventionError, which says which sites differ, when it cannot steer it at all.
        """
        find_places(backbone_of(generator), Intervention.identity(self.sites))
        wanted = self.generator_revision
        found = wanted and generator.revision  # which may take a digest of gigabytes
        if wanted and found and wanted != found:
            return [f"it was trained on other weights of {self.generator} (revision {wanted})"]
        if not found and self.generator != generator.id:
            return [f"it was trained for {self.generator}, not for {generator.id}"]
        return []

    @classmethod
    def from_pretrained(
        cls,
        source: str | Path,
        *,
        encoder: ConceptEncoder | None = None,
        **options: Any,
    ) -> "HyperTransport":
        """Load what ships under a name ("emojiscape"), a folder, or a repository of the hub.

        Any stored precision runs in float32. `encoder` spares loading the one that the folder
        names. `options` (revision, token, cache_dir, local_files_only) are for the hub. Raises
        CheckpointError when something is missing, damaged or of another version.
        """
        shipped = bundled(str(source), "hypernetwork")
        folder = find_folder(shipped or source, (CONFIG, WEIGHTS), "hypernetwork", **options)
        try:
            header, weights = read(folder)
            network = build(header.network, weights)
            training = header.training and TrainingRecord.from_dict(header.training)
        except CheckpointError as error:
            raise CheckpointError(f"cannot load {folder}: {error}") from error
        return cls(
            network,
            encoder or ConceptEncoder.from_pretrained(header.encoder),
            header.generator,
            generator_revision=header.generator_revision,
            training=training or None,
        )

    def save_pretrained(self, folder: str | Path, *, half: bool = False) -> None:
        """Write the folder and its model card, each file atomically; `half` stores float16."""
        header = Header(
            self.generator,
            self.encoder.id,
            self.network.config.to_dict(),
            self.generator_revision,
            self.training and self.training.to_dict(),
        )
        dtype = torch.float16 if half else torch.float32
        write(Path(folder), header, self.network.state_dict(), dtype)
        write_card(Path(folder), hypernetwork_card(header, self.sites, self.training))
