"""What the tests of steering share: random interventions, drawing, and the state of a model."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from hypertransport.interventions import Intervention
from hypertransport.sites import find_sites, total_channels

# For tests that compile: torch itself still calls what it deprecates.
COMPILED = pytest.mark.filterwarnings("ignore:`torch.jit.script_method`:DeprecationWarning")


def random_intervention(
    model: nn.Module,
    rows: int | None = None,
    seed: int = 0,
    patterns: tuple[str, ...] = ("*norm*",),
) -> Intervention:
    sites, draw = find_sites(model, patterns), torch.Generator().manual_seed(seed)
    shape = (total_channels(sites),) if rows is None else (rows, total_channels(sites))
    scale = 1 + 0.2 * torch.randn(shape, generator=draw)
    return Intervention.from_flat(sites, scale, 0.2 * torch.randn(shape, generator=draw))


@torch.no_grad()
def draw(model: nn.Module, inputs: dict[str, Any]) -> Tensor:
    return model(**inputs).sample


def only(inputs: Any, row: int | slice) -> Any:
    """One row of a batch of inputs, or some."""
    if isinstance(inputs, dict):
        return {key: only(value, row) for key, value in inputs.items()}
    rows = row if isinstance(row, slice) else slice(row, row + 1)
    return inputs[rows] if inputs.ndim else inputs


def latents(pipeline: Any, prompts: list[str], seeds: list[int], **call: Any) -> Tensor:
    """What a pipeline draws, before it is decoded and rounded to 8 bits."""
    noise = [torch.Generator().manual_seed(seed) for seed in seeds]
    return pipeline(prompt=prompts, generator=noise, output_type="latent", **call).images


def close(a: Tensor, b: Tensor) -> None:
    torch.testing.assert_close(a, b, atol=1e-4, rtol=1e-4)


def state_of(model: nn.Module) -> dict[str, Any]:
    """Everything that a module is made of, by identity, and its weights by value."""
    parts = {
        name: ({k: id(v) for k, v in vars(m).items()}, {k: id(v) for k, v in m._parameters.items()})
        for name, m in model.named_modules()
    }
    return {**parts, "weights": {k: v.numpy().tobytes() for k, v in model.state_dict().items()}}


class Counting:
    """A compiler that runs each graph as it is and keeps them, to be counted."""

    def __init__(self) -> None:
        self.graphs: list[torch.fx.GraphModule] = []

    def __call__(self, graph: torch.fx.GraphModule, _: list[Tensor]) -> Callable[..., Any]:
        self.graphs.append(graph)
        return graph.forward
