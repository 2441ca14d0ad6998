"""A table of an evaluation whose every figure is known."""

import numpy as np

from hypertransport.catalogue import Entry
from hypertransport.evaluation import table
from hypertransport.evaluation.config import EvaluationConfig
from hypertransport.evaluation.table import Cell, Row

CONFIG = EvaluationConfig(
    methods=("hypertransport", "prompting", "lin-act"), strengths=(0.5, 1.0), seeds=2
)
MADE = "2026-11-27, a loom, 1 threads, torch 0"
ENTRIES = [Entry(f"c{i}", "style", f"as c{i}", "validation") for i in range(6)]
# By method, what full strength adds to the concept's score, and takes of the content's 0.8.
ADDS = {"unsteered": 0.0, "hypertransport": 0.6, "prompting": 0.5, "lin-act": 0.3}
TAKES = {"unsteered": 0.0, "hypertransport": 0.2, "prompting": 0.1, "lin-act": 0.4}


def row(cell: Cell, number: int) -> Row:
    easy = int(cell.concept[1:]) / 10  # concepts differ, by a mean of 0.25
    effect = 0.05 + easy * cell.strength * ADDS[cell.method] / 0.25
    x = np.eye(8)[number % 4 + (4 if cell.method == "lin-act" else 0)]
    return Row(
        **cell._asdict(),
        seconds={"hypertransport": 0.01, "lin-act": 5.0}.get(cell.method, 0.0),
        scores={
            "clip.concept": effect / 10,
            "clip.unsteered": 1 - cell.strength * TAKES[cell.method],
            "clip.direction": ADDS[cell.method],
            "seer.concept": effect,
            "seer.content": 0.8 * (1 - cell.strength * TAKES[cell.method]),
        },
        embedding=table.encoded(x),
        config=CONFIG.digest,
        made=MADE,
    )


ROWS = [row(cell, i) for i, cell in enumerate(table.plan(CONFIG, ENTRIES))]
