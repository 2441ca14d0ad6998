"""One training loop for every part of the world: resumable, logged, with a progress bar."""

import json
import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from tqdm import tqdm

from hypertransport.training.checkpoints import load_checkpoint, save_checkpoint

SAVE_EVERY_SECONDS = 120


def chance(seed: int, step: int) -> tuple[np.random.Generator, torch.Generator]:
    """The randomness of one step, a function of `(seed, step)`: what makes a resumed run the same run."""
    rng = np.random.default_rng((seed, step))
    return rng, torch.Generator().manual_seed(int(rng.integers(2**62)))


def cosine(step: int, steps: int, warmup: int = 100) -> float:
    """Learning-rate factor: a linear rise, then half a cosine down to nearly nothing."""
    rise = min(1.0, (step + 1) / warmup)
    return rise * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def optimizers(module: nn.Module, muon: float, adamw: float) -> dict[str, Optimizer]:
    """Muon for the matrices inside, AdamW for everything else (embeddings, heads, norms, kernels)."""
    inner = [p for n, p in module.named_parameters() if p.ndim == 2 and "embed" not in n and p.requires_grad]
    chosen = {id(p) for p in inner}
    rest = [p for p in module.parameters() if id(p) not in chosen and p.requires_grad]
    made: dict[str, Optimizer] = {"adamw": torch.optim.AdamW(rest, adamw, betas=(0.9, 0.98), weight_decay=0.01)}
    if inner:
        made["muon"] = torch.optim.Muon(inner, muon, weight_decay=0.01, adjust_lr_fn="match_rms_adamw")
    return made


def fit(
    out: Path,
    steps: int,
    modules: Mapping[str, nn.Module],
    optimizers: Mapping[str, Optimizer],
    loss_at: Callable[[int], tuple[Tensor, dict[str, float]]],
    until: float = math.inf,
) -> int:
    """Run `loss_at(step)` and the optimizers from the last checkpoint to `steps`, or until `until` seconds.

    Writes `out/checkpoint.safetensors` every two minutes and at the end, and `out/log.jsonl`.
    """
    path, started = out / "checkpoint.safetensors", time.monotonic()
    done = load_checkpoint(path, modules, optimizers) if path.exists() else 0
    out.mkdir(parents=True, exist_ok=True)
    base = {name: [g["lr"] for g in o.param_groups] for name, o in optimizers.items()}
    saved, bar = started, tqdm(total=steps, initial=done, desc=out.name, mininterval=5)
    while done < steps and time.monotonic() - started < until:
        for name, optimizer in optimizers.items():
            for group, lr in zip(optimizer.param_groups, base[name], strict=True):
                group["lr"] = lr * cosine(done, steps)
        loss, figures = loss_at(done)
        loss.backward()
        for module in modules.values():
            nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        for optimizer in optimizers.values():
            optimizer.step()
            optimizer.zero_grad()
        done += 1
        bar.update()
        if done % 20 == 0:
            with (out / "log.jsonl").open("a") as log:
                log.write(json.dumps({"step": done, "loss": loss.item(), **figures}) + "\n")
        if time.monotonic() - saved > SAVE_EVERY_SECONDS:
            save_checkpoint(path, done, modules, optimizers)
            saved = time.monotonic()
    save_checkpoint(path, done, modules, optimizers)
    return done
