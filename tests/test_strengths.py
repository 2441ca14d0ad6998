import pytest
import torch

from hypertransport.errors import StrengthError
from hypertransport.strengths import as_strength


def test_one_number_is_a_scalar_and_several_are_a_column():
    assert as_strength(0.5, 3).shape == ()
    torch.testing.assert_close(as_strength([0, 1.5], None), torch.tensor([[0], [1.5]]).double())


@pytest.mark.parametrize("strength", [float("nan"), [1.0, 0.0, float("inf")], [1, 2]])
def test_what_is_not_finite_or_not_one_per_row_is_refused(strength):
    with pytest.raises(StrengthError, match="give"):
        as_strength(strength, 3)
