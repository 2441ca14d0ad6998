from xml.etree import ElementTree

import numpy as np
import pytest

from hypertransport.evaluation.charts import (
    HEIGHT,
    LEFT,
    MOST_TICKS,
    TOP,
    WIDTH,
    Line,
    Mark,
    chart,
    ticks,
)

LINES = [
    Line(
        "ours & “theirs” <b>",
        [Mark(0.0, 0.0, 0.0, 0.0), Mark(0.5, 0.3, 0.2, 0.4), Mark(1.0, 0.6, 0.5, 1.0)],
    ),
    Line("flat", [Mark(0.0, -0.1, -0.2, 0.0)]),
]


def parsed(lines):
    return ElementTree.fromstring(chart(lines, "strength", "effect"))


def test_a_chart_is_xml_with_all_names_and_marks():
    svg = parsed(LINES)
    texts = [node.text for node in svg.iter("text")]
    assert {"strength", "effect", "flat", LINES[0].name} <= set(texts)
    assert len([*svg.iter("polyline")]) == 2
    assert len([*svg.iter("circle")]) == 4 + 2  # marks, and the legend


def test_marks_lie_in_the_frame_and_keep_their_proportions():
    points = parsed(LINES).find("polyline").get("points").split()
    x, y = np.array([[float(v) for v in point.split(",")] for point in points]).T
    assert ((x >= LEFT) & (x <= LEFT + WIDTH)).all()
    assert ((y >= TOP) & (y <= TOP + HEIGHT)).all()
    assert x[1] - x[0] == pytest.approx(x[2] - x[1], abs=0.2)
    assert y[0] - y[1] == pytest.approx(y[1] - y[2], abs=0.2)


def test_a_chart_of_zeros_is_drawn():
    assert len([*parsed([Line("none", [Mark(0.0, 0.0, 0.0, 0.0)])]).iter("polyline")]) == 1


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (0.0, 1.0, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (-0.18, 0.13, [-0.1, 0, 0.1]),
        (0.0, 7.0, [0, 2, 4, 6]),
        (0.0, 2e-5, [0, 5e-6, 1e-5, 1.5e-5, 2e-5]),
    ],
)
def test_ticks_are_round_and_few(first, last, expected):
    assert ticks(first, last) == pytest.approx(expected)


def test_ticks_of_any_range_are_some_but_not_many():
    for first, size in np.random.default_rng(0).random((200, 2)):
        places = ticks(first - 0.5, first - 0.5 + size + 1e-6)
        assert 2 <= len(places) <= MOST_TICKS
