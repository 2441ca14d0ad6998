"""Line charts as SVG, to stand in a page: a few lines with intervals, axes, and a legend."""

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, LEGEND = 400.0, 300.0, 72.0, 44.0, 12.0, 170.0  # pixels
COLOURS = (  # of Okabe and Ito: told apart by all eyes
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8A8A00",
)  # fmt: skip
MOST_TICKS = 6


class Mark(NamedTuple):
    """One point of a line, and the interval of its height."""

    x: float
    y: float
    low: float
    high: float


class Line(NamedTuple):
    name: str
    marks: Sequence[Mark]


class Axis(NamedTuple):
    """A range of values and the pixels that its ends lie at."""

    first: float
    last: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.first) / (self.last - self.first)
        return round(self.start + share * (self.end - self.start), 1)


def chart(lines: Sequence[Line], x_label: str, y_label: str) -> str:
    """A chart of all lines, each in a colour of its own, on axes that hold all marks and 0."""
    marks = [mark for line in lines for mark in line.marks]
    x = _axis([mark.x for mark in marks], LEFT, LEFT + WIDTH)
    heights = [height for mark in marks for height in (mark.low, mark.high, mark.y)]
    y = _axis(heights, TOP + HEIGHT, TOP)
    parts = [*_frame(x, y, x_label, y_label)]
    for number, line in enumerate(lines):
        parts += _drawn(line, COLOURS[number % len(COLOURS)], x, y, TOP + 18 * number + 8)
    width, height = LEFT + WIDTH + LEGEND, TOP + HEIGHT + BOTTOM
    box = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
    name = escape(f"{y_label} over {x_label}: {', '.join(line.name for line in lines)}", quote=True)
    return f'<svg {box} role="img" aria-label="{name}">{"".join(parts)}</svg>'


def _axis(values: Sequence[float], start: float, end: float) -> Axis:
    first, last = min(0.0, *values), max(0.0, *values)
    return Axis(first, last if last > first else first + 1, start, end)


def ticks(first: float, last: float) -> list[float]:
    """The multiples of 1, 2 or 5 times a power of ten between two values, at most `MOST_TICKS`."""
    least = (last - first) / (MOST_TICKS - 1)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= least)
    return [i * step for i in range(math.ceil(first / step), math.floor(last / step) + 1)]


def _frame(x: Axis, y: Axis, x_label: str, y_label: str) -> list[str]:
    left, right, bottom = x.start, x.end, y.start
    parts = [f'<path d="M{left} {TOP}V{bottom}H{right}" fill="none" stroke="#888"/>']
    for value in ticks(x.first, x.last):
        parts.append(_text(x(value), bottom + 16, f"{value:.2g}", "middle"))
    for value in ticks(y.first, y.last):
        parts.append(f'<path d="M{left} {y(value)}H{right}" stroke="#ddd"/>')
        parts.append(_text(left - 6, y(value) + 4, f"{value:.2g}", "end"))
    middle = (left + right) / 2
    parts.append(_text(middle, bottom + 36, x_label, "middle"))
    turned = f'transform="rotate(-90 14 {TOP + HEIGHT / 2})"'
    return parts + [_text(14.0, TOP + HEIGHT / 2, y_label, "middle", turned)]


def _drawn(line: Line, colour: str, x: Axis, y: Axis, legend: float) -> list[str]:
    path = " ".join(f"{x(mark.x)},{y(mark.y)}" for mark in line.marks)
    parts = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>']
    for mark in line.marks:
        at = x(mark.x)
        parts.append(f'<path d="M{at} {y(mark.low)}V{y(mark.high)}" stroke="{colour}"/>')
        parts.append(f'<circle cx="{at}" cy="{y(mark.y)}" r="3.5" fill="{colour}"/>')
    right = LEFT + WIDTH + 12
    parts.append(f'<circle cx="{right}" cy="{legend}" r="4" fill="{colour}"/>')
    return parts + [_text(right + 10, legend + 4, line.name, "start")]


def _text(x: float, y: float, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {more}>{escape(text)}</text>'
