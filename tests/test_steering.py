"""Laws 1, 4 and 6 on a small random network of SDXL's kind."""

import copy
from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
import torch
from steered import COMPILED, Counting, close, draw, only, random_intervention, state_of
from torch import nn

from hypertransport.affine_maps import affine
from hypertransport.errors import InterventionError, StrengthError
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.sites import find_sites, total_channels
from hypertransport.steering import attach, steer

Inputs = Callable[..., dict[str, Any]]


# Law 1: exact identity at 0, and leaving restores what was before.


def test_strength_zero_is_bit_identical(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs, T = unet_inputs(2), random_intervention(tiny_unet)
    untouched = draw(tiny_unet, inputs)
    with steer(tiny_unet, T, strength=0):
        assert torch.equal(draw(tiny_unet, inputs), untouched)
    with steer(tiny_unet, T):
        assert not torch.allclose(draw(tiny_unet, inputs), untouched, atol=1e-2)


def test_leaving_restores_after_an_exception(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs, T = unet_inputs(), random_intervention(tiny_unet)
    untouched, before = draw(tiny_unet, inputs), state_of(tiny_unet)
    with pytest.raises(RuntimeError, match="stop"), steer(tiny_unet, T):
        raise RuntimeError("stop")
    assert torch.equal(draw(tiny_unet, inputs), untouched)
    assert state_of(tiny_unet) == before


def test_inner_block_acts_after_outer_and_restores_it(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    inputs, outer, inner = unet_inputs(), *(random_intervention(tiny_unet, seed=i) for i in (1, 2))
    with steer(tiny_unet, outer):
        alone = draw(tiny_unet, inputs)
        with steer(tiny_unet, inner):
            nested = draw(tiny_unet, inputs)
        with pytest.raises(RuntimeError, match="stop"), steer(tiny_unet, inner):
            raise RuntimeError("stop")
        assert torch.equal(draw(tiny_unet, inputs), alone)
    with steer(tiny_unet, outer.then(inner)):
        close(draw(tiny_unet, inputs), nested)


def test_steering_inside_its_inverse_is_untouched(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    inputs, T = unet_inputs(2), random_intervention(tiny_unet, 2)
    untouched = draw(tiny_unet, inputs)
    for back in (T.inverse(), T.at(-1)):
        for outer, inner in ((T, back), (back, T)):
            with steer(tiny_unet, outer), steer(tiny_unet, inner):
                close(draw(tiny_unet, inputs), untouched)


def test_each_concept_of_a_composition_keeps_its_own_strength(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    inputs, (a, b) = unet_inputs(), (random_intervention(tiny_unet, seed=i) for i in (1, 2))
    with steer(tiny_unet, a, 0.5), steer(tiny_unet, b, [-0.3]):
        nested = draw(tiny_unet, inputs)
    with steer(tiny_unet, a.at(0.5).then(b.at(-0.3))):
        close(draw(tiny_unet, inputs), nested)


# Law 4: each row of a mixed batch gets what it would have got alone.


def test_rows_are_independent(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs, T, strengths = unet_inputs(3), random_intervention(tiny_unet, 3), [0.0, 0.7, -1.0]
    with steer(tiny_unet, T, strengths):
        mixed = draw(tiny_unet, inputs)
    for row, strength in enumerate(strengths):
        with steer(tiny_unet, T[row], strength):
            alone = draw(tiny_unet, only(inputs, row))
        close(mixed[row : row + 1], alone)


def test_guidance_repeats_the_rows(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    T, doubled = random_intervention(tiny_unet, 2), unet_inputs(4)
    with steer(tiny_unet, T):
        guided = draw(tiny_unet, doubled)
    with steer(tiny_unet, Intervention.stack([T, T])):
        torch.testing.assert_close(guided, draw(tiny_unet, doubled))


def test_rows_that_do_not_divide_the_batch_are_refused(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    with (
        pytest.raises(InterventionError, match="3 rows but the batch 4"),
        steer(tiny_unet, random_intervention(tiny_unet, 3)),
    ):
        draw(tiny_unet, unet_inputs(4))


@pytest.mark.parametrize("guidance", [1, 2])
def test_several_images_per_prompt_stand_side_by_side(
    tiny_unet: nn.Module, unet_inputs: Inputs, guidance: int
) -> None:
    T, strengths, inputs = random_intervention(tiny_unet, 2), [0.8, -0.4], unet_inputs(6 * guidance)
    with steer(tiny_unet, T, strengths, num_images_per_prompt=3):
        together = draw(tiny_unet, inputs)
    for image in range(6 * guidance):
        row = image // 3 % 2
        with steer(tiny_unet, T[row], strengths[row], num_images_per_prompt=3):
            close(together[image : image + 1], draw(tiny_unet, only(inputs, image)))


def test_chunks_of_selected_rows_are_the_whole_batch(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    T, inputs = random_intervention(tiny_unet, 3), unet_inputs(3)
    with steer(tiny_unet, T, [0.3, 0.6, 0.9]) as steering:
        whole = draw(tiny_unet, inputs)
        for row in (2, 0, 1):
            steering.select([row])
            close(draw(tiny_unet, only(inputs, row)), whole[row : row + 1])
        steering.select([0])
        steering.set(T, [0.9, 0.6, 0.3])  # new values reach the rows selected before
        changed = draw(tiny_unet, only(inputs, 0))
        steering.select(None)
        close(draw(tiny_unet, inputs)[:1], changed)
        steering.set(T, [0.3, 0.6, 0.9])
        assert torch.equal(draw(tiny_unet, inputs), whole)


def test_all_rows_again_are_as_many_images_per_prompt_as_before(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    T, inputs = random_intervention(tiny_unet, 2), unet_inputs(4)
    with steer(tiny_unet, T, num_images_per_prompt=2) as steering:
        whole = draw(tiny_unet, inputs)
        steering.select([1])
        close(draw(tiny_unet, only(inputs, slice(2, 4))), whole[2:])
        steering.select(None)
        assert torch.equal(draw(tiny_unet, inputs), whole)


@pytest.mark.parametrize("rows", [[], [2], [0, -1]])
def test_rows_that_there_are_not_are_refused(tiny_unet: nn.Module, rows: list[int]) -> None:
    with (
        steer(tiny_unet, random_intervention(tiny_unet, 2)) as steering,
        pytest.raises(InterventionError, match="rows 0 to 1"),
    ):
        steering.select(rows)


def test_no_images_per_prompt_are_refused(tiny_unet: nn.Module) -> None:
    T = random_intervention(tiny_unet)
    with (
        pytest.raises(InterventionError, match="0 images"),
        steer(tiny_unet, T, num_images_per_prompt=0),
    ):
        pass


# Law 6: new values reach compiled code, and nothing is compiled again.


@COMPILED
@pytest.mark.usefixtures("compilable")
def test_compiled_model_follows_without_recompiling(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    backend = Counting()
    compiled: Any = torch.compile(tiny_unet, backend=backend)
    inputs = unet_inputs(2)
    first, second = (random_intervention(tiny_unet, 2, seed=i) for i in (1, 2))
    untouched = draw(compiled, inputs)  # traced before any steering: must not stick
    counts = []
    with steer(compiled, first) as steering:
        for T, strength in [(first, 1.0), (second, [0.5, -1.0]), (second[0], 0)]:
            steering.set(T, strength)
            assert torch.equal(draw(compiled, inputs), draw(tiny_unet, inputs))
            counts.append(len(backend.graphs))
    assert torch.equal(draw(compiled, inputs), untouched)
    with steer(compiled, second):
        assert torch.equal(draw(compiled, inputs), draw(tiny_unet, inputs))
    assert {*counts, len(backend.graphs)} == {counts[0]}


@COMPILED
@pytest.mark.usefixtures("compilable")
def test_compiled_model_follows_masks_and_chunks_without_recompiling(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    backend = Counting()
    compiled: Any = torch.compile(tiny_unet, backend=backend)
    T, masks, counts = random_intervention(tiny_unet, 4), torch.rand(3, 4, 16, 16), []
    with steer(compiled, T, mask=masks[0]) as steering:
        for mask, rows in zip(masks, ([0, 1], [2, 3], [3, 0]), strict=True):
            steering.set(T, 0.7, mask)
            steering.select(rows)
            assert torch.equal(draw(compiled, unet_inputs(2)), draw(tiny_unet, unet_inputs(2)))
            counts.append(len(backend.graphs))
    with steer(compiled, T, mask=masks[0]) as steering:
        steering.select([1, 2])
        assert torch.equal(draw(compiled, unet_inputs(2)), draw(tiny_unet, unet_inputs(2)))
    assert counts[0] > 0
    assert {*counts, len(backend.graphs)} == {counts[0]}


@COMPILED
@pytest.mark.usefixtures("compilable")
@torch.no_grad()
def test_blocks_that_are_compiled_once_for_all_of_their_kind_stay_so() -> None:
    parts = {"linear": nn.Linear(4, 4), "norm": nn.LayerNorm(4)}
    blocks = [nn.Sequential(OrderedDict(copy.deepcopy(parts))) for _ in range(12)]
    model, backend = nn.Sequential(*blocks), Counting()
    z, T = torch.randn(2, 4), random_intervention(model)
    with steer(model, T):
        wanted = model(z)
    for block in blocks:  # as diffusers' compile_repeated_blocks
        block.compile(backend=backend, fullgraph=True)
    with steer(model, T) as steering:
        torch.testing.assert_close(model(z), wanted)
        count = len(backend.graphs)
        steering.set(T, 0.5)
        model(z)
    assert count == len(backend.graphs) < 4


def test_values_may_be_set_outside_inference_mode_too(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    T, inputs = random_intervention(tiny_unet, 2), unet_inputs(1)
    with ExitStack() as stack:
        with torch.inference_mode():
            steering = stack.enter_context(steer(tiny_unet, T))
            steering.select([1])
        steering.set(T, 0.5)
        steering.select([0])
        found = draw(tiny_unet, inputs)
    with steer(tiny_unet, T[0], 0.5):
        torch.testing.assert_close(found, draw(tiny_unet, inputs))


def test_set_equals_a_new_block(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs = unet_inputs(2)
    first, second = random_intervention(tiny_unet, 2), random_intervention(tiny_unet, seed=1)
    with steer(tiny_unet, first) as steering:
        steering.set(second, [0.2, 0.9])
        changed = draw(tiny_unet, inputs)
    with steer(tiny_unet, second, [0.2, 0.9]):
        assert torch.equal(draw(tiny_unet, inputs), changed)


def test_the_order_of_the_sites_does_not_matter(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs, first, T = unet_inputs(), *(random_intervention(tiny_unet, seed=i) for i in (1, 2))
    turned = Intervention({name: T.maps[name] for name in [*T.maps][::-1]})
    with steer(tiny_unet, T, strength=0.4):
        wanted = draw(tiny_unet, inputs)
    for start in (first, turned):
        with steer(tiny_unet, start) as steering:
            steering.set(turned, 0.4)
            assert torch.equal(draw(tiny_unet, inputs), wanted)


def test_a_network_of_several_dtypes_keeps_each() -> None:
    model = nn.Sequential(nn.LayerNorm(4), nn.LayerNorm(6).double(), nn.LayerNorm(8))
    sites = find_sites(model, "*")
    z = [
        torch.randn(2, 3, s.width, dtype=norm.weight.dtype)
        for norm, s in zip(model, sites, strict=True)
    ]
    plain = [norm(x) for norm, x in zip(model, z, strict=True)]
    T, other = (random_intervention(model, seed=i, patterns=("*",)) for i in (1, 2))
    with steer(model, other) as steering:
        steering.set(T)
        for norm, x, untouched, site in zip(model, z, plain, sites, strict=True):
            assert norm(x).dtype == x.dtype
            close(norm(x), affine(untouched, T.maps[site.name], -1).to(x.dtype))


def test_a_schedule_needs_a_pipeline(tiny_unet: nn.Module) -> None:
    before = state_of(tiny_unet)
    with (
        pytest.raises(StrengthError, match="no pipeline"),
        steer(tiny_unet, random_intervention(tiny_unet), lambda progress: 1 - progress),
    ):
        pass
    assert state_of(tiny_unet) == before


def test_set_refuses_other_rows_sites_and_strengths(tiny_unet: nn.Module) -> None:
    T = random_intervention(tiny_unet)
    fewer = Intervention(dict(list(T.maps.items())[:-1]))
    with steer(tiny_unet, T) as steering:
        with pytest.raises(InterventionError, match="2 rows"):
            steering.set(random_intervention(tiny_unet, 2))
        with pytest.raises(InterventionError, match="different sites"):
            steering.set(fewer)
        with pytest.raises(StrengthError, match="finite"):
            steering.set(T, float("nan"))
        with pytest.raises(StrengthError, match="began with none"):
            steering.set(T, lambda progress: progress)
        with pytest.raises(InterventionError, match="began with none"):
            steering.set(T, mask=torch.ones(8, 8))


def test_a_refused_set_changes_nothing(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs, T = unet_inputs(), random_intervention(tiny_unet)
    maps = random_intervention(tiny_unet, seed=1).maps
    last = [*maps][-1]
    narrow = Intervention({**maps, last: AffineMap(torch.ones(1), torch.ones(1))})
    broken = Intervention({**maps, last: AffineMap(maps[last].scale, maps[last].shift / 0)})
    with steer(tiny_unet, T, mask=torch.rand(8, 8)) as steering:
        before = draw(tiny_unet, inputs)
        for other, mask in ((narrow, None), (broken, None), (T.at(2), torch.ones(4, 4))):
            with pytest.raises(InterventionError):
                steering.set(other, mask=mask)
        assert torch.equal(draw(tiny_unet, inputs), before)


# Training: the tensors themselves act, gradients included.


def test_gradients_reach_attached_rows(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    sites = find_sites(tiny_unet)
    scale = torch.ones(2, total_channels(sites), requires_grad=True)
    shift = torch.zeros_like(scale, requires_grad=True)
    with attach(tiny_unet, Intervention.from_flat(sites, scale, shift)):
        tiny_unet(**unet_inputs(2)).sample[0].square().sum().backward()
    for grad in (scale.grad, shift.grad):
        assert grad is not None and grad.isfinite().all()
        assert grad[0].abs().sum() > 0 and grad[1].abs().sum() == 0


def test_half_precision_model_keeps_its_dtype(tiny_unet: nn.Module) -> None:
    model = nn.Sequential(nn.LayerNorm(8), nn.Linear(8, 8)).to(torch.bfloat16)
    T = Intervention.identity(find_sites(model, ("0",)), rows=2)
    for block in (steer, attach):
        with block(model, T):
            assert model(torch.randn(2, 3, 8).bfloat16()).dtype == torch.bfloat16
