"""Render the emoji that are drawn in all seven sets, at 48 px, into one array.

    python -m recipes.emojiscape.sprites            # npm install, render, write data/sprites.npz

Four sets make the world; two are never trained on and serve as unseen renderings; one is seen by
the image tower alone, which has to know a thing in any drawing.
"""

import argparse
import io
import json
import re
import subprocess
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import resvg_py
from PIL import Image
from tqdm import tqdm

HERE = Path(__file__).parent
SIZE = 48
WORLD_SETS = ("noto", "twemoji", "fluent-emoji", "fluent-emoji-high-contrast")
UNSEEN_SETS = ("noto-v1", "fluent-emoji-flat")
ENCODER_SETS = ("emojione",)
ALL_SETS = WORLD_SETS + UNSEEN_SETS + ENCODER_SETS
THING_GROUPS = (3, 4, 5, 6, 7)  # animals, food, places, activities, objects
CLOCK_FACE = re.compile(r"o.?clock|thirty")


def slug(label: str) -> str:
    """The name under which iconify files an emoji: 'bird's nest' -> 'birds-nest'."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub("['’]", "", label.lower())).strip("-")


def icon_set(name: str) -> dict:
    return json.loads((HERE / "node_modules/@iconify-json" / name / "icons.json").read_text())


def things() -> list[dict]:
    """Emoji of things that world and unseen sets all draw, in Unicode's order: label and tags."""
    emoji = json.loads((HERE / "node_modules/emojibase-data/en/data.json").read_text())
    drawn = [set(icon_set(name)["icons"]) for name in WORLD_SETS + UNSEEN_SETS]
    return [
        {"label": e["label"].lower().replace("’", "'"), "tags": e.get("tags", [])}
        for e in sorted(emoji, key=lambda e: e.get("order", 0))
        if e.get("group") in THING_GROUPS
        and not CLOCK_FACE.search(e["label"])
        and all(slug(e["label"]) in names for names in drawn)
    ]


def render(svg: str) -> np.ndarray:
    """SVG text -> (48, 48, 4) uint8, straight alpha."""
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=SIZE, height=SIZE))
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def render_set(name: str, labels: list[str]) -> np.ndarray:
    icons = icon_set(name)
    width, height = icons.get("width", 16), icons.get("height", 16)
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    head = f'<svg {spaces} viewBox="0 0 {width} {height}">'
    named = [icons["aliases"].get(slug(label), {}).get("parent", slug(label)) for label in labels]
    body = [icons["icons"][name]["body"] for name in named]
    return np.stack([render(f"{head}{b}</svg>".replace("currentColor", "#000")) for b in body])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("data/sprites.npz"))
    out = parser.parse_args().out
    if not (HERE / "node_modules").exists():
        subprocess.run(["npm", "ci", "--silent"], cwd=HERE, check=True)
    found = things()
    labels = [thing["label"] for thing in found]
    with ProcessPoolExecutor() as pool:
        jobs = pool.map(render_set, ALL_SETS, [labels] * len(ALL_SETS))
        drawn = list(tqdm(jobs, total=len(ALL_SETS), desc="rendering sets", unit="set"))
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        out,
        sprites=np.stack(drawn, axis=1),  # (things, sets, 48, 48, 4)
        things=np.frombuffer(json.dumps(found).encode(), np.uint8),
    )
    print(f"{out}: {len(labels)} things in {len(ALL_SETS)} sets")


if __name__ == "__main__":
    main()
