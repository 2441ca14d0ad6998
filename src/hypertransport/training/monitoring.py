"""How far a training has come: costs beside the identity's and the floor's, on both splits."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from tqdm import tqdm

from hypertransport.catalogue import Entry
from hypertransport.errors import CheckpointError
from hypertransport.json_files import JsonError, parse_json
from hypertransport.network import HyperNetwork
from hypertransport.replacing import replacing
from hypertransport.training.cost import floor_cost, fresh_cost
from hypertransport.training.material import Material

RECORD = "record.jsonl"


@torch.no_grad()
def measure(network: HyperNetwork, material: Material) -> dict[str, dict[str, float]]:
    """Mean costs of training and of validation concepts, on source rows that share nothing with
    the targets; other concepts may have been trained on them.

    `identity`: unsteered. `words`, `pictures`: steered by each concept's name, or by its first
    picture where all have one. `floor`: between two independent sets of targets, nothing can do
    better. `closed`: the share of the way from identity to floor that words go.
    """
    return {
        split: _measure(network, material, [e for e in material.monitored if e.split == split])
        for split in ("train", "validation")
    }


def _measure(
    network: HyperNetwork, material: Material, entries: Sequence[Entry]
) -> dict[str, float]:
    e = [material.embeddings[entry] for entry in entries]
    costs = {
        "identity": fresh_cost(material, None, entries),
        "words": fresh_cost(material, network(torch.stack([v[0] for v in e])), entries),
        "floor": floor_cost(material, entries),
    }
    if all(len(variants) > 2 for variants in e):
        maps = network(torch.stack([variants[2] for variants in e]))
        costs["pictures"] = fresh_cost(material, maps, entries)
    figures = {name: cost.mean().item() for name, cost in costs.items()}
    gap = figures["identity"] - figures["floor"]
    return figures | {"closed": (figures["identity"] - figures["words"]) / gap}


def report(network: HyperNetwork, material: Material, step: int) -> dict[str, dict[str, float]]:
    """Print one line for people, append one to the record, and return what was measured."""
    figures = measure(network, material)
    path = material.config.out / RECORD
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"step": step, **figures}) + "\n")
    parts = [
        f"{split}: identity {f['identity']:.4f}, words {f['words']:.4f}, "
        f"floor {f['floor']:.4f}, closed {f['closed']:.0%}"
        for split, f in figures.items()
    ]
    tqdm.write(f"step {step}  " + "  |  ".join(parts), file=sys.stderr)
    return figures


def forget(record: Path, done: int) -> None:
    """Drop the lines that a training resumed after `done` steps writes again, and half a line.

    Raises CheckpointError, with the number of the line, for a record that is damaged.
    """
    lines = record.read_bytes().splitlines(keepends=True) if record.exists() else []
    whole = [line for line in lines if line.endswith(b"\n")]
    kept = [line for n, line in enumerate(whole, 1) if _step(line, f"{record}, line {n}") < done]
    with replacing(record) as partial:
        partial.write_bytes(b"".join(kept))


def _step(line: bytes, where: str) -> int:
    """The step of a line of the record; figures may be no numbers where a training diverged."""
    try:
        step = parse_json(line, finite=False)["step"]
    except (JsonError, TypeError, LookupError) as error:
        raise CheckpointError(f"{where} is damaged ({error}); delete the line") from error
    if type(step) is not int:
        raise CheckpointError(f"{where} has no whole number as its step; delete the line")
    return step
