"""Render drawings of what is no thing of the world: other emoji, and icons that packages share.

    python -m recipes.emojiscape.other_sprites      # after `sprites`; writes data/others.npz

The image tower learns from them too. What makes two drawings, by two hands, one thing it cannot
learn from a few hundred things alone; these are thousands, each drawn by two hands at least.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path

import numpy as np
from tqdm import tqdm

from recipes.emojiscape import sprites as s

EMOJI_SETS = (*s.WORLD_SETS, *s.ENCODER_SETS, "emojione-monotone")
ICON_PACKAGES = tuple(p for p in s.POOLED_PACKAGES if p not in (s.NOTO_FONT, *EMOJI_SETS))
COMPONENTS = 2  # emojibase's group of skin tones and hair: parts of emoji


def other_emoji() -> list[dict]:
    """Emoji that are no things of the world, as `sprites.all_emoji` tells them."""
    own = {thing["label"] for thing in s.things()}
    return [e for e in s.all_emoji() if e["label"] not in own and e.get("group") != COMPONENTS]


def emoji_of(name: str) -> dict[str, str]:
    """The SVG of each other emoji that a set draws, by its label."""
    icons = s.icon_set(name)
    filed = {e["label"]: s.filed_as(e, icons) for e in other_emoji()}
    return {label: s.svg(icons, icon) for label, icon in filed.items() if icon is not None}


def icons_of(name: str) -> dict[str, str]:
    """The SVG of each icon of a package that has no name of a thing, by its bare name."""
    icons = s.icon_set(name)
    names = chain.from_iterable(
        (thing["label"], *s.ICON_NAMES["names"].get(thing["label"], [])) for thing in s.things()
    )
    own = {s.joined(known.removesuffix(" face")) for known in names}
    named = {bare: icon for bare, icon in s.named_icons(icons).items() if bare not in own}
    return {f"icon {bare}": s.svg(icons, icon) for bare, icon in named.items()}


def shared(drawn: list[dict[str, str]]) -> dict[str, list[str]]:
    """By name, what two hands or more have drawn."""
    names = dict.fromkeys(chain.from_iterable(drawn))
    found = {name: [of[name] for of in drawn if name in of] for name in names}
    return {name: pictures for name, pictures in found.items() if len(pictures) > 1}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("data/others.npz"))
    out = parser.parse_args().out
    with ProcessPoolExecutor() as pool:
        found = shared([*pool.map(emoji_of, EMOJI_SETS), *pool.map(icons_of, ICON_PACKAGES)])
        texts = [text for pictures in found.values() for text in pictures]
        jobs = pool.map(s.render, texts, chunksize=64)
        drawings = np.stack(list(tqdm(jobs, total=len(texts), desc="rendering others")))
    classes = np.repeat(np.arange(len(found)), [len(pictures) for pictures in found.values()])
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out, drawings=drawings, classes=classes)
    print(f"{out}: {len(drawings)} drawings of {len(found)} things")


if __name__ == "__main__":
    main()
