"""A pair of pictures as a question to a vision model, in OpenAI's chat protocol.

Pure functions: `judge` does the asking, and `replies` reads the answers.
"""

from base64 import b64encode
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from hypertransport.evaluation.pairs import OTHER, Pair, Side, media_type
from hypertransport.evaluation.replies import Tokens, read_reply
from hypertransport.evaluation.votes import SEEN
from hypertransport.picture_files import header_of

__all__ = ["RESPONSE_FORMAT", "SCHEMA", "Tokens", "expected", "messages", "read_reply"]

INSTRUCTIONS = """\
You compare two pictures that were made for the same request. Go by what is seen in them, never by \
their order. Answer "first" or "second" for the better one, "tie" if neither is better, and \
"refused" if you cannot or may not compare them. Reply with JSON alone, such as {"answer": "tie"}.\
"""
SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": list(SEEN)}},
    "required": ["answer"],
    "additionalProperties": False,
}
RESPONSE_FORMAT: Any = {
    "type": "json_schema",
    "json_schema": {"name": "comparison", "strict": True, "schema": SCHEMA},
}
TEXT_TOKENS, ANSWER_TOKENS, PATCH = 200, 12, 28  # about; a token per patch of 28 x 28 pixels


def messages(folder: Path, pair: Pair, first: Side) -> Any:
    """The messages that ask about a pair; the picture of the side `first` stands first."""
    pictures = [_picture(folder, pair.picture(side)) for side in (first, OTHER[first])]
    content = [
        {"type": "text", "text": f"{pair.text}\nThe first picture:"},
        pictures[0],
        {"type": "text", "text": "The second picture:"},
        pictures[1],
    ]
    return [
        {"role": "system", "content": INSTRUCTIONS},
        {"role": "user", "content": content},
    ]


def expected(folder: Path, pair: Pair) -> Tokens:
    """About what one question takes; models count pictures differently, and some think aloud."""
    pictures = _patches(folder / pair.picture_a) + _patches(folder / pair.picture_b)
    return Tokens(TEXT_TOKENS + pictures, ANSWER_TOKENS)


def _picture(folder: Path, name: str) -> dict[str, Any]:
    data = b64encode((folder / name).read_bytes()).decode()
    return {"type": "image_url", "image_url": {"url": f"data:{media_type(name)};base64,{data}"}}


@cache
def _patches(path: Path) -> int:
    header = header_of(path)
    return ceil(header.width / PATCH) * ceil(header.height / PATCH)
