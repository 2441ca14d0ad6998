"""Contact sheets of random held-out concepts, not picked: rows are concepts, columns calibrated
strengths.

    python -m recipes.emojiscape.contact_sheet [--model emojiscape-sdxl]

Writes docs/held-out-words.png and docs/held-out-pictures.png (of the second model `...-sdxl.png`).
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

import hypertransport as ht
from hypertransport import strips
from hypertransport.catalogue import Entry, load
from hypertransport.drawing import draw
from recipes.emojiscape.measure import add_model, suffix

SEED, STRENGTHS = 12, (0.0, 0.25, 0.5, 0.75, 1.0)


def chosen(split: str, count: int) -> list[Entry]:
    """Concepts of a split, drawn without replacement by a fixed seed."""
    entries = [e for e in load() if e.split == split]
    return [
        entries[i] for i in sorted(np.random.default_rng(SEED).permutation(len(entries))[:count])
    ]


def sheet(
    model: str,
    entries: list[Entry],
    prompts: list[str],
    pictures: dict[str, Image.Image] | None = None,
) -> Image.Image:
    """One row for each concept, given by words or by its reference picture (first column)."""
    generator, hyper = ht.load_generator(model), ht.HyperTransport.from_pretrained(model)
    rows = []
    for number, (entry, prompt) in enumerate(zip(entries, prompts, strict=True)):
        T = hyper(pictures[entry.name] if pictures else entry.phrase, calibrated=True)
        cells = [(number, hyper.dial(s)) for s in STRENGTHS]
        drawn: list[Image.Image | None] = [*draw(generator, prompt, [(T, 1.0)], cells)]
        rows.append([pictures[entry.name], *drawn] if pictures else drawn)
    columns = [*(["reference"] if pictures else []), *(f"{s:g}" for s in STRENGTHS)]
    labels = [f"{e.name} ({prompt})" for e, prompt in zip(entries, prompts, strict=True)]
    title = f"{model}: concepts, by calibrated strength"
    return strips.grid(rows, columns=columns, rows=labels, title=title, side=96)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_model(parser)
    parser.add_argument("--split", choices=("validation", "test"), default="test")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--out", type=Path, default=Path("docs"))
    args = parser.parse_args()
    entries = chosen(args.split, args.count)
    things = [e.name for e in load() if e.kind == "thing" and e.split == "train"]
    subjects = np.random.default_rng(SEED + 1).choice(things, len(entries))
    prompts = [f"{'an' if s[0] in 'aeiou' else 'a'} {s}" for s in subjects]
    name = "held-out" if args.split == "test" else args.split
    end = f"{suffix(args.model)}.png"
    strips.save(sheet(args.model, entries, prompts), args.out / f"{name}-words{end}")
    folder = args.data / "pictures-unseen"
    pictures = {e.name: ht.load_picture(folder / e.name / "0.png") for e in entries}
    by_picture = sheet(args.model, entries, prompts, pictures)
    strips.save(by_picture, args.out / f"{name}-pictures{end}")


if __name__ == "__main__":
    main()
