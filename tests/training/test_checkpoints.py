import os
import signal
import threading

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from hypertransport.errors import CheckpointError
from hypertransport.training.checkpoints import (
    load_checkpoint,
    save_checkpoint,
    save_tensors,
    uninterrupted,
)


def training(width=3, seed=0):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(2, width), nn.Linear(width, 1))
    return {"model": model}, {"adamw": torch.optim.AdamW(model.parameters(), 0.1)}


def advance(modules, optimizers, steps):
    losses = []
    for step in steps:
        x = torch.randn(4, 2, generator=torch.Generator().manual_seed(step))
        loss = modules["model"](x).square().mean()
        loss.backward()
        optimizers["adamw"].step()
        optimizers["adamw"].zero_grad()
        losses.append(loss.item())
    return losses


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs" / "checkpoint.safetensors"


@pytest.fixture
def saved(path):
    state = training()
    advance(*state, range(3))
    save_checkpoint(path, 3, *state)
    return path


@pytest.mark.parametrize("stop", [0, 1, 4])
def test_a_resumed_training_is_the_same_bit_for_bit(path, stop):
    whole = advance(*training(), range(6))
    first, second = training(), training(seed=1)
    losses = advance(*first, range(stop))
    save_checkpoint(path, stop, *first)
    assert load_checkpoint(path, *second) == stop
    assert losses + advance(*second, range(stop, 6)) == whole


def test_one_part_can_be_read_by_itself(saved):
    modules, optimizers = training(seed=1)
    assert load_checkpoint(saved, modules, {}) == 3
    assert not optimizers["adamw"].state_dict()["state"]


def unchanged_after_failing(path, match, modules, optimizers):
    before = {k: v.clone() for k, v in modules["model"].state_dict().items()}
    with pytest.raises(CheckpointError, match=match):
        load_checkpoint(path, modules, optimizers)
    after = modules["model"].state_dict()
    return all(torch.equal(after[k], before[k]) for k in before)


def test_a_checkpoint_of_another_model_changes_nothing(saved):
    assert unchanged_after_failing(saved, "0.weight has another shape", *training(width=4, seed=1))
    deeper = {"model": nn.Sequential(*training(seed=1)[0]["model"], nn.Linear(1, 1))}
    assert unchanged_after_failing(saved, "only one has model.2.bias", deeper, {})
    assert unchanged_after_failing(saved, "only one has", {"model": nn.Linear(2, 1)}, {})


def test_a_checkpoint_of_another_optimizer_changes_nothing(saved):
    modules, _ = training(seed=1)
    few = {"adamw": torch.optim.AdamW(modules["model"][1].parameters())}
    assert unchanged_after_failing(saved, "other parameters", modules, few)
    renamed = {"muon": torch.optim.AdamW(modules["model"].parameters())}
    assert unchanged_after_failing(
        saved, "without the state of the optimizer muon", modules, renamed
    )


def test_a_missing_checkpoint_says_what_to_do(path):
    with pytest.raises(CheckpointError, match="train without --resume first"):
        load_checkpoint(path, *training())


@pytest.mark.parametrize("part", [0, 5, 0.5, -1])
def test_a_damaged_checkpoint_is_refused(saved, part):
    data = saved.read_bytes()
    saved.write_bytes(data[: int(part * len(data)) if isinstance(part, float) else part])
    assert unchanged_after_failing(saved, "damaged", *training())


@pytest.mark.parametrize(
    "metadata", [None, {"step": "3"}, {"format": "0", "step": "3"}, {"format": "1", "step": "-3"}]
)
def test_any_other_safetensors_file_is_refused(saved, metadata):
    save_file(load_file(saved), saved, metadata)
    assert unchanged_after_failing(saved, "no checkpoint of format 1", *training())


def test_a_failing_save_leaves_the_old_file_and_nothing_else(saved, monkeypatch):
    data = saved.read_bytes()

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        save_tensors(saved, {"x": torch.ones(3)}, {})
    assert saved.read_bytes() == data
    assert list(saved.parent.iterdir()) == [saved]


def test_tensors_of_any_layout_are_saved_by_value(path):
    x = torch.arange(6.0).view(2, 3).T
    save_tensors(path, {"x": x}, {"a": "b"})
    assert torch.equal(load_file(path)["x"], x)


def test_ctrl_c_waits_for_the_end_of_the_block():
    done = []

    def work():
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["all of it"]
    with pytest.raises(KeyboardInterrupt):  # and at once outside of it
        signal.raise_signal(signal.SIGINT)


def test_errors_leave_the_block_and_other_threads_may_enter_it():
    with pytest.raises(ZeroDivisionError), uninterrupted():
        raise ZeroDivisionError
    done = []

    def work():
        with uninterrupted():
            done.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [signal.default_int_handler]
