"""The laws, on a tiny pipeline of every family: real classes, random weights, whole pictures."""

import re

import pytest
import torch
from families import FAMILIES, LAWS, Family
from steered import COMPILED, Counting
from torch import Tensor

from hypertransport.errors import InterventionError
from hypertransport.folding import fold
from hypertransport.generators.base import Generator
from hypertransport.interventions import Intervention
from hypertransport.sites import find_sites, total_channels
from hypertransport.steering import attach, steer

pytestmark = [
    # diffusers 0.42 hands numpy a tensor in DPMSolverMultistepScheduler.set_timesteps,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    # and Chroma still takes its rotary embedding from where it deprecates it.
    pytest.mark.filterwarnings("ignore:`FluxPosEmbed` is deprecated:FutureWarning"),
]
# Of pixels from 0 to 1: a batch adds in another order than a row does. Steering moves 50 times it.
ROUNDING = {"atol": 1e-4, "rtol": 0.0}


@pytest.fixture(scope="module", params=FAMILIES, ids=[family.name for family in FAMILIES])
def family(request) -> Family:
    return request.param


@pytest.fixture(scope="module")
def generator(family) -> Generator:
    return family.generator()


@pytest.fixture(scope="module")
def untouched(generator) -> Tensor:
    return draw(generator)


def draw(generator: Generator, prompts=("a cat",), seeds=(3,)) -> Tensor:
    """Pixels (rows, 3, height, width) from 0 to 1, not rounded to grey levels."""
    noise = [torch.Generator().manual_seed(seed) for seed in seeds]
    call = {**generator.defaults, "output_type": "pt"}
    return generator.pipeline(prompt=list(prompts), generator=noise, **call).images


def random_intervention(generator: Generator, rows: int | None = None, seed=0) -> Intervention:
    random, width = torch.Generator().manual_seed(seed), total_channels(generator.sites)
    shape = (width,) if rows is None else (rows, width)
    scale, shift = (0.2 * torch.randn(shape, generator=random) for _ in range(2))
    return Intervention.from_flat(generator.sites, 1 + scale, shift)


def weights(generator: Generator) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in generator.backbone.state_dict().items()}


def assert_changed(picture: Tensor, other: Tensor) -> None:
    """By more than rounding: without this every law would hold of a steering that does nothing."""
    assert (picture - other).abs().mean() > 0.005


def test_every_norm_is_a_site_and_the_default_pattern_finds_it(family, generator):
    norms = {
        name
        for name, module in generator.backbone.named_modules()
        if "Norm" in type(module).__name__ and not list(module.children())
    }
    assert {site.name for site in find_sites(generator.backbone, "*")} == norms
    assert norms - {site.name for site in generator.sites} == set(family.unnamed)


def test_every_site_reaches_the_output(family, generator):
    """By gradients, on the inputs that the pipeline itself has prepared: what training rests on."""
    scale = torch.ones(total_channels(generator.sites), requires_grad=True)
    shift = torch.zeros_like(scale, requires_grad=True)
    with attach(generator, Intervention.from_flat(generator.sites, scale, shift)):
        output = generator.backbone(**generator.record_inputs(["a cat"], [3]))[0]
        torch.stack(list(output)).square().sum().backward()
    effect = scale.grad.abs() + shift.grad.abs()
    pieces = effect.split([site.width for site in generator.sites])
    dead = {site.name for site, x in zip(generator.sites, pieces, strict=True) if not x.any()}
    assert dead == set(family.dead)


def test_law_1_strength_0_is_exact_and_leaving_restores(generator, untouched):
    T = random_intervention(generator)
    with steer(generator, T, strength=0.0):
        assert draw(generator).equal(untouched)
    with steer(generator, T):
        assert_changed(draw(generator), untouched)
    assert draw(generator).equal(untouched)


def test_law_1_holds_inside_another_block_and_after_an_exception(generator, untouched):
    outer, inner = (random_intervention(generator, seed=seed) for seed in (1, 2))
    with steer(generator, outer):
        alone = draw(generator)
        with steer(generator, inner, strength=0.0):
            assert draw(generator).equal(alone)
        with pytest.raises(RuntimeError, match="stop"), steer(generator, inner):
            raise RuntimeError("stop")
        assert draw(generator).equal(alone)
    assert draw(generator).equal(untouched)


def test_law_2_the_algebra_is_that_of_the_pictures(generator, untouched):
    first, second, third = (random_intervention(generator, seed=seed) for seed in (1, 2, 3))
    assert first.at(0).equals(Intervention.identity(generator.sites))
    assert first.at(1).equals(first)
    assert ((third @ second) @ first).equals(third @ (second @ first), atol=1e-5)
    with steer(generator, first), steer(generator, second):
        nested = draw(generator)
    assert_changed(nested, untouched)
    with steer(generator, second @ first):
        torch.testing.assert_close(draw(generator), nested, **ROUNDING)
    with steer(generator, first), steer(generator, first.inverse()):
        torch.testing.assert_close(draw(generator), untouched, **ROUNDING)


def test_law_4_a_row_of_a_mixed_batch_is_what_it_is_alone(generator):
    T, strengths = random_intervention(generator, rows=3), [0.0, 0.5, 1.0]
    prompts, seeds = ["a cat", "a red dog", "a cat"], [3, 4, 5]
    with steer(generator, T, strengths):
        together = draw(generator, prompts, seeds)
    for row, strength in enumerate(strengths):
        with steer(generator, T[row], strength):
            alone = draw(generator, prompts[row : row + 1], seeds[row : row + 1])
        torch.testing.assert_close(together[row : row + 1], alone, **ROUNDING)


def test_law_5_folding_draws_the_same_or_says_that_it_cannot(family, generator, untouched):
    T, before = random_intervention(generator), weights(generator)
    if family.obeys(5):
        with steer(generator, T, 0.7):
            steered = draw(generator)
        assert_changed(steered, untouched)
        with fold(generator, T, 0.7):
            torch.testing.assert_close(draw(generator), steered, **ROUNDING)
    else:
        with pytest.raises(InterventionError, match="use steer"), fold(generator, T):
            pass
    assert all(value.equal(before[name]) for name, value in weights(generator).items())
    assert draw(generator).equal(untouched)


def test_law_8_a_saved_intervention_draws_the_same_bits(generator, tmp_path):
    T = random_intervention(generator)
    T.save(tmp_path / "T.safetensors", generator=generator.id)
    loaded = Intervention.load(tmp_path / "T.safetensors", generator=generator.id)
    assert loaded.equals(T)
    with steer(generator, T):
        expected = draw(generator)
    with steer(generator, loaded):
        assert draw(generator).equal(expected)


def test_the_laws_of_the_documented_table_are_those_tested_here():
    tested = {int(law) for law in re.findall(r"test_law_(\d+)", " ".join(globals()))}
    assert tested == set(LAWS)


@COMPILED
@pytest.mark.usefixtures("compilable")
@torch.no_grad()
def test_blocks_that_diffusers_compiles_once_for_all_follow(family, generator):
    if not generator.backbone._repeated_blocks:
        pytest.skip("diffusers compiles no blocks of this family once for all")
    compiled, backend, counts = family.generator(), Counting(), []
    compiled.backbone.compile_repeated_blocks(backend=backend, fullgraph=True)
    first, second = random_intervention(generator), random_intervention(generator, seed=1)
    for strength in (0.0, 0.5, 1.0):
        with (
            steer(compiled, first, strength) as follows,
            steer(generator, first, strength) as leads,
        ):
            torch.testing.assert_close(draw(compiled), draw(generator), **ROUNDING)
            follows.set(second, 1.0)
            leads.set(second, 1.0)
            torch.testing.assert_close(draw(compiled), draw(generator), **ROUNDING)
        counts.append(len(backend.graphs))
    assert counts[0] > 0
    assert {*counts} == {counts[0]}
