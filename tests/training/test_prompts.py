import pytest

from hypertransport.catalogue import load
from hypertransport.errors import ConfigError
from hypertransport.training.prompts import NEUTRAL, prompted, read_prompts


def test_neutral_prompts_are_different_training_things_and_nothing_else():
    things = {e.phrase for e in load() if e.kind == "thing" and e.split == "train"}
    assert len(set(NEUTRAL)) == len(NEUTRAL) == 64
    assert {f"with {prompt}" for prompt in NEUTRAL} <= things


def test_the_phrase_follows_the_prompt():
    assert prompted("a cat", "in oil") == "a cat in oil"


def test_prompts_are_the_lines_of_a_file_that_say_something(tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_text("a cat\n\n  a dog \na cat\n")
    assert read_prompts(path) == ["a cat", "a dog"]


def test_prompts_are_cleaned(tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_bytes("\ufeffa\u200b  cat\r\n\u2060\r\na\u00a0cat\r\n".encode())
    assert read_prompts(path) == ["a cat"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, content):
    path = tmp_path / "prompts.txt"
    if content:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"cannot read the prompts .*prompts.txt"):
        read_prompts(path)
