"""Laws of timing in turns."""

import time

import numpy as np
import torch

from benchmarks.measuring import Machine, Run, Timed, Way, bound, in_turns, ratios, row, typical

MACHINE = Machine("a machine", 2.0, 1e9, 1e10)
QUICK = Run(MACHINE, torch.device("cpu"), repeats=2, quick=True)
RUN = Run(MACHINE, torch.device("cpu"), repeats=3)


def test_ways_take_turns_and_every_second_time_in_reverse():
    done = []
    ways = [Way(how, lambda how=how: done.append(how)) for how in "ab"]
    found = in_turns(QUICK, ways)
    assert [timed.how for timed in found] == ["a", "b"]
    assert all(len(timed.seconds) == QUICK.repeats for timed in found)
    warm, turns = done[:-4], done[-4:]
    assert set(warm) == {"a", "b"}
    assert turns == ["b", "a", "a", "b"]


def test_what_is_done_in_part_is_multiplied():
    ways = [Way("all", lambda: sum(range(100_000))), Way("half", lambda: None, times=0.0)]
    whole, none = in_turns(QUICK, ways)
    assert whole.median > 0
    assert none.seconds == [0.0, 0.0]


def test_ratios_are_taken_turn_by_turn():
    ours, peer = Timed("a", [1.0, 2.0, 1.0]), Timed("b", [10.0, 10.0, 30.0])
    assert ratios(ours, peer) == (10.0, 5.0, 30.0)
    assert row("x", "y", ours, peer).peer_seconds == 10.0


def test_the_bound_is_what_takes_longest():
    assert bound(MACHINE, 2e9, 1e10) == {"bound_seconds": 2.0, "bound_by": "bytes"}
    assert bound(MACHINE, 1e9, 3e10) == {"bound_seconds": 3.0, "bound_by": "operations"}


def test_a_budget_buys_more_turns_and_never_fewer_than_asked():
    nap = Way("nap", lambda: time.sleep(0.01))
    assert len(in_turns(RUN, [nap], budget=1e-9)[0].seconds) == RUN.repeats
    assert RUN.repeats < len(in_turns(RUN, [nap], budget=0.2)[0].seconds) <= 20


def test_of_few_values_the_interval_is_all_of_them():
    assert typical([3, 1, 2, 7, 6, 5, 4]) == (4, 1, 7)


def test_the_interval_holds_the_median_of_the_source_19_times_in_20():
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(1000):
        _, low, high = typical(rng.lognormal(size=60))
        held += low <= 1.0 <= high
    assert 0.93 < held / 1000 < 0.99
