import math

import pytest
import torch
from PIL import Image

from hypertransport.concepts import Mix, Words
from hypertransport.errors import (
    ConceptError,
    GeneratorError,
    InterventionError,
    StrengthError,
)
from hypertransport.serving.cache import concept_key
from hypertransport.serving.requests import Part, Request, part


def test_what_a_request_is_steered_by_are_concepts_with_strengths_and_keys():
    concepts = ["mushroom ", Image.new("RGB", (2, 2), "red"), torch.ones(8), {"hat": 1, "oil": 2}]
    request = Request("a cat", 3, [(concept, k) for k, concept in enumerate(concepts)])
    assert request.parts[0] == Part(Words("mushroom"), 0.0, concept_key(Words("mushroom")))
    assert [part.strength for part in request.parts] == [0.0, 1.0, 2.0, 3.0]
    assert [part.key for part in request.parts] == [concept_key(p.concept) for p in request.parts]
    assert isinstance(request.parts[3].concept, Mix)
    assert Request("a cat").parts == ()


@pytest.mark.parametrize("bad", ["", "m" * 513, "\ud83c", 3, torch.zeros(8), {}])
def test_a_bad_concept_is_refused_before_it_waits(bad):
    with pytest.raises(ConceptError):
        Request("a cat", steering=[("mushroom", 1.0), (bad, 1.0)])


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_strength_that_is_not_finite_is_refused(bad):
    with pytest.raises(StrengthError, match="not finite"):
        Request("a cat", steering=[("mushroom", bad)])


@pytest.mark.parametrize("bad", [{"seed": -1}, {"seed": 2**63}, {"prompt": "a \ud83c"}])
def test_what_would_spoil_a_whole_batch_is_refused(bad):
    with pytest.raises(GeneratorError):
        Request(**{"prompt": "a cat", **bad})


def test_a_prompt_is_cleaned():
    assert Request("\ufeffa\u200b  cat ").prompt == "a cat"


def test_a_part_of_one_request_serves_in_another_at_another_strength():
    whole = part("mushroom", 0.5, [0, 0, 0.5, 1])
    again = Request("a cat", steering=[whole.times(0.5)]).parts[0]
    assert again == Request("a cat", steering=[("mushroom", 0.25, (0.0, 0.0, 0.5, 1.0))]).parts[0]
    with pytest.raises(StrengthError, match="not finite"):
        whole.times(math.inf)


@pytest.mark.parametrize(
    "bad", [[], [0, 0, 1], [0.5, 0, 0.5, 1], [0, 1, 1, 0], [-0.1, 0, 1, 1], [0, 0, 1, 1.1],
            [math.nan, 0, 1, 1]],
)  # fmt: skip
def test_an_impossible_region_is_refused(bad):
    with pytest.raises(InterventionError, match="left, top, right, bottom"):
        Request("a cat", steering=[("mushroom", 1.0, bad)])


def test_a_part_may_be_an_intervention_and_may_be_put_into_a_region(hyper):
    fitted = part(hyper("mushroom"), 0.5)
    assert fitted.key == concept_key(hyper("mushroom")) != concept_key(hyper("hat"))
    assert fitted.inside([0, 0, 0.5, 1]) == part(fitted.concept, 0.5, [0, 0, 0.5, 1])
    with pytest.raises(InterventionError, match="left, top, right, bottom"):
        fitted.inside([1, 0, 0, 1])
