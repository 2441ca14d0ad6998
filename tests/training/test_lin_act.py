import pytest
import torch

from hypertransport.errors import ConfigError
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.training.lin_act import (
    LARGEST_SCALE,
    bounded_affine_fit,
    causal_lin_act,
    lin_act,
    mean_act,
)
from hypertransport.training.problem import features, pose, repeated

METHODS = [mean_act, lin_act, causal_lin_act]


def parts(problem):
    return problem.generator, problem.sources, problem.targets


def steered(problem, maps):
    """Activations of (concepts, samples) under maps, sites side by side."""
    x = features(problem.generator, problem.sources, repeated(maps, problem.samples))
    return x.unflatten(0, (len(problem.targets), -1))


@pytest.fixture(scope="module")
def problem(generator):
    """Real targets: prompts with two concepts."""
    return pose(generator, list("abcd"), ["in oil", "with a hat"])


def test_gaussians_give_their_map():
    draw = torch.Generator().manual_seed(0)
    x, y = (torch.randn(1, 20_000, 3, generator=draw) for _ in range(2))
    scale, shift = torch.tensor([0.5, 1.0, 1.8]), torch.tensor([-3.0, 0.0, 2.0])
    fitted = bounded_affine_fit(1 + 2 * x, shift + scale * (1 + 2 * y))
    torch.testing.assert_close(fitted[0][0], scale, atol=0.05, rtol=0)
    torch.testing.assert_close(fitted[1][0], shift, atol=0.05, rtol=0)


def test_scales_out_of_bounds_are_kept_in_and_still_meet_the_mean():
    x, y = torch.randn(2, 6, 5), 9 * torch.randn(2, 7, 5)
    scale, shift = bounded_affine_fit(x, y)
    assert (scale == LARGEST_SCALE).any()
    torch.testing.assert_close(scale * x.mean(1) + shift, y.mean(1), atol=1e-5, rtol=1e-5)


def test_the_causal_fit_recovers_any_known_intervention_by_what_it_does(known, known_maps):
    untouched = steered(known, Intervention.identity(known.generator.sites, rows=2))
    y, fitted = steered(known, known_maps), causal_lin_act(*parts(known))
    away = (untouched - y).abs().max()
    assert (steered(known, fitted) - y).abs().max() < 0.01 * away
    assert (steered(known, lin_act(*parts(known))) - y).abs().max() > 0.1 * away


def test_one_map_at_the_last_site_is_recovered_by_both(known, known_maps):
    last = known.generator.sites[-1].name
    identity = Intervention.identity(known.generator.sites, rows=2)
    one = Intervention({**identity.maps, last: known_maps.maps[last]})
    y = steered(known, one).sort(1).values
    for method in (lin_act, causal_lin_act):
        fitted = method(known.generator, known.sources, y)
        torch.testing.assert_close(steered(known, fitted).sort(1).values, y, atol=1e-3, rtol=0)


def test_the_causal_fit_meets_every_mean_with_the_earlier_sites_active(problem):
    means = problem.targets.mean(1)
    causal = steered(problem, causal_lin_act(*parts(problem))).mean(1)
    torch.testing.assert_close(causal, means, atol=1e-4, rtol=1e-4)
    together = steered(problem, lin_act(*parts(problem))).mean(1)
    assert (together - means).abs().max() > 0.01


def test_alone_each_site_meets_its_mean(problem):
    """What the fits at all sites at once are made for, and what they miss together."""
    generator, means = problem.generator, problem.targets.mean(1)
    widths = [site.width for site in generator.sites]
    for method in (mean_act, lin_act):
        maps = method(*parts(problem)).maps
        for k, site in enumerate(generator.sites):
            alone = Intervention({site.name: AffineMap(*maps[site.name])})
            reached = steered(problem, alone).mean(1).split(widths, 1)[k]
            torch.testing.assert_close(reached, means.split(widths, 1)[k], atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("fixture", ["problem", "known"])
def test_the_causal_fit_costs_less_where_sites_interact(request, fixture):
    problem = request.getfixturevalue(fixture)
    causal, independent = (problem.cost(f(*parts(problem))) for f in (causal_lin_act, lin_act))
    assert (causal < independent).all()
    assert (causal < problem.cost()).all()


def test_the_mean_shift_moves_means_alone(problem):
    scale, shift = mean_act(*parts(problem)).flatten()
    assert torch.equal(scale, torch.ones_like(scale))
    untouched = steered(problem, Intervention.identity(problem.generator.sites, rows=2))
    torch.testing.assert_close(shift, problem.targets.mean(1) - untouched.mean(1))


@pytest.mark.parametrize("method", METHODS)
def test_concepts_fitted_side_by_side_do_not_disturb_each_other(problem, generator, method):
    together = method(*parts(problem))
    assert together.rows == 2
    assert not together.flatten().scale.requires_grad
    alone = method(*parts(pose(generator, list("abcd"), ["with a hat"])))
    assert together[1].equals(alone[0], atol=1e-3)


def test_nothing_is_left_on_the_backbone(problem):
    before = problem.cost()
    causal_lin_act(*parts(problem))
    assert torch.equal(problem.cost(), before)
    assert not any(module._forward_hooks for module in problem.generator.backbone.modules())


@pytest.mark.parametrize("method", METHODS)
def test_targets_that_are_no_means_are_refused(generator, method):
    with pytest.raises(ConfigError, match="by 'mean'"):
        method(*parts(pose(generator, ["a", "b"], ["in oil"], pooling="random-2")))
