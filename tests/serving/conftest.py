"""A tiny emojiscape, a random hypernetwork for it, and a door to hold its batches at."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Event
from typing import Any

import pytest
import torch
from PIL import Image
from pipelines import emojiscape_pipeline, randomise, tiny_clip

from hypertransport.drawing import draw
from hypertransport.encoders import ConceptEncoder
from hypertransport.generators.base import Generator, wrap
from hypertransport.generators.emojiscape import CALL, ID, PATTERNS
from hypertransport.hypernetwork import HyperNetwork, HyperNetworkConfig, HyperTransport
from hypertransport.serving.requests import Request

SECONDS = 60  # after which a wait for another thread has failed


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


def random_hyper(generator: Generator, encoder: ConceptEncoder, seed: int = 0) -> HyperTransport:
    """As if it had been trained: its heads are not zero."""
    torch.manual_seed(seed)
    sizes = {"width": 16, "depth": 1, "site_dim": 4, "latent_dim": 8}
    network = HyperNetwork(HyperNetworkConfig(encoder.dim, generator.sites, **sizes))
    for parameter in network.heads.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return HyperTransport(network, encoder, ID)


@pytest.fixture(scope="session")
def encoder() -> ConceptEncoder:
    return ConceptEncoder(*tiny_clip(), id="tiny")


@pytest.fixture(scope="session")
def generator() -> Generator:
    """A tiny emojiscape whose pictures depend on the prompt a great deal."""
    pipeline = emojiscape_pipeline()
    for block in pipeline.transformer.transformer_blocks:
        randomise(block.attn2, seed=0, spread=3.0)
    return wrap(pipeline, id=ID, patterns=PATTERNS, **CALL)


@pytest.fixture(scope="session")
def hyper(generator: Generator, encoder: ConceptEncoder) -> HyperTransport:
    return random_hyper(generator, encoder)


@pytest.fixture(scope="session")
def another(generator: Generator, encoder: ConceptEncoder) -> HyperTransport:
    """Another checkpoint for the same generator."""
    return random_hyper(generator, encoder, seed=1)


@pytest.fixture
def door(generator: Generator) -> Iterator[Door]:
    door = Door()
    handle = generator.backbone.register_forward_pre_hook(door, with_kwargs=True)
    yield door
    door.opened.set()
    handle.remove()


@pytest.fixture
def calls(hyper: HyperTransport) -> Iterator[list[int]]:
    """The number of concepts in each call of the hypernetwork."""
    calls: list[int] = []
    handle = hyper.network.register_forward_pre_hook(lambda _, args: calls.append(len(args[0])))
    yield calls
    handle.remove()


@pytest.fixture(scope="session")
def drawn_alone(generator: Generator, hyper: HyperTransport) -> Callable[[Request], Image.Image]:
    """What a request gives without any engine. Not while one owns the generator."""

    def alone(request: Request) -> Image.Image:
        if not request.parts:
            return generator(request.prompt, request.seed)
        parts = [(hyper(part.concept), part.strength) for part in request.parts]
        return draw(generator, request.prompt, parts, [(request.seed, 1.0)])[0]

    return alone


@pytest.fixture
def broken(generator: Generator) -> Callable[[], AbstractContextManager[None]]:
    """``with broken():`` the network fails, as when memory runs out."""

    @contextmanager
    def fail() -> Iterator[None]:
        def hook(*_: object) -> None:
            raise RuntimeError("out of memory")

        handle = generator.backbone.register_forward_hook(hook)
        yield
        handle.remove()

    return fail
