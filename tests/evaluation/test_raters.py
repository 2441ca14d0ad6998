from hypertransport.evaluation.answers import Conduct
from hypertransport.evaluation.pairs import Pair
from hypertransport.evaluation.preferences import Share
from hypertransport.evaluation.raters import Rater, describe, text
from hypertransport.evaluation.votes import Seen, Vote

QUESTIONS = 30


def conduct(name: str, failed: int = 0, seconds: float | None = 5.0, invited=True) -> Conduct:
    return Conduct(name, invited, QUESTIONS, 3, failed, seconds)


def votes(name: str, choose) -> list[Vote]:
    """On each question, `choose(question, first)` is the side preferred, or a tie."""
    cast = []
    for i in range(QUESTIONS):
        first = "AB"[i % 2]
        seen: Seen = choose(i, first)
        pair = Pair(f"c{i}", "p", 0, "ours", "theirs", "a", "b")
        cast.append(Vote.cast(pair, first, seen, name))
    return cast


def ours(i, first) -> Seen:
    return "first" if first == "A" else "second"


def theirs(i, first) -> Seen:
    return "second" if first == "A" else "first"


def flags(conducts, *cast) -> dict[str, tuple[str, ...]]:
    every = [vote for some in cast for vote in some]
    return {one.conduct.rater: one.flags for one in describe(conducts, every)}


def test_who_answers_like_others_at_leisure_has_no_flag():
    people = ["one", "two", "three"]
    found = flags(map_conduct(people), *(votes(name, ours) for name in people))
    assert found == dict.fromkeys(people, ())


def map_conduct(people) -> list[Conduct]:
    return [conduct(name) for name in people]


def test_each_oddity_has_a_flag_of_its_own():
    people = [conduct("a"), conduct("b"), conduct("hasty", seconds=0.4), conduct("blind", 1)]
    people += [conduct("first"), conduct("contrary")]
    found = flags(
        people, votes("a", ours), votes("b", ours), votes("hasty", ours), votes("blind", ours),
        votes("first", lambda i, first: "first"), votes("contrary", theirs),
    )  # fmt: skip
    assert found == {
        "a": (), "b": (), "hasty": ("fast",), "blind": ("failed checks",),
        "first": ("one side",), "contrary": ("disagrees",),
    }  # fmt: skip


def test_agreement_is_with_the_majority_of_the_others_alone():
    people = ["a", "b", "c"]
    cast = [*votes("a", ours), *votes("b", theirs), *votes("c", theirs)]
    a, b, c = describe(map_conduct(people), cast)
    assert a.agreement == Share(0, QUESTIONS)  # both others are against it
    assert b.agreement == Share(0, 0)  # the others are split
    assert c.agreement == Share(0, 0)


def test_ties_and_people_without_counted_votes_are_no_evidence():
    tied = votes("tied", lambda i, first: "tie")
    one, none = describe([conduct("tied"), conduct("none", seconds=None)], tied)
    assert one == Rater(conduct("tied"), QUESTIONS, Share(0, 0), Share(0, 0))
    assert none.votes == 0
    assert one.flags == none.flags == ()


def test_open_enrolment_is_told():
    people = [conduct("a"), conduct("b", invited=False)]
    told = text(describe(people, []))
    assert told.startswith("2 people answered, 1 of them by invitation; 0 have flags")
    assert "enrolment was open" in told
    assert "enrolment was open" not in text(describe(people[:1], []))


def test_the_table_has_those_with_flags_or_everyone():
    people = describe([conduct("a"), conduct("b", failed=2)], votes("a", ours))
    lines = text(people).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["rater", "b"]
    assert "2 of 3" in lines[2]
    assert len(text(people, every=True).splitlines()) == 4
