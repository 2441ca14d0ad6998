"""The README, in which what was measured stands between marks."""

from docs.aims_table import aims
from docs.results_page import FOLDER, MODELS, POOLING, load, origin, rates, speed

README = FOLDER.parent / "README.md"
BEGIN, END = "<!-- {}: made by docs/generate.py from docs/results -->", "<!-- until here -->"


def seen() -> str:
    """How often concepts show with the first generator, and how long things take."""
    record = load(f"test-{POOLING}")
    told = f"**{next(iter(MODELS))}.** {origin(record)}"
    return "\n\n".join([told, rates(record), speed(load("strip"))])


def readme() -> str:
    """As it is, with the tables that matter most made anew. ValueError for a mark that lacks."""
    text = README.read_text(encoding="utf-8")
    for name, inner in {"aims": aims(), "seen": seen()}.items():
        begin = BEGIN.format(name)
        before, rest = text.split(begin)
        _, after = rest.split(END, 1)
        text = "\n\n".join([before + begin, inner, END]) + after
    return text
