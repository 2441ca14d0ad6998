"""Steer text-to-image generators towards any concept, by words or by a picture.

    import hypertransport as ht

    generator = ht.load_generator("emojiscape")
    hyper = ht.HyperTransport.from_pretrained("emojiscape")
    with ht.steer(generator, hyper("mushroom"), strength=0.8):
        image = generator("a red panda on a plain blue background", seed=7)

Names are imported when first used: `import hypertransport` does not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypertransport.concepts import (
        Concept,
        Embedding,
        Mix,
        Picture,
        Pictures,
        Words,
        as_concept,
        parse_weighted,
    )
    from hypertransport.encoders import ConceptEncoder
    from hypertransport.errors import (
        BusyError,
        CheckpointError,
        ClosedError,
        ConceptError,
        ConfigError,
        GeneratorError,
        HyperTransportError,
        InterventionError,
        InUseError,
        OutputError,
        StrengthError,
        TrainingError,
    )
    from hypertransport.folding import fold, save_folded
    from hypertransport.generators import MODELS, load_generator
    from hypertransport.generators.base import Generator, wrap
    from hypertransport.hypernetwork import HyperNetwork, HyperNetworkConfig, HyperTransport
    from hypertransport.interventions import AffineMap, Intervention
    from hypertransport.picture_files import load_picture
    from hypertransport.sites import Site, describe, find_sites, total_channels
    from hypertransport.steering import attach, steer
    from hypertransport.transport import affine_fit, mean_shift, sorted_cost, transport_cost

__version__ = "0.1.0"

_EXPORTS = {
    "concepts": "Concept Embedding Mix Picture Pictures Words as_concept parse_weighted",
    "encoders": "ConceptEncoder",
    "errors": "BusyError CheckpointError ClosedError ConceptError ConfigError GeneratorError "
    "HyperTransportError InUseError InterventionError OutputError StrengthError TrainingError",
    "folding": "fold save_folded",
    "generators": "MODELS load_generator",
    "generators.base": "Generator wrap",
    "hypernetwork": "HyperNetwork HyperNetworkConfig HyperTransport",
    "interventions": "AffineMap Intervention",
    "picture_files": "load_picture",
    "sites": "Site describe find_sites total_channels",
    "steering": "attach steer",
    "transport": "affine_fit mean_shift sorted_cost transport_cost",
}
_MODULE_OF = {name: module for module, names in _EXPORTS.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'hypertransport' has no attribute {name!r}")
    return getattr(import_module(f"hypertransport.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_MODULE_OF])


__all__ = [
    "MODELS",
    "AffineMap",
    "BusyError",
    "CheckpointError",
    "ClosedError",
    "Concept",
    "ConceptEncoder",
    "ConceptError",
    "ConfigError",
    "Embedding",
    "Generator",
    "GeneratorError",
    "HyperNetwork",
    "HyperNetworkConfig",
    "HyperTransport",
    "HyperTransportError",
    "InUseError",
    "Intervention",
    "InterventionError",
    "Mix",
    "OutputError",
    "Picture",
    "Pictures",
    "Site",
    "StrengthError",
    "TrainingError",
    "Words",
    "affine_fit",
    "as_concept",
    "attach",
    "describe",
    "find_sites",
    "fold",
    "load_generator",
    "load_picture",
    "mean_shift",
    "parse_weighted",
    "save_folded",
    "sorted_cost",
    "steer",
    "total_channels",
    "transport_cost",
    "wrap",
]
