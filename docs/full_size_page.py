"""The page of the measurements at full size: by hand above, and below what the results say."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
HALF = "<!-- From here on made by docs/generate.py from docs/results/full-size*.json. -->"
COUNTED = "| target | sites | channels | numbers per concept | weights |\n|---|---|---|---|---|"
TIMED = "| target | pixels | | seconds | peak memory, GiB |\n|---|---|---|---|---|"
PREDICTED = "| target | pixels | rows | | GiB | left of 80 GB |\n|---|---|---|---|---|---|"
MEMORY, GPU_GIB = "full-size-memory.json", 80e9 / 2**30
PARTS = "full-size-parts.json"


def full_size_page() -> str:
    """What is written by hand there, then one section for each file of results."""
    by_hand, _, _ = (FOLDER / "full-size.md").read_text(encoding="utf-8").partition(HALF)
    paths = sorted((FOLDER / "results").glob("full-size*.json"))
    sections = [by_hand + HALF]
    kinds = {MEMORY: memory_section, PARTS: parts_section}
    for path in paths:
        told = kinds.get(path.name, section)
        sections.append(told(json.loads(path.read_text(encoding="utf-8"))))
    return "\n\n".join(sections) + "\n"


def section(record: dict[str, Any]) -> str:
    """The machine, what was counted, and what was timed."""
    told = (
        f"{record['date']}, torch {record['torch']}, {record['dtype']}, seed {record['seed']}; "
        f"{record['memory_gib']:.1f} GiB of memory. A step has {record['rows']} rows."
    )
    targets = record["targets"].items()
    counted = [COUNTED, *(count(name, found) for name, found in targets)]
    timed = [TIMED, *(row for name, found in targets for row in times(name, found))]
    return "\n\n".join([f"## {record['hardware']}", told, "\n".join(counted), "\n".join(timed)])


def memory_section(record: dict[str, Any]) -> str:
    """What a GPU would need at each size of picture and batch, and what one of 80 GB has left."""
    told = f"Predicted, {record['date']}, torch {record['torch']}, {record['dtype']}."
    rows = [
        f"| {name} | {at['pixels']} | {at['rows']} | {what} | {gib:.1f} | {left(gib)} |"
        for name, found in record["targets"].items()
        for at in found
        for what, gib in at["gib"].items()
    ]
    return "\n\n".join(["## A GPU's memory, predicted", told, "\n".join([PREDICTED, *rows])])


def parts_section(record: dict[str, Any]) -> str:
    """What a GPU would need for text encoders and VAE, each by itself."""
    told = f"Predicted, {record['date']}, torch {record['torch']}. Each part by itself."
    rows = [
        f"| {name} | {what} | {gib:.2f} |"
        for name, parts in record["targets"].items()
        for what, gib in parts.items()
    ]
    header = "| target | | GiB |\n|---|---|---|"
    return "\n\n".join(["## Text encoders and VAE, predicted", told, "\n".join([header, *rows])])


def left(gib: float) -> str:
    return f"{GPU_GIB - gib:.1f}" if gib < GPU_GIB else "does not fit"


def count(name: str, found: dict[str, Any]) -> str:
    numbers = [found[key] for key in ("sites", "channels", "numbers", "weights")]
    return f"| {name} | " + " | ".join(f"{n:,}" for n in numbers) + " |"


def times(name: str, found: dict[str, Any]) -> list[str]:
    """A row for each thing that was timed, at each size of picture."""
    return [
        f"| {name} | {pixels} | {what} | {figures(measured)} |"
        for pixels, table in found["pixels"].items()
        for what, measured in table.items()
    ]


def figures(measured: dict[str, Any]) -> str:
    if not measured["fits"]:
        return "does not fit | "
    return f"{measured['seconds']:.3g} | {measured['peak_gib']:.1f}"
