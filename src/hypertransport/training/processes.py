"""One training in one process or many: what its processes share, and how they agree.

Every process draws the same concepts for a step, runs its share of them, and adds its gradients to
those of the others. So the same file gives the same training, but for rounding, on any number of
processes. They are started by `accelerate launch` or `torchrun` and see the same folder.
"""

from collections.abc import Sequence
from datetime import timedelta

import torch
from accelerate import PartialState
from accelerate.utils import broadcast, reduce
from torch import Tensor, nn

from hypertransport.errors import ConfigError

PATIENCE = timedelta(hours=12)  # of all, while the first makes targets or measures


def join(concepts_per_step: int, accumulation: int) -> PartialState:
    """Join the others; alone, this one is the main process.

    Raises ConfigError when a step has not a concept for each part of each process.
    """
    state = PartialState(cpu=not torch.cuda.is_available(), timeout=PATIENCE)
    parts = state.num_processes * accumulation
    if concepts_per_step < parts:
        raise ConfigError(
            f"{concepts_per_step} concepts a step do not go into {accumulation} parts on each of "
            f"{state.num_processes} processes; give concepts_per_step = {parts} or more"
        )
    return state


def shares(items: int, process: int, processes: int, parts: int) -> list[slice]:
    """Which of a step's items one process runs, part after part; sizes differ by at most one."""
    edges = [items * i // (processes * parts) for i in range(processes * parts + 1)]
    first = process * parts
    return [slice(edges[i], edges[i + 1]) for i in range(first, first + parts)]


def sum_over_processes(tensors: Sequence[Tensor]) -> None:
    """Replace each tensor by its sum over all processes, in one exchange."""
    if PartialState().num_processes == 1:
        return
    total: Tensor = reduce(torch.cat([tensor.flatten() for tensor in tensors]), "sum")  # pyright: ignore[reportAssignmentType]
    for tensor, piece in zip(tensors, total.split([t.numel() for t in tensors]), strict=True):
        tensor.copy_(piece.view_as(tensor))


@torch.no_grad()
def same_everywhere(network: nn.Module) -> None:
    """Give every process the weights of the first."""
    for parameter in network.parameters():
        # NCCL takes no strides, and the linear part is stored by columns.
        parameter.copy_(broadcast(parameter.data.contiguous()))
