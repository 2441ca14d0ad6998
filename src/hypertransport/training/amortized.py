"""HyperTransport's training: one hypernetwork for all concepts, end to end through the generator.

    min_h  E_c  mean_k mean_C  W_2^2( f_k(source; T = h(e_c)),  f_k(target_c) )   (arXiv 2605.08254)

It is a function of its configuration alone: step `n` draws from `(seed, n)`, so that a run that was
stopped goes on bit for bit (law 9), and one on many processes goes as on one (`processes`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import torch
from accelerate import PartialState
from jaxtyping import Float
from torch import Tensor
from tqdm import tqdm

from hypertransport.errors import CheckpointError
from hypertransport.hypernetwork import About, HyperNetwork, HyperNetworkConfig, HyperTransport
from hypertransport.hypernetwork_files import read
from hypertransport.locking import one_writer
from hypertransport.replacing import remove_stale
from hypertransport.sites import Site
from hypertransport.torch_state import plain_torch
from hypertransport.training.calibrate import effect_curves, measure_dial, trained_concepts
from hypertransport.training.checkpoints import load_checkpoint, save_checkpoint, uninterrupted
from hypertransport.training.config import TrainConfig
from hypertransport.training.gradients import gradient_scale, unscale
from hypertransport.training.material import Material
from hypertransport.training.monitoring import RECORD, forget, report
from hypertransport.training.optimization import make_optimizer, update
from hypertransport.training.processes import join, same_everywhere, shares, sum_over_processes
from hypertransport.training.warm_start import warm_start
from hypertransport.training_record import TrainingRecord

SAVE_EVERY = 100
CHECKPOINT, MODEL = "checkpoint.safetensors", "model"


@plain_torch(gradients=True)
def train(config_path: Path, resume: bool = False) -> HyperTransport:
    """Train by a TOML file (`TrainConfig`) and save the hypernetwork into `out/model`.

    Prints and records (`out/record.jsonl`) the cost beside identity's and floor's, on training and
    validation concepts. Ctrl-C leaves a checkpoint of all finished steps (the warm start counts as
    one); with `resume` the training goes on from the last checkpoint, bit for bit.

    Raises:
        ConfigError: the file or its prompts do not serve, or its catalogue holds too little.
        GeneratorError: the generator cannot be loaded or trained on.
        CheckpointError: `out` holds a training already (and `resume` is off), or none (and it is
            on); the catalogue, the encoder, a file in `out` or the hypernetwork `start` is missing
            or damaged, or that has another shape.
        OutputError: another process is training into `out`, or it cannot be written.
        TrainingError: the cost is no finite number any more; the last checkpoint stays as it is.
    """
    config = TrainConfig.load(config_path)
    join(config.concepts_per_step, config.accumulation)
    _require(config.out, resume)
    before = steps_before(config.start)
    with _only_training(config.out, resume):
        return _train(config, resume, before)


@contextmanager
def _only_training(out: Path, resume: bool) -> Iterator[None]:
    """Hold the folder of a training, in the main process for all; OutputError where it is held."""
    if not PartialState().is_main_process:
        yield
        return
    out.mkdir(parents=True, exist_ok=True)
    with one_writer(out / CHECKPOINT):
        _require(out, resume)  # again, as another process may have trained until now
        remove_stale(out)
        remove_stale(out / MODEL)
        yield


def _train(config: TrainConfig, resume: bool, before: int) -> HyperTransport:
    """`train` in a folder that is held; `before` are the steps taken before this training."""
    state = PartialState()
    with state.main_process_first():  # it makes the targets, the others read them
        material = Material(config)
    network = make_network(material)
    optimizer = make_optimizer(network)
    done = 0
    if resume:
        done = load_checkpoint(config.out / CHECKPOINT, {"network": network}, {"adamw": optimizer})
    elif config.start:
        start_at(config.start, network, material)
    elif config.warm_start_steps:
        warm_start(network, material)
    same_everywhere(network)
    go_on(network, material, optimizer, done)
    if state.is_main_process:
        finish(network, material, before).save_pretrained(config.out / MODEL, bits=16)
    state.wait_for_everyone()
    hyper = HyperTransport.from_pretrained(config.out / MODEL, encoder=material.encoder)
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
) -> None:
    """Take the steps that are left after `done`, saving and reporting on the way.

    The main process does that for all.
    """
    config, main = material.config, PartialState().is_main_process
    save = partial(_save, config.out / CHECKPOINT, network, optimizer)
    if main:
        forget(config.out / RECORD, done)
    steps = range(done, config.steps)
    bar = tqdm(steps, "end to end", config.steps, initial=done, disable=None if main else True)
    try:
        for step in bar:
            if main and step % SAVE_EVERY == 0:
                save(step)
            if main and step % config.validate_every == 0:
                report(network, material, step)
            loss = train_step(network, material, step)
            with uninterrupted():
                update(network, optimizer, config, step)
                done = step + 1
            bar.set_postfix(cost=f"{loss.item():.4f}")
    except KeyboardInterrupt:
        if main:
            save(done)
        raise
    if main:
        save(done)


def _save(path: Path, network: HyperNetwork, optimizer: torch.optim.Optimizer, done: int) -> None:
    save_checkpoint(path, done, {"network": network}, {"adamw": optimizer})


def finish(network: HyperNetwork, material: Material, before: int) -> HyperTransport:
    """The last report, and the hypernetwork with all that the training can tell about it.

    `before` are the steps that were taken by the training it went on from.
    """
    config = material.config
    costs = report(network, material, config.steps)
    calibration = effect_curves(network.eval(), material)
    about = About(
        material.generator.revision,
        TrainingRecord(
            before + config.steps,
            len(material.train),
            config.samples,
            config.pooling,
            costs,
        ),
        trained_concepts(material),
        calibration,
        measure_dial(network, material, calibration) if calibration else None,
    )
    return HyperTransport(network, material.encoder, material.generator.id, about)


# --- the hypernetwork -----------------------------------------------------------------------------


def shape(config: TrainConfig, embedding_dim: int, sites: tuple[Site, ...]) -> HyperNetworkConfig:
    """The hypernetwork that a training file asks for."""
    return HyperNetworkConfig(
        embedding_dim=embedding_dim,
        sites=sites,
        rank=config.rank,
        width=config.width,
        depth=config.depth,
        site_dim=config.site_dim,
        latent_dim=config.latent_dim,
        own_heads=config.own_heads,
    )


def start_at(folder: Path, network: HyperNetwork, material: Material) -> None:
    """Give an untrained hypernetwork the weights of a trained one.

    Raises CheckpointError where there is none, or one of another shape. That it reads the same
    space of embeddings is for who asks for it to know: it may have been moved, or grown.
    """
    trained = HyperTransport.from_pretrained(folder, encoder=material.encoder).network
    wanted, found = network.config.to_dict(), trained.config.to_dict()
    if odd := [name for name in wanted if wanted[name] != found[name]]:
        raise CheckpointError(
            f"the hypernetwork {folder} has another {', '.join(odd)}; ask for what it has, or "
            "leave 'start' out"
        )
    network.load_state_dict(trained.state_dict())


def steps_before(start: Path | None) -> int:
    """How many the hypernetwork took that a training goes on from, as far as it tells; else 0.

    Raises CheckpointError where it is missing or damaged.
    """
    record = start and read(start)[0].training
    return record["steps"] if record else 0


def make_network(material: Material) -> HyperNetwork:
    """An untrained hypernetwork in the generator's own units, a function of the seed."""
    config, generator = material.config, material.generator
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = HyperNetwork(shape(config, material.encoder.dim, generator.sites))
    network.calibrate(material.mean, material.std)
    return network.to(generator.device)


# --- one step -------------------------------------------------------------------------------------


def train_step(network: HyperNetwork, material: Material, step: int) -> Float[Tensor, ""]:
    """Set the network's gradients to those of one step; the loss, without one of its own.

    Both are functions of the weights and of `(seed, step)` (law 9), and means over all concepts
    of the step: each process runs its share of them, in `accumulation` parts one after the other.
    Raises TrainingError where they are no finite numbers.
    """
    config, state = material.config, PartialState()
    network.zero_grad()  # whatever an earlier step, a warm start or a caller has left
    rng = np.random.default_rng((config.seed, step))
    some = rng.choice(len(material.train), config.concepts_per_step, replace=False)
    entries = [material.train[i] for i in some]
    e = material.draw(entries, rng)
    mean, scale = torch.zeros((), device=e.device), 1.0
    for part in shares(len(some), state.process_index, state.num_processes, config.accumulation):
        problem = material.problem(entries[part])
        scale = gradient_scale(problem)
        loss = problem.cost(network(e[part])).sum() / len(entries)
        (scale * loss).backward()
        mean += loss.detach()
    sum_over_processes([mean, *(p.grad for p in network.parameters() if p.grad is not None)])
    unscale(network.parameters(), mean, scale)
    return mean
