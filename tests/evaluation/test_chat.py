import json
from dataclasses import replace

from chat_server import colours
from PIL import Image

from hypertransport.evaluation.chat import SCHEMA, expected, messages
from hypertransport.evaluation.pairs import read_pairs
from hypertransport.evaluation.votes import SEEN


def test_the_words_of_the_schema_are_those_that_are_read():
    assert SCHEMA["properties"]["answer"]["enum"] == list(SEEN)


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
