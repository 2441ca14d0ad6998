"""Gradients through blocks that are run again are those through blocks that are not."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch
from diffusers.models.transformers.hunyuan_transformer_2d import HunyuanDiT2DModel
from diffusers.pipelines.hunyuandit.pipeline_hunyuandit import HunyuanDiTPipeline
from pipelines import tiny_pixart, tiny_sdxl

from hypertransport.errors import GeneratorError
from hypertransport.generators.base import wrap
from hypertransport.interventions import Intervention
from hypertransport.sites import total_channels
from hypertransport.steering import attach
from hypertransport.training.activations import activations
from hypertransport.training.amortized import make_network, train_step
from hypertransport.training.inputs import record_bank
from hypertransport.training.problem import Problem, cost_units, features, inverse_variances
from hypertransport.training.recompute import checkpoint_blocks, steered_activations

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
CALLS = {
    "unet": (tiny_sdxl, {"timesteps": [399]}),
    "transformer": (
        tiny_pixart,
        {"timesteps": [400], "clean_caption": False, "use_resolution_binning": False},
    ),
}


@pytest.fixture(params=CALLS)
def painter(request):
    """A generator of its own, to switch checkpointing on."""
    make, call = CALLS[request.param]
    return wrap(make(), id="tiny", num_inference_steps=1, guidance_scale=0.0, **call)


@pytest.fixture
def problem(painter):
    """One concept, three samples, far from its targets."""
    sources = record_bank(painter, ["a", "b", "c"], [0, 1, 2])
    units = cost_units(painter, [sources])
    targets = torch.randn(1, 3, total_channels(painter.sites)).sort(1).values
    weights = inverse_variances(painter, [sources], "mean")
    return Problem(painter, sources, targets, weights, units)


def learnt(problem):
    """Maps near the identity, and what they are made of: (d_scale, d_shift), with gradient."""
    draw = torch.Generator().manual_seed(3)
    shape = (1, len(problem.units.mean))
    d = [(0.1 * torch.randn(shape, generator=draw)).requires_grad_() for _ in range(2)]
    return problem.units.maps(*d), d


def gradients(problem):
    maps, d = learnt(problem)
    cost = problem.cost(maps)
    return cost, torch.autograd.grad(cost.sum(), d)


def runs_of_a_block(backbone):
    """Counts how often a block that checkpointing runs again has been run."""
    runs = []
    blocks = [m for m in backbone.modules() if type(m).__name__ == "BasicTransformerBlock"]
    blocks[0].register_forward_pre_hook(lambda *_: runs.append(1))
    return runs


def test_gradients_are_those_under_attach(painter, problem):
    maps, d = learnt(problem)
    inputs = painter.record_inputs("a", 0)
    with attach(painter, maps):
        x = activations(painter, inputs, "random-2")
    y = steered_activations(painter, inputs, maps, "random-2")
    assert torch.equal(x, y)
    weights = torch.randn_like(x)
    expected = torch.autograd.grad(x, d, weights, retain_graph=True)  # of the maps
    torch.testing.assert_close(torch.autograd.grad(y, d, weights), expected)


def test_backward_may_run_in_a_thread_of_its_own_inside_a_block(painter, problem):
    """As on a GPU. It belongs to whoever ran forward, and need not wait for the block's end."""
    (maps, values), (outer, _) = learnt(problem), learnt(problem)
    with attach(painter, outer), ThreadPoolExecutor(1) as pool:
        x = steered_activations(painter, problem.sources.take(torch.arange(1)), maps, "mean")
        pool.submit(torch.autograd.backward, x.sum()).result(30)
    assert all(value.grad is not None for value in values)


def test_checkpointed_blocks_run_twice_and_change_no_gradient(painter, problem, bfloat16):
    problem = replace(problem, bfloat16=True)  # as far as the fixture lets it
    runs = runs_of_a_block(painter.backbone)
    cost, expected = gradients(problem)
    assert len(runs) == 1
    checkpoint_blocks(painter)
    again, found = gradients(problem)
    assert len(runs) == 3
    assert torch.equal(again, cost)
    torch.testing.assert_close(found, expected)
    assert all(gradient.abs().max() > 0 for gradient in found)
    checkpoint_blocks(painter, on=False)
    gradients(problem)
    assert len(runs) == 4


def test_what_needs_no_gradient_keeps_no_graph(painter, problem):
    inputs = painter.record_inputs("a", 0)
    maps, _ = learnt(problem)
    assert features(painter, inputs, maps).requires_grad
    assert not features(painter, inputs, Intervention.identity(painter.sites)).requires_grad
    with torch.no_grad():
        assert not features(painter, inputs, maps).requires_grad


def test_backward_leaves_the_backbone_as_it_was(painter, problem):
    inputs = painter.record_inputs("a", 0)
    before = activations(painter, inputs, "mean")
    checkpoint_blocks(painter)
    gradients(problem)
    assert torch.equal(activations(painter, inputs, "mean"), before)
    assert not any("forward" in vars(module) for module in painter.backbone.modules())


def test_a_step_of_the_hypernetwork_is_the_same(load):
    found = []
    for on in (False, True):
        material = load(gradient_checkpointing=on)
        assert material.generator.backbone.is_gradient_checkpointing == on
        network = make_network(material)
        train_step(network, material, 0)
        found.append([p.grad for p in network.heads.parameters()])
    torch.testing.assert_close(found[1], found[0])
    assert max(gradient.abs().max() for gradient in found[0]) > 0


def test_a_backbone_without_it_is_a_clear_error():
    with torch.device("meta"):
        transformer = HunyuanDiT2DModel(in_channels=4, patch_size=2, num_layers=2)
    parts = ["vae", "text_encoder", "tokenizer", "text_encoder_2", "tokenizer_2"]
    others = dict.fromkeys([*parts, "scheduler", "safety_checker", "feature_extractor"])
    pipeline = HunyuanDiTPipeline(transformer=transformer, requires_safety_checker=False, **others)
    generator = wrap(pipeline, id="hunyuan")
    checkpoint_blocks(generator, on=False)
    with pytest.raises(GeneratorError, match="no gradient checkpointing"):
        checkpoint_blocks(generator)
