"""What was trained, in figures: retrieval, the generator's accuracy, how well concepts steer.

    python -m recipes.emojiscape.measure encoder
    python -m recipes.emojiscape.measure generator
    python -m recipes.emojiscape.measure steering --split validation --concepts 20

Each writes `docs/results/<what>.json` with seed, hardware and date.
"""

import argparse
import json
import platform
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

import hypertransport as ht
from hypertransport.catalogue import Entry
from hypertransport.catalogue import load as load_catalogue
from recipes.emojiscape import recogniser as r
from recipes.emojiscape import world as w
from recipes.emojiscape.captions import article, captions
from recipes.emojiscape.language import Teacher, synonyms
from recipes.emojiscape.references import numbered, scene_of

SEED = 11
RESULTS = Path("docs/results")
READS = {
    "thing": ("second",),
    "style": ("set", "tint"),
    "background": ("colour", "pattern"),
    "frame": ("frame",),
}


def write(name: str, figures: dict[str, Any]) -> None:
    """Record figures with what is needed to repeat them."""
    machine = f"{platform.machine()}, {torch.get_num_threads()} threads, torch {torch.__version__}"
    RESULTS.mkdir(parents=True, exist_ok=True)
    record = {"date": date.today().isoformat(), "seed": SEED, "hardware": machine, **figures}
    (RESULTS / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n")
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


def measure_encoder(painter: w.Painter, data: Path) -> dict[str, Any]:
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


def measure_generator(painter: w.Painter, runs: Path, n: int = 512) -> dict[str, Any]:
    """The recogniser's accuracy on generated pictures of described scenes, beside its ceiling."""
    generator, model = ht.load_generator("emojiscape"), r.load(runs, len(painter.world.names))
    rng = np.random.default_rng(SEED)
    scenes = w.free(rng, len(painter.world.names), n)
    names = [(name,) for name in painter.world.names]
    texts, said = captions(rng, scenes, names)
    images = []
    for i in tqdm(range(0, n, 32), desc="drawing"):
        images += generator(texts[i : i + 32], list(range(i, i + 32)))
    read, truth = r.recognise(model, to_tensor(images)), r.labels_of(scenes, len(names))
    top = r.ceiling(model, painter)
    shown = {
        "subject": np.ones(n, bool), "second": scenes[:, w.SECOND] >= 0,
        "set": said[:, 0], "tint": said[:, 0],
        "colour": said[:, 1], "pattern": said[:, 1], "frame": scenes[:, w.FRAME] > 0,
    }  # fmt: skip
    out: dict[str, Any] = {}
    for key, there in shown.items():
        hits = (read[key] == truth[key]).numpy()[there].astype(float)
        one_step = interval(hits, rng)
        out[key] = {
            "one_step": one_step,
            "ceiling": round(top[key], 4),
            "ratio": round(one_step[0] / top[key], 4),
        }
    return out


def shows(read: dict[str, Tensor], entry: Entry, scene: np.ndarray) -> np.ndarray:
    """Whether pictures show a concept: every attribute that makes it up is read right."""
    columns = dict(zip(w.ATTRIBUTES, scene, strict=True))
    if entry.kind == "thing":
        return (
            (read["second"] == columns["subject"]) | (read["subject"] == columns["subject"])
        ).numpy()
    return np.logical_and.reduce([(read[k] == columns[k]).numpy() for k in READS[entry.kind]])


def sample(entries: list[Entry], count: int) -> list[Entry]:
    """A random sample with every kind in it, in proportion, at least two of each."""
    rng = np.random.default_rng(SEED)
    kinds = list(dict.fromkeys(e.kind for e in entries))
    chosen: list[Entry] = []
    for kind in kinds:
        some = [e for e in entries if e.kind == kind]
        share = max(2, round(count * len(some) / len(entries)))
        chosen += [some[i] for i in rng.permutation(len(some))[:share]]
    return chosen


def prompts_for(entries: list[Entry], painter: w.Painter, n: int) -> dict[str, list[str]]:
    """Plain source prompts: training things, silent about everything else."""
    rng = np.random.default_rng(SEED)
    things = [e.name for e in load_catalogue() if e.kind == "thing" and e.split == "train"]
    return {
        e.name: [article(things[i]) for i in rng.integers(len(things), size=n)] for e in entries
    }


def measure_steering(
    painter: w.Painter, runs: Path, data: Path, split: str, count: int, n: int = 16
) -> dict[str, Any]:
    """How often the concept shows: untouched, by words, by picture, and written into the prompt."""
    generator, model = ht.load_generator("emojiscape"), r.load(runs, len(painter.world.names))
    hyper = ht.HyperTransport.from_pretrained("emojiscape")
    entries = sample([e for e in load_catalogue() if e.split == split], count)
    where = numbered(painter.world.names)
    prompts, rows = prompts_for(entries, painter, n), []
    for entry in tqdm(entries, desc="steering"):
        scene, sources = scene_of(*where[entry.name]), prompts[entry.name]
        picture = ht.load_picture(data / "pictures-unseen" / entry.name / "0.png")
        row = {"untouched": generator(sources, list(range(n)))}
        for name, concept in (("words", entry.name), ("picture", picture)):
            with ht.steer(generator, hyper(concept)):
                row[name] = generator(sources, list(range(n)))
        row["prompt"] = generator([f"{s} {entry.phrase}" for s in sources], list(range(n)))
        rows.append(
            {
                k: shows(r.recognise(model, to_tensor(v)), entry, scene).mean()
                for k, v in row.items()
            }
        )
    rng = np.random.default_rng(SEED)
    out: dict[str, Any] = {"split": split, "concepts": len(entries), "pictures_per_concept": n}
    for kind in ("all", *dict.fromkeys(e.kind for e in entries)):
        some = [row for row, e in zip(rows, entries, strict=True) if kind in ("all", e.kind)]
        out[kind] = {k: interval(np.array([row[k] for row in some]), rng) for k in some[0]}
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("encoder", "generator", "steering"))
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--concepts", type=int, default=20)
    args = parser.parse_args()
    painter = w.Painter(w.World.load(args.data / "sprites.npz"))
    if args.what == "encoder":
        write("encoder", measure_encoder(painter, args.data))
    elif args.what == "generator":
        write("generator", measure_generator(painter, args.runs))
    else:
        write(
            f"steering-{args.split}",
            measure_steering(painter, args.runs, args.data, args.split, args.concepts),
        )


if __name__ == "__main__":
    main()
