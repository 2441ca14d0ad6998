"""HyperTransport's training: one hypernetwork for all concepts, end to end through the generator.

    min_h  E_c  mean_k mean_C  W_2^2( f_k(source; T = h(e_c)),  f_k(target_c) )        (arXiv 2605.08254)

where f_k are the pooled activations of site k while every site is steered. Batches mix concepts: each
row of one forward pass carries its own concept's maps.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from hypertransport.catalogue import Entry
from hypertransport.errors import CheckpointError
from hypertransport.hypernetwork import HyperNetwork, HyperNetworkConfig, HyperTransport
from hypertransport.interventions import Intervention
from hypertransport.steering import attach
from hypertransport.training.activations import activations, take
from hypertransport.training.checkpoints import load_checkpoint, save_checkpoint
from hypertransport.training.config import TrainConfig
from hypertransport.training.material import Material, channel_statistics, write_record
from hypertransport.transport import affine_fit, sorted_cost

SAVE_EVERY = 100
CHECKPOINT, RECORD = "checkpoint.safetensors", "record.jsonl"


def steered_cost(
    material: Material, maps: Intervention | None, entries: Sequence[Entry], start: int = 0
) -> Float[Tensor, "concepts"]:
    """The transport cost of each concept under its row of `maps` (None: unsteered).

    `start` 0 takes the source rows whose prompts the targets share, 1 takes others.
    """
    inputs, samples = material.sources(entries, start), material.config.samples
    with torch.autocast("cpu", torch.bfloat16, enabled=material.config.bfloat16):
        if maps is None:
            x = activations(material.generator, inputs, material.config.pooling)
        else:
            with attach(material.generator, repeated(maps, samples)):
                x = activations(material.generator, inputs, material.config.pooling)
    y = material.targets.batch([e.name for e in entries])
    return weighted_cost(x.unflatten(0, (len(entries), samples)), y, material.weights)


def weighted_cost(
    x: Float[Tensor, "concepts n features"],
    y: Float[Tensor, "concepts m features"],
    weights: Float[Tensor, "features"],
) -> Float[Tensor, "concepts"]:
    """W_2^2 per feature against sorted `y`, then the weighted sum over features."""
    return sorted_cost(x.float().sort(1).values, y) @ weights


def repeated(maps: Intervention, samples: int) -> Intervention:
    """Each concept's row for each of its samples, concept after concept."""
    return Intervention(
        {k: type(T)(*(v.repeat_interleave(samples, 0) for v in T)) for k, T in maps.maps.items()}
    )


# --- warm start ---------------------------------------------------------------------------------------


@torch.no_grad()
def closed_form_maps(material: Material, entries: Sequence[Entry]) -> tuple[Tensor, Tensor]:
    """Lin-AcT's solution of every concept at every site at once: (concepts, channels) scale and shift.

    Sites are fitted independently, so the maps overshoot when all act together: a start, no more.
    """
    scales, shifts = [], []
    for entry in tqdm(entries, desc="closed-form maps"):
        rows = material.rows(entry)
        bank = material.banks[entry.kind]
        prompts = [f"{bank.prompts[i]} {entry.phrase}" for i in rows.tolist()]
        x = activations(material.generator, take(bank.inputs, rows), "mean")
        target = material.generator.record_inputs(prompts, [1_000_000 + i for i in rows.tolist()])
        scale, shift = affine_fit(x, activations(material.generator, target, "mean"))
        scales.append(scale.clamp(0, 2))
        shifts.append(shift + (scale - scale.clamp(0, 2)) * x.mean(0))
    return torch.stack(scales), torch.stack(shifts)


def warm_start(network: HyperNetwork, material: Material) -> None:
    """Regress the closed-form maps, in the hypernetwork's own units."""
    config = material.config
    maps = Intervention.from_flat(network.config.sites, *closed_form_maps(material, material.train))
    d_scale, d_shift = network.deviations(maps)
    optimizer = torch.optim.AdamW(network.parameters(), config.learning_rate)
    for step in tqdm(range(config.warm_start_steps), desc="warm start"):
        rng = np.random.default_rng((config.seed, 1, step))
        some = rng.integers(len(material.train), size=64)
        e = draw_embeddings(material, [material.train[i] for i in some], rng)
        p_scale, p_shift = network.deviations(network(e))
        loss = F.mse_loss(p_scale, d_scale[some]) + F.mse_loss(p_shift, d_shift[some])
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()


# --- end to end ---------------------------------------------------------------------------------------


def draw_embeddings(
    material: Material, entries: Sequence[Entry], rng: np.random.Generator
) -> Float[Tensor, "concepts dim"]:
    """One embedding of each concept: words half of the time, else one of its reference pictures."""
    chosen = []
    for entry in entries:
        variants = material.embeddings[entry.name]
        words = len(variants) == 2 or rng.random() < 0.5
        chosen.append(variants[rng.integers(2) if words else rng.integers(2, len(variants))])
    return torch.stack(chosen)


@torch.no_grad()
def measure(network: HyperNetwork, material: Material) -> dict[str, Any]:
    """Costs on source rows that no step has seen: identity, words, pictures, and the floor.

    The floor is the cost between two independent sets of targets: nothing can do better.
    """
    figures: dict[str, Any] = {}
    for split in ("train", "validation"):
        entries = [e for e in material.monitored if e.split == split]
        embeddings = [material.embeddings[e.name] for e in entries]
        words = network(torch.stack([e[0] for e in embeddings]))
        targets = material.targets.batch([e.name for e in entries])
        others = material.floor.batch([e.name for e in entries])
        costs = {
            "identity": _in_parts(material, None, entries),
            "words": _in_parts(material, words, entries),
            "floor": weighted_cost(others, targets, material.weights),
        }
        if all(len(e) > 2 for e in embeddings):
            pictures = network(torch.stack([e[2] for e in embeddings]))
            costs["pictures"] = _in_parts(material, pictures, entries)
        figures[split] = {k: v.mean().item() for k, v in costs.items()}
        gap = costs["identity"].mean() - costs["floor"].mean()
        closed = (costs["identity"].mean() - costs["words"].mean()) / gap
        figures[split]["closed"] = closed.item()
    return figures


def _in_parts(
    material: Material, maps: Intervention | None, entries: Sequence[Entry], size: int = 4
) -> Float[Tensor, "concepts"]:
    """`steered_cost` on fresh source rows, a few concepts at a time."""
    parts = []
    for i in range(0, len(entries), size):
        some = None
        if maps is not None:
            some = Intervention.stack([maps[j] for j in range(i, min(i + size, len(entries)))])
        parts.append(steered_cost(material, some, entries[i : i + size], start=1))
    return torch.cat(parts)


def make_network(material: Material) -> HyperNetwork:
    """An untrained hypernetwork in the generator's own units."""
    config = material.config
    network = HyperNetwork(
        HyperNetworkConfig(
            embedding_dim=material.encoder.dim, sites=material.generator.sites, width=config.width,
            depth=config.depth, site_dim=config.site_dim, latent_dim=config.latent_dim,
        )
    )  # fmt: skip
    some = [take(bank.inputs, torch.arange(32)) for bank in material.banks.values()]
    moments = [channel_statistics(material.generator, inputs) for inputs in some]
    mean, std = (torch.stack(values).mean(0) for values in zip(*moments, strict=True))
    network.calibrate(mean, std.clamp_min(1e-3))
    return network


def train_step(network: HyperNetwork, material: Material, step: int) -> Float[Tensor, ""]:
    """The loss of one step, a function of the weights and of `(seed, step)` (law 9)."""
    rng = np.random.default_rng((material.config.seed, 0, step))
    some = rng.choice(len(material.train), material.config.concepts_per_step, replace=False)
    entries = [material.train[i] for i in some]
    return steered_cost(material, network(draw_embeddings(material, entries, rng)), entries).mean()


def learning_rate_factor(step: int, steps: int) -> float:
    """A short linear rise, then half a cosine."""
    return min(1.0, (step + 1) / 50) * 0.5 * (1 + np.cos(np.pi * step / steps))


def train(config_path: Path, resume: bool = False) -> HyperTransport:
    """Train by a TOML file (`TrainConfig`) and save the hypernetwork into its `out` folder.

    Prints and records (`out/record.jsonl`) the cost beside identity's and floor's, on training and
    validation concepts. With `resume` goes on from the last checkpoint, bit for bit.

    Raises:
        ConfigError: the file, its prompts or its catalogue do not serve.
        CheckpointError: `out` holds a training already (and `resume` is off), or none (and it is on).
    """
    config = TrainConfig.load(config_path)
    checkpoint = config.out / CHECKPOINT
    if checkpoint.exists() and not resume:
        raise CheckpointError(f"{config.out} holds a training; give --resume, or another 'out'")
    torch.manual_seed(config.seed)
    material = Material(config)
    network = make_network(material)
    optimizer = torch.optim.AdamW(network.parameters(), config.learning_rate, betas=(0.9, 0.98))
    modules, optimizers = {"network": network}, {"adamw": optimizer}
    done = 0
    if resume:
        done = load_checkpoint(checkpoint, modules, optimizers)
    elif config.warm_start_steps:
        warm_start(network, material)
        report(network, material, 0)
    bar = tqdm(range(done, config.steps), initial=done, total=config.steps, desc="end to end")
    for step in bar:
        optimizer.param_groups[0]["lr"] = config.learning_rate * learning_rate_factor(step, config.steps)
        loss = train_step(network, material, step)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        bar.set_postfix(cost=f"{loss.item():.4f}")
        if (step + 1) % config.validate_every == 0:
            report(network, material, step + 1)
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == config.steps:
            save_checkpoint(checkpoint, step + 1, modules, optimizers)
    hyper = HyperTransport(network.eval(), material.encoder, material.generator.id)
    hyper.save_pretrained(config.out / "model", half=True)
    return hyper


def report(network: HyperNetwork, material: Material, step: int) -> None:
    """Print one line for people and append one to the record."""
    figures = measure(network, material)
    write_record(material.config.out / RECORD, {"step": step, **figures})
    parts = [
        f"{split}: identity {f['identity']:.4f}, words {f['words']:.4f}, floor {f['floor']:.4f}, closed {f['closed']:.0%}"
        for split, f in figures.items()
    ]
    tqdm.write(f"step {step}  " + "  |  ".join(parts))
