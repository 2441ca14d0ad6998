"""A pipeline of each family in small: diffusers' and transformers' own classes, nothing downloaded.

Their weights are as the classes initialise them; `families.Family` fills them.
"""

from typing import Any

import diffusers
import transformers
from pipelines import PIXELS, tiny_vae, vae_config
from texts import (
    EMBEDDING,
    TOKENS,
    WIDTH,
    byt5_text,
    clip_text,
    gemma_text,
    glm_text,
    llama_text,
    qwen_text,
    qwen_vl_text,
    t5_text,
)

Flow = diffusers.FlowMatchEulerDiscreteScheduler

# Parts of configurations, as several families name them.
HEADS = {"num_attention_heads": 2, "attention_head_dim": WIDTH // 2}
PACKED = {"patch_size": 1, "in_channels": 16, "num_layers": 1, "num_single_layers": 1, **HEADS}


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


def qwen_image() -> diffusers.QwenImagePipeline:
    tokenizer, text_encoder = qwen_vl_text()
    transformer = diffusers.QwenImageTransformer2DModel(
        **HEADS,
        in_channels=16,
        out_channels=4,
        num_layers=2,
        joint_attention_dim=WIDTH,
        axes_dims_rope=(4, 2, 2),
    )
    vae = diffusers.AutoencoderKLQwenImage(
        base_dim=8,
        z_dim=4,
        dim_mult=[1, 1],
        num_res_blocks=1,
        temperal_downsample=[False],
        latents_mean=[0.0] * 4,
        latents_std=[1.0] * 4,
    )
    pipeline = diffusers.QwenImagePipeline(Flow(), vae, text_encoder, tokenizer, transformer)
    return without_instruction(pipeline)


def hunyuan_image() -> diffusers.HunyuanImagePipeline:
    """With the guidance of the weights that are not distilled."""
    tokenizer, text_encoder = qwen_vl_text()
    tokenizer_2, text_encoder_2 = byt5_text()
    transformer = diffusers.HunyuanImageTransformer2DModel(
        **HEADS,
        in_channels=4,
        out_channels=4,
        num_layers=1,
        num_single_layers=1,
        num_refiner_layers=1,
        text_embed_dim=WIDTH,
        text_embed_2_dim=WIDTH,
        rope_axes_dim=(4, 4),
    )
    vae = diffusers.AutoencoderKLHunyuanImage(
        in_channels=3,
        out_channels=3,
        latent_channels=4,
        block_out_channels=(32, 32),
        layers_per_block=1,
        spatial_compression_ratio=2,
        sample_size=PIXELS,
        scaling_factor=0.5,
    )
    text = text_encoder, tokenizer, text_encoder_2, tokenizer_2
    guider = diffusers.AdaptiveProjectedMixGuidance()
    pipeline = diffusers.HunyuanImagePipeline(Flow(), vae, *text, transformer, guider)
    pipeline.tokenizer_2_max_length = TOKENS
    return without_instruction(pipeline)


def without_instruction(pipeline: Any) -> Any:
    """The prompt and one letter more, in few tokens: its template alone would be 200 letters."""
    pipeline.prompt_template_encode, pipeline.prompt_template_encode_start_idx = "{}\n", 0
    pipeline.tokenizer_max_length = TOKENS
    return pipeline


def cogview_4() -> diffusers.CogView4Pipeline:
    tokenizer, text_encoder = glm_text()
    transformer = diffusers.CogView4Transformer2DModel(
        **HEADS,
        in_channels=4,
        out_channels=4,
        num_layers=2,
        text_embed_dim=WIDTH,
        time_embed_dim=WIDTH,
        condition_dim=4,
    )
    return diffusers.CogView4Pipeline(tokenizer, text_encoder, tiny_vae(), transformer, Flow())


def hidream() -> diffusers.HiDreamImagePipeline:
    """With a mixture of experts in its feed-forward layers."""
    tokenizer, text_encoder = clip_text(transformers.CLIPTextModelWithProjection)
    tokenizer_2, text_encoder_2 = clip_text(transformers.CLIPTextModelWithProjection)
    tokenizer_3, text_encoder_3 = t5_text(width=2 * WIDTH)
    tokenizer_4, text_encoder_4 = llama_text()
    transformer = diffusers.HiDreamImageTransformer2DModel(
        **HEADS,
        patch_size=2,
        in_channels=4,
        num_layers=1,
        num_single_layers=1,
        caption_channels=[2 * WIDTH, WIDTH],
        text_emb_dim=2 * EMBEDDING,
        axes_dims_rope=(4, 2, 2),
        max_resolution=(PIXELS // 2, PIXELS // 2),
        llama_layers=[0, 1],
    )
    text = text_encoder, tokenizer, text_encoder_2, tokenizer_2
    text += text_encoder_3, tokenizer_3, text_encoder_4, tokenizer_4
    pipeline = diffusers.HiDreamImagePipeline(Flow(), flow_vae(), *text, transformer)
    pipeline.default_sample_size = PIXELS // 2  # all its pictures have one area
    return pipeline
