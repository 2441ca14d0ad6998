"""What a table of scores amounts to: curves over strength, with intervals by resampling concepts.

Every *reader*, CLIP or an independent scorer, is asked by itself. Of a set of pictures,

    effect  = its mean score of the concept, less that of the unsteered pictures,
    content = its mean score of the content, over that of the unsteered pictures,

where CLIP's score of the content is the similarity to the unsteered picture. A method's own best
strength is that with the greatest product of the two [ours]. Only concepts with all pictures count.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from hypertransport.evaluation.config import HYPERTRANSPORT, UNSTEERED
from hypertransport.evaluation.metrics import (
    cmmd,
    content_kept,
    effect_at_content,
    monotonicity,
)
from hypertransport.evaluation.preferences import Share, resampled
from hypertransport.evaluation.records import RecordError
from hypertransport.evaluation.table import Row, embeddings

CLIP, CLIP_CONTENT = "clip", "clip.unsteered"
MONOTONE = 0.95  # rank correlation from which an effect counts as monotone in strength


class Estimate(NamedTuple):
    """A value and its 95% interval by resampling concepts."""

    value: float
    low: float
    high: float


class Point(NamedTuple):
    """A method at one strength."""

    method: str
    strength: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader makes of all points, of which the first is the unsteered one.

    `best` is the place of each method's best point. How many times a method's effect there the
    hypernetwork has: `gains` at its content, `ratios` at the hypernetwork's own best point.
    `monotone` tells how many concepts' effects grow up to a strength: 1, where a map is applied
    whole, and the greatest; `by_concept` each concept's effect at all points.
    """

    reader: str
    concepts: tuple[tuple[str, str], ...]
    points: tuple[Point, ...]
    effect: tuple[Estimate, ...]
    content: tuple[Estimate, ...]
    best: dict[str, int]
    gains: dict[str, Estimate]
    ratios: dict[str, Estimate]
    monotone: dict[str, dict[float, Share]]
    by_concept: Float[np.ndarray, "concepts points"]

    def by_kind(self) -> dict[str, dict[str, Estimate]]:
        """Of each kind of concept, every method's effect at its best strength over all kinds."""
        kinds = np.array([kind for kind, _ in self.concepts])
        places = [*self.best.values()]
        found = {}
        for kind in dict.fromkeys(kinds.tolist()):
            effects = self.by_concept[kinds == kind][:, places]
            low, high = resampled(effects / len(effects), np.asarray)  # sums of these are means
            estimates = map(Estimate, effects.mean(0), low, high)
            found[kind] = dict(zip(self.best, estimates, strict=True))
        return found

    def along(self, method: str) -> list[int]:
        """The places of a method's points in the order of strength, the unsteered one first."""
        return _along(self.points, method)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a method at its best strength (by the first reader): how far it leads from what the
    generator draws, how far as words do, and how long a concept takes (median, in seconds)."""

    cmmd: float
    direction: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a report, independent readers before CLIP; `origin` tells what they are of."""

    readings: tuple[Reading, ...]
    costs: dict[str, Cost]
    origin: str

    @property
    def methods(self) -> list[str]:
        return list(self.costs)


def analyse(rows: Sequence[Row]) -> Figures:
    """All figures of a table. Raises RecordError where no concept has all of its pictures."""
    names = dict.fromkeys(name for row in rows for name in row.scores)
    readers = [name.removesuffix(".concept") for name in names if name.endswith(".concept")]
    readings = [reading(rows, name) for name in sorted(readers, key=CLIP.__eq__)]
    first = readings[0]
    counted = {*first.concepts}
    whole = [row for row in rows if (row.kind, row.concept) in counted]
    costs = {method: _cost(whole, first.points[place]) for method, place in first.best.items()}
    return Figures(tuple(readings), costs, _origin(rows, len(first.concepts)))


def reading(rows: Sequence[Row], reader: str) -> Reading:
    """What one reader says."""
    found = dict.fromkeys(Point(row.method, row.strength) for row in rows)
    points = tuple(sorted(found, key=lambda point: point.method != UNSTEERED))
    own = f"{reader}.content"
    content = own if any(own in row.scores for row in rows) else CLIP_CONTENT
    concepts, scores = _scores(rows, points, (f"{reader}.concept", content))
    n = len(concepts)
    values = levels(scores.mean(0))
    low, high = resampled(scores, lambda total: levels(total / n))
    effect, content_ = ([*map(Estimate, values[:, k], low[:, k], high[:, k])] for k in (0, 1))
    best = _best(points, values)
    gains, ratios = {}, {}
    if HYPERTRANSPORT in best:
        own = best[HYPERTRANSPORT]
        gains = _times(scores, best, _as_content_is_kept(points))
        ratios = _times(scores, best, lambda values, _: values[own, 0])
    by_concept = scores[:, :, 0] - scores[:, :1, 0]
    return Reading(
        reader=reader,
        concepts=concepts,
        points=points,
        effect=tuple(effect),
        content=tuple(content_),
        best=best,
        gains=gains,
        ratios=ratios,
        monotone={m: found for m in best if (found := _monotone(points, by_concept, m))},
        by_concept=by_concept,
    )


def levels(mean: Float[np.ndarray, "points 2"]) -> Float[np.ndarray, "points 2"]:
    """Effect and content of all points from their mean scores, the unsteered point's first."""
    effect = mean[:, 0] - mean[0, 0]
    return np.stack([effect, content_kept(mean[:, 1], float(mean[0, 1]))], axis=1)


def _scores(
    rows: Sequence[Row], points: Sequence[Point], names: Sequence[str]
) -> tuple[tuple[tuple[str, str], ...], Float[np.ndarray, "concepts points 2"]]:
    """Mean scores of each concept at each point, of the concepts that have all of them."""
    concepts = list(dict.fromkeys((row.kind, row.concept) for row in rows))
    place = {concept: i for i, concept in enumerate(concepts)}
    column = {point: i for i, point in enumerate(points)}
    total, count = np.zeros((2, len(concepts), len(points), len(names)))
    for row in rows:
        at = place[row.kind, row.concept], column[Point(row.method, row.strength)]
        for k, name in enumerate(names):
            if name in row.scores:
                total[(*at, k)] += row.scores[name]
                count[(*at, k)] += 1
    complete = ((count > 0) & (count == count.max((0, 1)))).all((1, 2))
    if not complete.any():
        raise RecordError("no concept has all of its pictures yet; let `evaluate` go on")
    chosen = tuple(concept for concept, whole in zip(concepts, complete, strict=True) if whole)
    return chosen, total[complete] / count[complete]


def _best(points: Sequence[Point], values: Float[np.ndarray, "points 2"]) -> dict[str, int]:
    """Of each method, the place of the point with the greatest product of effect and content."""
    product = values.prod(1)
    methods = dict.fromkeys(point.method for point in points if point.method != UNSTEERED)
    return {method: max(_along(points, method)[1:], key=product.__getitem__) for method in methods}


def _times(
    scores: Float[np.ndarray, "concepts points 2"],
    best: dict[str, int],
    effect_beside: Callable[[Float[np.ndarray, "points 2"], int], float],
) -> dict[str, Estimate]:
    """How many times the effect of others at their best the hypernetwork has, whose own is
    `effect_beside(levels, the other's place)`. None for a method without effect."""

    def ratio(place: int) -> Callable[[Float[np.ndarray, "points 2"]], float]:
        def statistic(total: Float[np.ndarray, "points 2"]) -> float:
            values = levels(total / len(scores))
            effect = values[place, 0]
            return effect_beside(values, place) / effect if effect > 0 else np.nan

        return statistic

    found = {}
    for method, place in best.items():
        value = ratio(place)(scores.sum(0))
        if method != HYPERTRANSPORT and np.isfinite(value):
            low, high = resampled(scores, ratio(place))
            found[method] = Estimate(value, float(low), float(high))
    return found


def _as_content_is_kept(
    points: Sequence[Point],
) -> Callable[[Float[np.ndarray, "points 2"], int], float]:
    """The hypernetwork's effect where as much content is kept as at another place.

    Content beyond all that there was (see `content_kept`), or beyond all that the hypernetwork
    keeps, counts as that much.
    """
    ours = _along(points, HYPERTRANSPORT)

    def effect_beside(values: Float[np.ndarray, "points 2"], place: int) -> float:
        effect, content = values.T
        least = min(content[place], content[ours].max(), 1.0)
        return effect_at_content(effect[ours], content[ours], least)

    return effect_beside


def _monotone(
    points: Sequence[Point], by_concept: Float[np.ndarray, "concepts points"], method: str
) -> dict[float, Share]:
    """Up to which strength how many are: to 1 and to the greatest, of three or more from 0 on."""
    places = _along(points, method)
    strength = np.array([points[place].strength for place in places])
    found = {}
    for last in dict.fromkeys((min(1.0, strength[-1]), strength[-1])):
        n = int((strength <= last).sum())
        if n > 2:
            rank = [monotonicity(strength[:n], effect[places[:n]]) for effect in by_concept]
            found[float(last)] = Share(sum(r >= MONOTONE for r in rank), len(rank))
    return found


def _cost(rows: Sequence[Row], point: Point) -> Cost:
    there = [row for row in rows if (row.method, row.strength) == point]
    before = [row for row in rows if row.method == UNSTEERED]
    seconds = {(row.kind, row.concept): row.seconds for row in there}
    return Cost(
        cmmd=cmmd(embeddings(there), embeddings(before)),
        direction=float(np.mean([row.scores["clip.direction"] for row in there])),
        seconds=float(np.median([*seconds.values()])),
    )


def _origin(rows: Sequence[Row], concepts: int) -> str:
    prompts, seeds = ({getattr(row, name) for row in rows} for name in ("prompt", "seed"))
    made = "; ".join(sorted({row.made for row in rows}))
    return f"{concepts} concepts, {len(prompts)} prompts, {len(seeds)} seeds. Measured {made}."


def _along(points: Sequence[Point], method: str) -> list[int]:
    places = [i for i, point in enumerate(points) if point.method in (UNSTEERED, method)]
    return sorted(places, key=lambda place: points[place].strength)
