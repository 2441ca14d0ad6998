"""The node: a model in, the model steered towards a concept out."""

from functools import lru_cache
from typing import Any

import torch
from PIL import Image

from hypertransport.errors import ConceptError
from hypertransport.hypernetwork import HyperTransport
from hypertransport.text_cleaning import clean_text

from .patch import patched

MAX_PICTURES = 16
KEPT = 2  # hypernetworks


class SteerTowardsConcept:
    """Steers an SDXL model by words or by pictures, with a hypernetwork trained for it."""

    CATEGORY = "model_patches/hypertransport"
    DESCRIPTION = "Steers a model towards a concept, in words or by a picture, at any strength."
    RETURN_TYPES = ("MODEL",)
    FUNCTION = "steer"

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        """As ComfyUI asks for them."""
        strength = {"default": 1.0, "min": -10.0, "max": 10.0, "step": 0.05}
        folder = {"default": "", "tooltip": "a folder, or user/name on the hub"}
        return {
            "required": {
                "model": ("MODEL",),
                "hypernetwork": ("STRING", folder),
                "concept": ("STRING", {"default": "", "tooltip": "words; empty with a reference"}),
                "strength": ("FLOAT", strength),
            },
            "optional": {"reference": ("IMAGE",)},
        }

    def steer(
        self,
        model: Any,
        hypernetwork: str,
        concept: str,
        strength: float,
        reference: torch.Tensor | None = None,
    ) -> tuple[Any]:
        """A clone of `model`, steered; `reference` is `(pictures, height, width, 3)`, 0 to 1.

        Several pictures are one concept, their mean. Raises ConceptError unless either words or
        pictures are given, CheckpointError for a hypernetwork that cannot be loaded, and
        InterventionError where it was trained for another model.
        """
        wanted = concept_of(concept, reference)
        return (patched(model, loaded(hypernetwork)(wanted).at(strength)),)


def concept_of(words: str, reference: torch.Tensor | None) -> object:
    """What a hypernetwork takes. Raises ConceptError unless it is exactly one of the two."""
    if reference is None:
        return words  # which may not be empty
    if clean_text(words):
        raise ConceptError(
            "words and a reference: clear one of them, or give each a node of its own, in a row"
        )
    if reference.ndim != 4 or reference.shape[-1] not in (3, 4) or not reference.isfinite().all():
        raise ConceptError(
            f"reference pictures of shape {tuple(reference.shape)}; give finite values (pictures, "
            "height, width, 3)"
        )
    if not 1 <= len(reference) <= MAX_PICTURES:
        raise ConceptError(f"{len(reference)} reference pictures; give 1 to {MAX_PICTURES}")
    return tuple((picture_of(pixels), 1.0) for pixels in reference)


def picture_of(pixels: torch.Tensor) -> Image.Image:
    """A picture `(height, width, 3 or 4)`, 0 to 1, as files hold them."""
    return Image.fromarray((pixels.clamp(0, 1) * 255).round().to("cpu", torch.uint8).numpy())


@lru_cache(KEPT)
def loaded(source: str) -> HyperTransport:
    """A hypernetwork by its folder or its name on the hub; the last few are kept."""
    return HyperTransport.from_pretrained(source)


NODE_CLASS_MAPPINGS = {"HypertransportSteer": SteerTowardsConcept}
NODE_DISPLAY_NAME_MAPPINGS = {"HypertransportSteer": "Steer towards a concept (hypertransport)"}
