"""How a hypernetwork learns: AdamW, the linear part more slowly, a rate that rises and falls."""

import math

import torch
from torch import nn

from hypertransport.network import HyperNetwork
from hypertransport.training.config import TrainConfig

RISE = 50  # steps until the learning rate is all there
LINEAR_RATE = 0.2  # of the rate: what was solved for is not to be undone by steps


def parts(network: HyperNetwork) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """The parameters of the network proper, and those of its linear part."""
    linear = list(network.linear.parameters()) if network.linear is not None else []
    chosen = {id(parameter) for parameter in linear}
    return [p for p in network.parameters() if id(p) not in chosen], linear


def make_optimizer(network: HyperNetwork) -> torch.optim.AdamW:
    """AdamW (Loshchilov and Hutter, 2019), each of the `parts` a group; `update` sets the rates."""
    groups = [{"params": part} for part in parts(network)]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


def update(
    network: HyperNetwork, optimizer: torch.optim.Optimizer, config: TrainConfig, step: int
) -> None:
    """Follow the gradients that lie in the network, clipped to length 1, and clear them.

    `optimizer` is of `make_optimizer`; `step`, from 0, says the rates.
    """
    rate = learning_rate(config.learning_rate, step, config.steps)
    for group, share in zip(optimizer.param_groups, (1.0, LINEAR_RATE), strict=True):
        group["lr"] = share * rate
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()


def learning_rate(peak: float, step: int, steps: int) -> float:
    """Of one step of so many: a linear rise over RISE steps to `peak`, times half a cosine."""
    return peak * min(1.0, (step + 1) / RISE) * 0.5 * (1 + math.cos(math.pi * step / steps))
