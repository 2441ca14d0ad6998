import argparse

import pytest

from hypertransport.parsing import count, positive


def test_counts_are_whole_numbers_from_1():
    assert count("12") == 12
    for text in ("0", "-1", "1.5", "", "x"):
        with pytest.raises(argparse.ArgumentTypeError, match="from 1 on"):
            count(text)


def test_positive_numbers_are_finite_and_above_0():
    assert positive("1e-3") == 0.001
    for text in ("0", "-1", "nan", "inf", "", "x"):
        with pytest.raises(argparse.ArgumentTypeError, match="above 0"):
            positive(text)
