"""Training state on disk: one safetensors file, written atomically, resumed bit for bit (law 9).

A training that draws batch and noise as functions of `(seed, step)` needs nothing else to go on:
the weights, the optimizers' moments, and the number of steps done.
"""

import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from hypertransport.errors import CheckpointError, first_line
from hypertransport.replacing import replacing
from hypertransport.tensor_files import TensorFileError, read_tensors

FORMAT = "1"
STEP = re.compile("[0-9]{1,15}")


def save_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Write `tensors` to `path` or leave what was there: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as partial:
        save_file({k: v.contiguous() for k, v in tensors.items()}, partial, dict(metadata))


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
    """Restore modules and optimizers in place, all or none; return the number of steps done.

    What the file holds beyond them is ignored, so that one part can be read by itself.

    Raises:
        CheckpointError: the file is missing, damaged, of another format, or of another model;
            nothing has been changed then.
    """
    tensors, step = _read(path)
    states = {name: _under(tensors, f"module/{name}/") for name in modules}
    moments = {name: _under(tensors, f"optimizer/{name}/") for name in optimizers}
    odd = [_odd_weights(modules[name], state, name) for name, state in states.items()]
    odd += [_odd_moments(optimizers[name], of, name, step) for name, of in moments.items()]
    if any(odd):
        raise CheckpointError(
            f"{path} is of another model ({'; '.join(filter(None, odd))}): resume with the "
            "configuration it was written by, or train into another folder"
        )
    for name, of in moments.items():
        _restore_moments(optimizers[name], of, path)
    for name, state in states.items():
        modules[name].load_state_dict(state)
    return step


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait for the end of the block: half an update of the weights must not be saved."""
    if threading.current_thread() is not threading.main_thread():  # signals never arrive here
        yield
        return
    waiting: list[int] = []
    previous = signal.signal(signal.SIGINT, lambda number, _frame: waiting.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
    if waiting:
        signal.raise_signal(signal.SIGINT)


def _read(path: Path) -> tuple[dict[str, Tensor], int]:
    """All tensors and the number of steps done."""
    if not path.is_file():
        raise CheckpointError(f"there is no checkpoint at {path}; train without --resume first")
    try:
        tensors, metadata = read_tensors(path)
    except TensorFileError as error:
        raise CheckpointError(
            f"{path} is damaged ({error}); delete it and train afresh, or restore a copy"
        ) from error
    if metadata.get("format") != FORMAT or not STEP.fullmatch(metadata.get("step", "")):
        raise CheckpointError(
            f"{path} is no checkpoint of format {FORMAT}: give the folder of a training"
        )
    return tensors, int(metadata["step"])


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def _odd_weights(module: nn.Module, state: Mapping[str, Tensor], name: str) -> str | None:
    """In what the stored weights differ from the module's, or None."""
    own = module.state_dict()
    if odd := own.keys() ^ state.keys():
        return f"only one has {name}.{min(odd)}"
    odd = [k for k in own if (own[k].shape, own[k].dtype) != (state[k].shape, state[k].dtype)]
    return f"{name}.{odd[0]} has another shape or type" if odd else None


def _odd_moments(
    optimizer: Optimizer, moments: Mapping[str, Tensor], name: str, step: int
) -> str | None:
    """In what the stored moments do not fit the optimizer's parameters, or None."""
    if step and not moments:
        return f"without the state of the optimizer {name}"
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    shapes = {str(index): parameter.shape for index, parameter in enumerate(parameters)}
    held: dict[str, set[str]] = {}
    for key, value in moments.items():
        index, _, moment = key.partition("/")
        held.setdefault(index, set()).add(moment)
        shape = shapes.get(index)
        if shape is None or (value.ndim and value.shape != shape) or not value.is_floating_point():
            return f"the optimizer {name} holds other parameters"
    if any(names != held[min(held)] for names in held.values()):
        return f"the optimizer {name} lacks a part of its state"
    return None


def _moments(optimizer: Optimizer) -> dict[str, Tensor]:
    """What the optimizer remembers of each parameter, as tensors named `<parameter>/<moment>`."""
    state = optimizer.state_dict()["state"]
    return {
        f"{index}/{key}": torch.as_tensor(value)
        for index, values in state.items()
        for key, value in values.items()
    }


def _restore_moments(optimizer: Optimizer, moments: Mapping[str, Tensor], path: Path) -> None:
    """Raises CheckpointError where an optimizer of this kind has other moments."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in moments.items():
        index, _, key = name.partition("/")
        state.setdefault(int(index), {})[key] = value
    groups = optimizer.state_dict()["param_groups"]
    try:
        optimizer.load_state_dict({"state": state, "param_groups": groups})
    except (KeyError, ValueError) as error:
        raise CheckpointError(
            f"{path} is of another optimizer ({first_line(error)}); train into another folder"
        ) from error
