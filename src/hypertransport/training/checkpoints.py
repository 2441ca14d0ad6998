"""Training state on disk: one safetensors file, written atomically, resumed bit for bit (law 9).

A training that draws batch and noise as functions of `(seed, step)` needs nothing else to go on: the
weights, the optimizers' moments, and the number of steps done.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from hypertransport.errors import CheckpointError

FORMAT = "1"


def save_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Write `tensors` to `path` or leave what was there: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        save_file({k: v.contiguous() for k, v in tensors.items()}, partial, dict(metadata))
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def save_checkpoint(
    path: Path, step: int, modules: Mapping[str, nn.Module], optimizers: Mapping[str, Optimizer]
) -> None:
    """Save the state after `step` finished steps."""
    tensors = {}
    for name, module in modules.items():
        tensors |= {f"module/{name}/{k}": v for k, v in module.state_dict().items()}
    for name, optimizer in optimizers.items():
        tensors |= {f"optimizer/{name}/{k}": v for k, v in _moments(optimizer).items()}
    save_tensors(path, tensors, {"format": FORMAT, "step": str(step)})


def load_checkpoint(
    path: Path, modules: Mapping[str, nn.Module], optimizers: Mapping[str, Optimizer]
) -> int:
    """Restore modules and optimizers in place; return the number of steps already done.

    Raises:
        CheckpointError: the file is missing, damaged, of another format, or of another model.
    """
    tensors, metadata = _read(path)
    for name, module in modules.items():
        state = _under(tensors, f"module/{name}/")
        try:
            module.load_state_dict(state)
        except RuntimeError as error:
            raise CheckpointError(
                f"{path} does not fit the module '{name}': {error}. Resume with the configuration "
                "it was written by, or start afresh in another folder."
            ) from error
    for name, optimizer in optimizers.items():
        _restore_moments(optimizer, _under(tensors, f"optimizer/{name}/"))
    return int(metadata["step"])


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    if not path.is_file():
        raise CheckpointError(f"There is no checkpoint at {path}; train without --resume first.")
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise CheckpointError(
            f"{path} is damaged ({error}); delete it and train afresh, or restore a copy."
        ) from error
    if metadata.get("format") != FORMAT or not metadata.get("step", "").isdecimal():
        raise CheckpointError(
            f"{path} is no checkpoint of format {FORMAT}; it was written by another program."
        )
    return tensors, metadata


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def _moments(optimizer: Optimizer) -> dict[str, Tensor]:
    """What the optimizer remembers of each parameter, as named tensors."""
    state = optimizer.state_dict()["state"]
    return {
        f"{index}/{key}": torch.as_tensor(value)
        for index, values in state.items()
        for key, value in values.items()
    }


def _restore_moments(optimizer: Optimizer, moments: Mapping[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in moments.items():
        index, key = name.split("/", 1)
        state.setdefault(int(index), {})[key] = value
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})
