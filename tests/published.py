"""What the backbones are at the size of the weights that people use, where it is not what their
classes would be by themselves. Read in the configurations that are published with the weights, or
in diffusers' scripts that convert them; HiDream's in ComfyUI, which builds it by itself."""

from typing import Any

from hypertransport.generators import architectures

Config = dict[str, Any]

STABLE_DIFFUSION: Config = {"cross_attention_dim": 768}
SDXL: Config = architectures.read(architectures.SDXL_BASE_UNET)
STABLE_DIFFUSION_35_MEDIUM: Config = {
    "num_layers": 24,
    "num_attention_heads": 24,
    "caption_projection_dim": 1536,
    "dual_attention_layers": tuple(range(13)),
    "qk_norm": "rms_norm",
}
PIXART: Config = architectures.read(architectures.PIXART_SIGMA_TRANSFORMER)
LUMINA_2: Config = {"cap_feat_dim": 2304}
FLUX_2_KLEIN_4B: Config = {
    "num_layers": 5,
    "num_single_layers": 20,
    "num_attention_heads": 24,
    "joint_attention_dim": 7680,
    "guidance_embeds": False,
}
COGVIEW_4: Config = {"num_layers": 28, "num_attention_heads": 32, "attention_head_dim": 128}
HIDREAM_I1: Config = {
    "patch_size": 2,
    "in_channels": 16,
    "caption_channels": (4096, 4096),
    "axes_dims_rope": (64, 32, 32),
    "llama_layers": (*range(32), *[31] * 16),
}
HUNYUAN_IMAGE: Config = {"text_embed_2_dim": 1472}
