"""Tokenizers and text encoders of every kind that pipelines read prompts with, made on the spot.

Their weights are as the classes initialise them; `pipelines.randomise` fills them.
"""

import string
from typing import Any

from tokenizers import pre_tokenizers
from torch import nn
from transformers.models.clip.configuration_clip import CLIPTextConfig
from transformers.models.clip.tokenization_clip import CLIPTokenizer
from transformers.models.gemma.tokenization_gemma import GemmaTokenizer
from transformers.models.gemma2.configuration_gemma2 import Gemma2Config
from transformers.models.gemma2.modeling_gemma2 import Gemma2Model
from transformers.models.qwen2.tokenization_qwen2 import Qwen2Tokenizer
from transformers.models.qwen3.configuration_qwen3 import Qwen3Config
from transformers.models.t5.configuration_t5 import T5Config
from transformers.models.t5.modeling_t5 import T5EncoderModel
from transformers.models.t5.tokenization_t5 import T5Tokenizer

WIDTH = 16
TOKENS = 16
EMBEDDING = 8


def clip_tokenizer(tokens: int = TOKENS) -> CLIPTokenizer:
    """Byte-level: every letter is a token, so any text has a distinct encoding."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    pieces = alphabet + [letter + "</w>" for letter in alphabet]
    vocab = {piece: i for i, piece in enumerate([*pieces, "<|startoftext|>", "<|endoftext|>"])}
    return CLIPTokenizer(vocab=vocab, merges=[], model_max_length=tokens)


def clip_text(kind: type[nn.Module], tokens: int = TOKENS) -> tuple[CLIPTokenizer, Any]:
    """One of CLIP's text classes, with its tokenizer."""
    tokenizer = clip_tokenizer(tokens)
    return tokenizer, kind(CLIPTextConfig(**clip_text_config(tokenizer)))


def clip_text_config(tokenizer: CLIPTokenizer) -> dict[str, Any]:
    return {
        **text_sizes(tokenizer),
        "max_position_embeddings": tokenizer.model_max_length,
        "projection_dim": EMBEDDING,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }


def t5_text(
    kind: type[nn.Module] = T5EncoderModel, config: type = T5Config, width: int = WIDTH
) -> tuple[T5Tokenizer, Any]:
    """One of T5's encoders, with a tokenizer of letters."""
    specials = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    letters = [(letter, -3.0) for letter in "abcdefghijklmnopqrstuvwxyz "]
    tokenizer = T5Tokenizer(vocab=specials + letters, extra_ids=0, model_max_length=300)
    sizes = {"d_model": width, "d_kv": 8, "d_ff": 2 * width, "num_layers": 1, "num_heads": 2}
    return tokenizer, kind(config(vocab_size=len(tokenizer), **sizes))


def gemma_tokenizer(**options: Any) -> GemmaTokenizer:
    """Every character is a token."""
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *string.printable]
    vocab = {piece: i for i, piece in enumerate(pieces)}
    return GemmaTokenizer(vocab=vocab, merges=[], **options)


def gemma_text() -> tuple[GemmaTokenizer, Gemma2Model]:
    """Gemma 2, with its tokenizer."""
    tokenizer = gemma_tokenizer(add_bos_token=True)
    return tokenizer, Gemma2Model(Gemma2Config(**_decoder_sizes(tokenizer)))


def qwen_text(kind: type[nn.Module]) -> tuple[Qwen2Tokenizer, Any]:
    """One of Qwen 3's classes, with a tokenizer of bytes that can lay out a chat."""
    vocab = {piece: i for i, piece in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    template = "{% for message in messages %}{{ message.content }}\n{% endfor %}"
    tokenizer = Qwen2Tokenizer(vocab=vocab, merges=[], chat_template=template)
    return tokenizer, kind(Qwen3Config(**_decoder_sizes(tokenizer)))


def _decoder_sizes(tokenizer: Any) -> dict[str, Any]:
    return {**text_sizes(tokenizer), "num_key_value_heads": 1, "head_dim": WIDTH // 2}


def text_sizes(tokenizer: Any) -> dict[str, Any]:
    """What all small transformers that read texts share, as their configurations name it."""
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
    }
