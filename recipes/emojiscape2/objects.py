"""Choose the objects of the world and render them in every icon set that draws them.

    python -m recipes.emojiscape2.objects            # npm install, render, write data/objects.npz

The generators see one set, `OWN_SET`. The encoder's image tower sees `ENCODER_SETS`, and no
training sees `UNSEEN_SETS`, which provide the reference images of the evaluation.
"""

import argparse
import json
import subprocess
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from tqdm import tqdm

from recipes.emojiscape import sprites as s

HERE = Path(__file__).parent
OWN_SET = "fluent-emoji-flat"
UNSEEN_SETS = ("twemoji", "noto-v1")  # the second lacks some objects
ENCODER_SETS = ("noto", "fluent-emoji", "fluent-emoji-high-contrast", "emojione", "fxemoji")
SETS = (OWN_SET, *UNSEEN_SETS, *ENCODER_SETS)
# The plainest name of an object where Unicode's label is not.
RENAMED = {
    "lady beetle": "ladybug", "sauropod": "dinosaur", "globe showing americas": "globe",
    "hot beverage": "cup of coffee", "glass of milk": "glass of milk", "automobile": "car",
    "sport utility vehicle": "jeep", "locomotive": "steam train",
    "mantelpiece clock": "mantel clock",
    "hourglass done": "hourglass", "vertical traffic light": "traffic light",
    "high voltage": "lightning bolt",
    "jack-o-lantern": "halloween pumpkin", "magnifying glass tilted left": "magnifying glass",
    "closed mailbox with raised flag": "mailbox", "tear-off calendar": "calendar",
    "poultry leg": "chicken leg", "ear of corn": "corn", "cheese wedge": "cheese",
    "soccer ball": "soccer ball",
    "fork and knife with plate": "dinner plate", "red paper lantern": "paper lantern",
    "cooked rice": "bowl of rice",
    "bottle with popping cork": "champagne bottle", "couch and lamp": "couch",
    "closed book": "book",
    "rescue worker's helmet": "safety helmet", "man's shoe": "leather shoe",
    "dollar banknote": "banknote",
    "deciduous tree": "tree", "evergreen tree": "pine tree", "spouting whale": "whale",
    "baby chick": "chick", "manual wheelchair": "wheelchair", "police car light": "siren",
    "optical disk": "disc", "heart suit": "heart", "chart increasing": "rising chart",
    "gem stone": "gem",
    "cloud with rain": "rain cloud", "cloud with snow": "snow cloud", "straight ruler": "ruler",
    "locked": "padlock",
}  # fmt: skip


def dropped() -> set[str]:
    """Return the labels of `drop.txt`."""
    lines = (HERE / "drop.txt").read_text(encoding="utf-8").splitlines()
    return {
        label.strip() for line in lines if not line.startswith("#") for label in line.split(",")
    }


def objects() -> list[dict]:
    """Return label, tags and character of the objects of OWN_SET and the first unseen set."""
    sets = [s.icon_set(name) for name in (OWN_SET, UNSEEN_SETS[0])]
    out = dropped()
    return [
        {"label": e["label"], "tags": e.get("tags", []), "emoji": e["emoji"]}
        for e in s.all_emoji()
        if e.get("group") in s.THING_GROUPS
        and e["label"] not in out
        and not s.CLOCK_FACE.search(e["label"])
        and all(s.filed_as(e, icons) for icons in sets)
    ]


def named(found: list[dict]) -> list[dict]:
    """Replace labels by the plain names of `RENAMED`; the label becomes a tag."""
    return [
        o | {"label": RENAMED[o["label"]], "tags": [o["label"], *o["tags"]]}
        if o["label"] in RENAMED
        else o
        for o in found
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("data/objects.npz"))
    out = parser.parse_args().out
    if not (s.HERE / "node_modules").exists():
        subprocess.run(["npm", "ci", "--silent"], cwd=s.HERE, check=True)
    found = objects()
    with ProcessPoolExecutor() as pool:
        jobs = pool.map(s.render_set, SETS, [found] * len(SETS))
        drawn = list(tqdm(jobs, total=len(SETS), desc="rendering sets", unit="set"))
    out.parent.mkdir(parents=True, exist_ok=True)
    text = np.frombuffer(json.dumps(named(found)).encode(), np.uint8)
    np.savez_compressed(out, sprites=s.filled(drawn), things=text)
    print(f"{out}: {len(found)} objects in {len(drawn)} sets")


if __name__ == "__main__":
    main()
