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
table { border-collapse: collapse; display: block; overflow-x: auto }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #ddd; text-align: left }
svg { font-size: 12px; max-width: 100%; height: auto }
img { width: 8rem; image-rendering: pixelated; display: block }
.missing { color: #888 }"""
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
        header += [f"{reading.reader}: {what}" for what in ("strength", "effect", "content")]
        header += [f"{reading.reader}: {what}" for what in ("times", "times, at its content")]
        header += [f"monotone ({reading.reader})"]
    header += ["direction", "CMMD", "seconds a concept"]
    return header, [_row(figures, method) for method in figures.methods]


def html(figures: Figures, rows: Sequence[Row], tables: Sequence[Path]) -> str:
    """The page; `tables` are the files that the rows came from, beside which pictures lie."""
    first = figures.readings[0]
    sections = [_methods_section(figures)]
    sections += [_curves(reading) for reading in figures.readings]
    sections += [_kinds_section(reading) for reading in figures.readings]
    sections += [_concepts_section(first, rows, [folder_of(path) for path in tables])]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Evaluation</title><style>{STYLE}</style></head><body>"
        f"<h1>{len(first.concepts)} concepts, {len(figures.methods)} methods</h1>"
        f"<p>{escape(figures.origin)}</p>" + "\n".join(sections) + "</body></html>\n"
    )


# --- the table ------------------------------------------------------------------------------------


def _row(figures: Figures, method: str) -> list[str]:
    cost, cells = figures.costs[method], [method]
    for reading in figures.readings:
        place = reading.best[method]
        cells += [f"{reading.points[place].strength:g}"]
        cells += [_estimate(reading.effect[place]), _estimate(reading.content[place])]
        cells += [_estimate(times.get(method)) for times in (reading.ratios, reading.gains)]
        cells += [_shares(reading.monotone.get(method, {}))]
    return [*cells, f"{cost.direction:.3f}", f"{cost.cmmd:.2f}", f"{cost.seconds:.3g}"]


def _estimate(estimate: Estimate | None) -> str:
    if estimate is None or isnan(estimate.value):
        return ""
    return "{:.3f} ({:.3f} to {:.3f})".format(*estimate)


def _shares(shares: Mapping[float, Share]) -> str:
    """By the last strength: "73% to 1, 28% to 1.75"."""
    return ", ".join(f"{100 * share.value:.0f}% to {last:g}" for last, share in shares.items())


def _methods_section(figures: Figures) -> str:
    header, rows = table(figures)
    about = "".join(f"<li>{method}: {escape(METHODS[method])}</li>" for method in figures.methods)
    return (
        f"<h2>Methods</h2>{_html_table(map(escape, header), [map(escape, row) for row in rows])}"
        f"<p>{escape(NOTES)}</p><ul>{about}</ul>"
    )


def _html_table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{cell}</th>" for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


# --- curves ---------------------------------------------------------------------------------------


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
        f"<h2>{escape(reading.reader)}</h2><h3>Effect against content lost</h3>"
        f"{chart(against_content, 'content lost', 'effect')}"
        f"<h3>Effect over strength</h3>{chart(along_strength, 'strength', 'effect')}"
    )


def _mark(x: float, effect: Estimate) -> Mark:
    return Mark(x, *effect)


# --- kinds ----------------------------------------------------------------------------------------


def _kinds_section(reading: Reading) -> str:
    kinds = [kind for kind, _ in reading.concepts]
    rows = [
        [f"{kind} ({kinds.count(kind)})", *map(_estimate, effects.values())]
        for kind, effects in reading.by_kind().items()
    ]
    header = ["kind (concepts)", *reading.best]
    return (
        f"<h2>Effect by kind of concept, {escape(reading.reader)}</h2>"
        f"{_html_table(map(escape, header), [map(escape, row) for row in rows])}"
    )


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
        f"{first.seed}.</p>{_html_table(map(escape, header), body)}"
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
