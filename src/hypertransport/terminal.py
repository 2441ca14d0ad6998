"""What the commands show on a terminal: bars, tables, and no chatter of the libraries."""

import sys
import warnings
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from hypertransport.truncation import TruncationWarning

if TYPE_CHECKING:
    from tqdm import tqdm


def progress(label: str, total: int = 1, unit: str = "picture") -> "tqdm":
    """A bar on a terminal, and nothing where no one looks."""
    from tqdm import tqdm

    return tqdm(total=total, desc=label, unit=unit, disable=None, leave=False)


def quiet() -> None:
    """Keep the libraries' own bars and advice off the screen, but not those of downloads."""
    import diffusers.utils.logging
    import huggingface_hub.utils
    import transformers.utils.logging

    for library in (diffusers, transformers):
        library.utils.logging.set_verbosity_error()
        library.utils.logging.disable_progress_bar()
    huggingface_hub.utils.enable_progress_bars()


def warn(what: str) -> None:
    """Say on stderr, in one line, what may be wrong."""
    print(f"hypertransport: warning: {what}", file=sys.stderr)


def show_truncations() -> None:
    """From now on, say each TruncationWarning as `warn` does, once."""
    shown, said = warnings.showwarning, set()

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if not issubclass(category, TruncationWarning):
            shown(message, category, *where, **more)
        elif str(message) not in said:
            said.add(str(message))
            warn(str(message))

    warnings.showwarning = show
    # The filter "once" forgets what it has seen whenever anybody changes the filters.
    warnings.simplefilter("always", TruncationWarning)


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print columns two spaces apart, flush left, below their header."""
    print("\n".join(table_lines(header, rows)))


def table_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table, its header first."""
    lines = [header, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
