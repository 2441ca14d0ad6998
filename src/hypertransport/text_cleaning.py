"""Prompts and concepts as text that looks the same and is the same.

Text that is copied from web pages, documents and chats carries characters that nobody sees, each of
which is a token, or several, to an encoder: `clean_text` removes them.
"""

import re
import unicodedata
from collections.abc import Iterable

from hypertransport.errors import GeneratorError

# Unicode's property Default_Ignorable_Code_Point, which zero-width, bidirectional and soft-hyphen
# characters, variation selectors and invisible letters have; byte-order marks, also in the wrong
# order; marks of annotations; and control characters, except those that are white space.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
)
FLAG = "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # of a region: its name in tag characters
UNSEEN = re.compile(f"({FLAG})|[{INVISIBLE}]")
JOINERS = re.compile("[\u200c\u200d]+")  # non-joiner and joiner
JOINER = "\u200d"
VIRAMA = 9  # the canonical combining class
PICTOGRAPHS = ("So", "Sk", "Sm")  # categories of emoji, of skin tones and of arrows
BLANK = "\u2800"  # Braille without a dot: a symbol that is white


def clean_text(text: str) -> str:
    """Return text in Unicode's NFC, without invisible characters, with single spaces in between.

    Joiners stay where they carry meaning: in emoji, after a virama and between Arabic letters
    (the contextual rules of RFC 5892). The result is the same when cleaned again.
    """
    text = UNSEEN.sub(lambda found: found[1] or "", text).replace(BLANK, " ")
    text = JOINERS.sub(lambda found: _joiner(text, *found.span()), text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def is_unicode(text: str) -> bool:
    """Whether it can be written as UTF-8; half of a surrogate pair cannot, nor be tokenized."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def clean_prompt(prompt: object) -> str:
    """Return a prompt as `clean_text` does; it may be empty.

    Raises GeneratorError for what is no text, and for half a character.
    """
    if not isinstance(prompt, str):
        raise GeneratorError(f"a {type(prompt).__name__} is no prompt; give text")
    if not is_unicode(prompt):
        raise GeneratorError("the prompt holds half a character; send it as Unicode text")
    return clean_text(prompt)


def clean_prompts(prompts: object) -> list[str]:
    """One prompt or several as `clean_prompt` returns and refuses each."""
    if isinstance(prompts, str) or not isinstance(prompts, Iterable):
        return [clean_prompt(prompts)]
    return [*map(clean_prompt, prompts)]


def _joiner(text: str, start: int, end: int) -> str:
    """One of a run of joiners, or nothing where it carries no meaning."""
    before, after, joiner = text[start - 1 : start], text[end : end + 1], text[start]
    if not before or not after:
        return ""
    if unicodedata.combining(before) == VIRAMA:
        return joiner
    if joiner == JOINER:
        return joiner if _is_pictograph(before) and _is_pictograph(after) else ""
    arabic = unicodedata.bidirectional(before) == unicodedata.bidirectional(after) == "AL"
    return joiner if arabic else ""


def _is_pictograph(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character) in PICTOGRAPHS
