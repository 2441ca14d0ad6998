"""Tokenizers and text encoders of every kind that pipelines read prompts with, made on the spot.

Their weights are as the classes initialise them; `pipelines.randomise` fills them.
"""

import string
from typing import Any

from tokenizers import Tokenizer, models, pre_tokenizers, processors
from torch import nn
from transformers import PreTrainedTokenizerFast
from transformers.models.byt5.tokenization_byt5 import ByT5Tokenizer
from transformers.models.clip.configuration_clip import CLIPTextConfig
from transformers.models.clip.tokenization_clip import CLIPTokenizer
from transformers.models.gemma.tokenization_gemma import GemmaTokenizer
from transformers.models.gemma2.configuration_gemma2 import Gemma2Config
from transformers.models.gemma2.modeling_gemma2 import Gemma2Model
from transformers.models.glm.configuration_glm import GlmConfig
from transformers.models.glm.modeling_glm import GlmModel
from transformers.models.llama.configuration_llama import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaForCausalLM
from transformers.models.qwen2.tokenization_qwen2 import Qwen2Tokenizer
from transformers.models.qwen2_5_vl.configuration_qwen2_5_vl import Qwen2_5_VLConfig
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import Qwen2_5_VLForConditionalGeneration
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
    return tokenizer, kind(config(vocab_size=len(tokenizer), **_t5_sizes(width)))


def byt5_text() -> tuple[ByT5Tokenizer, T5EncoderModel]:
    """T5's encoder, with the tokenizer of bytes that it has in ByT5."""
    tokenizer = ByT5Tokenizer()
    return tokenizer, T5EncoderModel(T5Config(vocab_size=len(tokenizer), **_t5_sizes(WIDTH)))


def _t5_sizes(width: int) -> dict[str, int]:
    return {"d_model": width, "d_kv": 8, "d_ff": 2 * width, "num_layers": 1, "num_heads": 2}


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
    template = "{% for message in messages %}{{ message.content }}\n{% endfor %}"
    tokenizer = Qwen2Tokenizer(vocab=_bytes(), merges=[], chat_template=template)
    return tokenizer, kind(Qwen3Config(**_decoder_sizes(tokenizer)))


def qwen_vl_text() -> tuple[Qwen2Tokenizer, Qwen2_5_VLForConditionalGeneration]:
    """Qwen 2.5 VL, of which pipelines read texts only, with its tokenizer."""
    tokenizer = Qwen2Tokenizer(vocab=_bytes(), merges=[])
    text = {
        **text_sizes(tokenizer),
        "num_key_value_heads": 1,
        "rope_parameters": {"rope_type": "default", "mrope_section": [1, 1, 2]},
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
    }
    vision = {"depth": 1, "hidden_size": WIDTH, "num_heads": 2, "out_hidden_size": WIDTH}
    config = Qwen2_5_VLConfig(text_config=text, vision_config=vision)
    return tokenizer, Qwen2_5_VLForConditionalGeneration(config)


def glm_text() -> tuple[PreTrainedTokenizerFast, GlmModel]:
    """GLM 4, with its tokenizer."""
    tokenizer = _byte_tokenizer("[gMASK]", "<sop>", padding_side="left")
    return tokenizer, GlmModel(GlmConfig(**_decoder_sizes(tokenizer), **_ends(tokenizer)))


def llama_text() -> tuple[PreTrainedTokenizerFast, LlamaForCausalLM]:
    """Llama 3, with its tokenizer."""
    tokenizer = _byte_tokenizer("<|begin_of_text|>")
    config = LlamaConfig(**_decoder_sizes(tokenizer), bos_token_id=None, **_ends(tokenizer))
    return tokenizer, LlamaForCausalLM(config)


def _byte_tokenizer(*starts: str, **options: Any) -> PreTrainedTokenizerFast:
    """Every byte is a token, and every text begins with `starts`."""
    vocab = _bytes()
    vocab |= {piece: len(vocab) + i for i, piece in enumerate([*starts, "<|endoftext|>"])}
    inner: Any = Tokenizer(models.BPE(vocab=vocab, merges=[]))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.post_processor = processors.TemplateProcessing(
        single=[*starts, "$A"], special_tokens=[(piece, vocab[piece]) for piece in starts]
    )
    ends = {"eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>"}
    return PreTrainedTokenizerFast(tokenizer_object=inner, **ends, **options)


def _bytes() -> dict[str, int]:
    """The vocabulary of a tokenizer that knows bytes only."""
    return {piece: i for i, piece in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}


def _ends(tokenizer: Any) -> dict[str, int]:
    return {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}


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
