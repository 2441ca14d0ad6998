"""Replies as many servers write them; each stands for what one of them has been seen to send."""

import json

import pytest
from chat_server import Reply, answer

from hypertransport.evaluation.replies import Tokens, is_cut_off, read_reply
from hypertransport.evaluation.votes import SEEN

FIRST = '{"answer": "first"}'
OTHER = '{"answer": "second"}'
CALL = {"type": "function", "function": {"name": "comparison", "arguments": FIRST}}


def read(reply: Reply):
    return read_reply(reply.encoded().decode())


def message(**fields) -> Reply:
    return Reply(None, message=fields)


@pytest.mark.parametrize("word", SEEN)
def test_an_answer_is_read_with_its_tokens(word):
    assert read(answer(word)) == (word, Tokens(1000, 10))


@pytest.mark.parametrize(
    "content",
    [
        f" \n{FIRST}\n",
        f"```json\n{FIRST}\n```", f"```\n{FIRST}```", f"```JSON\r\n{FIRST}\r\n```\n",
        f"Here it is:\n```json\n{FIRST}\n```\nThe first is sharper.",
        '{"answer": "first", "reason": "sharper"}', '{"reason": {"a": 1}, "answer": "first"}',
        '{"answer": "First"}', '{"answer": " first "}', '{"comparison": {"answer": "first"}}',
        f"I prefer {FIRST}", f"{FIRST} is my answer, so: {FIRST}", f"[{FIRST}]",
        '{"reason": "x"}\n' + FIRST, f"{{ no JSON }} {FIRST}",
        f"<think>hm</think>\n{FIRST}", f"<think>\n</think>\n\n```json\n{FIRST}\n```",
        f"<think>perhaps {OTHER}?</think>{FIRST}", f"perhaps {OTHER}?</think>{FIRST}",
        f"<thinking>{OTHER}</thinking>{FIRST}", f"[THINK]{OTHER}[/THINK]{FIRST}",
        f"◁think▷{OTHER}◁/think▷{FIRST}", f"<|begin_of_box|>{FIRST}<|end_of_box|>",
        f"<|channel|>analysis<|message|>{OTHER}<|end|><|channel|>final<|message|>{FIRST}<|return|>",
        '{"reason": "' + "long " * 9999 + '", "answer": "first"}',
        "long " * 9999 + FIRST,
    ],
)  # fmt: skip
def test_a_clear_answer_is_read_whatever_surrounds_it(content):
    assert read(Reply(content)) == ("first", Tokens(1000, 10))


@pytest.mark.parametrize(
    "fields",
    [
        {"content": [{"type": "text", "text": FIRST}]},
        {"content": [{"type": "thinking", "text": OTHER}, {"type": "text", "text": FIRST}]},
        {"content": [{"type": "output_text", "text": FIRST[:9]}, {"text": FIRST[9:]}]},
        {"content": {"answer": "first"}},
        {"content": FIRST, "reasoning_content": OTHER},
        {"content": FIRST, "refusal": None, "tool_calls": []},
        {"content": "", "reasoning_content": FIRST},
        {"content": None, "reasoning": f"```json\n{FIRST}\n```"},
        {"content": None, "tool_calls": [CALL]},
        {"content": "", "tool_calls": [CALL], "reasoning_content": OTHER},
        {"tool_calls": [{"function": {"arguments": {"answer": "first"}}}]},
        {"content": None, "function_call": {"name": "comparison", "arguments": FIRST}},
    ],
)
def test_an_answer_is_found_where_a_server_puts_it(fields):
    assert read(message(**fields))[0] == "first"


@pytest.mark.parametrize(
    "content",
    [
        "first", '"first"', "", "null", "[]", "{}", None, '{"answer": null}',
        '{"answer": ["first"]}', '{"answer": {}}', '{"answer": "A"}',
        '{"answer": "first or second"}',
        '{"answer": "first"', "[" * 9999, '{"a":' * 9999, "{" * 9999, '{"answers": "first"}',
        f"either {FIRST} or {OTHER}", f"```json\n{FIRST}\n```\n```json\n{OTHER}\n```",
        '{"answer": "first", "answer": "second"}', f"<think>I lean to {FIRST}",
        f"<think>{FIRST}</think>", f"<think>{FIRST}</think>I cannot say",
        '{"x": 1, "y": ' + FIRST + "}",
        "<think>" * 100_000,
    ],
)  # fmt: skip
def test_what_is_not_clear_is_no_answer(content):
    assert read(Reply(content)) == (None, Tokens(1000, 10))


@pytest.mark.parametrize(
    "fields",
    [
        {"content": "", "reasoning_content": f"I lean to {FIRST}"},
        {"content": "no", "tool_calls": [CALL]},
        {"content": None, "tool_calls": [{"function": {"arguments": "{"}}, None, 3]},
        {"content": None, "tool_calls": [CALL, {"function": {"arguments": OTHER}}]},
        {"content": [None, 3, {"type": "text"}, {"type": "text", "text": None}]},
        {"content": 3}, {"content": None, "reasoning": 3},
    ],
)  # fmt: skip
def test_thoughts_and_odd_messages_are_no_answer(fields):
    assert read(message(**fields))[0] is None


@pytest.mark.parametrize(
    "reply",
    [
        message(refusal="I cannot compare these."),
        message(content=[{"type": "refusal", "refusal": "No."}]),
        Reply(None, finish="content_filter"),
        Reply(None, finish="SAFETY"),
        Reply(FIRST, finish="content_filter"),
        Reply(FIRST, message={"refusal": "No."}),
        Reply('{"answer": "refused"}'),
        Reply(body='{"choices": [{"finish_reason": "content_filter"}]}'),
    ],
)
def test_the_protocols_own_refusals_are_refusals(reply):
    assert read(reply)[0] == "refused"


@pytest.mark.parametrize(
    ("finish", "cut"), [("length", True), ("max_tokens", True), ("stop", False), ("", False)]
)
def test_a_reply_that_reached_the_limit_of_tokens_is_known(finish, cut):
    assert is_cut_off(Reply("<think>so", finish=finish).encoded().decode()) is cut


def test_an_answer_that_was_complete_before_the_limit_counts():
    assert read(Reply(FIRST, finish="length"))[0] == "first"
    assert read(Reply(FIRST[:-1] + ', "reason": "it is', finish="length"))[0] is None


def test_a_body_may_begin_with_a_byte_order_mark():
    assert read_reply("\ufeff" + answer("tie").encoded().decode())[0] == "tie"


@pytest.mark.parametrize(
    "body",
    ["", "<html>busy</html>", "null", "3", "[]", "{}", '{"choices": []}', '{"choices": null}',
     '{"choices": [null]}', '{"choices": [{}]}', '{"choices": [{"message": null}]}',
     '{"choices": [{"message": []}]}', '{"choices": [{"message": {"content": [1]}}]}',
     '{"choices": {"0": 1}}', '{"choices": [{"finish_reason": 3}]}', "[" * 100_000],
)  # fmt: skip
def test_an_odd_body_is_no_answer(body):
    assert read_reply(body) == (None, None)
    assert not is_cut_off(body)


@pytest.mark.parametrize(
    "usage",
    [{"prompt_tokens": 1}, {"prompt_tokens": "1", "completion_tokens": 1},
     {"prompt_tokens": -1, "completion_tokens": 1},
     {"prompt_tokens": None, "completion_tokens": 1}],
)  # fmt: skip
def test_an_odd_count_is_no_count(usage):
    assert read(Reply('{"answer": "tie"}', usage=usage)) == ("tie", None)


def test_objects_survive_a_round_trip_through_every_wrapping():
    for word in SEEN:
        body = json.dumps({"answer": word, "confidence": 0.5})
        for text in (
            body,
            f"```json\n{body}\n```",
            f"<think>{OTHER}</think>{body}",
            f"So: {body}.",
        ):
            assert read(Reply(text))[0] == word
