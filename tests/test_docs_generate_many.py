"""The examples and the limits of docs/generate-many.md."""

import re
from pathlib import Path

from hypertransport import cli
from hypertransport.batch import cells, lines

PAGE = (Path(__file__).parent.parent / "docs" / "generate-many.md").read_text()


def test_the_example_is_a_file_that_is_read(tmp_path):
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "prompts.jsonl").write_text(example)
    read = lines.read(tmp_path / "prompts.jsonl")
    kinds = [steering.kind for line in read for steering in line.steering]
    assert kinds == ["concept", "image", "concept", "intervention"]


def test_the_commands_are_what_the_parser_takes():
    parser = cli.build_parser()
    commands = re.findall(r"^(?:\S+=\S+ )?hypertransport (.*)$", PAGE, re.MULTILINE)
    assert [parser.parse_args(words.split()).actors for words in commands] == [None, 4, 16]


def test_the_limits_are_those_of_the_code():
    for limit in (
        f"{lines.MAX_PROMPT:,} characters",
        f"at most {lines.MAX_STRENGTHS}, from -{lines.MAX_STRENGTH:g} to {lines.MAX_STRENGTH:g}",
        f"at most {lines.MAX_STEERING} concepts",
        f"{lines.MAX_BYTES // 2**20} MiB, {lines.MAX_LINES:,} lines and {cells.MAX_PICTURES:,}",
        f"{cells.MAX_PIXELS // 10**6} million pixels",
        *(f"`{column}`" for column in lines.COLUMNS),
    ):
        assert limit in PAGE
