import gc
import weakref
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
import torch
from PIL import Image
from served import CAT, REQUESTS, SECONDS, assert_drawn, difference, settings
from steered import state_of

from hypertransport.calibration import Calibration
from hypertransport.concepts import as_concept
from hypertransport.dial import Dial
from hypertransport.errors import (
    BusyError,
    ClosedError,
    ConceptError,
    ConfigError,
    InterventionError,
)
from hypertransport.hypernetwork import (
    About,
    HyperNetwork,
    HyperNetworkConfig,
    HyperTransport,
)
from hypertransport.interventions import Intervention
from hypertransport.serving.cache import InterventionCache
from hypertransport.serving.engine import Engine
from hypertransport.serving.requests import Request, part
from hypertransport.sites import Site


@pytest.fixture(scope="module")
def alone(drawn_alone) -> list[Image.Image]:
    """The pictures of `REQUESTS`, drawn without an engine."""
    return [drawn_alone(request) for request in REQUESTS]


def test_the_pictures_are_far_more_different_than_rounding_can_make_them(alone):
    assert min(difference(a, b) for i, a in enumerate(alone) for b in alone[:i]) >= 32


@pytest.mark.parametrize(("most", "batches"), [(10, [10]), (4, [4, 4, 2]), (1, [1] * 10)])
def test_each_picture_is_the_one_drawn_alone_whatever_it_is_batched_with(
    generator, hyper, alone, door, most, batches
):
    with Engine(generator, hyper, settings(max_batch=most)) as engine:
        futures = engine.submit_all(REQUESTS)
    assert door.batches == batches
    assert_drawn(futures, alone)
    with Engine(generator, hyper, settings(max_batch=most)) as engine:
        futures = [engine.submit(request) for request in reversed(REQUESTS)]
    assert_drawn(futures, alone[::-1])


def test_a_calibrated_strength_is_what_gain_and_dial_make_of_it(generator, hyper, drawn_alone):
    effects = torch.tensor([[0, 0.2, 0.4], [0, 0.4, 0.4], [0, 0.4, 0.4]])
    curves = Calibration(torch.tensor([0, 1, 2.0]), effects, torch.ones(3))
    dial = Dial(torch.tensor([0, 0.5, 1]), torch.tensor([0, 0, 1.0]))
    known = HyperTransport(
        hyper.network, hyper.encoder, hyper.generator, About(calibration=curves, dial=dial)
    )
    T = hyper("mushroom")
    sent = part("mushroom", 0.5)._replace(calibrated=True)
    given = part(T, 0.5)._replace(calibrated=True)
    with Engine(generator, known, settings(max_wait=0)) as engine:
        assert engine.calibrated
        futures = [engine.submit(Request(CAT, 3, [one])) for one in (sent, given)]
    strength = known.gain(T).item() * 0.75
    wanted = [drawn_alone(Request(CAT, 3, [("mushroom", s)])) for s in (strength, 0.5)]
    assert_drawn(futures, wanted)


def test_a_batch_that_is_not_full_begins_once_its_oldest_has_waited(generator, hyper, alone, door):
    with Engine(generator, hyper, settings(max_wait=0)) as engine:
        assert_drawn([engine.submit(REQUESTS[1])], [alone[1]])
    assert door.batches == [1]


def test_new_concepts_of_a_batch_are_made_in_one_call_and_remembered(generator, hyper, calls):
    cache = InterventionCache()
    for _ in range(2):
        with Engine(generator, hyper, settings(max_batch=10), cache) as engine:
            engine.submit_all(REQUESTS)
    assert calls == [4]
    assert len(cache) == 4


def test_those_of_requests_that_wait_are_made_along(generator, hyper, calls, door):
    with Engine(generator, hyper, settings(max_batch=1)) as engine:
        engine.submit_all([REQUESTS[0], Request(CAT, 3, [("first", 1.0)]), *REQUESTS[1:]])
    assert len(door.batches) == len(REQUESTS) + 1
    assert len(calls) <= 2
    assert sum(calls) == 5


def test_no_batch_changes_anything_but_values(generator, hyper):
    """So compiled code stays valid from batch to batch; closed, all is as it was before."""
    before = state_of(generator.backbone)
    with Engine(generator, hyper, settings(max_wait=0)) as engine:
        steered = state_of(generator.backbone)
        for request in REQUESTS[:3]:
            engine.submit(request).result(SECONDS)
        assert state_of(generator.backbone) == steered != before
    assert state_of(generator.backbone) == before


# Cancelled, refused, drained


def test_who_cancels_is_not_drawn_and_the_neighbours_are_as_ever(generator, hyper, alone, door):
    with Engine(generator, hyper, settings(max_batch=4)) as engine:
        door.shut()
        running = engine.submit_all(REQUESTS[:4])
        assert door.knocked.wait(SECONDS)
        waiting = engine.submit_all(REQUESTS[4:8])
        assert not running[1].cancel()
        assert waiting[1].cancel()
        assert engine.waiting == 3
        door.opened.set()
    assert door.batches == [4, 3]
    assert not wait(waiting, SECONDS).not_done
    assert waiting.pop(1).cancelled()
    assert_drawn(running + waiting, alone[:5] + alone[6:8])


def test_a_full_queue_refuses_until_somebody_leaves_it(generator, hyper, alone, door):
    with Engine(generator, hyper, settings(max_batch=1, max_queue=2)) as engine:
        door.shut()
        running = engine.submit(REQUESTS[0])
        assert door.knocked.wait(SECONDS)
        waiting = engine.submit_all(REQUESTS[1:3])
        with pytest.raises(BusyError, match="2 of at most 2"):
            engine.submit(REQUESTS[3])
        waiting[0].cancel()
        with pytest.raises(BusyError):
            engine.submit_all(REQUESTS[3:5])
        last = engine.submit(REQUESTS[3])
        door.opened.set()
    assert_drawn([running, waiting[1], last], [alone[0], alone[2], alone[3]])


def test_closing_draws_what_waits_and_then_refuses(generator, hyper, alone, door):
    engine = Engine(generator, hyper, settings(max_batch=4))
    futures = engine.submit_all(REQUESTS[:7])
    engine.close()
    assert all(future.done() for future in futures)
    assert door.batches == [4, 3]
    assert_drawn(futures, alone[:7])
    with pytest.raises(ClosedError):
        engine.submit(REQUESTS[0])
    engine.close()


# What goes wrong


def test_a_request_that_fails_keeps_its_error_to_itself(generator, hyper, alone, door):
    elsewhere = Intervention.identity([Site("elsewhere", 8, -1)])
    bad = {
        0: (Request(CAT, 3, [(torch.ones(9), 1.0)]), ConceptError, "9 numbers"),
        2: (Request(CAT, 3, [("hat", 1.0), ({"a": 1, " a": -1}, 1.0)]), ConceptError, "cancels"),
        3: (Request(CAT, 3, [("mushroom", 1e39)]), InterventionError, "not finite"),
        5: (Request(CAT, 3, [(elsewhere, 1.0)]), InterventionError, "different sites"),
    }
    requests, pictures = list(REQUESTS[:4]), list(alone[:4])
    for place, (request, _, _) in bad.items():
        requests.insert(place, request)
    with Engine(generator, hyper, settings(max_batch=8)) as engine:
        futures = engine.submit_all(requests)
    for place, (_, error, match) in bad.items():
        with pytest.raises(error, match=match):
            futures[place].result()
    assert_drawn([f for place, f in enumerate(futures) if place not in bad], pictures)
    assert door.batches == [4]


def test_a_batch_of_nothing_but_errors_is_not_drawn(generator, hyper, door):
    with Engine(generator, hyper, settings(max_batch=1)) as engine:
        future = engine.submit(Request(CAT, 3, [(torch.ones(9), 1.0)]))
    assert isinstance(future.exception(), ConceptError)
    assert door.batches == []


def test_a_failure_reaches_its_whole_batch_and_the_engine_lives_on(generator, hyper, alone, broken):
    with Engine(generator, hyper, settings()) as engine:
        with broken():
            futures = engine.submit_all(REQUESTS[:2])
            for future in futures:
                with pytest.raises(RuntimeError, match="out of memory"):
                    future.result(SECONDS)
        assert_drawn(engine.submit_all(REQUESTS[1:3]), alone[1:3])


def test_an_error_that_is_kept_keeps_no_tensors(generator, hyper, broken):
    """Else the memory that ran out would still be lacking for the next batch."""
    inputs: list[weakref.ref] = []
    handle = generator.backbone.register_forward_pre_hook(
        lambda _, args: inputs.append(weakref.ref(args[0]))
    )
    gc.collect()
    gc.disable()
    try:
        with Engine(generator, hyper, settings()) as engine, broken():
            kept = [future.exception(SECONDS) for future in engine.submit_all(REQUESTS[:2])]
        assert "in hook" in "".join(kept[0].__notes__)  # but says where it came from
        assert [ref() for ref in inputs] == [None]
    finally:
        gc.enable()
        handle.remove()


@pytest.mark.parametrize(
    "bad", [{"max_batch": 0}, {"max_batch": 65}, {"max_wait": -1}, {"max_queue": 0}]
)
def test_impossible_settings_are_refused(bad):
    with pytest.raises(ConfigError, match=next(iter(bad))):
        settings(**bad)


def test_a_hypernetwork_for_another_generator_is_refused_and_nothing_is_steered(generator, encoder):
    sites = (*generator.sites, Site("nowhere", 4, 1))
    other = HyperTransport(HyperNetwork(HyperNetworkConfig(encoder.dim, sites)), encoder, "other")
    before = state_of(generator.backbone)
    with pytest.raises(InterventionError, match="nowhere"):
        Engine(generator, other)
    assert state_of(generator.backbone) == before


# What is told


def test_each_batch_is_told_with_its_pictures_and_the_delay_follows_from_it(generator, hyper, door):
    told: list[tuple[int, float]] = []

    def on_batch(pictures: int, seconds: float) -> None:
        told.append((pictures, seconds))

    with Engine(generator, hyper, settings(max_batch=4), on_batch=on_batch) as engine:
        assert engine.delay == 0
        wait(engine.submit_all(REQUESTS[:4]), SECONDS)
        door.shut()
        engine.submit_all(REQUESTS[:4])
        assert door.knocked.wait(SECONDS)
        engine.submit_all(REQUESTS[:5])
        assert engine.delay == 2 * told[0][1] > 0
        door.opened.set()
    assert [pictures for pictures, _ in told] == [4, 4, 4, 1]


def test_an_engine_works_until_it_is_closed(generator, hyper):
    with Engine(generator, hyper) as engine:
        assert engine.working
    assert not engine.working


def test_what_one_concept_gives_is_remembered_with_those_of_requests(generator, hyper, calls):
    with Engine(generator, hyper, settings(max_wait=0)) as engine:
        for _ in range(2):
            T = engine.intervention(as_concept("mushroom"))
        engine.submit(REQUESTS[1]).result(SECONDS)
        assert calls == [1]
        with pytest.raises(ConceptError, match="9 numbers"):
            engine.intervention(as_concept(torch.ones(9)))
    assert T.equals(hyper("mushroom"))


def test_many_threads_may_ask_for_new_concepts_while_others_are_drawn(generator, hyper):
    """Tokenizers complain when two threads use one."""
    names = [f"{word} {k}" for k in range(20) for word in ("hat", "oil")]
    with Engine(generator, hyper, settings(max_wait=0)) as engine, ThreadPoolExecutor(4) as pool:
        asked = pool.map(lambda name: engine.intervention(as_concept(name)), names)
        drawn = [engine.submit(Request(CAT, 3, [(name, 1.0)])) for name in names[:10]]
        made = dict(zip(names, asked, strict=True))
        assert not wait(drawn, SECONDS).not_done
    assert not any(future.exception() for future in drawn)
    for name in names[:4]:
        assert made[name].equals(hyper(name), atol=1e-5)


def test_an_intervention_steers_as_the_concept_that_it_was_made_from(generator, hyper, alone):
    asked = [Request(CAT, 3, [(hyper("mushroom"), 0.5)]), Request(CAT, 3), REQUESTS[2]]
    with Engine(generator, hyper, settings(max_batch=3)) as engine:
        futures = engine.submit_all(asked)
    assert_drawn(futures, [alone[2], alone[0], alone[2]])


def test_without_a_hypernetwork_only_interventions_steer(generator, hyper, alone):
    asked = [Request(CAT, 3, [(hyper("mushroom"), 0.5)]), REQUESTS[2]]
    with Engine(generator, None, settings()) as engine:
        fitted, words = engine.submit_all(asked)
        with pytest.raises(ConceptError, match="no hypernetwork"):
            engine.intervention(as_concept("mushroom"))
    assert_drawn([fitted], [alone[2]])
    with pytest.raises(ConceptError, match="no hypernetwork"):
        words.result(SECONDS)
