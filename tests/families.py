"""The families of diffusers that are tested: each real pipeline, tiny, with random weights.

A new family is one function that makes its pipeline in small, and one `Family` in `FAMILIES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import diffusers
import published
import torch
import transformers
from pipelines import PIXELS, randomise, tiny_pixart, tiny_sdxl, tiny_vae, vae_config
from texts import EMBEDDING, TOKENS, WIDTH, clip_text, gemma_text, qwen_text, t5_text
from torch import nn

from hypertransport.generators.base import Generator, wrap

Flow = diffusers.FlowMatchEulerDiscreteScheduler

# Parts of configurations and calls, as several families name them.
HEADS = {"num_attention_heads": 2, "attention_head_dim": WIDTH // 2}
PACKED = {"patch_size": 1, "in_channels": 16, "num_layers": 1, "num_single_layers": 1, **HEADS}
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
        generator = wrap(pipeline, id=self.name, **{**CALL, **self.call})
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


def flow_vae(levels: int = 2) -> diffusers.AutoencoderKL:
    """Flow models shift their latents, too."""
    return diffusers.AutoencoderKL(**vae_config(levels=levels), shift_factor=0.1)


def stable_diffusion() -> diffusers.StableDiffusionPipeline:
    tokenizer, text_encoder = clip_text(transformers.CLIPTextModel)
    unet = diffusers.UNet2DConditionModel(
        block_out_channels=(8, WIDTH),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        attention_head_dim=2,
        cross_attention_dim=WIDTH,
        norm_num_groups=4,
    )
    scheduler = diffusers.DDIMScheduler(
        prediction_type="sample", timestep_spacing="trailing", steps_offset=1, clip_sample=False
    )
    none = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    return diffusers.StableDiffusionPipeline(
        tiny_vae(), text_encoder, tokenizer, unet, scheduler, **none
    )


def stable_diffusion_3() -> diffusers.StableDiffusion3Pipeline:
    """With what 3.5 added: RMS norms of queries and keys, and a second attention."""
    tokenizer, text_encoder = clip_text(transformers.CLIPTextModelWithProjection)
    tokenizer_2, text_encoder_2 = clip_text(transformers.CLIPTextModelWithProjection)
    tokenizer_3, text_encoder_3 = t5_text(width=2 * WIDTH)
    transformer = diffusers.SD3Transformer2DModel(
        **HEADS,
        in_channels=4,
        out_channels=4,
        num_layers=2,
        joint_attention_dim=2 * WIDTH,
        caption_projection_dim=WIDTH,
        pooled_projection_dim=2 * EMBEDDING,
        dual_attention_layers=(0,),
        qk_norm="rms_norm",
    )
    text = text_encoder, tokenizer, text_encoder_2, tokenizer_2, text_encoder_3, tokenizer_3
    return diffusers.StableDiffusion3Pipeline(transformer, Flow(), flow_vae(), *text)


def flux() -> diffusers.FluxPipeline:
    tokenizer, text_encoder = clip_text(transformers.CLIPTextModel)
    tokenizer_2, text_encoder_2 = t5_text()
    transformer = diffusers.FluxTransformer2DModel(
        **PACKED,
        joint_attention_dim=WIDTH,
        pooled_projection_dim=WIDTH,
        guidance_embeds=True,
        axes_dims_rope=(4, 2, 2),
    )
    text = text_encoder, tokenizer, text_encoder_2, tokenizer_2
    return diffusers.FluxPipeline(Flow(), flow_vae(), *text, transformer)


def flux_2_klein() -> diffusers.Flux2KleinPipeline:
    tokenizer, text_encoder = qwen_text(transformers.Qwen3ForCausalLM)
    transformer = diffusers.Flux2Transformer2DModel(
        **PACKED,
        joint_attention_dim=WIDTH,
        timestep_guidance_channels=WIDTH,
        axes_dims_rope=(2, 2, 2, 2),
        guidance_embeds=False,
    )
    vae = diffusers.AutoencoderKLFlux2(**vae_config())
    return diffusers.Flux2KleinPipeline(Flow(), vae, text_encoder, tokenizer, transformer)


def sana() -> diffusers.SanaPipeline:
    tokenizer, text_encoder = gemma_text()
    transformer = diffusers.SanaTransformer2DModel(
        **HEADS,
        in_channels=4,
        out_channels=4,
        num_layers=2,
        num_cross_attention_heads=2,
        cross_attention_head_dim=WIDTH // 2,
        cross_attention_dim=WIDTH,
        caption_channels=WIDTH,
    )
    ends = ("encoder", "decoder")
    vae = diffusers.AutoencoderDC(
        latent_channels=4,
        **{f"{end}_block_out_channels": (8, 8) for end in ends},
        **{f"{end}_layers_per_block": (1, 1) for end in ends},
    )
    return diffusers.SanaPipeline(tokenizer, text_encoder, vae, transformer, Flow())


def lumina_2() -> diffusers.Lumina2Pipeline:
    tokenizer, text_encoder = gemma_text()
    transformer = diffusers.Lumina2Transformer2DModel(
        in_channels=4,
        hidden_size=WIDTH,
        num_layers=1,
        num_refiner_layers=1,
        num_attention_heads=2,
        num_kv_heads=1,
        multiple_of=8,
        axes_dim_rope=(4, 2, 2),
        axes_lens=(64, 16, 16),
        cap_feat_dim=WIDTH,
    )
    vae = flow_vae(levels=4)  # its pipeline takes a factor of 8 for granted
    return diffusers.Lumina2Pipeline(transformer, Flow(), vae, text_encoder, tokenizer)


def aura_flow() -> diffusers.AuraFlowPipeline:
    tokenizer, text_encoder = t5_text(transformers.UMT5EncoderModel, transformers.UMT5Config)
    transformer = diffusers.AuraFlowTransformer2DModel(
        **HEADS,
        num_mmdit_layers=1,
        num_single_dit_layers=1,
        joint_attention_dim=WIDTH,
        caption_projection_dim=WIDTH,
        pos_embed_max_size=64,
    )
    return diffusers.AuraFlowPipeline(tokenizer, text_encoder, tiny_vae(), transformer, Flow())


def chroma() -> diffusers.ChromaPipeline:
    tokenizer, text_encoder = t5_text()
    transformer = diffusers.ChromaTransformer2DModel(
        **PACKED,
        joint_attention_dim=WIDTH,
        axes_dims_rope=(4, 2, 2),
        approximator_num_channels=8,
        approximator_hidden_dim=WIDTH,
        approximator_layers=2,
    )
    return diffusers.ChromaPipeline(Flow(), flow_vae(), text_encoder, tokenizer, transformer)


def z_image() -> diffusers.ZImagePipeline:
    tokenizer, text_encoder = qwen_text(transformers.Qwen3Model)
    transformer = diffusers.ZImageTransformer2DModel(
        in_channels=4,
        dim=WIDTH,
        n_layers=1,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=WIDTH,
        axes_dims=[4, 2, 2],
        axes_lens=[128, 16, 16],
    )
    return diffusers.ZImagePipeline(Flow(), flow_vae(), text_encoder, tokenizer, transformer)


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
)
