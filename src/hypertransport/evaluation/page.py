"""The report of an evaluation: a table in Markdown, and one page of HTML that needs no other file.

Failures are shown as they are: the concepts with the most, the median and the least effect.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from math import isnan
from pathlib import Path

import numpy as np

from hypertransport.evaluation.charts import Line, Mark, chart
from hypertransport.evaluation.config import HYPERTRANSPORT, METHODS, UNSTEERED
from hypertransport.evaluation.figures import Estimate, Figures, Point, Reading
from hypertransport.evaluation.preferences import Share
from hypertransport.evaluation.table import Cell, Row, folder_of

SHOWN = 3  # concepts each of the best, the median and the worst
STYLE = """\
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; background: #fff }
.wide { overflow-x: auto }
table { border-collapse: collapse }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #ddd; text-align: left }
td { white-space: nowrap }
th[scope=row] { position: sticky; left: 0; background: #fff; font-weight: normal }
svg { font-size: 12px; display: block }
img { width: 8rem; image-rendering: pixelated; display: block }
.missing { color: #888 }"""
# Columns of each reader, beside how often the effect is monotone, and those of none.
READ = ("strength", "effect", "content", "times", "times, at its content")
COSTS = ("direction", "CMMD", "seconds a concept")
NOTES = """\
Effect: the mean score of the concept, less that of the unsteered pictures. Content: the mean score
of what the prompt asks for (for clip: the similarity to the unsteered picture), over that of the
unsteered pictures. Each method at its own best strength: that with the greatest product of the two.
In brackets 95% intervals by resampling concepts. Times: the hypernetwork's effect over the
method's, both at their best; and at the method's content or more. Direction: how far pictures moved
as words do. CMMD: the distance of all pictures from the unsteered ones. Monotone: the share of
concepts whose effect has a rank correlation of 0.95 or more with the strength, from 0 to 1, where
maps are applied whole, and to the greatest. Clip flatters what was trained on it."""


def markdown(figures: Figures) -> str:
    """Where the figures come from, and the table of methods."""
    header, rows = table(figures)
    lines = [header, ["---"] * len(header), *rows]
    return figures.origin + "\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def table(figures: Figures) -> tuple[list[str], list[list[str]]]:
    """Column heads, and a row of text per method: what each reader says, then what it costs."""
    header = ["method"]
    for reading in figures.readings:
        header += [f"{reading.reader}: {what}" for what in READ]
        header += [f"monotone ({reading.reader})"]
    rows = [
        [method, *(cell for reading in figures.readings for cell in _read(reading, method))]
        for method in figures.methods
    ]
    return [*header, *COSTS], [[*row, *_costs(figures, row[0])] for row in rows]


def html(figures: Figures, rows: Sequence[Row], tables: Sequence[Path]) -> str:
    """The page; `tables` are the files that the rows came from, beside which pictures lie."""
    first = figures.readings[0]
    sections = [_methods_section(figures)]
    sections += [_reader_section(reading) for reading in figures.readings]
    sections += [_costs_section(figures), f"<p>{escape(NOTES)}</p>"]
    sections += [_concepts_section(first, rows, [folder_of(path) for path in tables])]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Evaluation</title><style>{STYLE}</style></head><body>"
        f"<h1>{len(first.concepts)} concepts, {len(figures.methods)} methods</h1>"
        f"<p>{escape(figures.origin)}</p>" + "\n".join(sections) + "</body></html>\n"
    )


# --- tables ---------------------------------------------------------------------------------------


def _read(reading: Reading, method: str) -> list[str]:
    """What a reader says of a method, and how often its effect grows with the strength."""
    place = reading.best[method]
    return [
        f"{reading.points[place].strength:g}",
        _estimate(reading.effect[place]),
        _estimate(reading.content[place]),
        *(_estimate(times.get(method)) for times in (reading.ratios, reading.gains)),
        _shares(reading.monotone.get(method, {})),
    ]


def _costs(figures: Figures, method: str) -> list[str]:
    cost = figures.costs[method]
    return [f"{cost.direction:.3f}", f"{cost.cmmd:.2f}", f"{cost.seconds:.3g}"]


def _estimate(estimate: Estimate | None) -> str:
    if estimate is None or isnan(estimate.value):
        return ""
    return "{:.3f} ({:.3f} to {:.3f})".format(*estimate)


def _shares(shares: Mapping[float, Share]) -> str:
    """By the last strength: "73% to 1, 28% to 1.75"."""
    return ", ".join(f"{100 * share.value:.0f}% to {last:g}" for last, share in shares.items())


def _methods_section(figures: Figures) -> str:
    about = "".join(f"<li>{method}: {escape(METHODS[method])}</li>" for method in figures.methods)
    return f"<h2>Methods</h2><ul>{about}</ul>"


def _costs_section(figures: Figures) -> str:
    rows = [[method, *_costs(figures, method)] for method in figures.methods]
    return f"<h2>Direction, distance, time</h2>{_html_table(('method', *COSTS), rows)}"


def _html_table(header: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are HTML. Where it is too wide for the page it scrolls, under what its rows are of."""
    head = "".join(f'<th scope="col">{cell}</th>' for cell in header)
    body = "".join(
        f'<tr><th scope="row">{of}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for of, *cells in rows
    )
    return _wide(f"<table><tr>{head}</tr>{body}</table>")


def _wide(inner: str) -> str:
    return f'<div class="wide" tabindex="0">{inner}</div>'


# --- what a reader says ---------------------------------------------------------------------------


def _reader_section(reading: Reading) -> str:
    rows = [[method, *_read(reading, method)] for method in reading.best]
    header = ["method", *READ, "monotone"]
    return (
        f"<h2>As {escape(reading.reader)} sees it</h2>{_html_table(header, rows)}"
        f"{_curves(reading)}{_kinds(reading)}"
    )


def _curves(reading: Reading) -> str:
    against_content, along_strength = [], []
    for method in reading.best:
        places = reading.along(method)
        effects = [reading.effect[place] for place in places]
        xs = [1 - reading.content[place].value for place in places]
        against_content.append(Line(method, [*map(_mark, xs, effects)]))
        strengths = [reading.points[place].strength for place in places]
        along_strength.append(Line(method, [*map(_mark, strengths, effects)]))
    return (
        "<h3>Effect against content lost</h3>"
        f"{_wide(chart(against_content, 'content lost', 'effect'))}"
        f"<h3>Effect over strength</h3>{_wide(chart(along_strength, 'strength', 'effect'))}"
    )


def _mark(x: float, effect: Estimate) -> Mark:
    return Mark(x, *effect)


def _kinds(reading: Reading) -> str:
    kinds = [kind for kind, _ in reading.concepts]
    rows = [
        [f"{kind} ({kinds.count(kind)})", *map(_estimate, effects.values())]
        for kind, effects in reading.by_kind().items()
    ]
    header = ["kind (concepts)", *reading.best]
    return f"<h3>Effect by kind of concept</h3>{_html_table(header, rows)}"


# --- concepts -------------------------------------------------------------------------------------


def _concepts_section(reading: Reading, rows: Sequence[Row], folders: Sequence[Path]) -> str:
    """Pictures of the first prompt and seed, by every method at its best strength."""
    main = HYPERTRANSPORT if HYPERTRANSPORT in reading.best else next(iter(reading.best))
    effects = reading.by_concept[:, reading.best[main]]
    points = [Point(UNSTEERED, 0.0), *(reading.points[place] for place in reading.best.values())]
    first = rows[0].cell
    body = [
        [
            f"{escape(name)}<br>{title}, {effects[i]:.3f}",
            *(
                _picture(Cell(kind, name, p.method, first.prompt, first.seed, p.strength), folders)
                for p in points
            ),
        ]
        for title, chosen in _ranked(effects)
        for i in chosen
        for kind, name in [reading.concepts[i]]
    ]
    header = ["concept", *(f"{point.method}, {point.strength:g}" for point in points)]
    return (
        f"<h2>Best, median and worst concepts</h2><p>By the effect of {main}, as "
        f"{escape(reading.reader)} sees it. The prompt is “{escape(first.prompt)}”, the seed "
        f"{first.seed}.</p>{_html_table(header, body)}"
    )


def _ranked(effects: np.ndarray) -> list[tuple[str, list[int]]]:
    """The places of the concepts with the most, the median and the least effect, each once."""
    order = np.argsort(-effects, kind="stable").tolist()
    each = min(SHOWN, max(1, len(order) // 3))
    middle = (len(order) - each) // 2
    parts = {"best": order[:each], "median": order[middle : middle + each], "worst": order[-each:]}
    seen: set[int] = set()
    ranked = []
    for title, places in parts.items():
        ranked.append((title, [place for place in places if place not in seen]))
        seen.update(places)
    return ranked


def _picture(cell: Cell, folders: Sequence[Path]) -> str:
    for path in (cell.picture(folder) for folder in folders):
        if path.is_file():
            data = base64.b64encode(path.read_bytes()).decode()
            words = escape(f"{cell.concept} by {cell.method}", quote=True)
            return f'<img alt="{words}" src="data:image/png;base64,{data}">'
    return '<span class="missing">not kept</span>'
