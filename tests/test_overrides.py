"""A method put aside and back, whoever else wraps it in the meantime."""

import inspect
from collections.abc import Callable
from typing import Any

import accelerate
import pytest
import torch
from accelerate.hooks import remove_hook_from_module
from diffusers.hooks.hooks import HookRegistry, ModelHook
from torch import nn

from hypertransport.overrides import overridden


def plus_one(inner: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x: inner(x) + 1


def times_two(inner: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x: inner(x) * 2


@pytest.fixture
def module() -> nn.Module:
    module = nn.Linear(2, 2)
    module.load_state_dict({"weight": torch.eye(2), "bias": torch.zeros(2)})
    return module


def value(module: nn.Module) -> float:
    return module(torch.ones(1, 2))[0, 0].item()


def test_blocks_nest_and_leave_no_trace(module: nn.Module) -> None:
    before = dict(vars(module))
    with overridden(module, "forward", plus_one):
        with overridden(module, "forward", times_two):
            assert value(module) == 4
        assert value(module) == 2
    assert vars(module) == before


def test_signatures_stay_readable() -> None:
    class Scheduler:
        def step(self, sample: int, eta: float = 0.0) -> int:
            return sample

    scheduler = Scheduler()
    with overridden(scheduler, "step", plus_one):
        assert list(inspect.signature(scheduler.step).parameters) == ["sample", "eta"]
        assert scheduler.step(1) == 2


def test_offloading_outside(module: nn.Module) -> None:
    accelerate.cpu_offload(module, torch.device("cpu"))
    before = dict(vars(module))
    with overridden(module, "forward", plus_one):
        assert value(module) == 2
    assert vars(module) == before
    assert (value(module), module.weight.device.type) == (1, "meta")


def test_offloading_inside_stays_and_ours_goes(module: nn.Module) -> None:
    with overridden(module, "forward", plus_one):
        accelerate.cpu_offload(module, torch.device("cpu"))
        assert value(module) == 2
    assert (value(module), module.weight.device.type) == (1, "meta")
    remove_hook_from_module(module, recurse=True)
    assert (value(module), module.weight.device.type) == (1, "cpu")


def test_offloading_that_ends_inside_is_not_brought_back(module: nn.Module) -> None:
    accelerate.cpu_offload(module, torch.device("cpu"))
    with overridden(module, "forward", plus_one):
        remove_hook_from_module(module, recurse=True)
    assert value(module) == 1


class Halved(ModelHook):
    def post_forward(self, module: nn.Module, output: Any) -> Any:
        return output / 2


def test_a_hook_of_diffusers_inside_stays(module: nn.Module) -> None:
    with overridden(module, "forward", plus_one):
        HookRegistry.check_if_exists_or_initialize(module).register_hook(Halved(), "halved")
        assert value(module) == 1
    assert value(module) == 0.5
