"""The world's CLIP tokenizers: byte-level BPE over captions, synonyms and common words."""

import json
from collections.abc import Callable

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch import Tensor
from transformers import CLIPTokenizer

from hypertransport.precision import autocast
from recipes.emojiscape.loop import CPU

VOCABULARY, CONTEXT = 4096, 40
AT_ONCE = 64
# CLIP's own split into words, digits and punctuation.
WORDS = Regex(r"""'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+""")
START, END = "<|startoftext|>", "<|endoftext|>"


def train_tokenizer(
    texts: list[str], common_words: list[str], vocabulary: int = VOCABULARY
) -> CLIPTokenizer:
    """BPE learnt from captions and from words weighted by Zipf's law: common ones stay whole."""
    learner = Tokenizer(models.BPE(end_of_word_suffix="</w>", unk_token=END))
    learner.normalizer = normalizers.Lowercase()
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(WORDS, "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - 2,
        special_tokens=["!"],  # padding, as in OpenCLIP: id 0
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        end_of_word_suffix="</w>",
        show_progress=False,
    )
    counts = np.maximum(1, 4000 // (np.arange(len(common_words)) + 1))
    words = (w for word, n in zip(common_words, counts, strict=True) for w in [f"{word} "] * int(n))
    learner.train_from_iterator([*texts, *words], trainer)
    learnt = json.loads(learner.to_str())["model"]
    tokens = {
        token: i for i, token in enumerate(t for t in learnt["vocab"] if t not in (START, END))
    }
    tokens |= {START: len(tokens), END: len(tokens) + 1}
    return clip_tokenizer(tokens, [tuple(pair) for pair in learnt["merges"]])


def clip_tokenizer(vocabulary: dict[str, int], merges: list[tuple[str, str]]) -> CLIPTokenizer:
    return CLIPTokenizer(vocab=vocabulary, merges=merges, pad_token="!", model_max_length=CONTEXT)


def states_of(
    texts: list[str],
    tokenizer: CLIPTokenizer,
    run: Callable[[Tensor], Tensor],
    device: torch.device = CPU,
) -> Tensor:
    """What a tower on a device makes of each text, (n, width) in float32: `run` takes (some,
    tokens) ids.

    Texts of like length go together, which saves padding.
    """
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    rows = []
    for start in range(0, len(order), AT_ONCE):
        some = [texts[i] for i in order[start : start + AT_ONCE]]
        tokens = tokenizer(
            some, padding=True, truncation=True, max_length=CONTEXT, return_tensors="pt"
        )
        with autocast(device.type):
            rows.append(run(tokens["input_ids"].to(device)))
    return torch.cat(rows).float()[torch.tensor(order).argsort()]
