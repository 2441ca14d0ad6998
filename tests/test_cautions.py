"""A warning for each thing that is known to speak against steering so, and for nothing else."""

from dataclasses import replace

import pytest
import torch
from pipelines import tiny_clip, tiny_pixart, tiny_sdxl
from test_calibration import SLOPES, STRENGTHS
from test_hypernetwork import TINY, small_network

from hypertransport.calibration import Calibration
from hypertransport.cautions import cautions
from hypertransport.concepts import Embedding, Words
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import CheckpointError, InterventionError
from hypertransport.generators.base import Generator, wrap
from hypertransport.hypernetwork import About, HyperTransport
from hypertransport.novelty import Neighbours, TrainedConcepts

HAT = Words("hat")


@pytest.fixture(scope="module")
def generator() -> Generator:
    return wrap(tiny_sdxl(), id=TINY)


@pytest.fixture(scope="module")
def unaware(generator: Generator) -> HyperTransport:
    return HyperTransport(
        small_network(generator.sites), ConceptEncoder(*tiny_clip(), id="tiny"), TINY
    )


def knowing(hyper: HyperTransport, **about: object) -> HyperTransport:
    known = replace(About(), **about)
    return HyperTransport(hyper.network, hyper.encoder, hyper.generator, known)


def test_where_nothing_is_known_nothing_is_said(
    unaware: HyperTransport, generator: Generator
) -> None:
    assert cautions(unaware, generator, [(HAT, 9.0)], [1.0]) == []
    assert unaware.novelty([HAT]) is None
    with pytest.raises(CheckpointError, match="no calibration"):
        unaware(HAT, calibrated=True)


def test_another_generator_is_told(unaware: HyperTransport) -> None:
    (told,) = cautions(unaware, wrap(tiny_sdxl(), id="other"), [(HAT, 1.0)], [1.0])
    assert f"trained for {TINY}" in told
    with pytest.raises(InterventionError, match="no module"):
        cautions(unaware, wrap(tiny_pixart(), id=TINY), [(HAT, 1.0)], [1.0])


def test_a_concept_far_from_training_is_told_by_name(
    unaware: HyperTransport, generator: Generator
) -> None:
    e = unaware.encoder.encode([HAT, Words("key")])
    known = TrainedConcepts({"words": Neighbours(e[:1], torch.tensor([1e-4]))})
    hyper = knowing(unaware, trained=known)
    far = Embedding(-e[0])
    assert cautions(hyper, generator, [(HAT, 1.0)], [1.0]) == []
    (told,) = cautions(hyper, generator, [(HAT, 1.0), (far, 1.0)], [1.0])
    assert "far from the concepts trained on" in told
    assert hyper.novelty([HAT, far]).tolist() == pytest.approx([0, 2e4], abs=1)


def test_only_strengths_beyond_the_limit_are_told(
    unaware: HyperTransport, generator: Generator
) -> None:
    turning = (1 - (1 - STRENGTHS) ** 2).expand(5, -1)
    hyper = knowing(unaware, calibration=Calibration(STRENGTHS, turning, SLOPES))
    assert hyper.about.calibration.limit == 1
    for own, strengths in ((1.0, [0.0, 1.0]), (0.5, [0.0, 2.0]), (1.0, [-3.0, 0.5])):
        assert cautions(hyper, generator, [(HAT, own)], strengths) == []
    (told,) = cautions(hyper, generator, [(HAT, 1.5)], [0.0, 1.0])
    assert "'hat' at strength 1.5: beyond 1 most effects shrink" in told


def test_calibrated_is_the_map_at_its_gain_and_counts_for_the_limit(
    unaware: HyperTransport, generator: Generator
) -> None:
    slopes = torch.tensor([0.25, 0.25, 0.5, 0.5])  # the median takes the lower: gains 1 and 0.5
    measured = Calibration(STRENGTHS, slopes[:, None] * STRENGTHS, torch.ones(4))
    hyper = knowing(unaware, calibration=measured)
    gain = hyper.gain(hyper(HAT)).item()
    assert gain == pytest.approx(0.5**0.5, rel=1e-5)  # no line through sizes that are all one
    assert hyper(HAT, calibrated=True).equals(hyper(HAT).at(gain), atol=1e-5)
    rows = hyper([HAT, "key"], calibrated=True)
    assert rows[0].equals(hyper(HAT).at(gain), atol=1e-5)
    assert cautions(hyper, generator, [(HAT, 2.5)], [1.0], calibrated=True) == []
    assert len(cautions(hyper, generator, [(HAT, 2.5)], [1.0])) == 1
