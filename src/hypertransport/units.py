"""Affine maps as deviations from the identity, in the units of the activations they act on."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from hypertransport.interventions import Intervention
from hypertransport.sites import Site


@dataclass(frozen=True, eq=False)
class Units:
    """Each channel's mean ``mu`` and standard deviation ``sigma``, in site order [ours]:

        T_k(z) = (1 + d_scale) (z - mu) + mu + d_shift sigma

    Neither number disturbs the other, both are 0 for the identity, and one learning rate (or
    threshold) suits all channels. ``mu = 0`` and ``sigma = 1`` are the published coordinates.
    """

    sites: tuple[Site, ...]
    mean: Float[Tensor, "channels"]
    std: Float[Tensor, "channels"]

    def maps(
        self, d_scale: Float[Tensor, "*rows channels"], d_shift: Float[Tensor, "*rows channels"]
    ) -> Intervention:
        """The scales and shifts; where both deviations are 0, exactly 1 and 0."""
        shift = d_shift * self.std - d_scale * self.mean
        return Intervention.from_flat(self.sites, 1 + d_scale, shift)

    def deviations(
        self, maps: Intervention
    ) -> tuple[Float[Tensor, "*rows channels"], Float[Tensor, "*rows channels"]]:
        """The inverse of ``maps``; InterventionError for an intervention on other sites."""
        Intervention.identity(self.sites).require_same_sites(maps)
        scale, shift = (
            torch.cat([maps.maps[site.name][part] for site in self.sites], -1) for part in (0, 1)
        )
        return scale - 1, (shift + (scale - 1) * self.mean) / self.std
