"""Gradients that float16 can hold, and what is no number is refused."""

from dataclasses import replace

import pytest
import torch
from pipelines import tiny_sdxl

from hypertransport.errors import TrainingError
from hypertransport.generators.base import wrap
from hypertransport.interventions import Intervention
from hypertransport.training.gradients import gradient_scale, unscale
from hypertransport.training.lineas import Descent, Deviations, descend
from hypertransport.training.problem import pose

MANY = 1e5  # times the channels, sites and positions of the tiny generator


def posed(dtype: torch.dtype):
    pipeline = tiny_sdxl().to(dtype)
    generator = wrap(
        pipeline, id="tiny", num_inference_steps=1, guidance_scale=0.0, timesteps=[399]
    )
    return pose(generator, list("abcdef"), ["with a hat"])


def moved(problem) -> torch.Tensor:
    """Where one step down the gradient leads, from the identity."""
    learnt = Deviations(problem.units, Intervention.identity(problem.generator.sites, rows=1))
    descend(problem, learnt, Descent(optimizer="sgd", steps=1))
    return torch.cat([*learnt.parameters()], 1)[0].detach()


def test_a_large_generator_in_float16_is_fitted_as_in_float32():
    """A cost that is a mean over so much more has gradients that float16 rounds to nothing."""
    wanted, half = moved(posed(torch.float32)), posed(torch.float16)
    found = moved(replace(half, weights=half.weights / MANY))
    assert torch.cosine_similarity(found, wanted, dim=0) > 0.99
    torch.testing.assert_close(found.norm() * MANY, wanted.norm(), rtol=0.02, atol=0)


def test_only_float16_is_scaled(known):
    half = posed(torch.float16)
    assert gradient_scale(half) > 10
    assert gradient_scale(replace(half, bfloat16=True)) == 1
    assert gradient_scale(posed(torch.bfloat16)) == gradient_scale(known) == 1


def test_gradients_are_those_of_the_loss_itself():
    weight = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    loss = weight.square().sum()
    (1024 * loss).backward()
    unscale([weight], loss, 1024.0)
    assert weight.grad.tolist() == [2, 4]


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_what_is_no_finite_number_is_refused(odd):
    weight, loss = torch.nn.Parameter(torch.zeros(2)), torch.tensor(0.0)
    weight.grad = torch.tensor([0.0, odd])
    with pytest.raises(TrainingError, match="bfloat16 or float32"):
        unscale([weight], loss, 1.0)
    weight.grad = torch.zeros(2)
    with pytest.raises(TrainingError):
        unscale([weight], torch.tensor(odd), 1.0)
