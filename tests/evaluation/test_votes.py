from dataclasses import replace
from itertools import permutations, product
from typing import get_args

import pytest

from hypertransport.evaluation import records
from hypertransport.evaluation.pairs import Pair
from hypertransport.evaluation.votes import SEEN, Answer, Vote, complete, settle

PAIR = Pair("mushroom", "a bouquet", 7, "prompting", "hypertransport", "a.png", "b.png")
ANSWERS = get_args(Answer)


def vote(first, answer, rater="ada", seed=7):
    return Vote("mushroom", "a bouquet", seed, "prompting", "hypertransport", first, answer, rater)


ALL = [vote(first, answer) for first, answer in product("AB", ANSWERS)]


@pytest.mark.parametrize(
    ("first", "seen", "answer"),
    [("A", "first", "A"), ("A", "second", "B"), ("B", "first", "B"), ("B", "second", "A"),
     ("A", "tie", "tie"), ("B", "tie", "tie"), ("A", "refused", "refused")],
)  # fmt: skip
def test_what_was_seen_becomes_a_vote_for_a_method(first, seen, answer):
    assert Vote.cast(PAIR, first, seen, "ada") == vote(first, answer)


def test_every_seen_answer_makes_a_vote_that_can_be_read_again(tmp_path):
    votes = [Vote.cast(PAIR, first, seen, "ada") for first, seen in product("AB", SEEN)]
    records.write(tmp_path / "votes.jsonl", votes)
    assert records.read(tmp_path / "votes.jsonl", Vote) == votes


@pytest.mark.parametrize("one", ALL)
def test_mirroring_twice_is_nothing_and_keeps_the_question(one):
    assert one.mirrored().mirrored() == one
    assert one.mirrored() != one
    assert one.mirrored().question == one.question == PAIR.question


@pytest.mark.parametrize("one", ALL)
def test_a_single_vote_settles_itself(one):
    (verdict,) = settle([one])
    assert verdict.answer == one.mirrored().answer  # "prompting" sorts second
    assert verdict.shown == 1
    assert verdict.consistent


def test_both_orders_agree_or_are_a_tie():
    for x, y in product(ANSWERS, ANSWERS):
        (verdict,) = settle([vote("A", x), vote("B", y)])
        assert verdict.shown == 2
        assert verdict.consistent == (x == y)
        if x == y:
            assert verdict.answer == vote("A", x).mirrored().answer
        else:
            assert verdict.answer == ("refused" if "refused" in (x, y) else "tie")


def test_verdicts_do_not_depend_on_the_order_of_votes_or_of_methods():
    votes = [vote("A", "A"), vote("B", "B"), vote("A", "A", seed=8), vote("B", "A", seed=8)]
    expected = set(settle(votes))
    for shuffled in permutations(votes):
        assert set(settle(shuffled)) == expected
    assert set(settle([v.mirrored() for v in votes])) == expected


def test_raters_and_questions_are_settled_by_themselves():
    votes = [vote("A", "A"), vote("A", "B", "bob"), vote("A", "B", seed=8)]
    assert len(settle(votes)) == 3
    assert all(verdict.consistent for verdict in settle(votes))


def test_complete_votes_were_shown_in_both_orders():
    both = [vote("A", "A"), vote("B", "tie")]
    assert complete(both) == both
    assert complete([vote("A", "A"), vote("A", "B")]) == []
    assert complete([vote("A", "A"), vote("B", "B", "bob"), vote("B", "B", seed=8)]) == []
    # The other order may also be of a pair with its methods exchanged.
    exchanged = [vote("A", "A"), replace(vote("B", "tie").mirrored())]
    assert complete(exchanged) == exchanged
    assert complete([vote("A", "A"), vote("A", "A").mirrored()]) == []
