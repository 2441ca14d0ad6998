"""What a training says of itself: kept in the hypernetwork's folder, told by its model card."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from hypertransport.errors import CheckpointError, brief
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

    @classmethod
    def from_dict(cls, values: object) -> "TrainingRecord":
        """The inverse of `asdict`, strict: CheckpointError for any unknown or odd value."""
        table = with_keys(values, {field.name for field in fields(cls)}, "training")
        counts = [table[name] for name in ("steps", "concepts", "samples")]
        if not all(type(n) is int and n >= 0 for n in counts) or type(table["pooling"]) is not str:
            raise CheckpointError(f"odd training record {brief(table)}; get the hypernetwork again")
        costs = table["costs"]
        if not isinstance(costs, dict) or not all(map(_is_figures, costs.values())):
            raise CheckpointError("odd costs in its training record; get the hypernetwork again")
        return cls(**table)


def _is_figures(values: object) -> bool:
    return isinstance(values, dict) and all(
        type(value) is float and math.isfinite(value) for value in values.values()
    )
