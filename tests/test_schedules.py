"""Strength over the sites, and over the steps of real schedulers."""

from typing import Any

import pytest
import torch
from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
from diffusers.schedulers.scheduling_heun_discrete import HeunDiscreteScheduler
from diffusers.schedulers.scheduling_lcm import LCMScheduler
from families import FAMILIES

from hypertransport.errors import InterventionError
from hypertransport.generators.base import Generator
from hypertransport.schedules import StepFollower, depths, over_sites

NAMES = ("conv.norm", "down_blocks.0.norm", "up_blocks.0.norm", "mid_block.norm", "conv_norm_out")


def test_depth_follows_the_order_in_which_a_unet_runs() -> None:
    assert depths(NAMES) == {
        "conv.norm": 0.0,
        "down_blocks.0.norm": 0.25,
        "mid_block.norm": 0.5,
        "up_blocks.0.norm": 0.75,
        "conv_norm_out": 1.0,
    }
    assert depths(("blocks.0", "blocks.1", "norm_out")) == {
        "blocks.0": 0.0,
        "blocks.1": 0.5,
        "norm_out": 1.0,
    }
    assert depths(("norm",)) == {"norm": 0.0}


# diffusers 0.42 hands numpy a tensor in DPMSolverMultistepScheduler.set_timesteps.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_depth_is_the_order_of_a_real_run() -> None:
    for name in ("Stable Diffusion XL", "Stable Diffusion 1.5", "PixArt-Sigma", "Sana"):
        (family,) = (family for family in FAMILIES if family.name == name)
        generator = family.generator()
        depth = depths([site.name for site in generator.sites])
        assert sorted(depth, key=depth.__getitem__) == ran(generator)


def ran(generator: Generator) -> list[str]:
    """The sites, in the order in which they first act."""
    order: dict[str, None] = {}
    for site in generator.sites:
        module = generator.backbone.get_submodule(site.name)
        module.register_forward_hook(lambda *_, name=site.name: order.setdefault(name))
    generator("a cat", 0)
    return list(order)


def test_the_first_glob_decides_and_other_sites_keep_1() -> None:
    strengths = over_sites(NAMES, {"up_blocks.*": 0.2, "*_blocks.*": 0.5})
    assert strengths == {
        "conv.norm": 1.0,
        "down_blocks.0.norm": 0.5,
        "up_blocks.0.norm": 0.2,
        "mid_block.norm": 1.0,
        "conv_norm_out": 1.0,
    }
    assert over_sites(NAMES, lambda depth: 2 * depth)["mid_block.norm"] == 1.0


def test_a_glob_without_a_match_is_refused() -> None:
    with pytest.raises(InterventionError, match=r"no site matches 'upblocks"):
        over_sites(NAMES, {"upblocks.*": 0.2})


# diffusers 0.42 hands numpy a tensor in DPMSolverMultistepScheduler.set_timesteps.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("kind", [LCMScheduler, DPMSolverMultistepScheduler, HeunDiscreteScheduler])
def test_each_step_of_each_run_is_told_ahead(kind: Any) -> None:
    scheduler, told = kind(), []
    follower = StepFollower(told.append)
    follower.follow(scheduler)
    for _ in range(2):
        scheduler.set_timesteps(4)
        sample = torch.zeros(1, 4, 2, 2)
        for i, t in enumerate(scheduler.timesteps):
            assert told.pop() == i / len(scheduler.timesteps)
            sample = scheduler.step(torch.zeros_like(sample), t, sample).prev_sample
        assert not told
    follower.close()
    assert "step" not in vars(scheduler)
    assert "set_timesteps" not in vars(scheduler)
