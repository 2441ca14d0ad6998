"""Render the emoji that six sets all draw, in those and in others that lack some, into one array.

    python -m recipes.emojiscape.sprites            # npm install, render, write data/sprites.npz

At 48 pixels. Four sets make the world; two are never trained on and serve as unseen renderings; the
others are seen by the image tower alone, which has to know a thing in any drawing. The last of
these are pooled: a package of icons draws too few of the things to be a set of its own.
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
from PIL import Image, ImageDraw, ImageFont
from tqdm import tqdm

HERE = Path(__file__).parent
SIZE = 48
WORLD_SETS = ("noto", "twemoji", "fluent-emoji", "fluent-emoji-high-contrast")
UNSEEN_SETS = ("noto-v1", "fluent-emoji-flat")
ENCODER_SETS = ("emojione", "fxemoji", "streamline-emojis")
ALL_SETS = WORLD_SETS + UNSEEN_SETS + ENCODER_SETS
NOTO_FONT = "noto-emoji"  # the one package that is a font
POOLED_PACKAGES = (  # the most pictorial first, as few things need them all
    "streamline-kameleon-color", "flat-color-icons", "fluent-color", "streamline-ultimate-color",
    "icon-park", "game-icons", NOTO_FONT, "streamline-cyber-color", "mdi", "ph", "streamline-color",
    "fa7-solid", "hugeicons", "mingcute", "tabler", "emojione-monotone",
)  # fmt: skip
POOLED_SETS = 5
ICON_NAMES = json.loads(
    (HERE / "icon_names.json").read_text(encoding="utf-8")
)  # besides labels; wrong, by package
MANNERS = ("color", "duotone", "fill", "filled", "solid", "bold")  # the fullest first
MANNER = re.compile(rf"(-({'|'.join(MANNERS)}|outlined?|line|linear|broken|regular|rounded|\d+))+$")
KIND = re.compile(r"^(food|animal|weather|fruit|glass|cards)-")
THING_GROUPS = (3, 4, 5, 6, 7)  # animals, food, places, activities, objects
CLOCK_FACE = re.compile(r"o.?clock|thirty")


def slug(label: str) -> str:
    """The name under which iconify files an emoji: 'bird's nest' -> 'birds-nest'."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub("['’]", "", label.lower())).strip("-")


def icon_set(name: str) -> dict:
    return json.loads(
        (HERE / "node_modules/@iconify-json" / name / "icons.json").read_text(encoding="utf-8")
    )


def all_emoji() -> list[dict]:
    """Unicode's emoji in its order, as emojibase knows them; labels in lower case."""
    emoji = json.loads(
        (HERE / "node_modules/emojibase-data/en/data.json").read_text(encoding="utf-8")
    )
    known = [e | {"label": e["label"].lower().replace("’", "'")} for e in emoji]
    return sorted(known, key=lambda e: e.get("order", 0))


def things() -> list[dict]:
    """Emoji of things that world and unseen sets all draw: label and tags."""
    drawn = [set(icon_set(name)["icons"]) for name in WORLD_SETS + UNSEEN_SETS]
    return [
        {"label": e["label"], "tags": e.get("tags", []), "emoji": e["emoji"]}
        for e in all_emoji()
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


def fullest_first(icon: str) -> tuple[int, int, str]:
    """To sort the icons of one thing in several manners."""
    ranks = [MANNERS.index(part) for part in icon.split("-") if part in MANNERS]
    return min(ranks, default=len(MANNERS)), len(icon), icon


def joined(name: str) -> str:
    """'hot dog' -> 'hotdog': packages differ in where they put hyphens."""
    return slug(name).replace("-", "")


def named_icons(icons: dict) -> dict[str, str]:
    """Icons by their bare names: 'food-apple-outline' is an 'apple'."""
    known: dict[str, str] = {}
    for icon in sorted(icons["icons"], key=fullest_first):
        bare = MANNER.sub("", icon)
        for name in (bare, KIND.sub("", bare)):
            known.setdefault(joined(name), icon)
    return known


def iconed_as(label: str, known: dict[str, str]) -> str | None:
    """The icon of a thing in a package not of emoji, where Unicode's 'speaker' would be a box."""
    names = [label, label.removesuffix(" face"), *ICON_NAMES["names"].get(label, [])]
    return next((known[joined(name)] for name in names if joined(name) in known), None)


def svg(icons: dict, icon: str) -> str:
    """One icon in the middle of a square; it may have sizes of its own, unlike its set's."""
    own = icons["icons"][icon]
    width, height = (own.get(side, icons.get(side, 16)) for side in ("width", "height"))
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    side = max(width, height)
    box = f"{(width - side) / 2} {(height - side) / 2} {side} {side}"
    head = f'<svg {spaces} viewBox="{box}">'
    return f"{head}{own['body']}</svg>".replace("currentColor", "#000")


def glyph(font: ImageFont.FreeTypeFont, character: str) -> np.ndarray:
    """A character in black, (48, 48, 4) uint8; U+FFFF is drawn as all that a font lacks."""
    picture = Image.new("RGBA", (SIZE, SIZE))
    ImageDraw.Draw(picture).text((SIZE / 2, SIZE / 2), character, "black", font, anchor="mm")
    return np.asarray(picture)


def render_font(name: str, found: list[dict]) -> list[np.ndarray | None]:
    """Each thing as a font draws it; None where it does not. Each of its files has a part of it."""
    files = (HERE / "node_modules/@fontsource" / name / "files").glob("*-700-normal.woff")
    drawn: list[np.ndarray | None] = [None] * len(found)
    for font in (ImageFont.truetype(file, SIZE * 3 // 4) for file in sorted(files)):
        lacking = glyph(font, "\uffff")
        for i, thing in enumerate(found):
            picture = glyph(font, thing["emoji"].rstrip("\N{VARIATION SELECTOR-16}"))
            drawn[i] = drawn[i] if np.array_equal(picture, lacking) else picture
    return drawn


def render_set(name: str, found: list[dict]) -> list[np.ndarray | None]:
    """Each thing as a set draws it; None where it does not."""
    if name == NOTO_FONT:
        return render_font(name, found)
    icons = icon_set(name)
    if wrong := ICON_NAMES["wrong"].get(name):
        known, names = named_icons(icons), [thing["label"] for thing in found]
        filed = [None if label in wrong else iconed_as(label, known) for label in names]
    else:
        filed = [filed_as(thing, icons) for thing in found]
    return [None if icon is None else render(svg(icons, icon)) for icon in filed]


def pooled(drawn: list[list[np.ndarray | None]]) -> list[list[np.ndarray | None]]:
    """Sets of which the k-th holds each thing's k-th drawing found along the packages."""
    things = [[p for p in pictures if p is not None] for pictures in zip(*drawn, strict=True)]
    return [[p[k] if k < len(p) else None for p in things] for k in range(POOLED_SETS)]


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
        names = ALL_SETS + POOLED_PACKAGES
        jobs = pool.map(render_set, names, [found] * len(names))
        drawn = list(tqdm(jobs, total=len(names), desc="rendering sets", unit="set"))
    drawn[len(ALL_SETS) :] = pooled(drawn[len(ALL_SETS) :])
    out.parent.mkdir(parents=True, exist_ok=True)
    text = np.frombuffer(json.dumps(found).encode(), np.uint8)
    np.savez_compressed(out, sprites=filled(drawn), things=text)
    print(f"{out}: {len(found)} things in {len(drawn)} sets")


if __name__ == "__main__":
    main()
