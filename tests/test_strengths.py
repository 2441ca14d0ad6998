import numpy as np
import pytest
import torch

from hypertransport.errors import StrengthError
from hypertransport.strengths import as_strength


def test_one_number_is_a_scalar_and_several_are_a_column():
    assert as_strength(0.5, 3).shape == ()
    torch.testing.assert_close(as_strength([0, 1.5], None), torch.tensor([[0], [1.5]]).double())


@pytest.mark.usefixtures("unchecked")
def test_numbers_of_numpy_and_torch_are_taken():
    wanted = torch.tensor([[2], [1]]).double()
    for strength in (np.array([1, 2])[::-1], torch.tensor([2, 1]), [np.float32(2), np.int64(1)]):
        assert torch.equal(as_strength(strength, 2).double(), wanted)


@pytest.mark.usefixtures("unchecked")
def test_complex_numbers_are_refused():
    with pytest.raises(StrengthError, match="no strength"):
        as_strength(torch.tensor(1j), None)


@pytest.mark.parametrize("strength", [float("nan"), [1.0, 0.0, float("inf")], [1, 2]])
def test_what_is_not_finite_or_not_one_per_row_is_refused(strength):
    with pytest.raises(StrengthError, match="give"):
        as_strength(strength, 3)
