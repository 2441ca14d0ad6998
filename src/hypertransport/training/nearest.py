"""The nearest trained concept: whether a hypernetwork does more than look up what it has seen.

The bar is the intervention fitted for the training concept whose embedding is nearest. A
hypernetwork that generalises is better on what was held out.
"""

from collections.abc import Sequence

from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from hypertransport.catalogue import Entry
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import ConfigError


def nearest(
    e: Float[Tensor, "concepts dim"], trained: Float[Tensor, "trained dim"]
) -> tuple[Float[Tensor, "concepts"], Int[Tensor, "concepts"]]:
    """The greatest cosine to any of the `trained` embeddings, and the row that has it."""
    cosines = F.normalize(e, dim=-1) @ F.normalize(trained, dim=-1).mT
    best = cosines.max(-1)
    return best.values, best.indices


def nearest_entry(
    encoder: ConceptEncoder, concept: object, entries: Sequence[Entry]
) -> tuple[float, Entry]:
    """The training concept nearest to anything `as_concept` takes, by name, and its cosine.

    Raises ConfigError when the catalogue has no concept of the split "train".
    """
    trained = [entry for entry in entries if entry.split == "train"]
    if not trained:
        raise ConfigError("the catalogue has no training concept; give another one")
    e, names = encoder.encode([concept]), encoder.encode([entry.name for entry in trained])
    cosine, index = nearest(e, names)
    return cosine.item(), trained[int(index.item())]
