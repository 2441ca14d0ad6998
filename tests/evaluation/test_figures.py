from dataclasses import replace

import numpy as np
import pytest
from scored import ADDS, CONFIG, ROWS, TAKES

from hypertransport.evaluation.figures import analyse, levels, reading
from hypertransport.evaluation.preferences import Share
from hypertransport.evaluation.records import RecordError


def at(reading, method, strength):
    return reading.points.index((method, strength))


def test_effect_is_what_is_added_and_content_what_is_left():
    seen = reading(ROWS, "seer")
    for method in CONFIG.methods:
        place = at(seen, method, 1.0)
        assert seen.effect[place].value == pytest.approx(ADDS[method])
        assert seen.content[place].value == pytest.approx(1 - TAKES[method])
    half = at(seen, "lin-act", 0.5)
    assert seen.effect[half].value == pytest.approx(0.15)
    assert seen.effect[0] == pytest.approx((0, 0, 0))
    assert seen.content[0] == pytest.approx((1, 1, 1))


def test_intervals_hold_their_values_and_are_of_concepts():
    seen = reading(ROWS, "seer")
    for estimate in (*seen.effect[1:], *seen.content):
        assert estimate.low <= estimate.value + 1e-9
        assert estimate.value - 1e-9 <= estimate.high
    place = at(seen, "hypertransport", 1.0)
    assert seen.effect[place].high > seen.effect[place].value + 0.05
    again = [replace(row, seed=row.seed + 2) for row in ROWS]
    assert reading([*ROWS, *again], "seer").effect[place] == pytest.approx(seen.effect[place])


def test_effects_of_all_kinds_make_up_the_effect():
    rows = [replace(row, kind="thing") if row.concept < "c2" else row for row in ROWS]
    seen = reading(rows, "seer")
    kinds = seen.by_kind()
    shares = [sum(kind == one for kind, _ in seen.concepts) for one in kinds]
    assert len(kinds) > 1 and sum(shares) == len(seen.concepts)
    for method, place in seen.best.items():
        values = [effects[method].value for effects in kinds.values()]
        assert np.average(values, weights=shares) == pytest.approx(seen.effect[place].value)
        assert all(effects[method].low <= effects[method].high for effects in kinds.values())


def test_each_method_is_taken_at_its_own_best_strength():
    seen = reading(ROWS, "seer")
    best = {method: seen.points[place].strength for method, place in seen.best.items()}
    assert best == {"hypertransport": 1.0, "prompting": 1.0, "lin-act": 1.0}


def test_gains_are_at_equal_content():
    """0.1 of the content is lost at half the hypernetwork's strength, with an effect of 0.3."""
    gains = reading(ROWS, "seer").gains
    assert gains.keys() == {"prompting", "lin-act"}
    assert gains["prompting"] == pytest.approx((0.3 / 0.5,) * 3)
    assert gains["lin-act"] == pytest.approx((0.6 / 0.3,) * 3)


def test_ratios_are_of_each_at_its_own_best():
    ratios = reading(ROWS, "seer").ratios
    assert ratios["prompting"] == pytest.approx((0.6 / 0.5,) * 3)
    assert ratios["lin-act"] == pytest.approx((0.6 / 0.3,) * 3)


def test_pictures_that_become_clearer_keep_no_more_than_all():
    """Where every method's pictures show their prompts better than unsteered ones, the
    hypernetwork is taken at full strength, with twice the effect of half of it."""
    clearer = {("hypertransport", 0.5): 2.0, ("hypertransport", 1.0): 1.5, ("prompting", 1.0): 3.0}
    rows = []
    for row in ROWS:
        times = clearer.get((row.method, row.strength), 1.0)
        scores = row.scores | {"seer.content": times * row.scores["seer.content"]}
        rows.append(replace(row, scores=scores))
    assert reading(rows, "seer").gains["prompting"] == pytest.approx((0.6 / 0.5,) * 3)


def test_effects_that_grow_with_strength_are_monotone():
    monotone = reading(ROWS, "seer").monotone
    assert monotone.keys() == {"hypertransport", "lin-act"}  # prompting has no strength
    assert monotone["lin-act"] == {1.0: Share(5, 6)}  # c0 never changes


def test_effects_may_be_monotone_up_to_1_alone():
    """Beyond it the scores of all concepts but one fall."""
    times = dict.fromkeys({row.concept for row in ROWS}, 0.4) | {"c1": 3.0}
    beyond = []
    for row in ROWS:
        if (row.method, row.strength) == ("lin-act", 1.0):
            score = times[row.concept] * row.scores["seer.concept"]
            beyond.append(replace(row, strength=1.5, scores=row.scores | {"seer.concept": score}))
    assert reading([*ROWS, *beyond], "seer").monotone["lin-act"] == {
        1.0: Share(5, 6),
        1.5: Share(1, 6),
    }


def test_independent_readers_come_before_clip_and_methods_have_their_cost():
    figures = analyse(ROWS)
    assert [reading.reader for reading in figures.readings] == ["seer", "clip"]
    assert figures.methods == ["hypertransport", "prompting", "lin-act"]
    assert figures.costs["lin-act"].seconds == 5
    assert figures.costs["hypertransport"].direction == pytest.approx(0.6)
    assert figures.costs["hypertransport"].cmmd == pytest.approx(0, abs=1e-3)
    assert figures.costs["lin-act"].cmmd > 1


def test_figures_do_not_depend_on_the_order_of_rows():
    rng = np.random.default_rng(0)
    shuffled = [ROWS[i] for i in rng.permutation(len(ROWS))]
    there, back = reading(ROWS, "seer"), reading(shuffled, "seer")
    assert set(there.concepts) == set(back.concepts)
    for point, effect in zip(there.points, there.effect, strict=True):
        assert back.effect[back.points.index(point)].value == pytest.approx(effect.value)


def test_only_whole_concepts_count():
    assert len(reading(ROWS[:-1], "seer").concepts) == 5
    with pytest.raises(RecordError, match="let `evaluate` go on"):
        reading(ROWS[:3] + ROWS[-3:], "seer")
    last = (ROWS[-1].kind, ROWS[-1].concept)
    whole = [row for row in ROWS if (row.kind, row.concept) != last]
    assert analyse(ROWS[:-1]).costs == analyse(whole).costs


def test_a_scorer_without_content_borrows_that_of_clip():
    rows = [
        replace(row, scores={k: v for k, v in row.scores.items() if k != "seer.content"})
        for row in ROWS
    ]
    assert reading(rows, "seer").content == reading(ROWS, "clip").content


def test_levels_of_the_unsteered_point_are_none_and_all():
    mean = np.random.default_rng(0).random((5, 2))
    assert levels(mean)[0].tolist() == [0, 1]
