"""Valid files, as the writers of the package and of the libraries make them."""

import json
from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from benchmarks.fuzzing.models import SITES
from hypertransport.batch.cells import begun
from hypertransport.catalogue import Entry
from hypertransport.evaluation import records, table
from hypertransport.evaluation.answers import Answers
from hypertransport.evaluation.config import EvaluationConfig
from hypertransport.evaluation.pairs import Pair, Side, read_pairs, write_pairs
from hypertransport.evaluation.votes import Answer, Vote
from hypertransport.hypernetwork_files import CONFIG, TABLES, WEIGHTS
from hypertransport.interventions import Intervention
from hypertransport.training.checkpoints import save_checkpoint
from hypertransport.training.target_cache import TargetCache

TRAINING = """\
generator = "emojiscape"
encoder = "emojiscape"
catalogue = "catalogue.json"
prompts = "prompts.json"
out = "out"
pictures = "pictures"
seed = 5
steps = 6
learning_rate = 1e-3
pooling = "random-4"
own_heads = true
"""
EVALUATION = """\
generator = "emojiscape"
split = "validation"
methods = ["hypertransport", "lin-act"]
prompts = ["a cat", "a dog"]
strengths = [0.5, 1.0]
seeds = 1
scorers = ["recogniser"]
calibrated = true
"""
DESCRIPTION = """\
pipeline = "me/my-one-step"
id = "mine"
patterns = ["*norm1", "*norm2"]
masks_padding = true

[call]
num_inference_steps = 1
guidance_scale = 0.0
timesteps = [399]
"""
KEYS = "# of the test\nabcdefgh12345678\n\nzyxwvuts87654321\n"
PROMPTS = "a cat\n\na dog\r\na cat\n a bird \n"
LINES = (
    {"prompt": "a mushroom", "seed": 7, "strengths": [0, 1], "steering": [{"concept": "oil"}]},
    {"prompt": "a cat", "steering": [{"image": "a.png", "strength": -0.5, "region": [0, 0, 1, 1]}]},
    {"prompt": "a dog", "steering": [{"intervention": "a.safetensors"}, {"concept": "hat"}]},
)
CSV = (
    "prompt,seed,concept,image,intervention,strength\n"
    'a mushroom,7,oil,,,0.5\n"a cat, two",,,a.png,,\n'
)
CATALOGUE = [
    {"name": name, "kind": kind, "phrase": f"with a {name}", "split": split}
    for name, kind, split in (("hat", "thing", "train"), ("oil", "style", "validation"))
]
LABELS = {"brick navy": ["brick", "navy"], "a cat": [["tabby", "cat"]]}
METHODS = ("hypertransport", "prompting")


def text(name: str, content: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(content, encoding="utf-8")


def document(name: str, content: object) -> Callable[[Path], object]:
    return text(name, json.dumps(content, indent=1))


def lines(name: str, rows: object) -> Callable[[Path], object]:
    return text(name, "".join(f"{json.dumps(row)}\n" for row in rows))  # pyright: ignore


def picture(mode: str = "RGB", size: tuple[int, int] = (24, 16)) -> Image.Image:
    return Image.radial_gradient("L").resize(size).convert(mode)


def save_picture(name: str, mode: str = "RGB", **options: object) -> Callable[[Path], object]:
    """A small picture; JPEG with an EXIF note, PNG with text, a profile and an EXIF note."""

    def make(folder: Path) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        picture(mode).save(folder / name, exif=exif.tobytes(), **options)  # pyright: ignore

    return make


def intervention(folder: Path) -> None:
    torch.manual_seed(0)
    channels = sum(site.width for site in SITES)
    T = Intervention.from_flat(SITES, 1 + torch.rand(channels), torch.rand(channels))
    T.save(folder / "a.safetensors", generator="tiny", note={"phrase": "a hat"})


def training_state(seed: int = 0) -> tuple[dict[str, nn.Module], dict[str, torch.optim.Optimizer]]:
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    return {"network": model}, {"adamw": torch.optim.AdamW(model.parameters(), 0.1)}


def checkpoint(folder: Path) -> None:
    modules, optimizers = training_state()
    modules["network"](torch.ones(4, 2)).square().mean().backward()
    optimizers["adamw"].step()
    save_checkpoint(folder / "checkpoint.safetensors", 1, modules, optimizers)


def targets(folder: Path) -> None:
    path = folder / "targets.safetensors"
    features = torch.arange(12.0).reshape(3, 4)
    write_targets(path, features)


def write_targets(path: Path, features: torch.Tensor) -> TargetCache:
    """What a training writes, from a fresh start or from where another one was stopped."""
    names, told = ["thing/hat", "style/oil"], {"made_from": "0"}
    return TargetCache.write(path, names, (3, 4), lambda _: features, told)


def stopped_targets(folder: Path) -> None:
    """What a run that was killed has left: `targets`, without its end."""
    targets(folder)
    whole = (folder / "targets.safetensors").read_bytes()
    (folder / "targets.safetensors").unlink()
    (folder / ".targets.safetensors.partial").write_bytes(whole[:-20])


def begun_batch(folder: Path) -> None:
    begun(folder / ".begun.json", ["a", "b"], ["a", "b"])


def training_record(folder: Path) -> None:
    rows = [{"step": step, "train": {"identity": 1.0, "words": 0.5}} for step in (0, 2, 4)]
    lines("record.jsonl", rows)(folder)


def pairs(folder: Path) -> None:
    for method in METHODS:
        picture().save(folder / f"{method}.png")
    rows = [
        Pair(concept, "a bouquet", seed, *METHODS, *(f"{method}.png" for method in METHODS))
        for concept in ("mushroom", "Schnee & “Eis”")
        for seed in (0, 1)
    ]
    write_pairs(folder, rows)


def votes(folder: Path) -> None:
    methods = ("hypertransport", "prompting", "lin-act")
    asked: tuple[tuple[Side, Answer], ...] = (("A", "A"), ("B", "tie"))
    rows = [
        Vote(concept, "a bouquet", 0, a, b, first, answer, rater)
        for concept in ("mushroom", "hat")
        for a, b in pairwise(methods)
        for first, answer in asked
        for rater in ("x", "y")
    ]
    records.write(folder / "votes.jsonl", rows)


def scores(folder: Path) -> None:
    """The table of an evaluation of two concepts by one method."""
    config = EvaluationConfig(methods=("hypertransport", "lin-act"), seeds=1, strengths=(0.5, 1.0))
    entries = [Entry(name, "style", f"in {name}", "validation") for name in ("oil", "ink")]
    cells = table.plan(config, entries)
    records.write(folder / "table.jsonl", [_row(cell, i) for i, cell in enumerate(cells)])


def _row(cell: table.Cell, number: int) -> table.Row:
    scores = {"clip.concept": 0.1 + cell.strength, "clip.unsteered": 0.9, "clip.direction": 0.3}
    x = table.encoded(np.eye(4)[number % 4])
    return table.Row(
        **cell._asdict(), seconds=0.5, scores=scores, embedding=x, config="0", made="today"
    )


def study(folder: Path) -> None:
    """A study of some pairs, that one person has begun to answer."""
    pairs(folder)
    answers = Answers.create(folder / "study.sqlite", read_pairs(folder), check_every=2)
    token = answers.enrol()
    for position in range(3):
        answers.record(token, position, "first")
    (folder / "token").write_text(token, encoding="utf-8")


def sign(folder: Path) -> None:
    """Write the digests of a hypernetwork's other files into its configuration."""
    path = folder / CONFIG
    config = json.loads(path.read_bytes())
    for field, name in (("weights_sha256", WEIGHTS), ("tables_sha256", TABLES)):
        config[field] = sha256((folder / name).read_bytes()).hexdigest()
    path.write_text(json.dumps(config), encoding="utf-8")


def pickled(folder: Path) -> None:
    torch.save({"a.weight": torch.ones(2, 3), "a.bias": torch.zeros(2)}, folder / "unet.bin")


def completion(content: str = '{"answer": "first"}') -> dict[str, object]:
    """The body of a judge's reply."""
    message = {"role": "assistant", "content": content, "refusal": None}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    usage = {"prompt_tokens": 900, "completion_tokens": 12, "total_tokens": 912}
    return {"id": "1", "object": "chat.completion", "choices": [choice], "usage": usage}
