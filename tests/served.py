"""What the tests of serving share: a tiny emojiscape, a random hypernetwork for it, requests."""

from concurrent.futures import Future
from threading import Event
from typing import Any

import torch
from PIL import Image
from pipelines import emojiscape_pipeline, randomise

from hypertransport.encoders import ConceptEncoder
from hypertransport.generators.base import Generator, wrap
from hypertransport.generators.emojiscape import CALL, ID, PATTERNS
from hypertransport.hypernetwork import HyperNetwork, HyperNetworkConfig, HyperTransport
from hypertransport.serving.engine import MAX_WAIT, EngineSettings
from hypertransport.serving.requests import Request

SECONDS = 60  # after which a wait for another thread has failed
CAT = "a cat"
PICTURE = Image.radial_gradient("L").resize((24, 16)).convert("RGB")
REQUESTS = (  # no two of them give pictures that could be taken for one another
    Request(CAT, 3),
    Request(CAT, 3, [("mushroom", 1.0)]),
    Request(CAT, 3, [("mushroom", 0.5)]),
    Request(CAT, 3, [("mushroom", -0.5)]),
    Request(CAT, 3, [(PICTURE, 1.0)]),
    Request(CAT, 3, [(torch.eye(8)[0], 1.0)]),
    Request(CAT, 3, [("mushroom", 1.0), (PICTURE, 0.5)]),
    Request(CAT, 3, [({"mushroom": 1, "hat": 2}, 1.0)]),
    Request(CAT, 4, [("mushroom", 1.0)]),
    Request("a dog house", 3, [("mushroom", 1.0)]),
)


def settings(**changes) -> EngineSettings:
    """By default a batch begins only when it is full, or when the engine is closed."""
    return EngineSettings(**{"max_batch": 2, "max_wait": MAX_WAIT, "max_queue": 16, **changes})


def difference(a: Image.Image, b: Image.Image) -> int:
    """The largest of all values, of 255."""
    return max(abs(x - y) for x, y in zip(a.tobytes(), b.tobytes(), strict=True))


def assert_drawn(futures: list[Future], wanted: list[Image.Image]) -> None:
    """The same pictures, but for rounding: a batch adds in another order than a row alone."""
    for future, picture in zip(futures, wanted, strict=True):
        assert difference(future.result(SECONDS), picture) <= 1


class Door:
    """Stands before the network: counts the rows of each batch, and lets none in while shut."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.knocked, self.opened = Event(), Event()
        self.opened.set()

    def shut(self) -> None:
        self.knocked.clear()
        self.opened.clear()

    def __call__(self, module: torch.nn.Module, args: tuple, kwargs: dict[str, Any]) -> None:
        self.batches.append(len(args[0]))
        self.knocked.set()
        assert self.opened.wait(SECONDS)


def tiny_generator() -> Generator:
    """A tiny emojiscape whose pictures depend on the prompt a great deal."""
    pipeline = emojiscape_pipeline()
    for block in pipeline.transformer.transformer_blocks:
        randomise(block.attn2, seed=0, spread=3.0)
    return wrap(pipeline, id=ID, patterns=PATTERNS, **CALL)


def random_hyper(generator: Generator, encoder: ConceptEncoder, seed: int = 0) -> HyperTransport:
    """As if it had been trained: its heads are not zero."""
    torch.manual_seed(seed)
    sizes = {"width": 16, "depth": 1, "site_dim": 4, "latent_dim": 8}
    network = HyperNetwork(HyperNetworkConfig(encoder.dim, generator.sites, **sizes))
    for parameter in network.heads.parameters():
        torch.nn.init.normal_(parameter, std=0.15)
    return HyperTransport(network, encoder, ID)
