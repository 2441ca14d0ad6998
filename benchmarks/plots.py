"""A plot of each way of growing, as docs/growth-*.png. Needs the extra `bench`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure


def plot_growth(rows: Sequence[Mapping[str, Any]], folder: Path) -> list[Path]:
    """Seconds and MiB against size, in logarithms; the paths that were written."""
    paths = []
    for row in rows:
        figure = Figure(figsize=(6, 2.6), dpi=80, layout="constrained")
        sizes = [point[0] for point in row["points"]]
        pair: Any = figure.subplots(1, 2)
        for k, (axes, unit) in enumerate(zip(pair, ("seconds", "MiB"), strict=True), 1):
            axes.loglog(sizes, [max(point[k], 1e-6) for point in row["points"]], "o-")
            axes.set(xlabel=row["case"], ylabel=unit)
            axes.grid(alpha=0.3)
        figure.suptitle(row["what"], fontsize="medium")
        path = folder / f"growth-{row['case'].replace(' ', '-')}.png"
        figure.savefig(path)
        paths.append(path)
    return paths
