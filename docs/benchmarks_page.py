"""The page of the benchmarks: by hand above, and below what docs/results/benchmarks.json says."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docs.results_page import table

FOLDER = Path(__file__).parent
RESULT = FOLDER / "results/benchmarks.json"
HALF = "<!-- From here on made by docs/generate.py from docs/results/benchmarks.json. -->"
TITLES = {
    "new_concept": "A new concept",
    "steering_cost": "What steering adds to a picture",
    "transport_cost": "The transport cost",
    "training": "Training",
    "switching": "Switching under torch.compile",
    "start_up": "Starting up",
    "growth": "Growth",
    "load": "Load",
    "overload": "Overload",
}
HEAD = (
    "case", "what", "ours", "seconds", "MiB", "peer", "seconds", "MiB", "times as fast", "bound, s",
    "also", "hardware",
)  # fmt: skip
Row = Mapping[str, Any]


def benchmarks_page() -> str:
    """What is written by hand there, then the aims, then a section for each benchmark."""
    by_hand, _, _ = (FOLDER / "benchmarks.md").read_text(encoding="utf-8").partition(HALF)
    machines = json.loads(RESULT.read_text(encoding="utf-8"))["machines"] if RESULT.exists() else {}
    parts = made(machines) if machines else ["Nothing is measured yet: run `make bench`."]
    return "\n\n".join([by_hand + HALF, *parts]) + "\n"


def made(machines: Mapping[str, Any]) -> list[str]:
    """All that follows from the results, as paragraphs."""
    names = [n for n in TITLES if any(n in m["benchmarks"] for m in machines.values())]
    told = ["## The machines", "\n".join(machine(m) for m in machines.values())]
    told += ["## Aims", aims(machines)]
    for name in names:
        told += [f"## {TITLES[name]}", *section(name, machines)]
    return told


def machine(known: Row) -> str:
    """What it is, what it can do, and how long ago."""
    found = known["benchmarks"].values()
    dates = ", ".join(sorted({b["date"] for b in found}))
    repeats = ", ".join(sorted({str(b["repeats"]) for b in found}))
    quick = " **Tiny sizes, to test the benchmarks: no figure means anything.**"
    minutes = sum(b["took_seconds"] for b in found) / 60
    copies, computes = (known[f"{k}_a_second"] / 1e9 for k in ("bytes", "operations"))
    told = (
        f"- **{known['hardware']}**, {known['memory_gib']:.1f} GiB; copies {copies:,.1f} GB and "
        f"computes {computes:,.0f} GFLOP a second; torch {known['torch']}. {dates}, {repeats} "
        f"repeats, {minutes:.0f} minutes in all."
    )
    return told + quick * any(b["quick"] for b in found)


def rows_of(known: Row, name: str) -> Sequence[Row]:
    return known["benchmarks"].get(name, {"rows": []})["rows"]


def aims(machines: Mapping[str, Any]) -> str:
    """What was aimed at, with a column of what was reached for each machine."""
    reached = {
        machine: {row["aim"]: row["reached"] for name in TITLES for row in rows_of(known, name)}
        for machine, known in machines.items()
    }
    wanted = dict.fromkeys(aim for found in reached.values() for aim in found if aim)
    rows = [[aim, *(found.get(aim) or "" for found in reached.values())] for aim in wanted]
    return table(["aim", *machines], rows)


def section(name: str, machines: Mapping[str, Any]) -> list[str]:
    """A table, and for what grows its plots."""
    rows = [
        line(row, machine) for machine, known in machines.items() for row in rows_of(known, name)
    ]
    parts = [table(HEAD, rows)]
    if name == "growth":
        found = {plot(row): row for known in machines.values() for row in rows_of(known, name)}
        parts += [
            f"![{row['case']}]({path})" for path, row in found.items() if (FOLDER / path).exists()
        ]
    return parts


def plot(row: Row) -> str:
    return f"growth-{row['case'].replace(' ', '-')}.png"


def line(row: Row, machine: str) -> list[str]:
    """One row of results, as words."""
    case = f"{row['case']} ({row['note']})" if row["note"] else row["case"]
    own = [case, row["what"], row["ours"], number(row["seconds"]), number(row["mib"])]
    peer = ["", "", "", ""]
    if row["peer"]:
        median, least, most = map(number, row["ratio"])
        own_peer = [number(row["peer_seconds"]), number(row["peer_mib"])]
        peer = [row["peer"], *own_peer, f"{median} ({least} to {most})"]
    bound = f"{number(row['bound_seconds'])} ({row['bound_by']})" if row["bound_by"] else ""
    also = "; ".join(f"{name} {number(value)}" for name, value in row["facts"].items())
    return [*own, *peer, bound, also, machine]


def number(value: float) -> str:
    """Three digits, and no more than are there."""
    if value == 0 or value != value:
        return "0" if value == 0 else "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
