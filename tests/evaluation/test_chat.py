import json
from dataclasses import replace

import pytest
from chat_server import Reply, answer, colours
from PIL import Image

from hypertransport.evaluation.chat import SCHEMA, Tokens, expected, messages, read_reply
from hypertransport.evaluation.pairs import read_pairs
from hypertransport.evaluation.votes import SEEN


def read(reply: Reply):
    return read_reply(reply.encoded().decode())


@pytest.mark.parametrize("word", SEEN)
def test_an_answer_is_read_with_its_tokens(word):
    assert read(answer(word)) == (word, Tokens(1000, 10))
    assert word in SCHEMA["properties"]["answer"]["enum"]


@pytest.mark.parametrize(
    "content",
    [
        "first", '"first"', "", "null", "[]", "{}", None, '{"answer": "First"}', '{"answer": null}',
        '{"answer": ["first"]}', '{"answer": {}}', '{"answer": "first", "reason": "red"}',
        '```json\n{"answer": "first"}\n```', '{"answer": "A"}', "[" * 9999,
        '{"answer": "first"', 'I prefer {"answer": "first"}',
    ],
)  # fmt: skip
def test_only_the_json_that_was_asked_for_is_an_answer(content):
    assert read(Reply(content)) == (None, Tokens(1000, 10))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(None, message={"refusal": "I cannot compare these."}),
        Reply(None, finish="content_filter"),
        Reply('{"answer": "first"}', finish="content_filter"),
        Reply('{"answer": "refused"}'),
    ],
)
def test_the_protocols_own_refusals_are_refusals(reply):
    assert read(reply)[0] == "refused"


@pytest.mark.parametrize(
    "body",
    ["", "<html>busy</html>", "null", "3", "[]", "{}", '{"choices": []}', '{"choices": null}',
     '{"choices": [null]}', '{"choices": [{}]}', '{"choices": [{"message": null}]}',
     '{"choices": [{"message": []}]}', '{"choices": [{"message": {"content": [1]}}]}',
     '{"choices": {"0": 1}}', "[" * 100_000],
)  # fmt: skip
def test_an_odd_body_is_no_answer(body):
    assert read_reply(body) == (None, None)


@pytest.mark.parametrize(
    "usage",
    [{"prompt_tokens": 1}, {"prompt_tokens": "1", "completion_tokens": 1},
     {"prompt_tokens": -1, "completion_tokens": 1},
     {"prompt_tokens": None, "completion_tokens": 1}],
)  # fmt: skip
def test_an_odd_count_is_no_count(usage):
    assert read(Reply('{"answer": "tie"}', usage=usage)) == ("tie", None)


def test_messages_show_the_pictures_in_their_order_and_no_method(folder):
    pair = read_pairs(folder)[0]
    shown = {first: messages(folder, pair, first) for first in ("A", "B")}
    assert colours({"messages": shown["A"]}) == ["red", "green"]
    assert colours({"messages": shown["B"]}) == ["green", "red"]
    for asked in shown.values():
        words = json.dumps(asked, ensure_ascii=False)
        assert pair.concept in words
        assert pair.prompt in words
        assert pair.a not in words
        assert pair.b not in words


def test_larger_pictures_are_expected_to_take_more(folder):
    pair = read_pairs(folder)[0]
    small = expected(folder, pair)
    Image.new("RGB", (1024, 1024)).save(folder / "large.png")
    large = expected(folder, replace(pair, picture_a="large.png"))
    assert large.input - small.input == 37 * 37 - 1
    assert large.output == small.output
