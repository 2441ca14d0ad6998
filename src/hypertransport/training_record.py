"""What a training says of itself: kept in the hypernetwork's folder, told by its model card."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from hypertransport.errors import CheckpointError
from hypertransport.hypernetwork_files import with_keys

Costs = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """How long, on what, and what came of it.

    `concepts` were trained on, for `steps`, with `samples` source prompts each, `pooling` as in the
    training file. `costs` are the last figures of the record: {split: {name: cost}}.
    """

    steps: int
    concepts: int
    samples: int
    pooling: str
    costs: Costs

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: object) -> "TrainingRecord":
        """The inverse of `to_dict`, strict: CheckpointError for any unknown or odd value."""
        record = cls(**with_keys(values, {field.name for field in fields(cls)}, "training"))
        counts = (record.steps, record.concepts, record.samples)
        if not all(type(n) is int and n >= 0 for n in counts) or type(record.pooling) is not str:
            raise CheckpointError(f"odd training record {record}; get the hypernetwork again")
        if not isinstance(record.costs, dict) or not all(map(_is_figures, record.costs.values())):
            raise CheckpointError("odd costs in its training record; get the hypernetwork again")
        return record


def _is_figures(values: object) -> bool:
    return isinstance(values, dict) and all(
        type(value) is float and math.isfinite(value) for value in values.values()
    )
