"""What was trained, in figures: the encoder's retrieval and the generator's accuracy.

    python -m recipes.emojiscape.measure encoder
    python -m recipes.emojiscape.measure generator [--model emojiscape-sdxl]

Each writes `docs/results/<what>.json` with seed, hardware and date; `held_out` measures steering.
"""

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

import hypertransport as ht
from hypertransport.evaluation.benchmark import hardware
from hypertransport.weights import BUNDLED, WORLD
from recipes.emojiscape import recogniser as r
from recipes.emojiscape import world as w
from recipes.emojiscape.captions import captions
from recipes.emojiscape.language import Teacher, synonyms
from recipes.emojiscape.painting import Painter

SEED = 11
RESULTS = Path("docs/results")


def add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", choices=BUNDLED, default=WORLD)


def suffix(model: str) -> str:
    """What the names of a model's files end with: nothing for the first, "-sdxl" for the second."""
    return "" if model == WORLD else model.removeprefix("emojiscape")


def write(name: str, figures: dict[str, Any]) -> None:
    """Record figures with what is needed to repeat them."""
    machine = hardware(torch.device("cpu"))
    RESULTS.mkdir(parents=True, exist_ok=True)
    record = {"date": date.today().isoformat(), "seed": SEED, "hardware": machine, **figures}
    (RESULTS / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))


def to_tensor(images: list[Image.Image]) -> Tensor:
    """Pictures as (n, 3, 64, 64) in [0, 1]."""
    return (
        torch.stack(
            [torch.from_numpy(np.asarray(i.convert("RGB")).copy()).permute(2, 0, 1) for i in images]
        )
        / 255
    )


def interval(hits: np.ndarray, rng: np.random.Generator) -> list[float]:
    """Mean and 95% bootstrap interval over the first axis (concepts, where rows are concepts)."""
    means = [hits[rng.integers(len(hits), size=len(hits))].mean() for _ in range(2000)]
    return [round(float(v), 4) for v in (hits.mean(), *np.percentile(means, (2.5, 97.5)))]


def recall_at_1(queries: Tensor, keys: Tensor, wanted: Tensor) -> float:
    return ((queries @ keys.T).argmax(1) == wanted).float().mean().item()


def measure_encoder(painter: Painter, data: Path) -> dict[str, Any]:
    """Zero-shot retrieval among all things: unseen renderings both ways, held-out synonyms."""
    encoder = ht.ConceptEncoder.from_pretrained("emojiscape")
    names, held_out = synonyms(painter.world.things, Teacher())
    labels = [n[0] for n in names]
    words = encoder.text(labels)
    out: dict[str, Any] = {"things": len(labels)}
    for variant, set_ in enumerate(("noto-v1", "fluent-emoji-flat")):
        pictures = [
            ht.load_picture(data / "pictures-unseen" / name / f"{variant}.png") for name in labels
        ]
        images, wanted = encoder.images(pictures), torch.arange(len(labels))
        out[set_] = {
            "picture_to_words": recall_at_1(images, words, wanted),
            "words_to_picture": recall_at_1(words, images, wanted),
        }
    synonym = encoder.text([word for word, _ in held_out])
    wanted = torch.tensor([i for _, i in held_out])
    five = (synonym @ words.T).topk(5).indices == wanted[:, None]
    out["held_out_synonyms"] = {
        "count": len(held_out),
        "to_words_at_1": recall_at_1(synonym, words, wanted),
        "to_words_at_5": five.any(1).float().mean().item(),
    }
    return out


def measure_generator(name: str, painter: Painter, runs: Path, n: int = 512) -> dict[str, Any]:
    """The recogniser's accuracy on generated pictures of described scenes, beside its ceiling."""
    generator, model = ht.load_generator(name), r.load(runs, len(painter.world.names))
    rng = np.random.default_rng(SEED)
    scenes = w.free(rng, len(painter.world.names), n)
    names = [(name,) for name in painter.world.names]
    texts, said = captions(rng, scenes, names)
    images = []
    for i in tqdm(range(0, n, 32), desc="drawing"):
        images += generator(texts[i : i + 32], list(range(i, i + 32)))
    read, truth = r.recognise(model, to_tensor(images)), r.labels_of(scenes, len(names))
    right, top = r.correct(read, truth), r.ceiling(model, painter)
    everywhere = np.ones(n, bool)  # of a thing whose style is not said, it is the usual one
    shown = {
        "subject": everywhere, "second": scenes[:, w.SECOND] >= 0,
        "set": everywhere, "tint": everywhere, "style": everywhere,
        "colour": said[:, 1], "pattern": said[:, 1], "background": said[:, 1],
        "frame": scenes[:, w.FRAME] > 0,
    }  # fmt: skip
    out: dict[str, Any] = {}
    for key, there in shown.items():
        one_step = interval(right[key][there].astype(float), rng)
        out[key] = {
            "one_step": one_step,
            "ceiling": round(top[key], 4),
            "ratio": round(one_step[0] / top[key], 4),
        }
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("encoder", "generator"))
    add_model(parser)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    args = parser.parse_args()
    painter = Painter(w.World.load(args.data / "sprites.npz"))
    if args.what == "encoder":
        write("encoder", measure_encoder(painter, args.data))
    else:
        figures = measure_generator(args.model, painter, args.runs)
        write(f"generator{suffix(args.model)}", figures)


if __name__ == "__main__":
    main()
