"""Words that an encoder reads pictures in: `vocabulary.json` beside its weights, a list of texts.

    read(e) = sum_j p_j v_j / |...| ,     p = softmax_j( scale * sum_i cos(e_i, v_j) )

`v_j` are the unit embeddings of the words, `scale` is what the encoder was trained to compare them
with, so that p is its own belief which of them the pictures e_i of one concept show: what each of
several tells is independent evidence, which multiplies. That is the projection of DeCap
(Li et al., ICLR 2023, arXiv 2303.03032): it takes a picture to where texts lie, which is what a
hypernetwork knows best, and leaves out what is of the drawing alone. A picture that no word fits
becomes a mixture of many.
"""

from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from hypertransport.concepts import Words
from hypertransport.errors import CheckpointError, ConceptError
from hypertransport.json_files import read_json

FILE = "vocabulary.json"
MOST = 2**16  # words
MAX_BYTES = 16 * 2**20


def read_vocabulary(path: Path) -> tuple[str, ...]:
    """The words of a file, none where there is none. Raises CheckpointError where it is damaged."""
    if not path.is_file():
        return ()
    texts = read_json(path, CheckpointError, "the vocabulary", MAX_BYTES)
    try:
        if not isinstance(texts, list) or not 0 < len(texts) <= MOST:
            raise ValueError(f"it is no list of 1 to {MOST} words")
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("it holds other things than texts")
        return tuple(Words(text).text for text in texts)
    except (ValueError, ConceptError) as error:
        raise CheckpointError(f"cannot read the vocabulary {path} ({error}); mend it") from error


def in_words(
    e: Float[Tensor, "concepts dim"], words: Float[Tensor, "words dim"], scale: float
) -> Float[Tensor, "concepts dim"]:
    """The unit vectors that concepts become, read in words of unit vectors; each of `e` is the sum
    of its pictures' unit vectors."""
    belief = torch.softmax(scale * e @ words.mT, -1)
    return F.normalize(belief @ words, dim=-1)
