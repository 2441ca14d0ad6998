"""The families of diffusers that are tested: each real pipeline, tiny, with random weights.

A new family is one function in `family_pipelines`, that makes its pipeline in small, and one
`Family` in `FAMILIES`.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import diffusers
import published
import torch
from family_pipelines import (
    aura_flow,
    chroma,
    cogview_4,
    flux,
    flux_2_klein,
    hidream,
    hunyuan_image,
    lumina_2,
    qwen_image,
    sana,
    stable_diffusion,
    stable_diffusion_3,
    z_image,
)
from pipelines import PIXELS, randomise, tiny_pixart, tiny_sdxl
from texts import TOKENS
from torch import nn

from hypertransport.generators.base import Generator, wrap

# Parts of calls, as several families name them.
CALL = {"num_inference_steps": 1, "guidance_scale": 3.0, "height": PIXELS, "width": PIXELS}
SHORT = {"max_sequence_length": TOKENS}
KLEIN = {**SHORT, "text_encoder_out_layers": (1,)}
PIXART = {**SHORT, "clean_caption": False, "use_resolution_binning": False}
SANA = {**SHORT, "complex_human_instruction": None, "use_resolution_binning": False}

# Those of the laws of hypertransport that a family might break.
LAWS = {
    1: "strength 0 draws the untouched picture bit for bit; leaving restores, also when nested",
    2: "interventions compose, and their inverse undoes them",
    4: "a row of a mixed batch is what it is alone",
    5: "folded into the norms' own weights, it draws the same",
    8: "saved and loaded, it draws the same bits",
}


@dataclass(frozen=True)
class Family:
    """A family, and what is particular about it.

    `published` is its backbone's configuration at the size of the weights that people use, as far
    as it is not the class's own; `call` what the tiny pipeline has to be told; `unnamed` are norms
    that the pattern "*norm*" leaves out, `dead` such whose output nothing reads; it `folds` if its
    norms can hold a weight and a bias: torch's RMSNorm has no place for a bias.
    """

    name: str
    make: Callable[[], diffusers.DiffusionPipeline]
    published: Mapping[str, Any] = field(default_factory=dict)
    call: Mapping[str, Any] = field(default_factory=dict)
    unnamed: tuple[str, ...] = ()
    dead: tuple[str, ...] = ()
    folds: bool = True

    def obeys(self, law: int) -> bool:
        return law != 5 or self.folds

    def generator(self) -> Generator:
        """The tiny pipeline, every weight of it random, ready to be steered."""
        pipeline = self.make()
        takes = inspect.signature(pipeline.__call__).parameters
        call = {name: value for name, value in CALL.items() if name in takes}
        generator = wrap(pipeline, id=self.name, **{**call, **self.call})
        parts = [part for part in pipeline.components.values() if isinstance(part, nn.Module)]
        for seed, part in enumerate(parts):  # the backbone's larger, so that its norms matter
            randomise(part, seed, spread=1.0 if part is generator.backbone else 0.5)
        return generator

    def published_backbone(self) -> nn.Module:
        """The backbone at its published size, without memory for its weights."""
        pipeline = self.make()
        kind = type(getattr(pipeline, "unet", None) or pipeline.transformer)
        with torch.device("meta"):
            return kind(**self.published)


FAMILIES = (
    Family("Stable Diffusion 1.5", stable_diffusion, published.STABLE_DIFFUSION),
    Family("Stable Diffusion XL", tiny_sdxl, published.SDXL),
    Family(
        "Stable Diffusion 3.5",
        stable_diffusion_3,
        published.STABLE_DIFFUSION_35_MEDIUM,
        SHORT,
        dead=("transformer_blocks.1.attn.norm_added_q",),  # of the last block
    ),
    Family("FLUX.1", flux, call=SHORT, folds=False),
    Family("FLUX.2 klein", flux_2_klein, published.FLUX_2_KLEIN_4B, KLEIN, folds=False),
    Family(
        "PixArt-alpha",
        lambda: tiny_pixart(kind=diffusers.PixArtAlphaPipeline),
        published.PIXART,
        {**PIXART, "num_inference_steps": 2},  # with one, its pipeline wants DMD's scheduler
    ),
    Family("PixArt-Sigma", tiny_pixart, published.PIXART, PIXART),
    Family("Sana", sana, call=SANA),
    Family(
        "Lumina 2",
        lumina_2,
        published.LUMINA_2,
        {"max_sequence_length": 2 * TOKENS, "system_prompt": ""},
        unnamed=("time_caption_embed.caption_embedder.0",),
    ),
    Family("AuraFlow", aura_flow, call=SHORT),
    Family("Chroma", chroma, call=SHORT, folds=False),
    Family("Z-Image", z_image, call=SHORT, unnamed=("cap_embedder.0",)),
    Family(
        "Qwen-Image",
        qwen_image,
        dead=("transformer_blocks.1.attn.norm_added_q", "transformer_blocks.1.txt_norm2"),
    ),
    Family(
        "CogView 4",
        cogview_4,
        published.COGVIEW_4,
        SHORT,
        dead=("transformer_blocks.1.norm2_context",),
    ),
    Family("HiDream-I1", hidream, published.HIDREAM_I1, SHORT, folds=False),
    Family(
        "HunyuanImage 2.1",
        hunyuan_image,
        published.HUNYUAN_IMAGE,
        dead=("context_embedder_2.norm",),  # it reads what a prompt has in quotes
    ),
)
