"""The README, in which what was measured stands between marks."""

from docs.aims_table import aims
from docs.results_page import FOLDER, generators, load, on_split, speed

README = FOLDER.parent / "README.md"
BEGIN, END = "<!-- {}: made by docs/generate.py from docs/results -->", "<!-- until here -->"


def readme() -> str:
    """As it is, with the tables that matter most made anew."""
    tables = "\n\n".join([*on_split("test"), *generators(), speed(load("strip"))])
    text = README.read_text()
    for name, inner in {"tables": tables, "aims": aims()}.items():
        begin = BEGIN.format(name)
        before, _, rest = text.partition(begin)
        text = "\n\n".join([before + begin, inner, END]) + rest.partition(END)[2]
    return text
