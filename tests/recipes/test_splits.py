import numpy as np
import pytest

from recipes.splits import LARGEST, components, shares, split


def test_components_join_what_is_near_through_others():
    near = np.eye(6, dtype=bool)
    for i, j in ((0, 3), (3, 5), (1, 2)):
        near[i, j] = near[j, i] = True
    assert components(near) == [[0, 3, 5], [1, 2], [4]]


@pytest.mark.parametrize("total", [0, 1, 7, 167])
def test_shares_are_exact_and_at_most_one_off_proportion(total):
    counts = {"thing": 423, "mood": 12, "time": 1, "place": 64}
    found = shares(counts, total)
    assert sum(found.values()) == total
    for kind, n in counts.items():
        assert abs(found[kind] - total * n / 500) < 1


def test_a_split_takes_whole_groups_of_no_more_than_the_largest_until_full():
    large = list(range(7, 8 + LARGEST))
    groups = [[0, 1], [2], [3], [4, 5, 6], large, *([i] for i in range(12, 30))]
    side = split(groups, 9, 4, np.random.default_rng(0))
    sides = [{side[i] for i in group} for group in groups]
    assert all(len(found) == 1 for found in sides)
    assert sides[4] == {"train"}
    assert sorted(side) == list(range(30))
    assert [list(side.values()).count(s) for s in ("test", "validation")] == [9, 4]
    assert side == split(groups, 9, 4, np.random.default_rng(0))
