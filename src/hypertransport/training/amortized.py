"""HyperTransport's training: one hypernetwork for all concepts, end to end through the generator.

    min_h  E_c  mean_k mean_C  W_2^2( f_k(source; T = h(e_c)),  f_k(target_c) )   (arXiv 2605.08254)

It is a function of its configuration alone: step `n` draws from `(seed, n)`, so that a run that was
stopped goes on bit for bit (law 9).
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from hypertransport.catalogue import Entry
from hypertransport.errors import CheckpointError
from hypertransport.hypernetwork import HyperNetwork, HyperNetworkConfig, HyperTransport
from hypertransport.training.checkpoints import load_checkpoint, save_checkpoint, uninterrupted
from hypertransport.training.config import TrainConfig
from hypertransport.training.cost import fresh_cost, steered_cost
from hypertransport.training.material import Material, key
from hypertransport.training.per_concept import closed_form_maps
from hypertransport.training.problem import weighted_cost
from hypertransport.training_record import TrainingRecord

SAVE_EVERY = 100
RISE = 50  # steps until the learning rate is all there
WARM_START_CONCEPTS = 64
CHECKPOINT, RECORD, MODEL = "checkpoint.safetensors", "record.jsonl", "model"
END_TO_END, WARM_START = 0, 1  # what the randomness of a step is for


def train(config_path: Path, resume: bool = False) -> HyperTransport:
    """Train by a TOML file (`TrainConfig`) and save the hypernetwork into `out/model`.

    Prints and records (`out/record.jsonl`) the cost beside identity's and floor's, on training and
    validation concepts. Ctrl-C leaves a checkpoint of all finished steps (the warm start counts as
    one); with `resume` the training goes on from the last checkpoint, bit for bit.

    Raises:
        ConfigError: the file or its prompts do not serve, or its catalogue holds too little.
        GeneratorError: the generator cannot be loaded or trained on.
        CheckpointError: `out` holds a training already (and `resume` is off), or none (and it is
            on); the catalogue, the encoder or a file in `out` is missing or damaged.
    """
    config = TrainConfig.load(config_path)
    _require(config.out, resume)
    material = Material(config)
    network = make_network(material)
    optimizer = torch.optim.AdamW(network.parameters(), config.learning_rate, betas=(0.9, 0.98))
    done = 0
    if resume:
        state = {"network": network}, {"adamw": optimizer}
        done = load_checkpoint(config.out / CHECKPOINT, *state)
    else:
        warm_start(network, material)
    costs = go_on(network, material, optimizer, done)
    hyper = HyperTransport(
        network.eval(),
        material.encoder,
        material.generator.id,
        generator_revision=material.generator.revision,
        training=TrainingRecord(
            config.steps, len(material.train), config.samples, config.pooling, costs
        ),
    )
    hyper.save_pretrained(config.out / MODEL, half=True)
    return hyper.to(material.generator.device)


def _require(out: Path, resume: bool) -> None:
    """Raise CheckpointError unless there is a training exactly when it is to be resumed."""
    exists = (out / CHECKPOINT).exists()
    if exists and not resume:
        raise CheckpointError(f"{out} holds a training; give --resume, or another 'out'")
    if resume and not exists:
        raise CheckpointError(f"{out} holds no training yet; train without --resume first")


def go_on(
    network: HyperNetwork, material: Material, optimizer: torch.optim.Optimizer, done: int
) -> dict[str, dict[str, float]]:
    """Take the steps that are left after `done`, saving and reporting on the way and at the end.

    Returns the last report's figures.
    """
    config = material.config
    path, state = config.out / CHECKPOINT, ({"network": network}, {"adamw": optimizer})
    _forget(config.out / RECORD, done)
    bar = tqdm(range(done, config.steps), "end to end", config.steps, initial=done)
    try:
        for step in bar:
            if step % SAVE_EVERY == 0:
                save_checkpoint(path, step, *state)
            if step % config.validate_every == 0:
                report(network, material, step)
            loss = train_step(network, material, step)
            loss.backward()
            with uninterrupted():
                update(network, optimizer, config, step)
                done = step + 1
            bar.set_postfix(cost=f"{loss.item():.4f}")
    except KeyboardInterrupt:
        save_checkpoint(path, done, *state)
        raise
    save_checkpoint(path, done, *state)
    return report(network, material, done)


# --- the hypernetwork and its start ---------------------------------------------------------------


def make_network(material: Material) -> HyperNetwork:
    """An untrained hypernetwork in the generator's own units, a function of the seed."""
    config = material.config
    shape = HyperNetworkConfig(
        embedding_dim=material.encoder.dim,
        sites=material.generator.sites,
        width=config.width,
        depth=config.depth,
        site_dim=config.site_dim,
        latent_dim=config.latent_dim,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = HyperNetwork(shape)
    network.calibrate(material.mean, material.std)
    return network.to(material.generator.device)


def warm_start(network: HyperNetwork, material: Material) -> None:
    """Regress the closed-form maps of all training concepts, in the hypernetwork's own units."""
    config = material.config
    if not config.warm_start_steps:
        return
    d_scale, d_shift = network.units.deviations(closed_form_maps(material, material.train))
    optimizer = torch.optim.AdamW(network.parameters(), config.learning_rate)
    for step in tqdm(range(config.warm_start_steps), desc="warm start"):
        rng = np.random.default_rng((config.seed, WARM_START, step))
        some = rng.integers(len(material.train), size=WARM_START_CONCEPTS)
        e = draw_embeddings(material, [material.train[i] for i in some], rng)
        p_scale, p_shift = network.units.deviations(network(e))
        loss = F.mse_loss(p_scale, d_scale[some]) + F.mse_loss(p_shift, d_shift[some])
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()


# --- one step -------------------------------------------------------------------------------------


def draw_embeddings(
    material: Material, entries: Sequence[Entry], rng: np.random.Generator
) -> Float[Tensor, "concepts dim"]:
    """One embedding of each concept: words half of the time, else one of its reference pictures.

    With noise of `embedding_noise` / sqrt(dim) on each number, to bridge what words leave out.
    """
    chosen = []
    for entry in entries:
        variants = material.embeddings[entry]
        words = len(variants) == 2 or rng.random() < 0.5
        chosen.append(variants[rng.integers(2) if words else rng.integers(2, len(variants))])
    e = torch.stack(chosen)
    noise = torch.from_numpy(rng.standard_normal(e.shape)).to(e)
    return e + material.config.embedding_noise / e.shape[1] ** 0.5 * noise


def train_step(network: HyperNetwork, material: Material, step: int) -> Float[Tensor, ""]:
    """The loss of one step, a function of the weights and of `(seed, step)` (law 9)."""
    rng = np.random.default_rng((material.config.seed, END_TO_END, step))
    some = rng.choice(len(material.train), material.config.concepts_per_step, replace=False)
    entries = [material.train[i] for i in some]
    return steered_cost(material, network(draw_embeddings(material, entries, rng)), entries).mean()


def update(
    network: HyperNetwork, optimizer: torch.optim.Optimizer, config: TrainConfig, step: int
) -> None:
    """Follow the gradients that lie in the network, clipped to length 1, and clear them."""
    rate = config.learning_rate * learning_rate_factor(step, config.steps)
    optimizer.param_groups[0]["lr"] = rate
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()


def learning_rate_factor(step: int, steps: int) -> float:
    """A short linear rise, then half a cosine."""
    return min(1.0, (step + 1) / RISE) * 0.5 * (1 + math.cos(math.pi * step / steps))


# --- what came of it ------------------------------------------------------------------------------


@torch.no_grad()
def measure(network: HyperNetwork, material: Material) -> dict[str, dict[str, float]]:
    """Mean costs on source rows that no step has seen, of training and of validation concepts.

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
    y, others = (c.batch([key(x) for x in entries]) for c in (material.targets, material.floor))
    costs = {
        "identity": fresh_cost(material, None, entries),
        "words": fresh_cost(material, network(torch.stack([v[0] for v in e])), entries),
        "floor": weighted_cost(others, y, material.weights),
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
    with path.open("a") as file:
        file.write(json.dumps({"step": step, **figures}) + "\n")
    parts = [
        f"{split}: identity {f['identity']:.4f}, words {f['words']:.4f}, "
        f"floor {f['floor']:.4f}, closed {f['closed']:.0%}"
        for split, f in figures.items()
    ]
    tqdm.write(f"step {step}  " + "  |  ".join(parts))
    return figures


def _forget(record: Path, done: int) -> None:
    """Drop the lines that a training resumed after `done` steps writes again."""
    lines = record.read_text().splitlines(keepends=True) if record.exists() else []
    record.write_text("".join(line for line in lines if json.loads(line)["step"] < done))
