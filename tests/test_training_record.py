import json
import math
from dataclasses import asdict

import pytest

from hypertransport.errors import CheckpointError
from hypertransport.training_record import TrainingRecord

RECORD = TrainingRecord(60, 761, 16, "mean", {"train": {"words": 0.25}})


def test_a_record_survives_json() -> None:
    assert TrainingRecord.from_dict(json.loads(json.dumps(asdict(RECORD)))) == RECORD


@pytest.mark.parametrize(
    "odd",
    [
        {"steps": -1},
        {"concepts": True},
        {"samples": "16"},
        {"pooling": None},
        {"costs": []},
        {"costs": {"train": 1.0}},
        {"costs": {"train": {"words": math.nan}}},
        {"costs": {"train": {"words": "good"}}},
        {"more": 1},
    ],
)
def test_an_odd_record_is_refused(odd: dict) -> None:
    with pytest.raises(CheckpointError):
        TrainingRecord.from_dict(asdict(RECORD) | odd)


def test_what_is_no_table_is_refused() -> None:
    values = asdict(RECORD)
    values.pop("steps")
    for odd in (values, [], None):
        with pytest.raises(CheckpointError):
            TrainingRecord.from_dict(odd)
