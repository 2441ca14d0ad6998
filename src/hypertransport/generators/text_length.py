"""Text as long as the longest prompt: what a family masks need not be computed.

PixArt's T5 takes 300 tokens, of which a prompt uses some twenty; at one denoising step the rest is
most of the work of a picture.
"""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

STEP = 8  # tokens: so that few lengths ever occur


def short_text(
    pipeline: Any, prompts: Sequence[str], defaults: Mapping[str, Any]
) -> dict[str, int]:
    """`max_sequence_length` for these prompts: as short as none of them is cut any more than by
    the pipeline's own. For pipelines that take their captions as PixArt's do."""
    longest = defaults.get("max_sequence_length")
    if longest is None:
        longest = inspect.signature(pipeline.__call__).parameters["max_sequence_length"].default
    clean = defaults.get("clean_caption", False)
    texts = pipeline._text_preprocessing(list(prompts), clean_caption=clean)
    tokens = pipeline.tokenizer(texts, truncation=True, max_length=longest)["input_ids"]
    length = STEP * -(-max(map(len, tokens)) // STEP)
    return {"max_sequence_length": min(longest, length)}
