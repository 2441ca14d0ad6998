"""What `benchmarks.kills` kills: trainings, fits, batches, evaluations and savings, all tiny."""

import hashlib
import json
import os
import signal
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from hypertransport import cli
from hypertransport.errors import CheckpointError
from hypertransport.hypernetwork import HyperTransport
from hypertransport.training import amortized, lineas
from hypertransport.weights import bundled

COLOURS = {"red": "train", "gold": "train", "grey": "train", "pink": "train", "blue": "validation"}
PROMPTS = ("a cat", "a rose", "a bicycle", "a lemon", "a door", "a duck", "a bus", "a tent")
TRAINING = """\
generator = "emojiscape"
encoder = "emojiscape"
catalogue = "catalogue.json"
prompts = "prompts.json"
out = "out"
pooling = "random-4"
samples = 2
bank = 4
steps = {steps}
warm_start_steps = 5
warm_start_samples = 2
concepts_per_step = 2
validate_every = {validate_every}
validation_concepts = 1
width = 16
latent_dim = 16
rank = 4
site_dim = 8
depth = 1
"""
EVALUATION = 'concepts = 2\nmethods = ["prompting"]\nseeds = 3\nprompts = ["a cat"]\nkeep = 2\n'
UNTIMED = ("seconds", "made")  # fields of a row that no two runs share


@dataclass(frozen=True)
class Run:
    """Something that is run in a folder, killed there, and run again until it ends."""

    name: str
    what: str

    def prepare(self, folder: Path) -> None:
        """Put into `folder` what there is before the first run."""

    def start(self, folder: Path) -> None:
        """Run it, or go on with it: what a user does after a crash."""
        raise NotImplementedError

    def result(self, folder: Path) -> dict[str, Any]:
        """All that it leaves, by the names of the files."""
        return {name: digest(folder / name) for name in files(folder)}

    def finished(self, folder: Path) -> Any:
        """What is done so far."""
        return {}

    def lost(self, before: Any, after: Any) -> str:
        """What was done `before` and is not any more."""
        return ", ".join(name for name in before if before[name] != after.get(name))


@dataclass(frozen=True)
class Training(Run):
    """A training; `begun` steps lie in its checkpoint already."""

    steps: int
    begun: int = 0

    def prepare(self, folder: Path) -> None:
        rows = [
            {
                "name": f"plain {colour}",
                "kind": "background",
                "phrase": f"on a plain {colour} background",
                "split": split,
            }
            for colour, split in COLOURS.items()
        ]
        (folder / "catalogue.json").write_text(json.dumps(rows), encoding="utf-8")
        (folder / "prompts.json").write_text(json.dumps({"background": PROMPTS}), encoding="utf-8")
        (folder / "train.toml").write_text(
            TRAINING.format(steps=self.steps, validate_every=4 if self.steps < 100 else 52),
            encoding="utf-8",
        )
        if self.begun:
            _die_in_step(self, folder, self.begun)

    def start(self, folder: Path) -> None:
        resume = (folder / "out" / amortized.CHECKPOINT).exists()
        command = ["train", str(folder / "train.toml"), *(["--resume"] if resume else [])]
        _command(*command)

    def finished(self, folder: Path) -> int:
        return saved_step(folder / "out" / amortized.CHECKPOINT)

    def lost(self, before: int, after: int) -> str:
        return f"step {before} became {after}" if after < before else ""


@dataclass(frozen=True)
class Fit(Run):
    """A descent that saves every second step."""

    def start(self, folder: Path) -> None:
        lineas.SAVE_EVERY = 2
        out = str(folder / "fitted.safetensors")
        _command("fit", "lineas", "--steps", "9", "--samples", "2", "--out", out)

    def finished(self, folder: Path) -> int:
        if (folder / "fitted.safetensors").exists():
            return 9
        return max(map(saved_step, folder.glob(".fitted*.checkpoint")), default=0)

    def lost(self, before: int, after: int) -> str:
        return f"step {before} became {after}" if after < before else ""


@dataclass(frozen=True)
class Batch(Run):
    """`generate-many`, with concepts, in batches of four."""

    def prepare(self, folder: Path) -> None:
        rows = [
            {"prompt": prompt, "seed": i, "steering": [{"concept": f"plain {colour}"}]}
            for i, prompt in enumerate(PROMPTS)
            for colour in ("red", "blue")
        ]
        (folder / "prompts.jsonl").write_text(
            "".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8"
        )

    def start(self, folder: Path) -> None:
        out = str(folder / "out")
        _command("generate-many", str(folder / "prompts.jsonl"), "--out", out, "--max-batch", "4")

    def finished(self, folder: Path) -> dict[str, str]:
        return {path.name: digest(path) for path in folder.glob("out/*.png")}


@dataclass(frozen=True)
class Evaluation(Run):
    """`evaluate`, of which rows are compared but for times and dates."""

    def prepare(self, folder: Path) -> None:
        (folder / "evaluation.toml").write_text(EVALUATION, encoding="utf-8")

    def start(self, folder: Path) -> None:
        out = str(folder / "table.jsonl")
        _command("evaluate", str(folder / "evaluation.toml"), "--out", out)

    def result(self, folder: Path) -> dict[str, Any]:
        return super().result(folder) | {"table.jsonl": [*self.finished(folder).values()]}

    def finished(self, folder: Path) -> dict[str, Any]:
        table = folder / "table.jsonl"
        lines = (
            table.read_text(encoding="utf-8").splitlines(keepends=True) if table.exists() else []
        )
        rows = [json.loads(line) for line in lines if line.endswith("\n")]
        kept = [{k: v for k, v in row.items() if k not in UNTIMED} for row in rows]
        return {f"row {i}": row for i, row in enumerate(kept)}


@dataclass(frozen=True)
class Saving(Run):
    """`save_pretrained` over an older hypernetwork and files of a user's."""

    def prepare(self, folder: Path) -> None:
        hypernetwork(0).save_pretrained(folder / "model")
        (folder / "model" / "notes").mkdir()
        (folder / "model" / "notes" / "mine.txt").write_text("mine", encoding="utf-8")

    def start(self, folder: Path) -> None:
        hypernetwork(1).save_pretrained(folder / "model")

    def finished(self, folder: Path) -> str:
        """Which of the two is found there."""
        try:
            found = HyperTransport.from_pretrained(
                folder / "model", encoder=hypernetwork(0).encoder
            )
        except CheckpointError:
            return "neither"
        state = found.network.state_dict()
        same = [i for i in (0, 1) if _equal(state, hypernetwork(i).network.state_dict())]
        return ("old", "new")[same[0]] if same else "neither"

    def lost(self, before: str, after: str) -> str:
        return "both" if after == "neither" else "new" if (before, after) == ("new", "old") else ""


@cache
def hypernetwork(number: int) -> HyperTransport:
    """What ships, and the same with other weights."""
    hyper = HyperTransport.from_pretrained(bundled("emojiscape", "hypernetwork") or "emojiscape")
    with torch.no_grad():
        for parameter in hyper.network.parameters():
            parameter.add_(number)
    return hyper


def files(folder: Path) -> list[str]:
    """All files and empty folders below `folder`, by their paths in it."""
    found = [path for path in folder.rglob("*") if path.is_file() or not any(path.iterdir())]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def digest(path: Path) -> str:
    """Of the content; of a safetensors file of its tensors, as its header has no order."""
    if path.is_dir():
        return "a folder"
    whole = hashlib.sha256(b"" if path.suffix == ".safetensors" else path.read_bytes())
    if path.suffix == ".safetensors":
        with safe_open(path, "pt") as file:
            whole.update(repr(sorted((file.metadata() or {}).items())).encode())
            for name in sorted(file.keys()):
                value = file.get_tensor(name)
                whole.update(f"{name} {value.dtype} {tuple(value.shape)}".encode())
                whole.update(value.contiguous().flatten().view(torch.uint8).numpy())
    return f"{whole.hexdigest()} {path.stat().st_mode & 0o777:o}"


def saved_step(checkpoint: Path) -> int:
    """The steps that a checkpoint holds; 0 where there is none."""
    if not checkpoint.exists():
        return 0
    with safe_open(checkpoint, "pt") as file:
        return int(file.metadata()["step"])


def _equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(one[name], other[name]) for name in other)


def _command(*arguments: str) -> None:
    if code := cli.main([*arguments]):
        os._exit(code)


def _die_in_step(training: Training, folder: Path, step: int) -> None:
    """Run a training in another process, and kill it in that step."""
    child = os.fork()
    if not child:
        taken = amortized.train_step

        def dying(network: Any, material: Any, number: int) -> Any:
            if number == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return taken(network, material, number)

        amortized.train_step = dying
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        training.start(folder)
        os._exit(0)
    os.waitpid(child, 0)
    if saved_step(folder / "out" / amortized.CHECKPOINT) != step:
        raise RuntimeError(f"the training did not come to step {step}")


RUNS: dict[str, Run] = {
    run.name: run
    for run in (
        Training("train", "`train`, before step 100", steps=8),
        Training("train-late", "`train`, after step 100", steps=108, begun=100),
        Fit("fit", "`fit lineas`"),
        Batch("generate-many", "`generate-many`"),
        Evaluation("evaluate", "`evaluate`"),
        Saving("save", "`save_pretrained` over an older one"),
    )
}
