"""What is counted without values is what tensors with values take; and the laws of memory."""

import json
from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from benchmarks import full_size_memory
from benchmarks.cases import TINY
from benchmarks.full_size_memory import BLOCK, META, Held, like_a_gpu, predict
from benchmarks.memory import GIB
from benchmarks.random_targets import TARGETS, build, counts
from docs.full_size_page import left, memory_section
from hypertransport.training.config import TrainConfig

CPU = torch.device("cpu")


@pytest.fixture(params=TARGETS)
def name(request, monkeypatch):
    """A target whose published size is a small one."""
    small = build(request.param, META, changes=TINY[request.param])
    channels = sum(site.width for site in small.sites)
    target = replace(
        TARGETS[request.param],
        config=TARGETS[request.param].config | TINY[request.param],
        sites=len(small.sites),
        channels=channels,
    )
    monkeypatch.setitem(TARGETS, request.param, target)
    load = TrainConfig.load
    tiny = {"width": 8, "depth": 1, "latent_dim": 8, "site_dim": 8}
    monkeypatch.setattr(TrainConfig, "load", lambda path: replace(load(path), **tiny))
    return request.param


def peak_of_a_step(device, checkpointed):
    """Bytes above the weights' that a step through three blocks takes."""
    torch.manual_seed(0)
    blocks = [nn.Sequential(nn.Linear(256, 256), nn.GELU()) for _ in range(3)]
    net = nn.Sequential(*blocks).to(device)

    def step():
        x = torch.ones(512, 256, device=device, requires_grad=True)
        for block in net:
            x = checkpoint(block, x, use_reentrant=False) if checkpointed else block(x)
        x.sum().backward()
        net.zero_grad()

    with Held(device) as held:
        return held.peak_of(step)


@pytest.mark.parametrize("checkpointed", [False, True])
def test_tensors_without_values_take_what_those_with_values_take(checkpointed):
    assert peak_of_a_step(META, checkpointed) == peak_of_a_step(CPU, checkpointed)


def test_checkpointing_is_seen():
    assert peak_of_a_step(META, True) < peak_of_a_step(META, False)


def test_what_is_let_go_counts_no_longer_and_a_view_counts_once():
    with Held(META) as held:
        kept = torch.empty(BLOCK, dtype=torch.uint8, device=META)
        for _ in range(3):
            torch.empty(BLOCK + 1, dtype=torch.uint8, device=META).view(-1)[1:].add_(1)
        assert held.now == BLOCK
        assert held.peak == 3 * BLOCK
        torch.empty(BLOCK)  # elsewhere
        assert held.peak_of(lambda: kept[2:]) == BLOCK


def test_autocast_is_done_by_hand():
    x = torch.empty(2, 4, device=META)
    weight = torch.empty(4, 4, dtype=torch.bfloat16, device=META)
    with like_a_gpu():
        assert F.linear(x, weight).dtype == torch.bfloat16
        assert F.linear(x, weight.float()).dtype == torch.float32
        assert F.layer_norm(weight, (4,)).dtype == torch.float32
        assert x.sum().item() == 1.0
        assert torch.ones(3).sum().item() == 3.0
    assert F.linear(x, weight.float()).dtype == torch.float32
    assert F.layer_norm(weight, (4,)).dtype == torch.bfloat16


@pytest.mark.parametrize("masked", [False, True])
def test_attention_writes_out_no_products(masked):
    def step(tokens):
        q, k, v = (
            torch.empty(1, 2, tokens, 8, device=META, dtype=torch.bfloat16, requires_grad=True)
            for _ in range(3)
        )
        mask = torch.zeros(1, 1, 1, tokens, device=META, dtype=q.dtype) if masked else None
        F.scaled_dot_product_attention(q, k, v, attn_mask=mask).sum().backward()

    with like_a_gpu(), Held(META) as held:
        short, long = (held.peak_of(lambda n=n: step(n)) for n in (1024, 4096))
    assert long < 4.5 * short


def test_the_laws_of_memory(name, capsys):
    small, large = (predict(name, *at) for at in ((64, (1, 2)), (128, (2, 2))))
    weights = counts(build(name, META), TARGETS[name])["weights"]
    assert 2 * weights / GIB < small["a picture, unsteered"] <= small["a picture, steered"]
    for what, gib in small.items():
        assert gib < large[what]
        assert gib <= small[what.removesuffix(", gradient checkpointing")]
    assert f"{name:<8}   64 pixels   2 rows" in capsys.readouterr().out


def test_what_is_left_of_a_gpu_or_that_it_does_not_suffice():
    assert left(4.5) == "70.0"  # GiB of 80 GB, which are 74.5
    assert left(75.0) == "does not fit"


def test_a_record_is_written_and_told(name, tmp_path, monkeypatch):
    out = tmp_path / "memory.json"
    given = ["full_size_memory", "--targets", name, "--pixels", "64", "--out", str(out)]
    monkeypatch.setattr("sys.argv", given)
    monkeypatch.setattr(full_size_memory, "shapes", lambda name: [(1, 2)])
    full_size_memory.main()
    record = json.loads(out.read_text())
    (found,) = record["targets"][name]
    page = memory_section(record)
    for what, gib in found["gib"].items():
        assert f"| {name} | 64 | 2 | {what} | {gib:.1f} | {80e9 / GIB - gib:.1f} |" in page
