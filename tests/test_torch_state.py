"""What a program sets in torch for the rest of its code changes no result here."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import hypertransport as ht
from hypertransport.torch_state import plain_torch
from hypertransport.training.lineas import Descent
from hypertransport.training.per_concept import Plan


@contextmanager
def default_dtype(dtype: torch.dtype) -> Iterator[None]:
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)


@contextmanager
def deterministic() -> Iterator[None]:
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(False)


STATES: dict[str, Any] = {
    "float64": lambda: default_dtype(torch.float64),
    "float16": lambda: default_dtype(torch.float16),
    "bfloat16": lambda: default_dtype(torch.bfloat16),
    "another device": lambda: torch.device("meta"),
    "inference mode": lambda: torch.inference_mode(),
    "no gradients": lambda: torch.set_grad_enabled(False),
    "deterministic": deterministic,
    "anomalies": lambda: torch.autograd.set_detect_anomaly(True),
    "autocast": lambda: torch.autocast("cpu", torch.bfloat16),
}
pytestmark = pytest.mark.filterwarnings("ignore:Anomaly Detection has been enabled:UserWarning")
PICTURE = Image.fromarray(np.arange(48 * 48 * 3, dtype=np.uint8).reshape(48, 48, 3))
CONCEPTS: list[object] = ["brick navy", PICTURE, {"owl": 1.0, "cup": -0.5}]
PLAN = Plan(descent=Descent(steps=2, learning_rate=0.02), prompts=list("abcd"), samples=2)


@pytest.fixture(params=STATES.values(), ids=STATES)
def state(request: pytest.FixtureRequest) -> AbstractContextManager:
    return request.param()


@pytest.fixture(scope="module")
def hyper() -> ht.HyperTransport:
    return ht.HyperTransport.from_pretrained("emojiscape")


@pytest.fixture(scope="module")
def generator() -> ht.Generator:
    return ht.load_generator("emojiscape")


def flat(maps: ht.Intervention) -> torch.Tensor:
    return torch.cat([*maps.flatten()], -1).clone()


def test_concepts_are_the_same_in_any_state(hyper, state):
    def found() -> list[torch.Tensor]:
        calibrated = hyper(CONCEPTS, calibrated=True)
        return [flat(hyper(CONCEPTS)), flat(calibrated.at([0.5, 1, 2])), hyper.novelty(CONCEPTS)]

    usual = found()
    with state:
        again, maps = found(), hyper(CONCEPTS)
    assert not maps.flatten().scale.is_inference()  # so a later training may use them
    for x, y in zip(usual, again, strict=True):
        assert x.dtype == y.dtype and torch.equal(x, y)


def test_what_is_loaded_in_any_state_steers_as_usual(hyper, generator, state, tmp_path):
    def drawn(generator: Any, maps: ht.Intervention) -> np.ndarray:
        with ht.steer(generator, maps):
            return np.asarray(generator("a cup", 1))

    maps = hyper("brick navy")
    maps.save(tmp_path / "maps.safetensors", generator=generator.id)
    usual = drawn(generator, maps)
    with state:
        loaded = ht.load_generator("emojiscape")
        read = ht.Intervention.load(tmp_path / "maps.safetensors")
    assert np.array_equal(drawn(loaded, read), usual)
    assert not any(p.is_inference() for p in loaded.backbone.parameters())


@pytest.mark.parametrize("name", sorted(STATES.keys() - {"autocast"}))  # whose wish is followed
def test_a_picture_is_the_same_in_any_state(generator, name):
    usual = np.asarray(generator("a cup", 1))
    with STATES[name]():
        assert np.array_equal(np.asarray(generator("a cup", 1)), usual)


def test_a_fit_is_the_same_in_any_state(generator, state):
    usual, _ = PLAN.solve(generator, "with a hat")
    with state:
        again, _ = PLAN.solve(generator, "with a hat")
    assert again.equals(usual)


def test_a_block_sets_everything_back():
    with default_dtype(torch.float64), torch.inference_mode(), torch.autocast("cpu"):
        with plain_torch(gradients=True):
            assert torch.ones(1).dtype == torch.get_default_dtype() == torch.float32
            assert torch.is_grad_enabled() and not torch.is_inference_mode_enabled()
            assert not torch.is_autocast_enabled("cpu")
        assert torch.get_default_dtype() == torch.float64
        assert torch.is_inference_mode_enabled() and torch.is_autocast_enabled("cpu")


def test_autocast_is_left_where_it_is_wanted():
    with torch.autocast("cpu", torch.bfloat16), plain_torch(autocast=True):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.bfloat16


def test_blocks_of_several_threads_end_in_any_order():
    with default_dtype(torch.float64), ThreadPoolExecutor(1) as other:
        block = plain_torch()
        other.submit(block.__enter__).result()
        with plain_torch():
            other.submit(block.__exit__, None, None, None).result()
            assert torch.get_default_dtype() == torch.float32
        assert torch.get_default_dtype() == torch.float64
