import pytest

from hypertransport.arguments import build_parser
from hypertransport.steer_arguments import MAX_STRENGTHS


def parsed(*arguments: str):
    return build_parser().parse_args(["steer", *arguments])


def refused(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit) as exit:
        parsed(*arguments)
    assert exit.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0:1:5", [0, 0.25, 0.5, 0.75, 1]),
        ("-1:1:3", [-1, 0, 1]),
        ("1:0:2", [1, 0]),
        ("0.3:1:1", [0.3]),
        ("0.5", [0.5]),
        ("0,.5,2", [0, 0.5, 2]),
    ],
)
def test_strengths_are_a_range_or_a_list(text, values):
    assert parsed(f"--strengths={text}").strengths == values


def test_bare_steer_has_a_prompt_and_a_strip_of_five():
    chosen = parsed()
    assert chosen.prompt
    assert chosen.strengths == [0, 0.25, 0.5, 0.75, 1]
    assert (chosen.number, chosen.out) == (1, "steer.png")


def test_words_and_pictures_keep_their_order():
    chosen = parsed("--concept", "a", "--image", "b.png=2", "--intervention", "d", "--concept", "c")
    kinds = [("words", "a"), ("picture", "b.png=2"), ("intervention", "d"), ("words", "c")]
    assert chosen.concepts == kinds


@pytest.mark.parametrize(
    "text",
    ["", "much", "0:1", "0:1:2:3", "0:1:0", "0:1:-3", "0:1:1.5", "0:x:2", "nan", "0,inf", "0:inf:2",
     f"0:1:{MAX_STRENGTHS + 1}", "0:1:999999999999"],
)  # fmt: skip
def test_strengths_that_are_none_are_refused_in_one_line(capsys, text):
    assert "--strengths" in refused(capsys, f"--strengths={text}")


@pytest.mark.parametrize("text", ["0", "65", "-1", "x", "1.5", ""])
def test_rows_are_1_to_64(capsys, text):
    assert "1 to 64" in refused(
        capsys, f"-n={text}" if text.startswith("-") else f"-n{text or ' '}"
    )


@pytest.mark.parametrize("text", ["-1", "x", "1.5", "\u00b2"])
def test_seeds_are_whole_numbers(capsys, text):
    assert "no seed" in refused(capsys, f"--seed={text}")


def test_unknown_commands_and_options_are_refused_in_one_line(capsys):
    assert "--strenght" in refused(capsys, "--strenght", "1")
    with pytest.raises(SystemExit):
        build_parser().parse_args([])
    assert "COMMAND" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [[], ["steer"], ["fit"], ["train"], ["sites"], ["models"], ["concepts"]]
)
def test_every_help_has_examples(capsys, command):
    with pytest.raises(SystemExit) as exit:
        build_parser().parse_args([*command, "--help"])
    assert exit.value.code == 0
    assert "examples:\n  hypertransport" in capsys.readouterr().out
