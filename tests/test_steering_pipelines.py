"""Steering inside whole diffusers pipelines: guidance, many images, steps, slicing, offloading."""

from collections.abc import Callable
from typing import Any

import accelerate
import pytest
import torch
from diffusers.hooks.group_offloading import apply_group_offloading
from pipelines import PIXELS, tiny_pixart, tiny_sdxl, tiny_unet
from steered import COMPILED, close, draw, latents, random_intervention
from torch import Tensor, nn

from hypertransport.generators.base import Generator, wrap
from hypertransport.steering import steer

Inputs = Callable[..., dict[str, Any]]
# diffusers 0.42 hands numpy a tensor in DPMSolverMultistepScheduler.set_timesteps.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

PROMPTS, SEEDS = ["a cat", "a dog house"], [3, 4]
MASKS = torch.stack([torch.eye(PIXELS), torch.ones(PIXELS, PIXELS).tril()])


@pytest.fixture(params=["sdxl", "pixart"])
def family(request: pytest.FixtureRequest) -> tuple[Generator, dict[str, Any]]:
    """A tiny generator and the arguments of its pipeline's call."""
    if request.param == "sdxl":
        return wrap(tiny_sdxl(), id="tiny"), {"num_inference_steps": 2}
    options = {"clean_caption": False, "use_resolution_binning": False}
    return wrap(tiny_pixart(), id="tiny"), {"num_inference_steps": 2, **options}


@pytest.mark.parametrize("guidance", [1.0, 4.0], ids=["no guidance", "guidance"])
@pytest.mark.parametrize("images", [1, 2])
def test_each_row_is_what_it_is_alone(
    family: tuple[Generator, dict[str, Any]], guidance: float, images: int
) -> None:
    """Law 4: concepts, strengths, signs and masks by row."""
    generator, call = family
    call = {**call, "guidance_scale": guidance}
    T, strengths = random_intervention(generator.backbone, 2), [0.8, -0.5]
    seeds = [10 * seed + image for seed in SEEDS for image in range(images)]
    with steer(generator, T, strengths, mask=MASKS, num_images_per_prompt=images):
        together = latents(generator.pipeline, PROMPTS, seeds, num_images_per_prompt=images, **call)
    for image, seed in enumerate(seeds):
        row = image // images
        with steer(generator, T[row], strengths[row], mask=MASKS[row]):
            close(
                together[image : image + 1],
                latents(generator.pipeline, [PROMPTS[row]], [seed], **call),
            )
    untouched = latents(generator.pipeline, PROMPTS[:1], seeds[:1], **call)
    assert (together[:1] - untouched).abs().max() > 1e-2


def test_chunks_are_the_whole_batch(family: tuple[Generator, dict[str, Any]]) -> None:
    generator, call = family
    with steer(generator, random_intervention(generator.backbone, 2)) as steering:
        whole = latents(generator.pipeline, PROMPTS, SEEDS, **call)
        for row in (0, 1):
            steering.select([row])
            close(
                latents(generator.pipeline, [PROMPTS[row]], [SEEDS[row]], **call), whole[row, None]
            )


# Schedules over the steps.


def test_a_constant_schedule_is_that_strength(family: tuple[Generator, dict[str, Any]]) -> None:
    generator, call = family
    T = random_intervention(generator.backbone)
    with steer(generator, T, 0.6):
        constant = latents(generator.pipeline, PROMPTS, SEEDS, **call)
    with steer(generator, T, lambda progress: 0.6):
        assert torch.equal(latents(generator.pipeline, PROMPTS, SEEDS, **call), constant)


def test_a_schedule_is_what_a_callback_of_diffusers_does() -> None:
    generator, call = wrap(tiny_sdxl(), id="tiny"), {"num_inference_steps": 3}
    T = random_intervention(generator.backbone)

    def by_hand(pipeline: Any, step: int, t: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
        steering.set(T, [(1 - (step + 1) / 3), 0.5])
        return kwargs

    with steer(generator, T, [1.0, 0.5]) as steering:
        expected = latents(generator.pipeline, PROMPTS, SEEDS, callback_on_step_end=by_hand, **call)
    with steer(generator, T, lambda progress: [1 - progress, 0.5]) as steering:
        for _ in range(2):  # each run starts anew
            assert torch.equal(latents(generator.pipeline, PROMPTS, SEEDS, **call), expected)
        steering.set(T, [1.0, 0.5])  # a constant holds from now on
        changed = latents(generator.pipeline, PROMPTS, SEEDS, **call)
        close(changed[1:], expected[1:])
        assert (changed - expected).abs().max() > 1e-3
    assert not {"step", "set_timesteps"} & vars(generator.pipeline.scheduler).keys()


@pytest.mark.slow
@COMPILED
@pytest.mark.usefixtures("compilable")
def test_a_compiled_pipeline_follows_schedules_and_masks_without_recompiling() -> None:
    graphs: list[Any] = []

    def backend(graph: torch.fx.GraphModule, _: list[Tensor]) -> Callable[..., Any]:
        graphs.append(graph)
        return graph.forward

    pipeline: Any = tiny_sdxl()
    pipeline.unet = torch.compile(pipeline.unet, backend=backend)
    generator, counts = wrap(pipeline, id="tiny"), []
    T = random_intervention(generator.backbone)
    schedules = (lambda p: [1 - p, p], lambda p: [p, -p])
    for schedule, mask in zip(schedules, (MASKS, MASKS.flip(0)), strict=True):
        with steer(generator, T, schedule, mask=mask) as steering:
            latents(pipeline, PROMPTS, SEEDS, num_inference_steps=3)
            counts.append(len(graphs))
            steering.set(T.inverse(), schedule, MASKS.mT)
            latents(pipeline, PROMPTS, SEEDS, num_inference_steps=2)
            counts.append(len(graphs))
    assert counts[0] > 0
    assert set(counts) == {counts[0]}


# Half precision, slicing, offloading.


def test_half_precision_keeps_the_laws(family: tuple[Generator, dict[str, Any]]) -> None:
    generator, call = family
    generator.to(torch.bfloat16)
    T = random_intervention(generator.backbone, 2)
    untouched = latents(generator.pipeline, PROMPTS, SEEDS, **call)
    with steer(generator, T, 0.0, mask=MASKS):
        assert torch.equal(latents(generator.pipeline, PROMPTS, SEEDS, **call), untouched)
    with steer(generator, T, mask=torch.zeros(PIXELS, PIXELS)):
        assert torch.equal(latents(generator.pipeline, PROMPTS, SEEDS, **call), untouched)
    with steer(generator, T):
        steered = latents(generator.pipeline, PROMPTS, SEEDS, **call)
    assert steered.dtype == torch.bfloat16
    assert (steered - untouched).abs().max() > 0.1


def test_slicing_draws_the_same() -> None:
    generator, call = wrap(tiny_sdxl(), id="tiny"), {"num_inference_steps": 2, "output_type": "pt"}
    T, noise = random_intervention(generator.backbone, 2), [torch.Generator() for _ in SEEDS]

    def pictures() -> Tensor:
        seeded = [g.manual_seed(seed) for g, seed in zip(noise, SEEDS, strict=True)]
        return generator.pipeline(PROMPTS, generator=seeded, **call).images

    with steer(generator, T, [0.5, -0.5], mask=MASKS):
        whole = pictures()
        generator.pipeline.enable_attention_slicing(1)
        generator.pipeline.vae.enable_slicing()
        close(pictures(), whole)


def unload(model: nn.Module) -> None:
    accelerate.cpu_offload(model, torch.device("cpu"))


def unload_leaves(model: nn.Module) -> None:
    apply_group_offloading(model, torch.device("cpu"), offload_type="leaf_level")


@pytest.mark.parametrize("offload", [unload, unload_leaves])
@pytest.mark.parametrize("inside", [False, True], ids=["offloaded before", "offloaded inside"])
def test_offloading_nests_both_ways(offload: Callable[[nn.Module], None], inside: bool) -> None:
    unet, draw_with = tiny_unet(), torch.Generator().manual_seed(0)
    inputs = {
        "sample": torch.randn(2, 4, 8, 8, generator=draw_with),
        "timestep": torch.tensor(399),
        "encoder_hidden_states": torch.randn(2, 5, 16, generator=draw_with),
        "added_cond_kwargs": {
            "text_embeds": torch.randn(2, 8, generator=draw_with),
            "time_ids": torch.full((2, 6), 64.0),
        },
    }
    T, mask = random_intervention(unet, 2), torch.rand(16, 16)
    untouched = draw(unet, inputs)
    with steer(unet, T, 0.7, mask=mask):
        steered = draw(unet, inputs)
    if not inside:
        offload(unet)
    with steer(unet, T, 0.7, mask=mask) as steering:
        if inside:
            offload(unet)
        assert torch.equal(draw(unet, inputs), steered)
        steering.set(T, 0.0)
        assert torch.equal(draw(unet, inputs), untouched)
    assert torch.equal(draw(unet, inputs), untouched)


@pytest.mark.parametrize("offload", [unload, unload_leaves])
def test_a_pipeline_with_an_offloaded_backbone_draws_the_same(
    offload: Callable[[nn.Module], None],
) -> None:
    generator, call = wrap(tiny_sdxl(), id="tiny"), {"num_inference_steps": 2}
    T = random_intervention(generator.backbone, 2)
    with steer(generator, T, [0.5, -0.5], mask=MASKS):
        expected = latents(generator.pipeline, PROMPTS, SEEDS, **call)
    offload(generator.backbone)
    with steer(generator, T, [0.5, -0.5], mask=MASKS):
        assert torch.equal(latents(generator.pipeline, PROMPTS, SEEDS, **call), expected)
