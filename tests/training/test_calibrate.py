"""What a training tells about its concepts is what can be measured again."""

from copy import copy

import pytest
import torch

from hypertransport.dial import Dial
from hypertransport.steering import steer
from hypertransport.training.amortized import make_network
from hypertransport.training.calibrate import (
    PICTURES,
    STRENGTHS,
    TURNS,
    effect_curves,
    measure_dial,
    trained_concepts,
)
from hypertransport.training.cost import fresh_cost
from hypertransport.training.warm_start import warm_start


def with_a_way(load, **fields):
    """Material whose floor is 0, so that every concept costs more than that."""
    material = load(**fields)
    material.floor = material.targets
    return material


@pytest.fixture(scope="module")
def warm(load):
    """A network that has learnt something, and what it learnt from."""
    material = with_a_way(load)
    network = make_network(material)
    warm_start(network, material)
    return network.eval(), material


def test_training_concepts_are_known_by_name_and_by_phrase(material):
    trained = trained_concepts(material)
    assert list(trained.kinds) == ["words"]
    for entry in material.train:
        assert trained.novelty(material.embeddings[entry]).max() < 1e-3
    assert len(trained.kinds["words"].distances) == 2 * len(material.validation)


def test_pictures_are_a_kind_of_their_own(load, pictures):
    material = load(pictures=str(pictures))
    trained = trained_concepts(material)
    assert list(trained.kinds) == ["words", "pictures"]
    assert len(trained.kinds["pictures"].trained) == 2 * len(material.train)


def test_the_curves_start_at_0_and_are_shares_of_the_way_to_the_floor(warm):
    network, material = warm
    curves = effect_curves(network, material)
    entries = material.validation
    with torch.no_grad():
        maps = network(torch.stack([material.embeddings[entry][0] for entry in entries]))
        start, half = (fresh_cost(material, maps.at(s), entries) for s in (0.0, 0.5))
    assert curves.strengths.tolist() == list(STRENGTHS)
    assert curves.effects.shape == (len(entries), len(STRENGTHS))
    assert not curves.effects[:, 0].any()
    assert torch.equal((half < start).cpu(), curves.effects[:, STRENGTHS.index(0.5)] > 0)
    torch.testing.assert_close(curves.sizes, network.size(maps))
    assert curves.sizes.min() > 0


def test_an_untrained_network_has_flat_curves(load):
    material = with_a_way(load)
    curves = effect_curves(make_network(material), material)
    assert not curves.effects.any() and not curves.sizes.any()
    assert curves.gain(torch.tensor([0.0])).item() == 1


def seen(network, material, calibration) -> torch.Tensor:
    """Mean similarities of steered pictures to their concept, (concepts, turns)."""
    curves = []
    for entry in material.validation:
        word, bank = material.embeddings[entry][1], material.banks[entry.kind]
        maps = network(word[None])
        T = maps.at(calibration.gain(network.size(maps)))[0]
        curves.append([])
        for t in TURNS:
            with steer(material.generator, T, t):
                pictures = material.generator(bank.prompts[:PICTURES], [*bank.seeds[:PICTURES]])
            curves[-1].append((material.encoder.images(pictures) @ word.cpu()).mean())
    return torch.tensor(curves)


def test_the_dial_is_of_what_is_seen_in_pictures_of_validation_concepts(warm):
    """A random encoder sees no concept in its pictures: words are drawn until it sees one more."""
    network, material = warm
    calibration, material = effect_curves(network, material), copy(material)
    for seed in range(20):
        draw = torch.Generator().manual_seed(seed)
        words = torch.randn(len(material.validation), 2, material.encoder.dim, generator=draw)
        words = torch.nn.functional.normalize(words, dim=-1)
        material.embeddings = dict(zip(material.validation, words, strict=True))
        curves = seen(network, material, calibration)
        if (curves[:, -1] > curves[:, 0] + 1e-3).any():
            break
    wanted = Dial.of(torch.tensor(TURNS), curves)
    measured = measure_dial(network, material, calibration)
    torch.testing.assert_close(measured.seen, wanted.seen, atol=1e-2, rtol=0)  # of 8-bit pictures


def test_an_untrained_network_has_no_dial(load):
    material = with_a_way(load)
    network = make_network(material)
    calibration = effect_curves(network, material)
    assert measure_dial(network, material, calibration) is None
