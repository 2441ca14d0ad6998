"""One training loop for every part of the world: resumable, logged, with a progress bar."""

import argparse
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

from hypertransport.precision import uses_bfloat16
from hypertransport.training.checkpoints import load_checkpoint, save_checkpoint

SAVE_EVERY_SECONDS = 120
CPU = torch.device("cpu")


def chance(
    seed: int, step: int, device: torch.device = CPU
) -> tuple[np.random.Generator, torch.Generator]:
    """The randomness of one step, a function of `(seed, step)`: a resumed run is the same run."""
    rng = np.random.default_rng((seed, step))
    return rng, torch.Generator(device).manual_seed(int(rng.integers(2**62)))


def cosine(step: int, steps: int, warmup: int = 100) -> float:
    """Learning-rate factor: a linear rise, then half a cosine down to nearly nothing."""
    rise = min(1.0, (step + 1) / warmup)
    return rise * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def training_arguments(description: str | None, steps: int) -> argparse.Namespace:
    """What every training takes: how many steps, and the folder that all runs lie in."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    return parser.parse_args()


class Muon(torch.optim.Optimizer):
    """Muon (Jordan et al., 2024) for matrices, and kernels: an (out, in, k, k) kernel counts as an
    (out, in k k) matrix.

    torch's own takes matrices only, and bfloat16 only, which many a CPU does not have.
    """

    def __init__(self, parameters: list[nn.Parameter], lr: float):
        super().__init__(parameters, {"lr": lr, "momentum": 0.95, "weight_decay": 0.01})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        """Follow the gradients that there are."""
        for group in self.param_groups:
            alike: dict[torch.Size, list[nn.Parameter]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    alike.setdefault(parameter.shape, []).append(parameter)
            for parameters in alike.values():
                self._follow(parameters, group)

    def _follow(self, parameters: list[nn.Parameter], group: dict[str, float]) -> None:
        """Of parameters of one shape: their products are one product, which a GPU wants."""
        wanted = []
        for parameter in parameters:
            gradient, state = parameter.grad.flatten(1), self.state[parameter]
            if not state:
                state["momentum_buffer"] = torch.zeros_like(gradient)
            mean = state["momentum_buffer"]
            mean.lerp_(gradient, 1 - group["momentum"])
            wanted.append(gradient.lerp(mean, group["momentum"]))
        # As large as AdamW's steps: one rate suits both (arXiv 2502.16982).
        size = 0.2 * max(wanted[0].shape) ** 0.5
        for parameter, update in zip(parameters, orthogonal(torch.stack(wanted)), strict=True):
            parameter.mul_(1 - group["lr"] * group["weight_decay"])
            parameter.sub_(update.view_as(parameter), alpha=group["lr"] * size)


def orthogonal(x: Tensor) -> Tensor:
    """Matrices (..., m, n) with their singular values all brought near 1: five Newton-Schulz steps
    of Muon's."""
    tall = x.shape[-2] > x.shape[-1]
    y = x.mT if tall else x
    y = y.bfloat16() if uses_bfloat16(x.device.type) else y
    y = y / y.norm(dim=(-2, -1), keepdim=True).clamp_min(1e-7)
    for _ in range(5):
        gram = y @ y.mT
        y = 3.4445 * y + (-4.7750 * gram + 2.0315 * gram @ gram) @ y
    return (y.mT if tall else y).to(x.dtype)


def optimizers(module: nn.Module, muon: float, adamw: float) -> dict[str, Optimizer]:
    """Muon for the matrices and kernels inside, AdamW for the rest (embeddings, heads, norms)."""
    named = [(n, p) for n, p in module.named_parameters() if p.requires_grad]
    outer = ("embed", "conv_in", "conv_out", "says", "looks", "means", "heads")
    inner = [p for n, p in named if p.ndim >= 2 and not any(word in n for word in outer)]
    chosen = {id(p) for p in inner}
    rest = [p for _, p in named if id(p) not in chosen]
    made: dict[str, Optimizer] = {
        "adamw": torch.optim.AdamW(rest, adamw, betas=(0.9, 0.98), weight_decay=0.01)
    }
    if inner:
        made["muon"] = Muon(inner, muon)
    return made


def optimizers_of(
    modules: Mapping[str, nn.Module], muon: float, adamw: float
) -> dict[str, Optimizer]:
    """`optimizers` of several modules: {"module/kind": optimizer}."""
    return {
        f"{name}/{kind}": optimizer
        for name, module in modules.items()
        for kind, optimizer in optimizers(module, muon, adamw).items()
    }


def fit(
    out: Path,
    steps: int,
    modules: Mapping[str, nn.Module],
    optimizers: Mapping[str, Optimizer],
    loss_at: Callable[[int], tuple[Tensor, Mapping[str, float | Tensor]]],
) -> int:
    """Run `loss_at(step)` and the optimizers from the last checkpoint to `steps`.

    Writes `out/checkpoint.safetensors` every two minutes and at the end, and `out/log.jsonl`.
    """
    path, saved = out / "checkpoint.safetensors", time.monotonic()
    done = load_checkpoint(path, modules, optimizers) if path.exists() else 0
    out.mkdir(parents=True, exist_ok=True)
    base = {name: [g["lr"] for g in o.param_groups] for name, o in optimizers.items()}
    bar = tqdm(total=steps, initial=done, desc=out.name, mininterval=5)
    while done < steps:
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
            with (out / "log.jsonl").open("a", encoding="utf-8") as log:
                told = {name: float(value) for name, value in figures.items()}
                log.write(json.dumps({"step": done, "loss": loss.item(), **told}) + "\n")
        if time.monotonic() - saved > SAVE_EVERY_SECONDS:
            save_checkpoint(path, done, modules, optimizers)
            saved = time.monotonic()
    save_checkpoint(path, done, modules, optimizers)
    return done
