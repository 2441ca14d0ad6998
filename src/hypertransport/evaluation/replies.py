"""The answer in a reply to a comparison, as the servers of many models write it.

Servers that hold a model to a schema send the bare object. Others send it in a fence, after their
thoughts, within a sentence, in a list of parts, or as the arguments of a call. An answer counts
where it cannot be mistaken: all objects that answer have to agree, and thoughts do not count.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from hypertransport.evaluation.votes import SEEN, Seen

WORDS: dict[str, Seen] = dict(zip(SEEN, SEEN, strict=True))
REFUSED = ("content_filter", "refusal", "safety")  # as reasons why a reply ended
CUT_OFF = ("length", "max_tokens")
MAX_TAIL = 16_384  # characters that are searched for objects; an answer ends its reply
THOUGHTS = tuple(
    (re.compile(start, re.IGNORECASE), re.compile(end, re.IGNORECASE))
    for start, end in (
        (r"<(?:think|thinking|thought|reasoning)>", r"</(?:think|thinking|thought|reasoning)>"),
        (r"\[THINK\]", r"\[/THINK\]"),
        (r"◁think▷", r"◁/think▷"),
        (r"<\|channel\|>analysis", r"<\|channel\|>final"),
        (r"<\|begin_of_thought\|>", r"<\|end_of_thought\|>"),
    )
)


class Tokens(NamedTuple):
    """How many tokens one question takes, or several: sent and answered."""

    input: int
    output: int


def read_reply(body: str) -> tuple[Seen | None, Tokens | None]:
    """Return the answer in the body of a chat completion, and the tokens it took.

    Either is None where there is none, or none that is clear.
    """
    reply = _parsed(body)
    return _answer(reply), _usage(reply)


def is_cut_off(body: str) -> bool:
    """Return whether a reply ends because it reached the limit of its tokens."""
    return _finish(_parsed(body)) in CUT_OFF


def _parsed(body: str) -> Any:
    try:
        return json.loads(body.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None


def _answer(reply: Any) -> Seen | None:
    match reply:
        case {"choices": [{"message": dict(message)}, *_]}:
            refused = _finish(reply) in REFUSED or message.get("refusal")
            return "refused" if refused else _message(message)
        case {"choices": [{"finish_reason": _}, *_]} if _finish(reply) in REFUSED:
            return "refused"
    return None


def _finish(reply: Any) -> str:
    match reply:
        case {"choices": [{"finish_reason": str(reason)}, *_]}:
            return reason.lower()
    return ""


def _message(message: dict[str, Any]) -> Seen | None:
    """The answer in what was said; where nothing was, in a call, or in nothing but a thought."""
    content = message.get("content")
    if isinstance(content, dict):
        return _agreed([content])
    if isinstance(content, list) and any(map(_is_refusal, content)):
        return "refused"
    if said := _without_thoughts(_text(content)).strip():
        return _agreed(_objects(said))
    if calls := list(_calls(message)):
        return _agreed(calls)
    thought = message.get("reasoning_content") or message.get("reasoning")
    return _agreed([_value(_unfenced(thought))]) if isinstance(thought, str) else None


def _text(content: Any) -> str:
    """All text of a message; parts of other types, such as thoughts, are left out."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else ()
    return "".join(
        part["text"]
        for part in parts
        if isinstance(part, dict)
        and part.get("type", "text") in ("text", "output_text")
        and isinstance(part.get("text"), str)
    )


def _is_refusal(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "refusal"


def _calls(message: dict[str, Any]) -> Iterator[Any]:
    """The arguments of each call that a message makes."""
    calls = message.get("tool_calls")
    functions = [message.get("function_call")]
    functions += [c.get("function") for c in calls if isinstance(c, dict)] if calls else []
    for function in functions:
        if isinstance(function, dict):
            arguments = function.get("arguments")
            yield _value(arguments) if isinstance(arguments, str) else arguments


def _without_thoughts(text: str) -> str:
    """What follows the last thought, which a template may have begun, and precedes one that never
    ended."""
    for start, end in THOUGHTS:
        text = start.split(end.split(text)[-1])[0]
    return text


def _unfenced(text: str) -> str:
    found = re.fullmatch(r"\s*```\w*\s(.*)```\s*", text, re.DOTALL)
    return found[1] if found else text


def _objects(text: str) -> Iterator[Any]:
    """All of a text if it is JSON; otherwise each outermost object that stands in it."""
    if isinstance(whole := _value(_unfenced(text)), dict):
        yield whole
        return
    text, at = text[-MAX_TAIL:], 0
    while (at := text.find("{", at)) >= 0:
        try:
            value, at = DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
        else:
            yield value


def _value(text: str) -> Any:
    """The JSON that a whole text is, or None."""
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(values := dict(pairs)) != len(pairs):
        raise ValueError("a field stands there twice")
    return values


DECODER = json.JSONDecoder(object_pairs_hook=_without_repeats)


def _agreed(values: Iterable[Any]) -> Seen | None:
    """The answer that all objects with one give; None where they give none, or several."""
    found: set[Seen | None] = {
        _word(value["answer"]) for value in map(_inner, values) if "answer" in value
    }
    return found.pop() if len(found) == 1 else None


def _inner(value: Any) -> dict[str, Any]:
    """The object within any that hold nothing but it, as {"comparison": {"answer": "tie"}}."""
    while isinstance(value, dict) and len(value) == 1 and "answer" not in value:
        (value,) = value.values()
    return value if isinstance(value, dict) else {}


def _word(value: Any) -> Seen | None:
    if not isinstance(value, str):
        return None
    return WORDS.get(value.strip().lower())


def _usage(reply: Any) -> Tokens | None:
    match reply:
        case {"usage": {"prompt_tokens": int(sent), "completion_tokens": int(received)}}:
            return Tokens(sent, received) if sent >= 0 and received >= 0 else None
    return None
