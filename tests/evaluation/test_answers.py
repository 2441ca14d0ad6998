import sqlite3
import threading
from collections import Counter
from contextlib import closing

import pytest

from hypertransport.evaluation.answers import Answers, Progress, StudyError, UnknownLinkError
from hypertransport.evaluation.pairs import OTHER, read_pairs
from hypertransport.evaluation.preferences import Tally, tally
from hypertransport.evaluation.votes import settle


@pytest.fixture
def pairs(folder):
    return read_pairs(folder)


@pytest.fixture
def answers(folder, pairs):
    return Answers.create(folder / "study.sqlite", pairs)


def asked(answers, token):
    total = answers.progress(token).total
    return [answers.shown(token, position) for position in range(total)]


def place(shown, side):
    return "first" if shown.first == side else "second"


def answer_all(answers, token, side=lambda shown: "A", check="A"):
    """Answer as someone who prefers a side of each pair, and in a check the side `check`."""
    for position, shown in enumerate(asked(answers, token)):
        chosen = check if shown.is_check else side(shown)
        answers.record(token, position, place(shown, chosen))


def test_everyone_is_asked_every_pair_once_in_an_order_of_their_own(answers, pairs):
    orders = [asked(answers, answers.enrol()) for _ in range(4)]
    for order in orders:
        assert Counter(s.pair for s in order if not s.is_check) == Counter(pairs)
    assert len({tuple(s.pair for s in order) for order in orders}) == 4
    assert {s.first for order in orders for s in order} == {"A", "B"}


@pytest.mark.parametrize(("every", "checks"), [(0, 0), (10, 2), (18, 1), (6, 3), (99, 1), (1, 18)])
def test_there_is_a_check_in_every_block_of_questions(folder, pairs, every, checks):
    answers = Answers.create(folder / "study.sqlite", pairs, check_every=every)
    order = asked(answers, answers.enrol())
    assert sum(s.is_check for s in order) == checks
    for start in range(0, 18 // every * (every + 1) if every else 0, every + 1):
        assert sum(s.is_check for s in order[start : start + every + 1]) == 1


def test_a_person_goes_on_where_they_were_in_another_process_too(folder, pairs, answers):
    token = answers.enrol()
    assert answers.progress(token) == Progress(0, 0, 20)
    order = asked(answers, token)
    answers.record(token, 0, "tie")
    answers.record(token, 1, "refused")
    again = Answers.create(folder / "study.sqlite", pairs)
    assert again.progress(token) == Progress(2, 2, 20)
    assert asked(again, token) == order
    answer_all(again, token)
    assert again.progress(token) == Progress(None, 20, 20)


def test_the_first_of_several_answers_stays(answers):
    token = answers.enrol()
    for seen in ("tie", "first", "second"):
        answers.record(token, 0, seen)
    answers.record(token, 3, "tie")
    assert answers.progress(token) == Progress(1, 2, 20)
    assert {vote.answer for vote in answers.votes()[0]} <= {"tie"}


def test_a_link_that_was_never_given_is_unknown(answers):
    token = answers.enrol()
    for call in (
        lambda: answers.progress("guess"),
        lambda: answers.shown("guess", 0),
        lambda: answers.record("guess", 0, "tie"),
        lambda: answers.shown(token, 20),
        lambda: answers.record(token, -1, "tie"),
    ):
        with pytest.raises(UnknownLinkError):
            call()


def test_votes_are_for_methods_whatever_side_they_stood_on(answers):
    for _ in range(3):
        answer_all(answers, answers.enrol(), lambda s: "A" if "hyper" in s.pair.a else "B")
    votes, left_out = answers.votes()
    assert left_out == 0
    assert len(votes) == 3 * 18
    assert {vote.first for vote in votes} == {"A", "B"}
    assert tally(settle(votes), "hypertransport", "prompting") == Tally(18, 0, 0, 0)
    assert tally(settle(votes), "prompting", "mean shift") == Tally(0, 0, 18, 0)


def test_who_fails_more_checks_than_allowed_is_left_out(answers):
    careful, careless = answers.enrol(), answers.enrol()
    answer_all(answers, careful)
    answer_all(answers, careless, side=lambda shown: OTHER["A"], check="B")
    counts = {allowed: answers.votes(allowed) for allowed in (0, 1, 2)}
    assert [len(votes) for votes, _ in counts.values()] == [18, 18, 36]
    assert [left_out for _, left_out in counts.values()] == [1, 1, 0]
    assert {vote.answer for vote in counts[0][0]} == {"A"}


@pytest.mark.parametrize("seen", ["tie", "refused"])
def test_a_check_is_failed_by_seeing_no_difference(answers, seen):
    token = answers.enrol()
    for position, shown in enumerate(asked(answers, token)):
        answers.record(token, position, seen if shown.is_check else "tie")
    assert answers.votes(1) == ([], 1)


def test_pairs_with_the_fewest_answers_are_asked_first(folder, pairs):
    answers = Answers.create(folder / "study.sqlite", pairs, questions=6, check_every=0)
    answer_all(answers, answers.enrol())
    answers.enrol()  # who leaves without an answer
    for _ in range(2):
        answer_all(answers, answers.enrol())
    assert Counter(vote.question for vote in answers.votes()[0]) == Counter(
        pair.question for pair in pairs
    )


def test_many_people_answer_at_once(folder, pairs):
    Answers.create(folder / "study.sqlite", pairs)

    def person():
        mine = Answers.create(folder / "study.sqlite", pairs, questions=4)
        answer_all(mine, mine.enrol())

    people = [threading.Thread(target=person) for _ in range(8)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    votes, _ = Answers.open(folder / "study.sqlite").votes()
    assert len(votes) == 8 * 4


def test_answers_on_other_pairs_are_not_mixed(folder, pairs, answers):
    for others in (pairs[:-1], pairs[::-1]):
        with pytest.raises(StudyError, match="other pairs"):
            Answers.create(folder / "study.sqlite", others)


def test_files_that_are_no_study_are_refused(folder, pairs):
    path = folder / "odd.sqlite"
    with pytest.raises(StudyError, match="no study at"):
        Answers.open(path)
    path.write_bytes(b"no data base" * 100)
    with pytest.raises(StudyError, match="no study"):
        Answers.open(path)
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE pairs (id, record)")
    with pytest.raises(StudyError, match="format 0"):
        Answers.open(path)
    with pytest.raises(StudyError, match="cannot write"):
        Answers.create(folder / "none" / "study.sqlite", pairs)


def test_nothing_else_is_left_in_the_folder(folder, pairs):
    before = {path.name for path in folder.iterdir()}
    Answers.create(folder / "study.sqlite", pairs)
    assert {path.name for path in folder.iterdir()} - before == {"study.sqlite"}
