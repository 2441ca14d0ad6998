from dataclasses import replace

import pytest
import torch
from pipelines import tiny_pixart, tiny_sdxl

from hypertransport.errors import ConfigError, GeneratorError
from hypertransport.generators.base import wrap
from hypertransport.interventions import Intervention
from hypertransport.training.activations import activations
from hypertransport.training.inputs import row_count
from hypertransport.training.problem import (
    FLOOR_VARIANCE,
    features,
    pose,
    repeated,
    weighted_cost,
)
from hypertransport.transport import transport_cost

PROMPTS, PHRASES = ["a", "b", "c", "d"], ["in oil", "with a hat"]


@pytest.fixture(scope="module")
def problem(generator):
    return pose(generator, PROMPTS, PHRASES)


def test_the_cost_is_the_weighted_transport_cost():
    x, y, weights = torch.randn(2, 4, 5), torch.randn(2, 6, 5), torch.rand(5)
    expected = (transport_cost(x, y) * weights).sum(1)
    torch.testing.assert_close(weighted_cost(x, y.sort(1).values, weights), expected)


def test_rows_are_repeated_concept_after_concept(known_maps):
    scale = known_maps.flatten().scale
    assert torch.equal(repeated(known_maps, 3).flatten().scale, scale[[0, 0, 0, 1, 1, 1]])


def test_a_posed_problem_is_prompts_against_prompts_with_the_phrase(generator, problem):
    assert (problem.samples, row_count(problem.sources)) == (4, 8)
    x = activations(generator, problem.sources, "mean").unflatten(0, (2, 4))
    for i, phrase in enumerate(PHRASES):
        source = generator.record_inputs(PROMPTS, [0, 1, 2, 3])
        target = generator.record_inputs([f"{p} {phrase}" for p in PROMPTS], [0, 1, 2, 3])
        torch.testing.assert_close(x[i], activations(generator, source, "mean"))
        y = activations(generator, target, "mean").sort(0).values
        torch.testing.assert_close(problem.targets[i], y)


def test_concepts_posed_together_are_what_they_are_alone(generator, problem):
    alone = pose(generator, PROMPTS, PHRASES[1:])
    torch.testing.assert_close(problem.targets[1:], alone.targets)
    torch.testing.assert_close(problem.cost()[1:], alone.cost())
    assert torch.equal(problem.weights, alone.weights)


def test_the_identity_costs_what_no_steering_does_and_the_known_maps_nothing(known, known_maps):
    identity = Intervention.identity(known.generator.sites, rows=2)
    assert torch.equal(known.cost(identity), known.cost())
    assert (known.cost(known_maps) < 1e-6 * known.cost()).all()


def test_some_rows_of_the_sources_are_compared_with_all_targets(known, known_maps):
    rows = torch.tensor([3, 0])
    x = features(known.generator, known.sources, repeated(known_maps, 5)).unflatten(0, (2, 5))
    expected = weighted_cost(x[:, rows], known.targets, known.weights)
    torch.testing.assert_close(known.cost(known_maps, rows), expected)
    torch.testing.assert_close(known.cost(None, torch.arange(5)), known.cost())


def test_one_unit_off_at_every_channel_costs_one(known):
    x = known.units.mean.expand(1, 3, -1)
    cost = weighted_cost(x + known.units.std, x, known.weights)
    torch.testing.assert_close(cost, torch.ones(1))


def test_no_channel_outweighs_the_mean_one_by_more_than_its_variances_floor_allows(problem):
    variance = problem.units.std.square()  # v + f mean(v), of which the mean is (1 + f) mean(v)
    assert (variance >= FLOOR_VARIANCE / (1 + FLOOR_VARIANCE) * variance.mean()).all()
    still = pose(problem.generator, ["a", "a"], PHRASES, seeds=[0, 1])
    assert still.weights.isfinite().all()


def test_other_seeds_are_other_noise(generator, problem):
    other = pose(generator, PROMPTS, PHRASES, seeds=[4, 5, 6, 7])
    assert not torch.equal(other.targets, problem.targets)
    unseen = replace(problem, sources=other.sources)
    assert (unseen.cost() > 0).all()


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # in diffusers
def test_any_family_and_any_pooling_will_do():
    options = {"num_inference_steps": 1, "guidance_scale": 0.0, "clean_caption": False}
    generator = wrap(
        tiny_pixart(), id="tiny", timesteps=[400], use_resolution_binning=False, **options
    )
    problem = pose(generator, PROMPTS, PHRASES, pooling="random-2")
    assert problem.targets.shape[2] == len(problem.weights) == 2 * len(problem.units.mean)
    assert (problem.cost() > 0).all()
    with pytest.raises(ConfigError, match="no pooling 'median'"):
        pose(generator, PROMPTS, PHRASES, pooling="median")


def test_one_prompt_has_no_variance_and_is_refused(generator):
    with pytest.raises(ConfigError, match="1 source prompts have no variance"):
        pose(generator, ["a"], ["with a hat"])


def test_a_generator_under_guidance_is_refused():
    generator = wrap(tiny_sdxl(), id="tiny", num_inference_steps=1, guidance_scale=5.0)
    with pytest.raises(GeneratorError, match="without guidance"):
        pose(generator, PROMPTS, PHRASES)
