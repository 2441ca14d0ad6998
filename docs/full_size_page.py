"""The page of the measurements at full size: by hand above, and below what the results say."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
HALF = "<!-- From here on made by docs/generate.py from docs/results/full-size*.json. -->"
COUNTED = "| target | sites | channels | numbers per concept | weights |\n|---|---|---|---|---|"
TIMED = "| target | pixels | | seconds | peak memory, GiB |\n|---|---|---|---|---|"


def full_size_page() -> str:
    """What is written by hand there, then one section for each file of results."""
    by_hand, _, _ = (FOLDER / "full-size.md").read_text().partition(HALF)
    paths = sorted((FOLDER / "results").glob("full-size*.json"))
    return (
        "\n\n".join([by_hand + HALF, *(section(json.loads(p.read_text())) for p in paths)]) + "\n"
    )


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
