import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image
from scored import CONFIG, ENTRIES, MADE, ROWS

from hypertransport.evaluation import table
from hypertransport.evaluation.figures import analyse
from hypertransport.evaluation.page import _ranked, html, markdown

FIGURES = analyse(ROWS)


class Balanced(HTMLParser):
    """Fails on tags that do not close in order; collects what is linked to."""

    def __init__(self):
        super().__init__()
        self.open, self.sources = [], []

    def handle_starttag(self, tag, attributes):
        self.sources += [value for name, value in attributes if name in ("src", "href")]
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page, with the unsteered pictures of its first prompt and seed."""
    folder = tmp_path_factory.mktemp("page")
    for row in ROWS:
        if row.method == "unsteered":
            path = row.cell.picture(table.folder_of(folder / "a.jsonl"))
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (2, 2), "red").save(path)
    return html(FIGURES, ROWS, [folder / "none.jsonl", folder / "a.jsonl"])


def test_markdown_has_a_row_per_method_of_equal_length():
    origin, empty, *lines = markdown(FIGURES).splitlines()
    assert (origin, empty) == (f"6 concepts, 2 prompts, 2 seeds. Measured {MADE}.", "")
    assert len(lines) == 2 + len(CONFIG.methods)
    assert len({line.count("|") for line in lines}) == 1
    assert lines[0].startswith("| method | seer: strength | seer: effect |")
    row = next(line for line in lines if line.startswith("| lin-act |"))
    assert "| 0.300 (" in row and "| 2.000 (2.000 to 2.000) |" in row
    assert row.endswith("| 5 |")


def test_the_page_is_whole_and_needs_no_other_file(page):
    reader = Balanced()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    assert reader.sources and all(s.startswith("data:image/png;base64,") for s in reader.sources)
    assert "http" not in re.sub('base64,[^"]*', "", page)
    assert page.count("<svg") == 4


def test_best_and_worst_concepts_are_shown_and_what_is_not_kept_is_said(page):
    order = [page.index(f"{name}<br>{what}") for name, what in (
        ("c5", "best"), ("c4", "best"), ("c1", "worst"), ("c0", "worst"))]  # fmt: skip
    assert order == sorted(order)
    assert page.count("<img") == len(ENTRIES)
    assert page.count("not kept") == len(ENTRIES) * len(CONFIG.methods)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 8, 167])
def test_ranked_concepts_are_named_once_from_best_to_worst(count):
    effects = np.random.default_rng(0).random(count)
    ranked = [place for _, places in _ranked(effects) for place in places]
    assert len(set(ranked)) == len(ranked) == (count if count < 3 else min(9, count // 3 * 3))
    values = effects[ranked]
    assert (np.diff(values) <= 0).all()
    assert {effects.max(), effects.min()} <= set(values)
