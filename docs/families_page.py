"""The page of the families: by hand above, and below what tests/families.py says."""

import inspect
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from hypertransport.sites import describe, find_sites, total_channels

FOLDER = Path(__file__).parent
TESTS = FOLDER.parent / "tests"
HALF = "<!-- From here on made by docs/generate.py from tests/families.py: run `make docs`. -->"
TABLE = """\
Sites (by the default pattern) and channels are those of the size that people use. The laws are
tested on the tiny pipeline of the same classes, on whole pictures."""


def families_page() -> str:
    """What is written by hand there, then the example's source, the table and each one's sites."""
    sys.path.insert(0, str(TESTS))
    families: Any = import_module("families")
    by_hand, _, _ = (FOLDER / "families.md").read_text(encoding="utf-8").partition(HALF)
    example = f"```python\n{inspect.getsource(families.chroma)}```"
    laws = [f"- Law {number}: {law}." for number, law in families.LAWS.items()]
    backbones = [(family, family.published_backbone()) for family in families.FAMILIES]
    parts = ["## The function of one family", example, "## The table", TABLE, "\n".join(laws)]
    parts += [table(families.LAWS, backbones), "## The sites of each"]
    for family, backbone in backbones:
        sites = describe(backbone, find_sites(backbone))
        parts += [f"### {family.name}", f"```text\n{sites}\n```"]
    return by_hand + HALF + "\n\n" + "\n\n".join(parts) + "\n"


def table(laws: Iterable[int], backbones: Iterable[tuple[Any, Any]]) -> str:
    """A line per family: how many sites and channels, and which laws hold."""
    head = ["family", "backbone", "sites", "channels", *(f"law {law}" for law in laws)]
    rows = [head, ["---"] * len(head)]
    for family, backbone in backbones:
        sites = find_sites(backbone)
        sizes = [f"{len(sites):,}", f"{total_channels(sites):,}"]
        held = ["holds" if family.obeys(law) else "no" for law in laws]
        rows.append([family.name, f"`{type(backbone).__name__}`", *sizes, *held])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
