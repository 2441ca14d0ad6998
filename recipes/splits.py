"""How concepts are divided into train, validation and test: near ones together, counts exact."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Bool

LARGEST = 4  # a larger group of near concepts is never held out


def components(near: Bool[np.ndarray, "n n"]) -> list[list[int]]:
    """Indices grouped so that any two that are near, also through others, are together."""
    left, groups = set(range(len(near))), []
    while left:
        group, frontier = set(), {min(left)}
        while frontier:
            group |= frontier
            frontier = {j for i in frontier for j in np.flatnonzero(near[i])} - group
        left -= group
        groups.append(sorted(int(i) for i in group))
    return groups


def split(
    groups: Sequence[list[int]], test: int, validation: int, rng: np.random.Generator
) -> dict[int, str]:
    """Whole groups to test and validation until each is exactly full; the rest trains."""
    side: dict[int, str] = {}
    room = {"test": test, "validation": validation}
    for i in rng.permutation(len(groups)):
        group = groups[i]
        where = next((s for s, free in room.items() if len(group) <= min(free, LARGEST)), "train")
        if where != "train":
            room[where] -= len(group)
        side |= dict.fromkeys(group, where)
    return side


def shares(counts: Mapping[str, int], total: int) -> dict[str, int]:
    """`total` divided in proportion to `counts`, exactly, by largest remainders."""
    exact = {k: total * n / sum(counts.values()) for k, n in counts.items()}
    whole = {k: int(v) for k, v in exact.items()}
    for k in sorted(exact, key=lambda k: whole[k] - exact[k])[: total - sum(whole.values())]:
        whole[k] += 1
    return whole
