from dataclasses import replace
from math import exp, isnan

import pytest

from hypertransport.evaluation.preferences import Share, Tally
from hypertransport.evaluation.report import analyse, text, text_by_rater
from hypertransport.evaluation.votes import Vote


def votes(a, b, answers, rater="ada", concepts=5):
    """One vote a question, in turn on the concepts, with sides in turn."""
    return [
        Vote(f"concept {i % concepts}", "a bouquet", i, a, b, "AB"[i % 2], answer, rater)
        for i, answer in enumerate(answers)
    ]


TWO = votes("ours", "theirs", ["A"] * 12 + ["B"] * 6 + ["tie"] * 2 + ["refused"])


def test_two_methods_are_compared_by_their_share():
    report = analyse(TWO)
    (comparison,) = report.comparisons
    assert (comparison.a, comparison.b) == ("ours", "theirs")
    assert comparison.tally == Tally(12, 2, 6, 1)
    assert comparison.by_concept.low < 12 / 18 < comparison.by_concept.high
    assert report.strengths == ()
    assert (report.votes, report.raters, report.questions, report.concepts) == (21, 1, 21, 5)
    assert report.position == Share(9, 18)
    assert report.self_agreement == Share(0, 0)
    assert isnan(report.alpha)


def test_mirrored_votes_are_compared_from_the_other_side():
    there, back = analyse(TWO), analyse([vote.mirrored() for vote in TWO])
    (forth,), (reverse,) = there.comparisons, back.comparisons
    assert (reverse.a, reverse.b) == ("theirs", "ours")
    assert reverse.tally == Tally(6, 2, 12, 1)
    mirrored = (1 - forth.by_concept.high, 1 - forth.by_concept.low)
    assert reverse.by_concept == pytest.approx(mirrored)


def test_three_methods_are_ranked_by_strength():
    report = analyse(
        TWO
        + votes("theirs", "third", ["A"] * 12 + ["B"] * 6)
        + votes("ours", "third", ["A"] * 16 + ["B"] * 4)
    )
    assert [strength.method for strength in report.strengths] == ["ours", "theirs", "third"]
    assert sum(strength.value for strength in report.strengths) == pytest.approx(0, abs=1e-6)
    for strength in report.strengths:
        assert strength.by_concept.low <= strength.value <= strength.by_concept.high
    ours, _, third = (strength.value for strength in report.strengths)
    assert exp(ours - third) == pytest.approx(4, rel=0.2)
    assert len(report.comparisons) == 3


def test_methods_that_never_met_are_not_compared():
    report = analyse(votes("ours", "theirs", "AB") + votes("theirs", "third", "AB"))
    assert [(c.a, c.b) for c in report.comparisons] == [("ours", "theirs"), ("theirs", "third")]


def test_the_text_gives_every_figure():
    second = [replace(vote, rater="bob") for vote in TWO]
    told = text(analyse(TWO + second))
    assert "42 votes by 2 raters on 21 questions about 5 concepts" in told
    assert "ours over theirs: 24 wins, 4 ties, 12 losses, 2 refused" in told
    assert "wins 66.7% (Wilson 50.3 to 79.8) of 36 decisive verdicts" in told
    assert "by resampling concepts" in told
    assert "what stood first was preferred in 50.0%" in told
    assert "alpha 1.00" in told
    assert "strengths" not in told
    assert "nan" not in told


def test_the_text_has_strengths_and_self_agreement_where_there_are_such():
    both = TWO + [replace(vote, first="AB"[vote.first == "A"]) for vote in TWO]
    told = text(analyse(both + votes("ours", "third", "AAAB")))
    assert "the same answer in both orders for 100.0%" in told
    assert "strengths (Bradley-Terry" in told
    assert "third" in told


@pytest.mark.parametrize("answer", ["tie", "refused"])
def test_votes_that_decide_nothing_have_no_share(answer):
    told = text(analyse(votes("ours", "theirs", [answer] * 4)))
    assert "0 wins" in told
    assert "decisive verdicts" not in told
    assert "nan" not in told


def test_no_votes_are_told_as_none():
    assert text(analyse([])) == text_by_rater([]) == "no votes yet"


def test_raters_are_told_one_by_one_and_then_together():
    second = [replace(vote, rater="bob") for vote in TWO]
    told = text_by_rater(TWO + second)
    assert [part.split(":")[0] for part in told.split("\n\n") if " votes by " in part] == [
        "ada", "bob", "all",
    ]  # fmt: skip
    assert text_by_rater(TWO) == f"ada: {text(analyse(TWO))}"
