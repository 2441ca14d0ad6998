import json
import os
import signal
import socket
import time
from collections import Counter

import pytest
from chat_server import KEY, Reply, answer, ideal, serving

from hypertransport.evaluation.judge import (
    ASKED,
    GIVE_UP,
    Bill,
    Endpoint,
    JudgeError,
    ask,
    key_from,
    open_tasks,
    plan,
)
from hypertransport.evaluation.pairs import read_pairs
from hypertransport.evaluation.preferences import Share, Tally, position_bias, self_agreement, tally
from hypertransport.evaluation.votes import resume, settle

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

AGAIN = {"retry-after-ms": "1"}
QUESTIONS = 36  # 18 pairs in both orders


def judged(folder, server, models=("judge",), bill=None, number=None, **options) -> int:
    """Ask what is open, as the command does."""
    votes = folder / "votes.jsonl"
    tasks = open_tasks(read_pairs(folder), models, resume(votes))[:number]
    endpoint = Endpoint(server.url, options.pop("key", KEY), **({"retries": 2} | options))
    return ask(folder, tasks, endpoint, votes, bill or Bill())


def votes_in(folder):
    return resume(folder / "votes.jsonl")


def asked(server) -> Counter:
    """How often each question was asked: by model, text and pictures in their order."""
    return Counter(json.dumps([r["model"], r["messages"]]) for r in server.requests)


def test_an_ideal_judge_sees_every_pair_in_both_orders_once(folder):
    with serving(ideal) as server:
        assert judged(folder, server) == QUESTIONS
        assert judged(folder, server) == 0
    assert set(asked(server).values()) == {1}
    assert len(server.requests) == QUESTIONS
    votes = votes_in(folder)
    verdicts = settle(votes)
    assert tally(verdicts, "hypertransport", "prompting") == Tally(6, 0, 0, 0)
    assert tally(verdicts, "mean shift", "prompting") == Tally(0, 0, 6, 0)
    assert position_bias(votes) == Share(18, 36)
    assert self_agreement(verdicts) == Share(18, 18)


def test_requests_ask_for_strict_json(folder):
    with serving(ideal) as server:
        judged(folder, server, number=1)
    (request,) = server.requests
    assert request["response_format"]["json_schema"]["strict"] is True


def test_a_judge_that_takes_what_stands_first_decides_nothing(folder):
    with serving(lambda request, number: answer("first")) as server:
        judged(folder, server)
    votes = votes_in(folder)
    assert {verdict.answer for verdict in settle(votes)} == {"tie"}
    assert position_bias(votes) == Share(36, 36)
    assert self_agreement(settle(votes)) == Share(0, 18)


@pytest.mark.parametrize(
    "reply",
    [
        answer("refused"),
        Reply(None, message={"refusal": "No."}),
        Reply(status=400, body='{"error": {"message": "no", "code": "content_filter"}}'),
    ],
)
def test_refusals_are_votes_too(folder, reply):
    with serving(lambda request, number: reply) as server:
        assert judged(folder, server) == QUESTIONS
    assert {vote.answer for vote in votes_in(folder)} == {"refused"}
    assert len(server.requests) == QUESTIONS


def test_a_malformed_answer_is_asked_again(folder):
    def behave(request, number):
        return ideal(request, number) if number % 2 else Reply("the first")

    with serving(behave) as server:
        assert judged(folder, server, parallel=1) == QUESTIONS
    assert set(asked(server).values()) == {2}
    assert tally(settle(votes_in(folder)), "hypertransport", "prompting") == Tally(6, 0, 0, 0)


def test_a_judge_that_only_babbles_is_given_up(folder):
    with (
        serving(lambda request, number: Reply("the first")) as server,
        pytest.raises(JudgeError, match=r"babbler does not answer in the JSON.*run this again"),
    ):
        judged(folder, server, models=["babbler"], parallel=1)
    assert len(server.requests) == ASKED * GIVE_UP
    assert votes_in(folder) == []


def test_a_reply_at_the_limit_of_tokens_is_not_paid_for_again(folder):
    with (
        serving(lambda request, number: Reply("<think>so", finish="length")) as server,
        pytest.raises(JudgeError, match="limit of tokens; raise it"),
    ):
        judged(folder, server, parallel=1)
    assert len(server.requests) == GIVE_UP


def test_a_question_without_an_answer_is_left_for_the_next_run(folder):
    with serving(lambda request, n: Reply("hm") if n < ASKED else ideal(request, n)) as server:
        assert judged(folder, server, parallel=1) == QUESTIONS - 1
        assert judged(folder, server) == 1
    assert Counter(asked(server).values()) == {1: QUESTIONS - 1, ASKED + 1: 1}


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
def test_an_endpoint_in_trouble_is_asked_again(folder, status):
    def behave(request, number):
        return Reply(status=status, body="busy", headers=AGAIN) if number < 2 else ideal(request, 0)

    with serving(behave) as server:
        assert judged(folder, server, number=2, parallel=1) == 2
    assert len(server.requests) == 4


def test_an_endpoint_that_stays_in_trouble_is_given_up(folder):
    with (
        serving(lambda r, n: Reply(status=503, body="busy", headers=AGAIN)) as server,
        pytest.raises(JudgeError, match=r"503.*run this again"),
    ):
        judged(folder, server, parallel=1, retries=1)
    assert len(server.requests) == 2 * GIVE_UP


def test_a_slow_answer_is_asked_for_again(folder):
    def behave(request, number):
        time.sleep(1.0 if number == 0 else 0)
        return ideal(request, number)

    with serving(behave) as server:
        assert judged(folder, server, number=2, parallel=1, timeout=0.3) == 2
    assert len(server.requests) == 3


def test_an_endpoint_that_is_not_there_is_named(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    endpoint = Endpoint(f"http://127.0.0.1:{port}/v1", KEY, parallel=1, retries=0)
    tasks = open_tasks(read_pairs(folder), ["judge"], [])
    with pytest.raises(JudgeError, match="Connection error"):
        ask(folder, tasks, endpoint, folder / "votes.jsonl", Bill())


def test_a_wrong_key_stops_at_once_and_is_not_repeated(folder):
    with serving(ideal) as server, pytest.raises(JudgeError, match="401") as raised:
        judged(folder, server, key="sk-wrong-key", parallel=2)
    assert "sk-wrong-key" not in str(raised.value)
    assert "***" in str(raised.value)
    assert len(server.requests) <= 2
    assert votes_in(folder) == []


def test_the_key_is_written_nowhere(folder):
    with serving(ideal) as server:
        judged(folder, server)
        assert KEY not in repr(Endpoint(server.url, KEY))
    written = b"".join(path.read_bytes() for path in folder.iterdir())
    assert KEY.encode() not in written


def test_a_budget_is_kept_and_the_next_run_goes_on(folder):
    # 1,000 tokens in at a dollar per thousand and 10 out: a little more than a dollar a question.
    bill = Bill((1000.0, 1000.0), limit=9.0)
    with serving(ideal) as server:
        first = judged(folder, server, bill=bill)
        assert first == len(server.requests) == len(votes_in(folder)) == 8
        assert bill.spent == pytest.approx(8 * 1.01)
        assert judged(folder, server) == QUESTIONS - 8
    assert set(asked(server).values()) == {1}


def test_what_has_to_be_asked_again_counts_as_one_question(folder):
    bill, usage = Bill((1000.0, 0.0), limit=7.0), {"prompt_tokens": 1000, "completion_tokens": 0}

    def third_time(request, number):
        return Reply('{"answer": "tie"}' if number % 3 == 2 else "well", usage=usage)

    with serving(third_time) as server:
        assert judged(folder, server, bill=bill, parallel=1) == 2  # a third one could take 3 more
    assert (bill.spent, bill.dearest) == (6.0, 3.0)


def test_a_reply_without_a_count_costs_what_was_expected(folder):
    bill = Bill((1000.0, 0.0))
    odd = Reply('{"answer": "tie"}', usage={"prompt_tokens": None})
    with serving(lambda request, number: odd) as server:
        judged(folder, server, bill=bill, number=3)
    assert bill.spent == pytest.approx(3 * 0.202)
    assert bill.pending == 0


def test_a_limit_without_a_price_is_refused():
    with pytest.raises(JudgeError, match="--price"):
        Bill(limit=3.0)


def test_a_vote_that_a_crash_cut_off_is_asked_for_again(folder):
    with serving(ideal) as server:
        judged(folder, server)
        path = folder / "votes.jsonl"
        path.write_bytes(path.read_bytes()[:-9])
        assert judged(folder, server) == 1
    assert len(server.requests) == QUESTIONS + 1
    assert len({(v.question, v.first_method) for v in votes_in(folder)}) == QUESTIONS


def test_ctrl_c_keeps_what_was_answered(folder):
    def behave(request, number):
        if number == 10:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.5)
        return ideal(request, number)

    with serving(behave) as server:
        with pytest.raises(KeyboardInterrupt):
            judged(folder, server, parallel=1)
        assert len(votes_in(folder)) == 10
        assert judged(folder, server) == QUESTIONS - 10


def test_no_more_are_asked_at_once_than_wanted(folder):
    def behave(request, number):
        time.sleep(0.05)
        return ideal(request, number)

    with serving(behave) as server:
        judged(folder, server, parallel=3)
    assert 1 < server.most_at_once <= 3


def test_several_judges_vote_by_themselves(folder):
    def behave(request, number):
        return answer("first") if request["model"] == "biased" else ideal(request, number)

    with serving(behave) as server:
        assert judged(folder, server, models=["ideal", "biased", "ideal"]) == 2 * QUESTIONS
    verdicts = settle(votes_in(folder))
    by_rater = {
        rater: tally([v for v in verdicts if v.rater == rater], "hypertransport", "prompting")
        for rater in ("ideal", "biased")
    }
    assert by_rater == {"ideal": Tally(6, 0, 0, 0), "biased": Tally(0, 6, 0, 0)}


def test_a_part_of_the_work_is_of_all_concepts_and_of_whole_pairs(folder):
    with serving(ideal) as server:
        judged(folder, server, number=12)
    votes = votes_in(folder)
    assert len({vote.concept for vote in votes}) == 3
    assert all(verdict.shown == 2 for verdict in settle(votes))


def test_the_plan_names_judges_tokens_and_cost(folder):
    tasks = open_tasks(read_pairs(folder), ["one", "two"], [])
    told = plan(folder, tasks, Bill((1.0, 10.0), limit=5.0))
    assert told.startswith("72 questions to one, two: about 14,544 tokens in and 864 out")
    assert "about $0.02, at most $5.00" in told
    assert "no --price" in plan(folder, tasks, Bill())


@pytest.mark.parametrize("value", ["", " ", "clé", "a\nb", None])
def test_a_key_that_is_none_is_refused_by_the_name_of_its_variable(value):
    environment = {} if value is None else {"MY_KEY": value}
    with pytest.raises(JudgeError, match="MY_KEY") as raised:
        key_from(environment, "MY_KEY")
    assert not value or not value.strip() or value not in str(raised.value)


def test_a_key_is_taken_without_the_line_end_of_its_file():
    assert key_from({"MY_KEY": f"{KEY}\n"}, "MY_KEY") == KEY
