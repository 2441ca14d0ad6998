"""Two processes train as one does: the same draws, each its share, and one sum."""

import os
import re
import socket
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest
import torch

from hypertransport.errors import ConfigError
from hypertransport.training import amortized, processes
from hypertransport.training.processes import (
    join,
    same_everywhere,
    shares,
    sum_over_processes,
)

SOURCE = str(Path(amortized.__file__).parents[2])
TELLING = """
import pathlib, sys
import torch
from accelerate import PartialState
from hypertransport.training import amortized

def telling(network, material, step):
    loss = original(network, material, step)
    print("loss", PartialState().num_processes, step, loss.item(), flush=True)
    return loss

torch.set_num_threads(1)
original, amortized.train_step = amortized.train_step, telling
amortized.train(pathlib.Path(sys.argv[1]))
"""


@pytest.mark.parametrize(("items", "processes", "parts"), [(8, 2, 2), (7, 3, 2), (5, 1, 1)])
def test_shares_are_a_partition_as_even_as_can_be(items, processes, parts):
    found = [shares(items, process, processes, parts) for process in range(processes)]
    pieces = [list(range(items))[part] for part in chain(*found)]
    assert list(chain(*pieces)) == list(range(items))
    assert max(map(len, pieces)) - min(map(len, pieces)) <= 1
    assert all(len(own) == parts for own in found)


def test_alone_the_sum_is_the_tensor_itself():
    tensor = torch.arange(3.0)
    sum_over_processes([tensor])
    assert tensor.tolist() == [0, 1, 2]


def test_more_parts_than_concepts_are_refused():
    assert join(concepts_per_step=3, accumulation=3).is_main_process
    with pytest.raises(ConfigError, match="give concepts_per_step = 3 or more"):
        join(concepts_per_step=2, accumulation=3)


def test_weights_are_exchanged_in_the_order_of_their_memory(monkeypatch):
    """NCCL takes nothing else; what is stored by columns is."""
    exchanged = []
    monkeypatch.setattr(processes, "broadcast", lambda x: exchanged.append(x) or x + 1)
    network = torch.nn.Linear(2, 3)
    network.weight.data = torch.arange(6.0).view(2, 3).mT
    same_everywhere(network)
    assert network.weight.tolist() == [[1, 4], [2, 5], [3, 6]]
    assert all(x.is_contiguous() for x in exchanged)


def run(path: Path, processes: int) -> list[dict[int, float]]:
    """The losses by step that each process saw."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    common = {"OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1", "PYTHONPATH": SOURCE}
    world = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "WORLD_SIZE": str(processes)}
    command, started = [sys.executable, "-c", TELLING, str(path)], []
    for rank in range(processes):
        own = {"RANK": str(rank), "LOCAL_RANK": str(rank), "LOCAL_WORLD_SIZE": str(processes)}
        among = world | own if processes > 1 else {}
        environment = os.environ | common | among
        started.append(
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        )
    seen = []
    for process in started:
        out, _ = process.communicate()
        assert process.returncode == 0
        lines = re.findall(rf"^loss {processes} (\d+) (\S+)$", out, re.MULTILINE)
        seen.append({int(step): float(loss) for step, loss in lines})
    return seen


@pytest.mark.slow
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_two_processes_with_half_the_batch_each_have_the_losses_of_one(workplace):
    """Steps of 4 concepts: all in one process; 2 in each of two, in two parts of 1."""
    fields = {"concepts_per_step": 4, "steps": 4}
    (alone,) = run(workplace(**fields), 1)
    one, other = run(workplace(**fields, accumulation=2), 2)
    assert sorted(alone) == [0, 1, 2, 3]
    assert one == other
    for step, within in enumerate((1e-4, 1e-4, 1e-3, 1e-3)):  # AdamW's steps make much of rounding
        assert one[step] == pytest.approx(alone[step], rel=within)
    assert len(set(alone.values())) == 4
