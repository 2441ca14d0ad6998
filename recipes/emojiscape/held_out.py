"""Concepts that no training saw: how far their transport cost falls, and how often they show.

    python -m recipes.emojiscape.held_out
    python -m recipes.emojiscape.held_out --split validation --concepts 8 --pooling position
    python -m recipes.emojiscape.held_out --model emojiscape-sdxl

Costs are those of all concepts of the split. A random sample of them is drawn as pictures too, and
held against fitting each concept directly (LinEAS), against causal Lin-AcT, and
against writing the concept into the prompt; with `--concepts 0` none is, which takes no recogniser.
Writes `docs/results/<split>-<pooling>.json` (of the second model `...-sdxl.json`).
"""

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

import hypertransport as ht
from hypertransport.catalogue import Entry, load
from hypertransport.evaluation.table import sample
from hypertransport.interventions import Intervention
from hypertransport.training import lineas
from hypertransport.training.config import TrainConfig
from hypertransport.training.cost import floor_cost, fresh_cost
from hypertransport.training.material import Material
from hypertransport.training.per_concept import closed_form_maps
from hypertransport.training.prompts import prompted
from recipes.emojiscape import recogniser as r
from recipes.emojiscape import world as w
from recipes.emojiscape.captions import article
from recipes.emojiscape.measure import SEED, add_model, interval, suffix, to_tensor, write
from recipes.emojiscape.references import numbered, scene_of

CONFIG = Path("recipes/emojiscape/hypernetwork.toml")  # with the model's suffix
PICTURES, AT_ONCE = 16, 4
DIRECT = lineas.Descent(optimizer="adam", steps=40, learning_rate=0.06)


def by_kind(entries: list[Entry]) -> dict[str, np.ndarray]:
    """Which rows are of each kind, and all: {kind: (n,) int}."""
    kinds = np.array([e.kind for e in entries])
    return {"all": np.arange(len(kinds))} | {
        kind: np.flatnonzero(kinds == kind) for kind in dict.fromkeys(kinds.tolist())
    }


# --- costs --------------------------------------------------------------------------------------


@torch.no_grad()
def costs(material: Material, maps: Mapping[str, Intervention]) -> dict[str, np.ndarray]:
    """Cost of every concept, unsteered, under each of `maps`, and the floor's: {column: (n,)}."""
    entries = material.train
    columns = {"identity": fresh_cost(material, None, entries)}
    columns |= {name: fresh_cost(material, T, entries) for name, T in maps.items()}
    columns["floor"] = floor_cost(material, entries)
    return {name: column.cpu().numpy() for name, column in columns.items()}


def closed(column: np.ndarray, identity: np.ndarray, floor: np.ndarray) -> list[float]:
    """Share of the way from identity to floor, over all concepts, with its 95% interval."""
    rng = np.random.default_rng(SEED)
    shares = []
    for rows in (np.arange(len(column)), *rng.integers(len(column), size=(2000, len(column)))):
        gap = identity[rows].mean() - floor[rows].mean()
        shares.append((identity[rows].mean() - column[rows].mean()) / gap)
    return [round(float(v), 4) for v in (shares[0], *np.percentile(shares[1:], (2.5, 97.5)))]


def cost_figures(entries: list[Entry], columns: dict[str, np.ndarray]) -> dict[str, Any]:
    """Mean costs and the shares closed, by kind."""
    out: dict[str, Any] = {}
    for kind, rows in by_kind(entries).items():
        some = {name: column[rows] for name, column in columns.items()}
        out[kind] = {"concepts": len(rows)} | {k: float(v.mean()) for k, v in some.items()}
        for name in some.keys() - {"identity", "floor"}:
            out[kind][f"{name}_closed"] = closed(some[name], some["identity"], some["floor"])
    return out


# --- pictures -----------------------------------------------------------------------------------


def fit(material: Material, entries: list[Entry]) -> Intervention:
    """LinEAS for each concept, a few side by side."""
    parts = [
        lineas.fit(material.problem(entries[i : i + AT_ONCE]), DIRECT)
        for i in range(0, len(entries), AT_ONCE)
    ]
    return Intervention.stack(parts)


def shows(read: dict[str, torch.Tensor], entry: Entry, scene: np.ndarray) -> np.ndarray:
    """Whether pictures show a concept: all that makes it up is read right, a thing anywhere."""
    if entry.kind == "thing":
        return (
            (read["second"] == scene[w.SUBJECT]) | (read["subject"] == scene[w.SUBJECT])
        ).numpy()
    columns = dict(zip(w.ATTRIBUTES, scene, strict=True))
    return np.logical_and.reduce([(read[k] == columns[k]).numpy() for k in r.WHOLE[entry.kind]])


def rates(
    generator: ht.Generator,
    scorer: r.Recogniser,
    names: list[str],
    entries: list[Entry],
    maps: Mapping[str, Intervention],
) -> dict[str, np.ndarray]:
    """How often each concept shows: untouched, under each of `maps`, and written into the prompt.

    Source prompts are training things, silent about all else: {column: (n,)}, each a share of
    `PICTURES` pictures.
    """
    rng, where = np.random.default_rng(SEED), numbered(names)
    things = [e.name for e in load() if e.kind == "thing" and e.split == "train"]
    columns: dict[str, list[float]] = {name: [] for name in ("untouched", *maps, "prompt")}
    for number, entry in enumerate(tqdm(entries, desc="drawing")):
        scene, seeds = scene_of(*where[entry.name]), list(range(PICTURES))
        sources = [article(things[i]) for i in rng.integers(len(things), size=PICTURES)]
        drawn = {"untouched": generator(sources, seeds)}
        for name, T in maps.items():
            with ht.steer(generator, T[number]):
                drawn[name] = generator(sources, seeds)
        drawn["prompt"] = generator([prompted(s, entry.phrase) for s in sources], seeds)
        for name, images in drawn.items():
            right = shows(r.recognise(scorer, to_tensor(images)), entry, scene)
            columns[name].append(float(right.mean()))
    return {name: np.array(column) for name, column in columns.items()}


def rate_figures(entries: list[Entry], columns: dict[str, np.ndarray]) -> dict[str, Any]:
    """Mean rates with their 95% intervals over concepts, by kind."""
    return {
        kind: {"concepts": len(rows)}
        | {k: interval(v[rows], np.random.default_rng(SEED)) for k, v in columns.items()}
        for kind, rows in by_kind(entries).items()
    }


# --- all of it ----------------------------------------------------------------------------------


def by_hypernetwork(model: str, entries: list[Entry], pictures: Path) -> dict[str, Intervention]:
    """What the shipped hypernetwork makes of each concept's phrase and of its reference picture."""
    hyper = ht.HyperTransport.from_pretrained(model)
    shown = [ht.load_picture(pictures / e.name / "0.png") for e in entries]
    return {
        "words": Intervention.stack(hyper(e.phrase) for e in entries),
        "picture": Intervention.stack(hyper(picture) for picture in shown),
    }


def drawn(
    model: str, material: Material, entries: list[Entry], runs: Path, data: Path
) -> dict[str, Any]:
    """How often some concepts show, by the hypernetwork and by what is fitted to each."""
    names = w.World.load(data / "sprites.npz").names
    maps = by_hypernetwork(model, entries, data / "pictures-unseen")
    maps |= {"lin_act": closed_form_maps(material, entries), "lin_eas": fit(material, entries)}
    scorer = r.load(runs, len(names))
    return rate_figures(entries, rates(material.generator, scorer, names, entries, maps))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_model(parser)
    parser.add_argument("--split", choices=("validation", "test"), default="test")
    parser.add_argument("--concepts", type=int, default=20, help="how many are drawn as pictures")
    parser.add_argument("--pooling", help="of the costs and of direct fitting, not as trained")
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    args = parser.parse_args()
    config = TrainConfig.load(CONFIG.with_stem(CONFIG.stem + suffix(args.model)))
    pooling = args.pooling or config.pooling
    name = f"{args.split}-{pooling}{suffix(args.model)}"
    config = replace(config, out=args.runs / name, pooling=pooling)
    entries = [e for e in load() if e.split == args.split]
    material = Material(config, entries)
    maps = by_hypernetwork(args.model, entries, args.data / "pictures-unseen")
    figures = {"pooling": pooling, "costs": cost_figures(entries, costs(material, maps))}
    if args.concepts:
        some = sample(entries, args.concepts, SEED)
        figures["rates"] = drawn(args.model, material, some, args.runs, args.data)
    write(name, figures)


if __name__ == "__main__":
    main()
