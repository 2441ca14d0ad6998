"""What all tests share: checked shapes, one thread, and a small network of SDXL's kind."""

import signal
from collections.abc import Callable
from typing import Any

import jaxtyping
import pytest
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from jaxtyping import install_import_hook

install_import_hook("hypertransport", "beartype.beartype")
torch.set_num_threads(1)
# A background job starts with Ctrl-C ignored; the tests that interrupt need Python's own handler.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def tiny_unet() -> UNet2DConditionModel:
    """A random UNet with SDXL's conditioning: two levels of 32 and 64 channels."""
    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        sample_size=8,
        in_channels=4,
        out_channels=4,
        layers_per_block=1,
        block_out_channels=(32, 64),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        norm_num_groups=8,
        attention_head_dim=4,
        use_linear_projection=True,
        cross_attention_dim=16,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=8 * 6 + 16,
    )
    return unet.eval().requires_grad_(False)


@pytest.fixture(scope="session")
def unet_inputs() -> Callable[..., dict[str, Any]]:
    """``unet_inputs(batch, seed)``: keyword arguments of ``tiny_unet`` for a batch."""

    def inputs(batch: int = 1, seed: int = 0) -> dict[str, Any]:
        draw = torch.Generator().manual_seed(seed)
        return {
            "sample": torch.randn(batch, 4, 8, 8, generator=draw),
            "timestep": torch.tensor(399),
            "encoder_hidden_states": torch.randn(batch, 5, 16, generator=draw),
            "added_cond_kwargs": {
                "text_embeds": torch.randn(batch, 16, generator=draw),
                "time_ids": torch.full((batch, 6), 64.0),
            },
        }

    return inputs


@pytest.fixture
def compilable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shape checks wrap every function in tests; the compiler must see the functions alone."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    torch.compiler.reset()
