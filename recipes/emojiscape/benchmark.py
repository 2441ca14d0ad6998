"""`hypertransport evaluate` with the world's own recogniser as the independent scorer.

    python -m recipes.emojiscape.benchmark
    hypertransport report runs/benchmark.jsonl --out runs/benchmark.html

The methods of `evaluation.toml` beside this file, on the 167 held-out concepts; what was stopped
goes on when it is asked for again. Two processes share the work with `--shard 1/2` and
`--shard 2/2` and an `--out` each, and the report takes both.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from hypertransport.evaluation import table
from hypertransport.evaluation.benchmark import Benchmark, concepts
from hypertransport.evaluation.config import EvaluationConfig
from hypertransport.evaluation.evaluate_arguments import shard
from hypertransport.generators.base import choose_device
from recipes.emojiscape import recogniser as r
from recipes.emojiscape import world as w
from recipes.emojiscape.captions import article
from recipes.emojiscape.measure import to_tensor
from recipes.emojiscape.references import numbered, scene_of

CONFIG = Path("recipes/emojiscape/evaluation.toml")
Texts = dict[str, list[list[str]]]


class RecogniserScorer:
    """A `Scorer`: its labels are "attribute: value", of all attributes."""

    name = "recogniser"

    def __init__(self, model: r.Recogniser, names: list[str]):
        self.model = model.eval()
        self.labels = [f"{k}: {value}" for k, of in r.values(names).items() for value in of]

    @torch.no_grad()
    def __call__(self, pictures: Sequence[Image.Image]) -> np.ndarray:
        device = next(self.model.parameters()).device
        logits = self.model(to_tensor(list(pictures)).to(device) * 2 - 1)
        return torch.cat([v.softmax(1) for v in logits.values()], 1).cpu().numpy()


def labels_by_text(names: list[str]) -> Texts:
    """By which labels a concept, and a prompt that is a thing alone, are recognised."""
    texts: Texts = {}
    for concept, (kind, number) in numbered(names).items():
        if kind == "thing":
            texts[concept] = [[f"subject: {concept}", f"second: {concept}"]]
            texts[article(concept)] = [[f"subject: {concept}"]]
        else:
            scene = dict(zip(w.ATTRIBUTES, scene_of(kind, number).tolist(), strict=True))
            texts[concept] = [[f"{k}: {r.values(names)[k][scene[k]]}"] for k in r.WHOLE[kind]]
    return texts


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--out", type=Path, default=Path("runs/benchmark.jsonl"))
    parser.add_argument("--shard", type=shard, default="1/1", metavar="I/N")
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    args = parser.parse_args()
    config = EvaluationConfig.load(args.config)
    entries, done = concepts(config), table.resume(args.out, config)
    part = table.Shard(*args.shard).of(entries)
    names = w.World.load(args.data / "sprites.npz").names
    recogniser = r.load(args.runs, len(names)).to(choose_device(None))
    scorer = RecogniserScorer(recogniser, names)
    benchmark = Benchmark.load(config, entries, [scorer], labels_by_text(names))
    cells = table.plan(config, part)
    with tqdm(total=sum(cell not in done for cell in cells), desc="scoring") as bar:
        benchmark.run(cells, args.out, bar.update, done)


if __name__ == "__main__":
    main()
