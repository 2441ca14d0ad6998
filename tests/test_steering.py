"""Laws 1, 4, 5 and 6 on a small random network of SDXL's kind."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jaxtyping
import pytest
import torch
from torch import Tensor, nn

from hypertransport.errors import InterventionError, StrengthError
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.sites import find_sites, total_channels
from hypertransport.steering import affine, attach, fold, steer

Inputs = Callable[..., dict[str, Any]]


def random_intervention(model: nn.Module, rows: int | None = None, seed: int = 0) -> Intervention:
    sites, draw = find_sites(model), torch.Generator().manual_seed(seed)
    shape = (total_channels(sites),) if rows is None else (rows, total_channels(sites))
    scale = 1 + 0.2 * torch.randn(shape, generator=draw)
    return Intervention.from_flat(sites, scale, 0.2 * torch.randn(shape, generator=draw))


@torch.no_grad()
def draw(model: nn.Module, inputs: dict[str, Any]) -> Tensor:
    return model(**inputs).sample


def only(inputs: Any, row: int) -> Any:
    """One row of a batch of inputs."""
    if isinstance(inputs, dict):
        return {key: only(value, row) for key, value in inputs.items()}
    return inputs[row : row + 1] if inputs.ndim else inputs


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
    untouched, before = draw(tiny_unet, inputs), [list(vars(m)) for m in tiny_unet.modules()]
    with pytest.raises(RuntimeError, match="stop"), steer(tiny_unet, T):
        raise RuntimeError("stop")
    assert torch.equal(draw(tiny_unet, inputs), untouched)
    assert [list(vars(module)) for module in tiny_unet.modules()] == before


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
        torch.testing.assert_close(draw(tiny_unet, inputs), nested, atol=1e-4, rtol=1e-4)


def test_failing_to_enter_leaves_nothing_behind(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs = unet_inputs()
    untouched = draw(tiny_unet, inputs)
    maps = random_intervention(tiny_unet).maps
    spoiled = Intervention({**maps, list(maps)[-1]: AffineMap(torch.ones(7), torch.ones(7))})
    with pytest.raises(InterventionError, match="7 channels"), steer(tiny_unet, spoiled):
        pass
    assert torch.equal(draw(tiny_unet, inputs), untouched)


# Law 4: each row of a mixed batch gets what it would have got alone.


def test_rows_are_independent(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs, T, strengths = unet_inputs(3), random_intervention(tiny_unet, 3), [0.0, 0.7, -1.0]
    with steer(tiny_unet, T, strengths):
        mixed = draw(tiny_unet, inputs)
    for row, strength in enumerate(strengths):
        with steer(tiny_unet, T[row], strength):
            alone = draw(tiny_unet, only(inputs, row))
        torch.testing.assert_close(mixed[row : row + 1], alone, atol=1e-4, rtol=1e-4)


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


@pytest.mark.parametrize("shape", [(4, 6, 2, 3), (4, 6, 5), (4, 6)])
@pytest.mark.parametrize("rows", [None, 1, 2, 4])
def test_affine_meets_every_layout(shape: tuple[int, ...], rows: int | None) -> None:
    z, lead = torch.randn(shape), () if rows is None else (rows,)
    T = AffineMap(torch.randn(*lead, 6), torch.randn(*lead, 6))
    full = AffineMap(*(v.expand(rows or 1, 6).repeat(4 // (rows or 1), 1) for v in T))
    for channel_dim in (1, -1):
        x = z.movedim(1, channel_dim)
        y = affine(x, T, channel_dim).movedim(channel_dim, 1)
        expected = torch.einsum("bc,bc...->bc...", full.scale, z)
        expected = expected + full.shift.reshape(4, 6, *[1] * (z.ndim - 2))
        torch.testing.assert_close(y, expected)


def test_affine_keeps_memory_format() -> None:
    z = torch.randn(4, 6, 3, 3).to(memory_format=torch.channels_last)
    for rows in (2, 4):
        out = affine(z, AffineMap(torch.ones(rows, 6), torch.zeros(rows, 6)), 1)
        assert out.is_contiguous(memory_format=torch.channels_last)


# Law 5: folding into the weights draws the same and unfolds bit for bit.


def test_folding_equals_steering_and_restores_the_weights(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    inputs, T = unet_inputs(2), random_intervention(tiny_unet)
    weights = {name: value.clone() for name, value in tiny_unet.state_dict().items()}
    with steer(tiny_unet, T, 0.7):
        steered = draw(tiny_unet, inputs)
    with fold(tiny_unet, T, 0.7):
        torch.testing.assert_close(draw(tiny_unet, inputs), steered, atol=1e-4, rtol=1e-4)
    assert all(torch.equal(value, weights[n]) for n, value in tiny_unet.state_dict().items())


def test_folding_refuses_what_weights_cannot_hold(tiny_unet: nn.Module) -> None:
    rows = random_intervention(tiny_unet, 2)
    with pytest.raises(InterventionError, match="2 rows"), fold(tiny_unet, rows):
        pass
    bare = nn.Sequential(nn.LayerNorm(4, elementwise_affine=False))
    T = Intervention.identity(find_sites(bare, ("*",)))
    with pytest.raises(InterventionError, match="no weight and bias"), fold(bare, T):
        pass


# Law 6: new values reach compiled code, and nothing is compiled again.


@pytest.fixture
def compilable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shape checks wrap every function in tests; the compiler must see the functions alone."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    torch.compiler.reset()


@pytest.mark.filterwarnings("ignore:`torch.jit.script_method`:DeprecationWarning")  # in torch
@pytest.mark.usefixtures("compilable")
def test_compiled_model_follows_without_recompiling(
    tiny_unet: nn.Module, unet_inputs: Inputs
) -> None:
    graphs: list[object] = []

    def backend(graph: torch.fx.GraphModule, _: list[Tensor]) -> Callable[..., Any]:
        graphs.append(graph)
        return graph.forward

    compiled: Any = torch.compile(tiny_unet, backend=backend)
    inputs = unet_inputs(2)
    first, second = (random_intervention(tiny_unet, 2, seed=i) for i in (1, 2))
    untouched = draw(compiled, inputs)  # traced before any steering: must not stick
    counts = []
    with steer(compiled, first) as steering:
        for T, strength in [(first, 1.0), (second, [0.5, -1.0]), (second[0], 0)]:
            steering.set(T, strength)
            assert torch.equal(draw(compiled, inputs), draw(tiny_unet, inputs))
            counts.append(len(graphs))
    assert torch.equal(draw(compiled, inputs), untouched)
    with steer(compiled, second):
        assert torch.equal(draw(compiled, inputs), draw(tiny_unet, inputs))
    assert {*counts, len(graphs)} == {counts[0]}


def test_set_equals_a_new_block(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs = unet_inputs(2)
    first, second = random_intervention(tiny_unet, 2), random_intervention(tiny_unet, seed=1)
    with steer(tiny_unet, first) as steering:
        steering.set(second, [0.2, 0.9])
        changed = draw(tiny_unet, inputs)
    with steer(tiny_unet, second, [0.2, 0.9]):
        assert torch.equal(draw(tiny_unet, inputs), changed)


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


def test_gradient_through_affine_is_exact() -> None:
    T = [torch.randn(2, 3, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    z = torch.randn(4, 3, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda z, *T: affine(z, AffineMap(*T), 1), (z, *T))


def test_half_precision_model_keeps_its_dtype(tiny_unet: nn.Module) -> None:
    model = nn.Sequential(nn.LayerNorm(8), nn.Linear(8, 8)).to(torch.bfloat16)
    T = Intervention.identity(find_sites(model, ("0",)), rows=2)
    for block in (steer, attach):
        with block(model, T):
            assert model(torch.randn(2, 3, 8).bfloat16()).dtype == torch.bfloat16


# What is steered, and what cannot be.


class Painter(NamedTuple):
    backbone: nn.Module


def test_a_generator_is_steered_at_its_backbone(tiny_unet: nn.Module, unet_inputs: Inputs) -> None:
    inputs, T = unet_inputs(), random_intervention(tiny_unet)
    with steer(Painter(tiny_unet), T):
        through_generator = draw(tiny_unet, inputs)
    with steer(tiny_unet, T):
        assert torch.equal(draw(tiny_unet, inputs), through_generator)


def test_sites_of_another_model_are_named(tiny_unet: nn.Module) -> None:
    T = Intervention({"elsewhere.norm": AffineMap(torch.ones(3), torch.zeros(3))})
    with pytest.raises(InterventionError, match=r"elsewhere\.norm"), steer(tiny_unet, T):
        pass
    T = Intervention({"conv_in": AffineMap(torch.ones(3), torch.zeros(3))})
    with pytest.raises(InterventionError, match="no norm layer"), steer(tiny_unet, T):
        pass
