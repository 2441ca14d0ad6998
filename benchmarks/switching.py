"""Another concept and strength while compiled code goes on: time, and what is compiled anew.

Emojiscape's network is compiled by inductor. The peer is PEFT's hot-swap, which is what diffusers'
own calls, of adapters of rank 16. At the full sizes' tables of sites, norms of those widths stand
for the networks, without their weights: a switch touches nothing else.
"""

import copy
from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any

import torch
from peft.utils.hotswap import hotswap_adapter_from_state_dict, prepare_model_for_compiled_hotswap
from torch import Tensor, nn
from torch._dynamo.utils import counters

from benchmarks.cases import LARGE, SMALL, Case, load, random_maps, site_table
from benchmarks.measuring import Row, Run, Way, bound, in_turns, row
from benchmarks.steering_cost import RANK, lora_on
from hypertransport.sites import Site, total_channels
from hypertransport.steering import Steering, steer

AIM = "another concept and strength in less than 1 ms, nothing compiled anew, {}"
SWITCHES = 4  # after which the compiled code is run, and graphs are counted


def measure(run: Run) -> Iterator[Row]:
    yield compiled(load(SMALL, run), run)
    for name in LARGE:
        yield table_of(name, run)


def compiled(case: Case, run: Run) -> Row:
    """A switch of ours and of a LoRA, each in its own compiled network."""
    torch.compiler.reset()
    inputs, maps = case.inputs(1, 0), [random_maps(case.generator.sites, seed=k) for k in range(2)]
    backbone = case.generator.backbone
    swapping = HotSwap(copy.deepcopy(backbone), run)
    with steer(backbone, maps[0]) as steering, torch.no_grad():
        ours = Switch(compile_(backbone, run), steering, maps)
        for network in (ours.network, swapping.network):
            network(**inputs)
        timed, peer = in_turns(run, [Way("steering.set", ours), Way("hot-swap of PEFT", swapping)])
        facts = {
            "graphs compiled by our switches": graphs_after(ours, ours.network, inputs),
            "by hot-swaps": graphs_after(swapping, swapping.network, inputs),
        }
    told = f"{1000 * timed.median:.2f} ms, {facts['graphs compiled by our switches']} compiled"
    rest = {"aim": AIM.format(case.name), "reached": told, "facts": facts, "note": case.note}
    moved = bound(run.machine, 2 * 2 * 4 * total_channels(case.generator.sites))
    return row(case.name, "concept and strength", timed, peer, **rest, **moved)


def compile_(network: nn.Module, run: Run) -> Any:
    return torch.compile(network, backend="eager" if run.quick else "inductor")


def graphs_after(switch: Any, network: Any, inputs: Mapping[str, Any]) -> int:
    """How many graphs are compiled when switches and runs take turns."""
    before = counters["stats"]["unique_graphs"]
    for _ in range(SWITCHES):
        switch()
        network(**inputs)
    return counters["stats"]["unique_graphs"] - before


class Switch:
    """Called: the next concept at the next strength."""

    def __init__(self, network: Any, steering: Steering, maps: list[Any]):
        self.network, self._steering = network, steering
        self._next = cycle((T, s) for T in maps for s in (0.3, 1.0, 0.7))

    def __call__(self) -> None:
        self._steering.set(*next(self._next))


class HotSwap:
    """Called: the next adapter in the place of the last. `network` is compiled around them."""

    def __init__(self, backbone: nn.Module, run: Run):
        self._config: Any = lora_on(backbone).peft_config["default"]
        self._backbone, self._next = backbone, cycle(adapters(backbone, 2))
        prepare_model_for_compiled_hotswap(backbone, target_rank=RANK, config=self._config)
        self.network = compile_(backbone, run)

    def __call__(self) -> None:
        new = next(self._next)
        hotswap_adapter_from_state_dict(self._backbone, new, "default", self._config)


def adapters(backbone: nn.Module, number: int) -> list[dict[str, Tensor]]:
    """Random factors, by the names that they have in the network."""
    names = {k: v for k, v in backbone.state_dict().items() if "lora_" in k}
    return [{k: torch.randn_like(v) / 100 for k, v in names.items()} for _ in range(number)]


def table_of(name: str, run: Run) -> Row:
    """Our switch where there are as many sites as at full size."""
    sites = site_table(name)[: 8 if run.quick else None]
    maps = [random_maps(sites, seed=k).to(run.device) for k in range(2)]
    with steer(norms(sites).to(run.device), maps[0]) as steering, torch.no_grad():
        (timed,) = in_turns(run, [Way("steering.set", Switch(None, steering, maps))])
    told = {"aim": AIM.format(f"{name}'s sites"), "reached": f"{1000 * timed.median:.2f} ms"}
    moved = bound(run.machine, 2 * 2 * 4 * total_channels(sites))
    return row(name, f"concept and strength, {len(sites)} sites", timed, **told, **moved)


def norms(sites: tuple[Site, ...]) -> nn.Module:
    """A network of nothing but these norms, by their names."""
    root = nn.Module()
    for site in sites:
        *path, last = site.name.split(".")
        node = root
        for part in path:
            if part not in node._modules:
                node.add_module(part, nn.Module())
            node = node.get_submodule(part)
        kind = nn.GroupNorm(1, site.width) if site.channel_dim == 1 else nn.LayerNorm(site.width)
        node.add_module(last, kind)
    return root
