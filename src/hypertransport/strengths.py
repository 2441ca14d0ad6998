"""How far an intervention acts: one number, or one per row of a batch."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor

from .errors import StrengthError

Strength: TypeAlias = int | float | Sequence[int | float] | Float[Tensor, ""] | Float[Tensor, " b"]


def as_strength(strength: Strength, rows: int | None) -> Tensor:
    """``()`` for one number, ``(B, 1)`` for one per row, for an intervention of ``rows`` rows.

    Numbers and arrays of numpy and torch are taken. Raises StrengthError for anything else, when
    not finite, or not one per row.
    """
    s = strength if isinstance(strength, Tensor) else _tensor(strength)
    if s.is_complex():
        raise StrengthError(f"{strength!a:.64} is no strength: give real numbers")
    if not s.isfinite().all():
        raise StrengthError(f"strength {strength} is not finite: give a number such as 0.8")
    if s.ndim > 1 or (s.ndim == 1 and len(s) != (rows or max(1, len(s)))):
        raise StrengthError(
            f"strengths of shape {tuple(s.shape)} for {rows or 'no'} rows: give one, or one per row"
        )
    return s.unsqueeze(-1) if s.ndim else s


def _tensor(strength: Any) -> Tensor:
    values = strength.tolist() if hasattr(strength, "tolist") else strength  # of any strides
    try:
        return torch.tensor(values, dtype=torch.float64, device="cpu")
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise StrengthError(
            f"{strength!a:.64} is no strength: give a number such as 0.8, or one for each row"
        ) from error
