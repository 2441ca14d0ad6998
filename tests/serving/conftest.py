"""Generators and hypernetworks that serve, and a door to hold their batches at."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import openai
import pytest
from api_server import Client, serving
from PIL import Image
from pipelines import tiny_clip
from playwright.sync_api import Browser, Page
from served import Door, random_hyper, tiny_generator
from studio_page import chromium, opened, rest

from hypertransport.catalogue import Entry
from hypertransport.drawing import draw
from hypertransport.encoders import ConceptEncoder
from hypertransport.generators.base import Generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.serving.api import application
from hypertransport.serving.engine import EngineSettings
from hypertransport.serving.requests import Request

KINDS = ("thing", "style")
CATALOGUE = [Entry(f"name {i}", KINDS[i % 2], f"with {i}", "train") for i in range(7)]


@pytest.fixture(scope="session")
def encoder() -> ConceptEncoder:
    return ConceptEncoder(*tiny_clip(), id="tiny")


@pytest.fixture(scope="session")
def generator() -> Generator:
    return tiny_generator()


@pytest.fixture(scope="session")
def twin() -> Generator:
    """Another with the same weights: to be served while the first one draws what it should give."""
    return tiny_generator()


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


@pytest.fixture(scope="module")
def client(twin, hyper) -> Iterator[Client]:
    """The API with `twin`, so that `generator` may draw what it should give."""
    settings = EngineSettings(max_batch=4, max_queue=40)
    with serving(application(twin, hyper, settings, CATALOGUE)) as client:
        yield client


@pytest.fixture(scope="module")
def official(client) -> openai.OpenAI:
    """OpenAI's own client."""
    return openai.OpenAI(base_url=f"{client.address}v1", api_key="none", max_retries=0)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser, client) -> Iterator[Page]:
    """A page at rest, of which nothing may have complained in the end, and no other host heard."""
    page = opened(browser, client.address)
    rest(page)
    yield page
    assert page.complaints == []
    assert all(url.startswith((client.address, "data:", "blob:")) for url in page.asked)
    page.context.close()
