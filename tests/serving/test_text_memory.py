from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import torch
from pipelines import tiny_pixart, tiny_sdxl
from torch import Tensor, nn

from hypertransport.generators.base import Generator, wrap
from hypertransport.serving.text_memory import Remembering, remember_text

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
PROMPTS = ["a cat", "a red panda on ice", "a cat", "an owl"]


class Counted:
    """An encoder's forward that keeps the number of rows of each call."""

    def __init__(self, forward: Callable[..., Any]):
        self.forward, self.calls = forward, []

    def __call__(self, input_ids: Tensor, **options: Any) -> Any:
        self.calls.append(len(input_ids))
        return self.forward(input_ids, **options)


@pytest.fixture(scope="module", params=[tiny_pixart, tiny_sdxl])
def generator(request) -> Generator:
    sizes: Any = {"height": 32, "width": 32}
    if request.param is tiny_pixart:
        sizes["use_resolution_binning"] = False
    return wrap(request.param(), id="tiny", num_inference_steps=1, guidance_scale=0.0, **sizes)


def encoders(generator: Generator) -> list[Any]:
    parts = generator.pipeline.components.items()
    named = [part for name, part in parts if name.startswith("text_encoder")]
    return [part for part in named if isinstance(part, nn.Module)]


@pytest.fixture
def counted(generator, monkeypatch) -> list[Counted]:
    counted = [Counted(encoder.forward) for encoder in encoders(generator)]
    for encoder, forward in zip(encoders(generator), counted, strict=True):
        monkeypatch.setattr(encoder, "forward", forward)
    return counted


def told(generator: Generator, prompts: list[str]) -> list[Tensor]:
    """All that the backbone is told of these prompts."""
    inputs = generator.record_inputs(prompts, 3)
    more = inputs.get("added_cond_kwargs", {})
    return [one for one in (*inputs.values(), *more.values()) if isinstance(one, Tensor)]


def test_the_backbone_is_told_the_same_and_each_prompt_is_encoded_once(generator, counted):
    plain = [told(generator, prompts) for prompts in (PROMPTS, ["an owl", "a dog"])]
    for one in counted:
        one.calls.clear()
    with remember_text(generator.pipeline):
        for _ in range(2):
            torch.testing.assert_close(told(generator, PROMPTS), plain[0])
            torch.testing.assert_close(told(generator, ["an owl", "a dog"]), plain[1])
    assert [one.calls for one in counted] == [[3, 1]] * len(counted)


def test_afterwards_the_encoders_are_as_they_were(generator):
    before = [dict(vars(encoder)) for encoder in encoders(generator)]
    with suppress(ZeroDivisionError), remember_text(generator.pipeline):
        assert all(isinstance(one.forward, Remembering) for one in encoders(generator))
        raise ZeroDivisionError
    assert [vars(encoder) for encoder in encoders(generator)] == before


def test_an_encoder_with_a_forward_of_its_own_gets_it_back(generator, counted):
    with remember_text(generator.pipeline):
        pass
    assert [encoder.forward for encoder in encoders(generator)] == counted


# One encoder


@pytest.fixture
def embedding() -> Counted:
    table = nn.Embedding(9, 4).requires_grad_(False)

    def forward(ids: Tensor, mask: Tensor | None = None, scale: float = 1) -> tuple[Tensor, Tensor]:
        states = table(ids) * scale * (1 if mask is None else mask[..., None])
        return states, states.sum(1)

    return Counted(forward)


ROW = 5 * 4 * 4  # bytes: 4 states and their sum, of 4 numbers of 4 bytes


def test_what_was_used_least_recently_is_forgotten_first(embedding):
    remembering = Remembering(embedding, 2 * ROW)
    a, b, c = (torch.full((1, 4), i) for i in range(3))
    for ids in (a, b, a, c, a, b):  # c takes the place of b, and b that of c
        remembering(ids)
    assert len(embedding.calls) == 4
    remembering(c)
    assert len(embedding.calls) == 5


def test_what_has_no_room_is_computed_each_time(embedding):
    remembering = Remembering(embedding, ROW - 1)
    ids = torch.arange(8).view(2, 4)
    for _ in range(2):
        torch.testing.assert_close(remembering(ids), embedding.forward(ids))
    assert embedding.calls == [2, 2]


def test_masks_and_options_belong_to_what_is_remembered(embedding):
    remembering = Remembering(embedding, 9 * ROW)
    ids = torch.arange(4).expand(2, 4)
    mask = torch.tensor([[1, 1, 1, 0], [1, 0, 0, 0]])
    for options in ({}, {"mask": mask}, {"mask": mask, "scale": 2}):
        expected = embedding.forward(ids, **options)
        torch.testing.assert_close(remembering(ids, **options), expected)
        torch.testing.assert_close(remembering(ids, **options), expected)
    assert embedding.calls == [1, 2, 2]


def test_a_mask_is_not_taken_for_more_ids(embedding):
    """The bytes of four ids and their mask are those of eight ids."""
    remembering = Remembering(embedding, 9 * ROW)
    ids, mask = torch.arange(4)[None], torch.ones(1, 4, dtype=torch.long)
    remembering(torch.cat([ids, mask], 1))
    torch.testing.assert_close(remembering(ids, mask=mask), embedding.forward(ids, mask))


def test_nothing_that_is_given_out_changes_what_is_remembered(embedding):
    remembering = Remembering(embedding, 9 * ROW)
    ids = torch.arange(4)[None]
    first, _ = remembering(ids)
    kept = first.clone()
    first.zero_()
    assert torch.equal(remembering(ids)[0], kept)


def test_one_by_one_a_prompt_is_told_the_same_bit_for_bit_whatever_came_before(generator, counted):
    seen = []
    for before in ([], ["an owl"], PROMPTS[::-1]):
        with remember_text(generator.pipeline, one_by_one=True):
            if before:
                told(generator, before)
            seen.append(told(generator, PROMPTS))
    assert all(set(one.calls) == {1} for one in counted)
    for other in seen[1:]:
        assert all(map(torch.equal, seen[0], other))
