import pytest
import torch
from pipelines import tiny_sdxl

from hypertransport.errors import ConfigError, GeneratorError
from hypertransport.generators.base import wrap
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.sites import Site
from hypertransport.steering import affine, attach, steer
from hypertransport.training.activations import (
    activations,
    channel_statistics,
    feature_weights,
    observe,
    pooled,
    pooling_weights,
    tokens,
)

ONE_STEP = {"num_inference_steps": 1, "guidance_scale": 0.0}
TOKEN, SPATIAL = Site("token", 3, -1), Site("spatial", 3, 1)


def random_maps(generator, rows=None, seed=0):
    draw = torch.Generator().manual_seed(seed)
    shape = (sum(site.width for site in generator.sites),)
    shape = shape if rows is None else (rows, *shape)
    scale, shift = (0.2 * torch.randn(shape, generator=draw) for _ in range(2))
    return Intervention.from_flat(generator.sites, 1 + scale, shift)


def test_the_mean_pools_to_the_mean_over_positions():
    z = torch.randn(2, 3, 4, 5)
    torch.testing.assert_close(pooled(z, SPATIAL, "mean"), z.mean((2, 3)))
    z = torch.randn(2, 7, 3)
    torch.testing.assert_close(pooled(z, TOKEN, "mean"), z.mean(1))
    assert torch.equal(pooled(z[:, 0], TOKEN, "mean"), z[:, 0])  # a site may have no positions


def test_position_keeps_every_position():
    z = torch.randn(2, 7, 3)
    assert torch.equal(pooled(z, TOKEN, "position"), z.flatten(1))
    assert torch.equal(pooled(z.mT.unflatten(2, (7, 1)), SPATIAL, "position"), z.flatten(1))


def test_random_pooling_is_the_mean_and_fixed_signs():
    z = torch.randn(2, 7, 3)
    assert torch.equal(pooled(z, TOKEN, "random-1"), pooled(z, TOKEN, "mean"))
    three = pooled(z, TOKEN, "random-3")
    assert three.shape == (2, 9)
    assert torch.equal(three, pooled(z, TOKEN, "random-3"))
    torch.testing.assert_close(three[:, :3], z.mean(1))
    assert set((pooling_weights("random-3", 7)[1:] * 7).flatten().tolist()) == {-1.0, 1.0}


def test_an_unknown_pooling_is_refused():
    with pytest.raises(ConfigError, match="random-R"):
        pooled(torch.randn(2, 7, 3), TOKEN, "max")


def test_pooling_is_in_float32_under_autocast_too():
    z = 1000 + torch.randn(2, 50, 3)
    outside = pooled(z, TOKEN, "mean")
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(pooled(z, TOKEN, "mean"), outside)


def test_every_site_is_seen_as_steered(generator, inputs):
    before = observe(generator, inputs, tokens)
    maps = random_maps(generator)
    for k, site in enumerate(generator.sites):
        scale, shift = maps.maps[site.name]
        with steer(generator, Intervention({site.name: AffineMap(scale, shift)})):
            after = observe(generator, inputs, tokens)
        torch.testing.assert_close(after[k], scale * before[k] + shift)


def test_what_replaces_an_output_acts_on_all_that_follows(generator, inputs):
    """A map put on as each site is reached is the map that was there from the start."""
    maps = random_maps(generator).maps

    def act(seen, z, site):
        return affine(z, maps[site.name], site.channel_dim)

    before = observe(generator, inputs, tokens, act)
    with attach(generator, Intervention(maps)):
        after = observe(generator, inputs, tokens)
    for k, site in enumerate(generator.sites):
        scale, shift = maps[site.name]
        torch.testing.assert_close(after[k], scale * before[k] + shift)


def test_gradients_flow_through_earlier_sites_into_later_ones(generator, inputs):
    first, last = generator.sites[0], generator.sites[-1]
    scale, shift = torch.ones(3, first.width), torch.zeros(3, first.width)
    maps = Intervention({first.name: AffineMap(scale.requires_grad_(), shift.requires_grad_())})
    with attach(generator, maps):
        features = activations(generator, inputs, "mean")
    features[:2, -last.width :].square().sum().backward()
    for gradient in (scale.grad, shift.grad):
        assert gradient is not None and gradient[:2].abs().min() > 0
        assert not gradient[2].any()  # whose row was not asked for


def test_nothing_is_left_on_the_backbone(generator, inputs):
    def fail(*_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        observe(generator, inputs, fail)
    assert not any(module._forward_hooks for module in generator.backbone.modules())


def test_a_site_that_never_runs_is_named():
    pipeline = tiny_sdxl()
    pipeline.unet.norm_unused = torch.nn.LayerNorm(4)
    generator = wrap(pipeline, id="tiny", timesteps=[399], **ONE_STEP)
    inputs = generator.record_inputs("a", 0)
    with pytest.raises(GeneratorError, match="norm_unused never ran"):
        activations(generator, inputs, "mean")


@pytest.mark.parametrize("pooling", ["mean", "random-3", "position"])
def test_every_site_weighs_the_same_and_all_sum_to_one(generator, inputs, pooling):
    weights = feature_weights(generator, inputs, pooling)
    counts = [pooled(z, s, pooling).shape[1] for z, s in observe(generator, inputs, both)]
    torch.testing.assert_close(weights.sum(), torch.tensor(1.0))
    sums = torch.stack([piece.sum() for piece in weights.split(counts)])
    torch.testing.assert_close(sums, torch.full((len(counts),), 1 / len(counts)))
    assert all(piece.unique().numel() == 1 for piece in weights.split(counts))


def both(z, site):
    return z, site


def test_channel_statistics_are_over_rows_and_positions(generator, inputs):
    mean, std = channel_statistics(generator, inputs)
    outputs = [z.flatten(0, 1) for z in observe(generator, inputs, tokens)]
    torch.testing.assert_close(mean, torch.cat([z.mean(0) for z in outputs]))
    torch.testing.assert_close(std, torch.cat([z.std(0) for z in outputs]))
    torch.testing.assert_close(mean, activations(generator, inputs, "mean").mean(0))
