"""Strips and grids of pictures: laid out with labels, and written safely."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

from hypertransport.errors import OutputError
from hypertransport.replacing import replacing

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
SIDE, GAP, LABEL_WIDTH, TEXT_SIZE = 192, 8, 176, 17  # pixels
PAPER, INK = "white", "#303030"

Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont


def grid(
    pictures: Sequence[Sequence[Image.Image | None]],
    *,
    columns: Sequence[str],
    rows: Sequence[str] = (),
    title: str = "",
    side: int = SIDE,
) -> Image.Image:
    """Lay rows of pictures out as one RGB picture, with labels above, on the left, and a title.

    Each picture is fitted into `side` x `side` pixels; None leaves its place empty.
    """
    font = ImageFont.load_default(TEXT_SIZE)
    line = TEXT_SIZE + GAP
    left = max((width for row in rows if (width := _width(_wrapped(row, font), font))), default=0)
    left += 2 * GAP if left else GAP
    top = GAP + (line if title else 0) + line
    step = side + GAP
    sheet = Image.new("RGB", (left + step * len(columns), top + step * len(pictures)), PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((left, GAP), _cut(title, font, sheet.width - left - GAP), INK, font)
    for c, label in enumerate(columns):
        middle = left + step * c + side // 2
        pen.text((middle, top - GAP // 2), _cut(label, font, side), INK, font, anchor="md")
    for r, label in enumerate(rows):
        middle = top + step * r + side // 2
        pen.multiline_text((GAP, middle), _wrapped(label, font), INK, font, anchor="lm")
    for r, row in enumerate(pictures):
        for c, picture in enumerate(row):
            if picture is not None:
                _paste(sheet, tile(picture, side), left + step * c, top + step * r, side)
    return sheet


def tile(picture: Image.Image, side: int = SIDE) -> Image.Image:
    """A picture fitted into a square; a small one grows by a whole factor, to keep it crisp."""
    factor = side // max(picture.size)
    if not factor:
        scale = side / max(picture.size)
        width, height = (max(1, round(length * scale)) for length in picture.size)
        return picture.resize((width, height), Image.Resampling.LANCZOS)
    size = (picture.width * factor, picture.height * factor)
    return picture.resize(size, Image.Resampling.NEAREST)


def is_folder(out: str) -> bool:
    """Whether single pictures are wanted: a folder that is there, or a path that ends like one."""
    return out.endswith(("/", os.sep)) or os.path.isdir(out)


def check_output(out: str) -> Path:
    """Make sure, before anything is drawn, that `out` can be written; OutputError if it cannot.

    A missing folder is made. A file needs the suffix of a format that pictures are written in.
    """
    path = Path(out)
    if not is_folder(out) and path.suffix.lower() not in FORMATS:
        raise OutputError(
            f"{out} has not one of the suffixes {', '.join(FORMATS)}; add one, or end a folder in /"
        )
    check_folder(path if is_folder(out) else path.parent)
    return path


def check_folder(folder: Path) -> None:
    """Make sure that a folder is there and can be written to, else OutputError."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def save(picture: Image.Image, path: Path) -> Path:
    """Write a picture in the format of its suffix, atomically; returns the path.

    Raises OutputError where it cannot be written.
    """
    try:
        with writing(path), replacing(path) as partial:
            picture.save(partial, FORMATS[path.suffix.lower()])
    except ValueError as error:  # of Pillow: a WebP has at most 16,383 pixels a side
        raise _unwritable(path, error, "format, as .png") from error
    return path


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """A block in which what cannot be written to `path` raises OutputError."""
    try:
        yield
    except OSError as error:
        raise _unwritable(path, error.strerror or error, "place") from error


def _unwritable(path: Path, why: object, what: str) -> OutputError:
    return OutputError(f"cannot write to {path!s:.200} ({why}); choose another {what}")


def _paste(sheet: Image.Image, picture: Image.Image, x: int, y: int, side: int) -> None:
    sheet.paste(picture, (x + (side - picture.width) // 2, y + (side - picture.height) // 2))


def _width(text: str, font: Font) -> int:
    return round(max(font.getlength(line) for line in text.split("\n")))


def _cut(text: str, font: Font, width: int) -> str:
    """The text, or as much of its beginning as fits, and an ellipsis."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}...") > width:
        text = text[:-1]
    return f"{text.rstrip()}..."


def _wrapped(text: str, font: Font) -> str:
    """The text in lines no wider than a row's label may be."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= LABEL_WIDTH:
            lines[-1] = longer
        else:
            lines.append(_cut(word, font, LABEL_WIDTH))
    return "\n".join(lines).strip()
