"""What all tests share: their numerics, checked shapes, and a small network of SDXL's kind.

A test computes alike on every machine: in float32 and on one thread, unless it says otherwise.
`make test-machines` sets the environment variables below to test other numerics.
"""

import os
import signal
from collections.abc import Callable
from typing import Any

import jaxtyping
import pytest
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from jaxtyping import install_import_hook

BFLOAT16 = "HYPERTRANSPORT_BF16"  # `precision.VARIABLE`; nothing is imported before the hook

install_import_hook("hypertransport", "beartype.beartype")
os.environ.setdefault(BFLOAT16, "0")  # programs that tests start inherit both
os.environ["OMP_NUM_THREADS"] = os.environ.get("HYPERTRANSPORT_TEST_THREADS", "1")
torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
torch.set_float32_matmul_precision("highest")
# A background job starts with Ctrl-C ignored; the tests that interrupt need Python's own handler.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of every module that uses torch as numeric."""
    for item in items:
        if isinstance(item, pytest.Function) and getattr(item.module, "torch", None) is torch:
            item.add_marker(pytest.mark.numeric)


@pytest.fixture(params=["0", "1"], ids=["float32", "bfloat16"])
def bfloat16(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether autocast computes in bfloat16: the test runs with and without, on any CPU."""
    monkeypatch.setenv(BFLOAT16, request.param)
    return request.param == "1"


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


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments of any type, as programs without the shape checks of tests give them."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
