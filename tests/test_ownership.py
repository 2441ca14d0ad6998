"""A model has one owner at a time: others wait, or get an error that names the owner."""

import asyncio
import copy
import gc
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from pipelines import tiny_pixart, tiny_sdxl
from torch import nn

import hypertransport as ht
from hypertransport import ownership
from hypertransport.generators.base import Generator, wrap
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.training.activations import watched

PROMPTS = ["a cat", "a rose", "a bus"]


def maps(generator: Generator, seed: int) -> Intervention:
    draw = torch.Generator().manual_seed(seed)
    return Intervention(
        {
            site.name: AffineMap(
                1 + 0.5 * torch.rand(site.width, generator=draw),
                0.5 * torch.randn(site.width, generator=draw),
            )
            for site in generator.sites
        }
    )


@pytest.fixture
def generator() -> Generator:
    return wrap(tiny_sdxl(), id="tiny", num_inference_steps=2)


def image(generator: Generator, prompt: str) -> np.ndarray:
    return np.asarray(generator(prompt, seed=3)).astype(int)


def in_thread(work: Callable[[], object]) -> object:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(60)


def test_threads_get_what_each_gets_alone(generator: Generator) -> None:
    concepts = [maps(generator, i) for i in range(2)]

    def steered(T: Intervention, prompt: str) -> np.ndarray:
        with ht.steer(generator, T):
            return image(generator, prompt)

    plain = [image(generator, prompt) for prompt in PROMPTS]
    alone = [[steered(T, prompt) for prompt in PROMPTS] for T in concepts]
    with ThreadPoolExecutor(3) as pool:
        drawn = [pool.submit(image, generator, prompt) for prompt in PROMPTS]
        jobs = [[pool.submit(steered, T, prompt) for prompt in PROMPTS] for T in concepts]
    for wanted, job in zip([plain, *alone], [drawn, *jobs], strict=True):
        for x, future in zip(wanted, job, strict=True):
            np.testing.assert_array_equal(future.result(), x)


def test_a_second_thread_waits_for_the_first(generator: Generator) -> None:
    order, inside = [], threading.Event()

    def second() -> None:
        inside.wait(30)
        with ht.steer(generator, maps(generator, 1)):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with ht.steer(generator, maps(generator, 0)):
        inside.set()
        time.sleep(0.2)
        order.append("first")
    thread.join(30)
    assert order == ["first", "second"]


def test_waiting_for_an_idle_owner_ends_in_an_error_that_names_it(
    generator: Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ownership, "IDLE_SECONDS", 0.1)
    with (
        ht.steer(generator, maps(generator, 0)),
        pytest.raises(ht.InUseError, match=r"steered by thread 'MainThread' since .*test_owner"),
    ):
        in_thread(lambda: generator("a cat"))


def test_direct_calls_of_the_pipeline_by_others_are_refused(generator: Generator) -> None:
    with (
        ht.steer(generator, maps(generator, 0)),
        pytest.raises(ht.InUseError, match="only its owner"),
    ):
        in_thread(lambda: generator.pipeline("a cat", num_inference_steps=1))


def test_only_the_owner_sets_and_selects(generator: Generator) -> None:
    T = maps(generator, 0)
    with ht.steer(generator, T) as steering:
        for change in (lambda: steering.set(T, 0.5), lambda: steering.select([0])):
            with pytest.raises(ht.InUseError, match="only its owner"):
                in_thread(change)
        asyncio.run(asyncio.to_thread(steering.set, T, 0.5))


def test_tasks_of_one_thread_cannot_mix_concepts(generator: Generator) -> None:
    T = maps(generator, 0)

    async def steered() -> None:
        with ht.steer(generator, T):
            await asyncio.sleep(0)

    async def both() -> list[BaseException | None]:
        return await asyncio.gather(steered(), steered(), return_exceptions=True)

    first, second = asyncio.run(both())
    assert first is None
    assert isinstance(second, ht.InUseError)
    assert "task" in str(second)


def test_tasks_begun_inside_a_block_share_it(generator: Generator) -> None:
    T = maps(generator, 0)
    with ht.steer(generator, T):
        wanted = image(generator, "a cat")

    async def inside() -> list[np.ndarray]:
        with ht.steer(generator, T):
            calls = [asyncio.to_thread(image, generator, "a cat") for _ in range(2)]
            return await asyncio.gather(*calls)

    for x in asyncio.run(inside()):
        np.testing.assert_array_equal(x, wanted)


def test_a_block_of_an_ended_task_is_left_to_its_thread(generator: Generator) -> None:
    block = ht.steer(generator, maps(generator, 0))

    async def cell() -> None:
        block.__enter__()

    asyncio.run(cell())
    generator("a cat")
    block.__exit__(None, None, None)
    in_thread(lambda: generator("a cat"))


def test_generators_that_share_a_pipeline_have_one_owner(
    generator: Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ownership, "IDLE_SECONDS", 0.1)
    twin = wrap(generator.pipeline, id="twin", num_inference_steps=1)
    other = wrap(tiny_sdxl(), id="other", num_inference_steps=1)
    with ht.steer(generator, maps(generator, 0)):
        with pytest.raises(ht.InUseError):
            in_thread(lambda: twin("a cat"))
        in_thread(lambda: other("a cat"))


def test_a_block_that_is_closed_late_by_another_thread_is_left(generator: Generator) -> None:
    plain = image(generator, "a cat")
    blocks = [ht.steer(generator, maps(generator, 0))]
    blocks[0].__enter__()

    def forget() -> None:
        blocks.clear()
        gc.collect()

    in_thread(forget)
    np.testing.assert_array_equal(in_thread(lambda: image(generator, "a cat")), plain)


@pytest.mark.parametrize("block", [ht.steer, ht.fold])
def test_blocks_left_in_the_order_of_entering_restore_every_bit(
    generator: Generator, block: Callable
) -> None:
    before = {k: v.clone() for k, v in generator.backbone.state_dict().items()}
    plain = image(generator, "a cat")
    first, second = (block(generator, maps(generator, i)) for i in range(2))
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    with block(generator, maps(generator, 5)):
        pass
    remaining = image(generator, "a cat")
    second.__exit__(None, None, None)
    with block(generator, maps(generator, 1)):
        np.testing.assert_array_equal(image(generator, "a cat"), remaining)
    np.testing.assert_array_equal(image(generator, "a cat"), plain)
    after = generator.backbone.state_dict()
    assert after.keys() == before.keys()
    assert all(torch.equal(before[k], after[k]) for k in before)
    assert not any("forward" in vars(module) for module in generator.backbone.modules())


# diffusers 0.42 hands numpy a tensor in DPMSolverMultistepScheduler.set_timesteps.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("block", [ht.steer, ht.fold])
@pytest.mark.parametrize(
    ("make", "call"),
    [(tiny_sdxl, {}), (tiny_pixart, {"use_resolution_binning": False, "clean_caption": False})],
)
def test_copies_made_inside_a_block_are_clean(
    make: Callable, call: dict[str, bool], block: Callable
) -> None:
    generator = wrap(make(), id="tiny", num_inference_steps=1, **call)
    plain = image(generator, "a cat")
    T = maps(generator, 0)
    with block(generator, T):
        twin = copy.deepcopy(generator)
    np.testing.assert_array_equal(image(twin, "a cat"), plain)
    state = generator.backbone.state_dict()
    assert twin.backbone.state_dict().keys() == state.keys()
    with block(twin, T):
        assert np.abs(image(twin, "a cat") - plain).max() > 0
        np.testing.assert_array_equal(image(generator, "a cat"), plain)


def test_a_replaced_backbone_is_refused_and_a_compiled_one_is_not(generator: Generator) -> None:
    with ht.steer(generator, maps(generator, 0)):
        original = generator.pipeline.unet
        generator.pipeline.unet = copy.deepcopy(original)
        with pytest.raises(ht.InterventionError, match="replaced inside a block"):
            generator("a cat")
        generator.pipeline.unet = original
        generator("a cat")


def test_a_replaced_scheduler_is_followed(generator: Generator) -> None:
    told: list[float] = []
    with ht.steer(generator, maps(generator, 0), lambda s: told.append(s) or 1 - s):
        generator.pipeline.scheduler = DDIMScheduler.from_config(
            generator.pipeline.scheduler.config
        )
        told.clear()
        generator("a cat", num_inference_steps=4)
        assert told == [0.0, 0.25, 0.5, 0.75]
        generator.pipeline("a cat", num_inference_steps=2)
        assert told[4:] == [0.0, 0.5]


def test_weights_loaded_inside_a_fold_block_stay(generator: Generator) -> None:
    norm = generator.backbone.get_submodule(generator.sites[0].name)
    assert isinstance(norm.weight, nn.Parameter)
    with ht.fold(generator, maps(generator, 0)):
        norm.load_state_dict({k: torch.full_like(v, 3.0) for k, v in norm.state_dict().items()})
    assert (norm.weight == 3).all()


def test_a_fold_block_follows_a_change_of_dtype() -> None:
    generator = wrap(tiny_sdxl(), id="tiny", num_inference_steps=1)
    wanted = {k: v.double() for k, v in generator.backbone.state_dict().items()}
    with ht.fold(generator, maps(generator, 0)):
        generator.backbone.double()
    found = generator.backbone.state_dict()
    assert all(torch.equal(wanted[k], found[k]) for k in wanted)


def test_a_model_made_under_inference_mode_can_be_folded() -> None:
    with torch.inference_mode():
        generator = wrap(tiny_sdxl(), id="tiny", num_inference_steps=1)
    plain = image(generator, "a cat")
    with ht.fold(generator, maps(generator, 0)):
        assert np.abs(image(generator, "a cat") - plain).max() > 0
    np.testing.assert_array_equal(image(generator, "a cat"), plain)


def test_loading_a_weight_alone_brings_the_own_bias_back(generator: Generator) -> None:
    norm = generator.backbone.get_submodule(generator.sites[0].name)
    bias = norm.get_parameter("bias").clone()
    weight = torch.full_like(norm.get_parameter("weight"), 3.0)
    with ht.fold(generator, maps(generator, 0)):
        norm.load_state_dict({"weight": weight}, strict=False)
    assert torch.equal(norm.get_parameter("weight"), weight)
    assert torch.equal(norm.get_parameter("bias"), bias)


def test_loading_inside_nested_fold_blocks_leaves_no_trace(generator: Generator) -> None:
    norm = generator.backbone.get_submodule(generator.sites[0].name)
    before, loaded = set(vars(norm)), {k: v + 1 for k, v in norm.state_dict().items()}
    with ht.fold(generator, maps(generator, 0)), ht.fold(generator, maps(generator, 1)):
        norm.load_state_dict(loaded)
    assert all(torch.equal(value, loaded[k]) for k, value in norm.state_dict().items())
    assert set(vars(norm)) == before


def test_a_direct_run_that_had_begun_before_the_block_is_refused(generator: Generator) -> None:
    running, entered = threading.Event(), threading.Event()

    def wait(*_: object) -> dict[str, object]:
        running.set()
        assert entered.wait(30)
        return {}

    with ThreadPoolExecutor(1) as pool:
        call = {"num_inference_steps": 2, "callback_on_step_end": wait}
        run = pool.submit(generator.pipeline, "a cat", **call)
        assert running.wait(30)
        with ht.steer(generator, maps(generator, 0)):
            entered.set()
            with pytest.raises(ht.InUseError, match="only its owner"):
                run.result(30)


def test_no_single_call_is_waited_for_without_end(
    generator: Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A callback that waits for another thread's picture, which waits for this call."""
    monkeypatch.setattr(ownership, "LONGEST_SECONDS", 0.2)

    def wait(*_: object) -> dict[str, object]:
        with pytest.raises(ht.InUseError, match="drawn with by"):
            in_thread(lambda: generator("a rose"))
        return {}

    generator("a cat", callback_on_step_end=wait)


def test_a_claim_that_ended_in_another_context_keeps_no_model(generator: Generator) -> None:
    block = ht.steer(generator, maps(generator, 0))
    block.__enter__()
    in_thread(lambda: block.__exit__(None, None, None))
    generator("a cat")
    assert ownership._held.get() == ()


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("images", ["2", None, 1.5, 0])
def test_images_per_prompt_that_are_no_count_are_refused(
    generator: Generator, images: object
) -> None:
    with pytest.raises(ht.InterventionError, match="images per prompt"):
        ht.steer(generator, maps(generator, 0), num_images_per_prompt=images).__enter__()


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("rows", ["0", 0, [0.5], [None]])
def test_rows_that_are_no_integers_are_refused(generator: Generator, rows: object) -> None:
    with (
        ht.steer(generator, maps(generator, 0)) as steering,
        pytest.raises(ht.InterventionError, match="rows"),
    ):
        steering.select(rows)


def test_who_measures_activations_owns_the_model(
    generator: Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ownership, "IDLE_SECONDS", 0.1)
    seen: list[torch.Tensor] = []
    with (
        watched(generator, lambda z, site: seen.append(z)),
        pytest.raises(ht.InUseError, match="measured by thread 'MainThread'"),
    ):
        in_thread(lambda: generator("a cat"))
    assert not seen
