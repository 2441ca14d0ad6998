"""Values that change between images while compiled code keeps on reading them."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .affine_maps import AffineMap


class Buffers:
    """Tensors ``(B, ...)``, a row per image; ``B = 1`` serves every image.

    ``now`` gives the rows that the next call of the network draws, ``(R, ...)``: all of them, until
    ``select``. New values are copied in place, so that no code compiled around them has to be
    compiled again: copy what must stay. ``whole`` holds all rows.
    """

    def __init__(self, *values: Tensor) -> None:
        self.whole = values
        self._rows: Tensor | None = None
        self._now: tuple[Tensor, ...] = ()
        self._use(values)

    def _use(self, values: tuple[Tensor, ...]) -> None:
        self._now = values

    def __len__(self) -> int:
        return len(self.whole[0])

    def now(self, device: torch.device) -> tuple[Tensor, ...]:
        """The values in use, on ``device``: only there does offloading tell where it computes."""
        if self._now[0].device != device:
            self.whole = tuple(value.to(device) for value in self.whole)
            self._use(self.whole)
            self.select(self._rows)
        return self._now

    def set(self, values: Sequence[Tensor]) -> None:
        """Overwrite all rows by as many tensors ``(B, ...)``, or by ``(1, ...)`` for every row.

        The shapes are for the caller to check, as are the rows of ``select``.
        """
        _overwrite(self.whole, values)
        self.select(self._rows)

    @torch.inference_mode(False)  # or else they could be set within such a block only
    def select(self, rows: Tensor | None) -> None:
        """Use these rows ``(R,)``, in this order, from now on; None: all. A single row stays."""
        self._rows = rows
        if rows is None or len(self) == 1:
            self._use(self.whole)
            return
        chosen = tuple(value[rows.to(value.device)] for value in self.whole)
        if self._now is not self.whole and len(self._now[0]) == len(rows):
            _overwrite(self._now, chosen)
        else:
            self._use(chosen)


class SiteBuffers(Buffers):
    """The maps of many sites side by side, ``(B, channels of all)``: one copy sets them all."""

    def __init__(self, T: AffineMap, widths: Sequence[int]) -> None:
        self._widths = list(widths)
        self.sites = [SiteMap(self) for _ in widths]
        super().__init__(*T)

    def _use(self, values: tuple[Tensor, ...]) -> None:
        if values is self._now:
            return
        super()._use(values)
        columns = (value.split(self._widths, -1) for value in values)
        for site, *pair in zip(self.sites, *columns, strict=True):
            site.now = AffineMap(*pair)


class SiteMap:
    """Called with a device: the rows in use of one site, there.

    An object and no number among many: code that is compiled once for all blocks of a kind would be
    compiled anew for each number.
    """

    now: AffineMap

    def __init__(self, all_sites: SiteBuffers) -> None:
        self._all = all_sites

    def __call__(self, device: torch.device) -> AffineMap:
        self._all.now(device)
        return self.now


@torch.no_grad()
def _overwrite(old: Sequence[Tensor], new: Sequence[Tensor]) -> None:
    for before, after in zip(old, new, strict=True):
        before.copy_(after)
