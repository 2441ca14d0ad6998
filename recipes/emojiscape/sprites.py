"""Render the emoji that are drawn in all of seven sets, and two that lack some, into one array.

    python -m recipes.emojiscape.sprites            # npm install, render, write data/sprites.npz

At 48 pixels. Four sets make the world; two are never trained on and serve as unseen renderings; the
others are seen by the image tower alone, which has to know a thing in any drawing.
"""

import argparse
import io
import itertools
import json
import re
import subprocess
import unicodedata
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
ENCODER_SETS = ("emojione", "fxemoji", "streamline-emojis")
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
        {
            "label": e["label"].lower().replace("’", "'"),
            "tags": e.get("tags", []),
            "emoji": e["emoji"],
        }
        for e in sorted(emoji, key=lambda e: e.get("order", 0))
        if e.get("group") in THING_GROUPS
        and not CLOCK_FACE.search(e["label"])
        and all(slug(e["label"]) in names for names in drawn)
    ]


def render(text: str) -> np.ndarray:
    """SVG text -> (48, 48, 4) uint8, straight alpha."""
    png = bytes(resvg_py.svg_to_bytes(svg_string=text, width=SIZE, height=SIZE))
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def squashed(name: str) -> str:
    """'fox-face-1' -> 'foxface': some sets file an emoji without hyphens, or with a number."""
    return re.sub(r"[^a-z]", "", name.lower())


def filed_as(thing: dict, icons: dict) -> str | None:
    """The icon of a thing in a set, by its label or else by Unicode's name for the character."""
    own = slug(thing["label"])
    if own in icons["icons"]:
        return own
    if own in icons.get("aliases", {}):
        return icons["aliases"][own]["parent"]
    known = {squashed(name): name for name in reversed(icons["icons"])}
    character = thing["emoji"].rstrip("\N{VARIATION SELECTOR-16}")
    names = [thing["label"], thing["label"].removesuffix(" face")]
    names += [unicodedata.name(character, "")] if len(character) == 1 else []
    return next((known[squashed(name)] for name in names if squashed(name) in known), None)


def svg(icons: dict, icon: str) -> str:
    """One icon in the middle of a square; it may have sizes of its own, unlike its set's."""
    own = icons["icons"][icon]
    width, height = (own.get(side, icons.get(side, 16)) for side in ("width", "height"))
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    side = max(width, height)
    box = f"{(width - side) / 2} {(height - side) / 2} {side} {side}"
    head = f'<svg {spaces} viewBox="{box}">'
    return f"{head}{own['body']}</svg>".replace("currentColor", "#000")


def render_set(name: str, found: list[dict]) -> list[np.ndarray | None]:
    """Each thing as a set draws it; None where it does not."""
    icons = icon_set(name)
    filed = [filed_as(thing, icons) for thing in found]
    return [None if icon is None else render(svg(icons, icon)) for icon in filed]


def filled(drawn: list[list[np.ndarray | None]]) -> np.ndarray:
    """(things, sets, 48, 48, 4): what a set lacks is drawn as in the one before it."""
    for before, lacking in itertools.pairwise(drawn):
        lacking[:] = [b if a is None else a for a, b in zip(lacking, before, strict=True)]
    return np.stack([np.stack(pictures) for pictures in drawn], axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("data/sprites.npz"))
    out = parser.parse_args().out
    if not (HERE / "node_modules").exists():
        subprocess.run(["npm", "ci", "--silent"], cwd=HERE, check=True)
    found = things()
    with ProcessPoolExecutor() as pool:
        jobs = pool.map(render_set, ALL_SETS, [found] * len(ALL_SETS))
        drawn = list(tqdm(jobs, total=len(ALL_SETS), desc="rendering sets", unit="set"))
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        out,
        sprites=filled(drawn),
        things=np.frombuffer(json.dumps(found).encode(), np.uint8),
    )
    print(f"{out}: {len(found)} things in {len(ALL_SETS)} sets")


if __name__ == "__main__":
    main()
