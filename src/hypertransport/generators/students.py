"""Distilled targets: a teacher's pipeline with the denoiser that was distilled from it.

The teacher's own denoiser is never fetched: it is built from its configuration, and the student's
weights take their place in it.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from hypertransport.errors import GeneratorError, first_line
from hypertransport.generators import architectures
from hypertransport.generators.base import Generator, load_pipeline, require_packages
from hypertransport.hub import split_revision
from hypertransport.library_errors import loading
from hypertransport.sites import find_sites, total_channels


@dataclass(frozen=True, slots=True)
class Teacher:
    """A published pipeline: its repository, the commit that is known to serve, and its denoiser's
    name, class and architecture (see `architectures`)."""

    repository: str
    commit: str
    part: str
    kind: Any
    architecture: str

    def revision(self, base: str | Path) -> str | None:
        """The revision of `base`: that which it names itself, or the known commit."""
        return split_revision(base)[1] or (self.commit if base == self.repository else None)

    def empty_denoiser(self, base: str | Path) -> nn.Module:
        """The denoiser of the pipeline at `base`, without weights.

        Raises GeneratorError for none, and where packages that the pipeline takes are missing.
        """
        place, revision = split_revision(base)[0], self.revision(base)
        require_packages(place, revision=revision)
        try:
            with loading(place):
                config = self.kind.load_config(place, subfolder=self.part, revision=revision)
                return architectures.build(config, self.kind)
        except (OSError, ValueError, ImportError) as error:
            raise GeneratorError(
                f"there is no {self.part} of {self.kind.__name__} at {base} ({first_line(error)}); "
                "check the network, or give base=FOLDER of a local copy"
            ) from error

    def pipeline(
        self, base: str | Path, denoiser: nn.Module, dtype: torch.dtype, variant: str | None = None
    ) -> Any:
        """The pipeline at `base` around a denoiser. It decodes its images one by one: all of a call
        at once take 3 GiB for each at 1024 pixels. Raises GeneratorError."""
        nn.Module.to(denoiser, dtype)  # diffusers' own warns of modules to keep, even of none
        parts: Any = {self.part: denoiser, "dtype": dtype, "variant": variant}
        pipeline = load_pipeline(base, revision=self.revision(base), **parts)
        pipeline.vae.enable_slicing()
        return pipeline

    def warn_of_changes(self, generator: Generator, patterns: tuple[str, ...]) -> None:
        """Warn where the published pipeline has other sites than `hypertransport sites` prints."""
        known = find_sites(architectures.build(architectures.read(self.architecture)), patterns)
        if generator.sites != known:
            warnings.warn(
                f"{generator.id} has {len(generator.sites)} sites of "
                f"{total_channels(generator.sites):,} channels, and not the {len(known)} of "
                f"{total_channels(known):,} that were published; what was trained for those does "
                "not fit",
                stacklevel=3,
            )
