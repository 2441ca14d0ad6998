"""What the hypernetwork reaches beside what it is to reach, read from `hypertransport report`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from docs.results_page import FOLDER, MODELS, table

Figures = tuple[float, ...]  # a value, and its interval where there is one


def times(cell: str) -> Figures:
    """'0.951 (0.915 to 0.984)': the hypernetwork's effect over the method's."""
    return tuple(map(float, re.findall(r"\d+\.\d+", cell)))


def of_words(cell: str) -> Figures:
    """The inverse: a method's effect over that of the hypernetwork by words."""
    value, low, high = times(cell)
    return 1 / value, 1 / high, 1 / low


def share(cell: str) -> Figures:
    """'84% to 1, 60% to 1.5': how many concepts, up to a strength of 1."""
    return (int(cell.partition("%")[0]) / 100,)


@dataclass(frozen=True, slots=True)
class Aim:
    """One row: `column` of `method` in the tables whose names end with `ends`, one a model."""

    told: str
    ends: tuple[str, ...]
    method: str
    read: Callable[[str], Figures]
    least: float | None
    column: str = "recogniser: times"


BOTH = ("", "-sdxl")
WORDS, ONE, TWO = "hypertransport", "hypertransport-picture", "hypertransport-pictures"
AT_CONTENT, GROWING = "recogniser: times, at its content", "monotone (recogniser)"
AIMS = (
    Aim("against causal Lin-AcT, fitted to each", BOTH, "lin-act-causal", times, 1, AT_CONTENT),
    Aim("against LinEAS, 50 steps for each", ("-fits",), "lineas", times, 1, AT_CONTENT),
    Aim("against LinEAS, 1000 steps, {} concepts", ("-long",), "lineas-long", times, 1, AT_CONTENT),
    Aim("against the concept written into the prompt", BOTH, "prompting", times, 0.9),
    Aim("the same where as much else is kept", BOTH, "prompting", times, None, AT_CONTENT),
    Aim("by one picture instead of words, in noto-v1's style", BOTH, ONE, of_words, 0.9),
    Aim("in fluent-emoji-flat's style", ("-hand", "-hand-sdxl"), ONE, of_words, 0.9),
    Aim("by both pictures", BOTH, TWO, of_words, 0.9),
    Aim("concepts of which it grows by quarters of strength", BOTH, WORDS, share, 0.95, GROWING),
    Aim("by eighths, and twice the pictures", ("-dial",), WORDS, share, 0.95, GROWING),
)


def reported(end: str) -> tuple[int, dict[str, dict[str, str]]]:
    """How many concepts a table is of and, by method, its cells by the name of their column."""
    first, *lines = (FOLDER / f"results/methods{end}.md").read_text(encoding="utf-8").splitlines()
    split = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line]
    head, _, *rows = split
    return int(first.split()[0]), {row[0]: dict(zip(head, row, strict=True)) for row in rows}


def told(value: float, aim: Aim) -> str:
    return f"{value:.0%}" if aim.read is share else f"{value:.2f}"


def figure(aim: Aim, cell: str) -> str:
    """What is reached, with its interval; in bold where it falls short."""
    value, *interval = aim.read(cell)
    short = aim.least is not None and value < aim.least
    reached = f"**{told(value, aim)}**" if short else told(value, aim)
    return reached + (f" ({interval[0]:.2f} to {interval[1]:.2f})" if interval else "")


def aims() -> str:
    """Every aim, a column for each model; empty where nothing was measured."""
    rows = []
    for aim in AIMS:
        found = [reported(end) for end in aim.ends]
        cells = [figure(aim, methods[aim.method][aim.column]) for _, methods in found]
        cells += [""] * (len(MODELS) - len(cells))
        least = "" if aim.least is None else told(aim.least, aim)
        rows.append([aim.told.format(found[0][0]), *cells, least])
    return table(["effect of the hypernetwork", *MODELS, "aim"], rows)
