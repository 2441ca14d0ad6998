"""Law 5: folding into the weights draws the same, unfolds bit for bit, and can be saved."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import accelerate
import pytest
import torch
from diffusers.models.normalization import FP32LayerNorm, MochiRMSNorm, RMSNorm
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from pipelines import tiny_pixart, tiny_sdxl
from steered import close, draw, latents, random_intervention, state_of
from torch import nn

from hypertransport.errors import InterventionError, OutputError
from hypertransport.folding import fold, save_folded
from hypertransport.generators.base import wrap
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.sites import find_sites
from hypertransport.steering import steer

Inputs = Callable[..., dict[str, Any]]
CALL = {"num_inference_steps": 2, "guidance_scale": 4.0}


def test_folding_equals_steering_and_restores_the_weights(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    inputs, T, before = unet_inputs(2), random_intervention(tiny_unet), state_of(tiny_unet)
    with steer(tiny_unet, T, 0.7):
        steered = draw(tiny_unet, inputs)
    with fold(tiny_unet, T, 0.7):
        close(draw(tiny_unet, inputs), steered)
    assert state_of(tiny_unet) == before
    with pytest.raises(RuntimeError, match="stop"), fold(tiny_unet, T):
        raise RuntimeError("stop")
    assert state_of(tiny_unet) == before


@pytest.mark.parametrize(
    ("norm", "holds_shifts"),
    [
        (nn.LayerNorm(4), True),
        (nn.LayerNorm(4, bias=False), True),
        (nn.LayerNorm(4, elementwise_affine=False), True),
        (FP32LayerNorm(4, elementwise_affine=False), True),
        (nn.GroupNorm(2, 4), True),
        (nn.GroupNorm(2, 4, affine=False), True),
        (nn.BatchNorm2d(4).eval(), True),
        (nn.BatchNorm2d(4, affine=False).eval(), True),
        (RMSNorm(4, 1e-6), True),
        (RMSNorm(4, 1e-6, bias=True), True),
        (RMSNorm(4, 1e-6, elementwise_affine=False), True),
        (nn.RMSNorm(4), False),
        (nn.RMSNorm(4, elementwise_affine=False), False),
        (MochiRMSNorm(4, 1e-6, elementwise_affine=False), False),
    ],
    ids=str,
)
def test_every_norm_takes_what_it_can_hold(norm: nn.Module, holds_shifts: bool) -> None:
    norm.requires_grad_(False)
    (site,) = find_sites(norm, ("",))
    z = torch.randn(2, 4, 3, 3) if site.layout == "spatial" else torch.randn(2, 3, 4)
    untouched, before = norm(z), state_of(norm)
    shift = Intervention({"": AffineMap(torch.rand(4) + 0.5, torch.randn(4))})
    stretch = Intervention({"": AffineMap(torch.rand(4) + 0.5, torch.zeros(4))})
    for T in (stretch, shift) if holds_shifts else (stretch,):
        with steer(norm, T):
            steered = norm(z)
        with fold(norm, T):
            torch.testing.assert_close(norm(z), steered)
        assert state_of(norm) == before
        assert torch.equal(norm(z), untouched)
    if not holds_shifts:
        with pytest.raises(InterventionError, match="cannot hold a shift"), fold(norm, shift):
            pass
        assert state_of(norm) == before


def test_weights_that_are_trained_fold_too_and_stay_so() -> None:
    norm, z = nn.LayerNorm(4), torch.randn(2, 4)
    T, before = random_intervention(norm, patterns=("",)), state_of(norm)
    with steer(norm, T):
        steered = norm(z)
    with fold(norm, T):
        torch.testing.assert_close(norm(z), steered)
    assert state_of(norm) == before
    assert all(parameter.requires_grad for parameter in norm.parameters())


def test_what_folding_adds_to_a_norm_is_not_trained() -> None:
    norm = nn.LayerNorm(4, elementwise_affine=False)
    with fold(norm, Intervention({"": AffineMap(torch.rand(4) + 0.5, torch.randn(4))})):
        assert [parameter.requires_grad for parameter in norm.parameters()] == [False, False]


def test_weights_loaded_inside_several_blocks_are_the_norms_own_from_then_on() -> None:
    norm, z = nn.LayerNorm(4), torch.randn(2, 4)
    outer, inner = (random_intervention(norm, seed=seed, patterns=("",)) for seed in (1, 2))
    loaded = {"weight": torch.rand(4), "bias": torch.rand(4)}
    with fold(norm, outer):
        with fold(norm, inner):
            norm.load_state_dict(loaded)
        assert all(torch.equal(norm.state_dict()[key], loaded[key]) for key in loaded)
        with fold(norm, inner), torch.no_grad():
            folded = norm(z)
    assert all(torch.equal(norm.state_dict()[key], loaded[key]) for key in loaded)
    with steer(norm, inner), torch.no_grad():
        torch.testing.assert_close(folded, norm(z))


def test_folding_refuses_rows_and_offloaded_weights(tiny_unet: nn.Module) -> None:
    with (
        pytest.raises(InterventionError, match="2 rows"),
        fold(tiny_unet, random_intervention(tiny_unet, 2)),
    ):
        pass
    norm = nn.LayerNorm(4)
    accelerate.cpu_offload(norm, torch.device("cpu"))
    T = Intervention({"": AffineMap(torch.ones(4), torch.zeros(4))})
    with pytest.raises(InterventionError, match="fold before offloading"), fold(norm, T):
        pass


@pytest.fixture
def sdxl() -> Any:
    return wrap(tiny_sdxl(), id="tiny")


def test_plain_diffusers_draws_what_was_folded_and_saved(sdxl: Any, tmp_path: Path) -> None:
    T, before = random_intervention(sdxl.backbone), state_of(sdxl.backbone)
    with steer(sdxl, T, 0.6):
        steered = latents(sdxl.pipeline, ["a cat"], [3], **CALL)
    save_folded(sdxl, T, tmp_path / "folded", 0.6)
    assert state_of(sdxl.backbone) == before
    loaded = DiffusionPipeline.from_pretrained(tmp_path / "folded", local_files_only=True)
    loaded.set_progress_bar_config(disable=True)
    close(latents(loaded, ["a cat"], [3], **CALL), steered)


def test_an_empty_folder_is_filled_through_a_link_too(sdxl: Any, tmp_path: Path) -> None:
    folder, link = tmp_path / "folded", tmp_path / "link"
    folder.mkdir()
    link.symlink_to(folder)
    save_folded(sdxl, random_intervention(sdxl.backbone), link)
    assert link.is_symlink()
    assert (folder / "model_index.json").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"folded", "link"}


def test_a_save_that_fails_half_way_leaves_nothing(sdxl: Any, tmp_path: Path) -> None:
    before = state_of(sdxl.backbone)
    sdxl.pipeline.scheduler.register_to_config(odd=object())  # no JSON; comes after the weights
    with pytest.raises(TypeError, match="JSON"):
        save_folded(sdxl, random_intervention(sdxl.backbone), tmp_path / "folded")
    assert not list(tmp_path.iterdir())
    assert state_of(sdxl.backbone) == before


def test_what_is_taken_is_refused_and_untouched(sdxl: Any, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("kept")
    for taken in (tmp_path, kept):
        with pytest.raises(OutputError, match="new or empty folder"):
            save_folded(sdxl, random_intervention(sdxl.backbone), taken)
    assert list(tmp_path.iterdir()) == [kept]
    assert kept.read_text() == "kept"


# diffusers 0.42 hands numpy a tensor in DPMSolverMultistepScheduler.set_timesteps.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_norms_without_weights_fold_while_drawing_but_are_not_saved(tmp_path: Path) -> None:
    pixart = wrap(tiny_pixart(), id="tiny")
    options = {"clean_caption": False, "use_resolution_binning": False, **CALL}
    T, before = random_intervention(pixart.backbone), state_of(pixart.backbone)
    with steer(pixart, T):
        steered = latents(pixart.pipeline, ["a cat"], [3], **options)
    with fold(pixart, T):
        close(latents(pixart.pipeline, ["a cat"], [3], **options), steered)
        pixart.pipeline.save_pretrained(tmp_path / "plain")
    loaded = DiffusionPipeline.from_pretrained(tmp_path / "plain", local_files_only=True)
    loaded.set_progress_bar_config(disable=True)
    dropped = latents(loaded, ["a cat"], [3], **options)  # why saving it is refused
    close(dropped, latents(pixart.pipeline, ["a cat"], [3], **options))
    with pytest.raises(InterventionError, match=r"transformer_blocks\.0\.norm1"):
        save_folded(pixart, T, tmp_path / "folded")
    assert not (tmp_path / "folded").exists()
    assert state_of(pixart.backbone) == before
