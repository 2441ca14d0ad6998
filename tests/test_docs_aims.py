import re

import pytest

from docs.aims_table import AIMS, BOTH, Aim, aims, figure, of_words, reported, share, times


def test_a_share_of_words_is_the_inverse_and_so_are_the_ends_of_its_interval():
    assert times("1.250 (1.000 to 2.000)") == (1.25, 1, 2)
    assert of_words("1.250 (1.000 to 2.000)") == (0.8, 0.5, 1)


@pytest.mark.parametrize(
    ("read", "cell", "least", "told"),
    [
        (times, "0.951 (0.915 to 0.984)", 0.9, "0.95 (0.92 to 0.98)"),
        (times, "0.851 (0.815 to 0.884)", 0.9, "**0.85** (0.81 to 0.88)"),
        (times, "0.327 (0.038 to 0.735)", None, "0.33 (0.04 to 0.73)"),
        (share, "89% to 1, 60% to 1.5", 0.95, "**89%**"),
        (share, "95% to 1", 0.95, "95%"),
    ],
)
def test_what_falls_short_of_its_aim_is_bold(read, cell, least, told):
    assert figure(Aim("", BOTH, "", read, least), cell) == told


def test_every_row_tells_what_the_reports_say():
    _, _, *rows = aims().splitlines()
    for aim, row in zip(AIMS, rows, strict=True):
        for end, cell in zip(aim.ends, row.split(" | ")[1:], strict=False):
            _, methods = reported(end)
            value = aim.read(methods[aim.method][aim.column])[0]
            scale = 0.01 if aim.read is share else 1
            shown = re.findall(r"\d+(?:\.\d+)?", cell)[0]
            assert float(shown) * scale == pytest.approx(value, abs=0.0051)
