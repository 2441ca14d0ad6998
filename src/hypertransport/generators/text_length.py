"""Text as long as the longest prompt: what a family masks need not be computed.

PixArt's T5 takes 300 tokens, of which a prompt uses some twenty; at one denoising step the rest is
most of the work of a picture.
"""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

STEP = 8  # tokens: so that few lengths ever occur


def takes_text_as_pixart(pipeline: Any) -> bool:
    """Whether `short_text` knows how many tokens a prompt has there; Sana adds an instruction."""
    options = inspect.signature(pipeline.__call__).parameters
    known = "max_sequence_length" in options and "complex_human_instruction" not in options
    return known and hasattr(pipeline, "_text_preprocessing")


def short_text(pipeline: Any, prompts: Sequence[str], options: Mapping[str, Any]) -> dict[str, int]:
    """`max_sequence_length` for these prompts in a call with these options: as short as none of
    them, nor any negative prompt, is cut any more than by the pipeline's own length."""
    longest = options.get("max_sequence_length")
    if longest is None:
        longest = inspect.signature(pipeline.__call__).parameters["max_sequence_length"].default
    negative = options.get("negative_prompt") or []
    every = [*prompts, *([negative] if isinstance(negative, str) else negative)]
    clean = options.get("clean_caption", False)
    texts = pipeline._text_preprocessing(every, clean_caption=clean)
    tokens = pipeline.tokenizer(texts, truncation=True, max_length=longest)["input_ids"]
    length = STEP * -(-max(map(len, tokens)) // STEP)
    return {"max_sequence_length": min(longest, length)}
