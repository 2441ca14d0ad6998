"""Concepts in a part of the picture each, beside requests without regions."""

import pytest
from families import FAMILIES
from served import CAT, REQUESTS, SECONDS, assert_drawn, difference, random_hyper, settings

from hypertransport.concepts import as_concept
from hypertransport.errors import InterventionError
from hypertransport.serving.areas import area_mask
from hypertransport.serving.engine import Engine
from hypertransport.serving.region_layers import MAX_LAYERS
from hypertransport.serving.requests import Request
from hypertransport.steering import steer

LEFT, RIGHT = (0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0)
SMALL = (0.1, 0.3, 0.45, 0.9)  # along no edge of any grid
EVERYWHERE = (0.0, 0.0, 1.0, 1.0)
CONCEPTS = {"mushroom": 1.0, "hat": 0.5, "oil": -0.5}


def inside(*boxes: tuple[float, ...]) -> Request:
    return Request(
        CAT, 3, [(*pair, box) for pair, box in zip(CONCEPTS.items(), boxes, strict=False)]
    )


def test_the_whole_picture_is_no_region(generator, hyper, drawn_alone):
    wanted = [drawn_alone(Request(CAT, 3, [("mushroom", 1.0)]))]
    with Engine(generator, hyper, settings(max_wait=0)) as engine:
        assert_drawn([engine.submit(inside(EVERYWHERE))], wanted)


def test_regions_are_masks_one_after_the_other_and_neighbours_are_as_ever(
    generator, hyper, drawn_alone
):
    """The library's own nested steering says what a request with regions gives."""
    maps = [hyper(as_concept(name)).at(s) for name, s in CONCEPTS.items()]
    masks = [area_mask(box, 32, 32) for box in (LEFT, SMALL)]
    with (
        steer(generator, maps[2]),
        steer(generator, maps[0], mask=masks[0]),
        steer(generator, maps[1], mask=masks[1]),
    ):
        both = generator(CAT, 3)
    alone = [drawn_alone(request) for request in REQUESTS[:3]]
    assert min(difference(both, picture) for picture in alone) >= 32
    request = Request(CAT, 3, [*inside(LEFT, SMALL).parts, ("oil", CONCEPTS["oil"])])
    with Engine(generator, hyper, settings(max_batch=4)) as engine:
        for _ in range(2):  # and again, when the layers are on already
            futures = engine.submit_all([*REQUESTS[:2], request, REQUESTS[2]])
            assert_drawn(futures, [*alone[:2], both, alone[2]])
        assert_drawn(engine.submit_all([*REQUESTS[:3], REQUESTS[0]]), [*alone, alone[0]])


def test_too_many_regions_fail_alone(generator, hyper, drawn_alone):
    many = Request(CAT, 3, [("hat", 0.1, LEFT)] * (MAX_LAYERS + 1))
    with Engine(generator, hyper, settings()) as engine:
        bad, good = engine.submit_all([many, REQUESTS[0]])
        with pytest.raises(InterventionError, match=f"at most {MAX_LAYERS}"):
            bad.result(SECONDS)
    assert_drawn([good], [drawn_alone(REQUESTS[0])])


def test_where_sites_are_no_part_of_the_picture_regions_are_refused_and_others_drawn(encoder):
    """Such as those of Stable Diffusion 3's text."""
    (family,) = (family for family in FAMILIES if family.name == "Stable Diffusion 3.5")
    generator = family.generator()
    hyper = random_hyper(generator, encoder)
    with Engine(generator, hyper, settings()) as engine:
        for _ in range(2):
            bad, good = engine.submit_all([inside(LEFT), REQUESTS[1]])
            with pytest.raises(InterventionError, match="takes no regions"):
                bad.result(SECONDS)
            good.result(SECONDS)
