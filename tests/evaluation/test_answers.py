import sqlite3
import threading
from collections import Counter
from contextlib import closing
from dataclasses import replace

import pytest

from hypertransport.evaluation.answers import (
    Answers,
    Conduct,
    EnrolmentError,
    Progress,
    StudyError,
    UnknownLinkError,
)
from hypertransport.evaluation.pairs import OTHER, read_pairs
from hypertransport.evaluation.preferences import Tally, tally
from hypertransport.evaluation.study_file import begin
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


def test_an_invitation_enrols_one_person_once(answers):
    one, other = answers.invite(2)
    token = answers.enrol(one)
    answers.record(token, 0, "tie")
    assert answers.enrol(one) == token
    assert answers.enrol(other) != token
    for invitation in (None, "guess", ""):
        with pytest.raises(EnrolmentError, match="invitation"):
            answers.enrol(invitation)
    assert [conduct.invited for conduct in answers.conduct()] == [True]


def test_an_open_study_takes_no_more_people_than_it_may(folder, pairs):
    answers = Answers.create(folder / "study.sqlite", pairs, most_raters=2)
    tokens = [answers.enrol() for _ in range(2)]
    with pytest.raises(EnrolmentError, match="full"):
        answers.enrol()
    assert answers.progress(tokens[0]).answered == 0
    assert answers.enrol(*answers.invite(1))  # who was invited has a place


def test_no_invitation_is_used_by_two_at_once(folder, pairs):
    answers = Answers.create(folder / "study.sqlite", pairs, questions=1)
    (code,) = answers.invite(1)
    tokens = []
    people = [threading.Thread(target=lambda: tokens.append(answers.enrol(code))) for _ in range(8)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert len(tokens) == 8
    assert len({*tokens}) == 1


def test_a_study_of_the_first_format_goes_on(folder, pairs, answers):
    token = answers.enrol()
    answers.record(token, 0, "tie")
    with closing(sqlite3.connect(answers.path)) as db:
        db.executescript("DROP TABLE invitations; PRAGMA user_version = 1")
    for again in (Answers.open(answers.path), Answers.create(answers.path, pairs)):
        assert again.progress(token) == Progress(1, 1, 20)
        assert again.enrol()
        assert len(again.conduct()) == 1


def test_how_each_person_answered_is_counted(folder, pairs):
    answers = Answers.create(folder / "study.sqlite", pairs, questions=9, check_every=3)
    careful, careless = answers.enrol(), answers.enrol(None)
    answers.enrol()  # who leaves without an answer
    answer_all(answers, careful)
    answer_all(answers, careless, check="B")
    with closing(sqlite3.connect(answers.path)) as db, db:
        db.execute(
            "UPDATE questions SET answered = datetime('2026-12-01', (position * 2) || ' seconds')"
        )
    one, other = answers.conduct()
    assert (one.answers, one.checks, one.failed) == (9, 3, 0)
    assert other.seconds == pytest.approx(2.0, abs=1e-3)
    assert replace(other, seconds=None) == Conduct("rater 2", False, 9, 3, 3, None)


def test_no_more_votes_of_one_person_count_than_wanted(answers):
    for _ in range(2):
        answer_all(answers, answers.enrol())
    votes, _ = answers.votes(most=5)
    assert Counter(vote.rater for vote in votes) == {"rater 1": 5, "rater 2": 5}
    every, _ = answers.votes()
    assert votes == [*every[:5], *every[18:23]]


def test_checks_are_of_pairs_that_are_not_asked_where_there_are_some(folder, pairs):
    answers = Answers.create(folder / "study.sqlite", pairs, questions=9, check_every=3)
    order = asked(answers, answers.enrol())
    asked_pairs = {s.pair for s in order if not s.is_check}
    assert not asked_pairs & {s.pair for s in order if s.is_check}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE pairs SET record = '{'",
        "UPDATE pairs SET record = x'ff00'",
        "UPDATE pairs SET record = '{\"concept\": 1}'",
        "UPDATE pairs SET record = NULL",
        "UPDATE questions SET pair = 99",
        "UPDATE questions SET first = 'C'",
        "UPDATE questions SET seen = 'hm'",
        "DROP TABLE questions",
        "DROP TABLE raters",
        "PRAGMA user_version = 99",
    ],
)
def test_a_damaged_study_is_told_as_one(answers, damage):
    token = answers.enrol()
    for position in range(20):
        answers.record(token, position, "first")
    with closing(sqlite3.connect(answers.path)) as db:
        db.executescript(
            "PRAGMA writable_schema = ON; PRAGMA ignore_check_constraints = ON;"
            "UPDATE sqlite_schema SET sql = replace(sql, 'record TEXT NOT NULL', 'record TEXT');"
        )
    with closing(sqlite3.connect(answers.path)) as db, db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute(damage)
    with pytest.raises(StudyError):
        Answers.open(answers.path).votes(20)


@pytest.mark.parametrize("keep", [0, 50, 100, 4096, 5000])
def test_a_torn_study_is_told_as_one(answers, keep):
    answers.enrol()
    with closing(sqlite3.connect(answers.path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    answers.path.write_bytes(answers.path.read_bytes()[:keep])
    with pytest.raises(StudyError):
        Answers.open(answers.path).votes()


def test_of_two_that_begin_a_study_at_once_the_second_goes_on_with_it(answers, pairs):
    """Both have seen no file; the answers that the first has by then are kept."""
    answers.enrol()
    begin(answers.path, pairs)
    with closing(sqlite3.connect(answers.path)) as db:
        assert db.execute("SELECT COUNT(*) FROM raters").fetchone() == (1,)


def test_a_study_whose_schema_is_not_utf_8_is_told_as_damaged(answers):
    with closing(sqlite3.connect(answers.path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damaged = answers.path.read_bytes().replace(b"TABLE pairs (id", b"TABLE pairs (\xf4d", 1)
    answers.path.write_bytes(
        damaged.replace(b"pairs (\xf4d INTEGER", b"pairs \xf4\xf4d INTEGER", 1)
    )
    with pytest.raises(StudyError):
        Answers.open(answers.path).votes()
