import pytest
import torch
from PIL import Image

from hypertransport.affine_maps import AffineMap
from hypertransport.concepts import Embedding, Picture, Words, as_concept
from hypertransport.errors import ConceptError, ConfigError
from hypertransport.hypernetwork import HyperTransport
from hypertransport.interventions import Intervention
from hypertransport.serving.cache import (
    CachedHyperTransport,
    InterventionCache,
    checkpoint_of,
    concept_key,
)
from hypertransport.sites import total_channels

PICTURE = Image.radial_gradient("L").resize((24, 16)).convert("RGB")
UNIT = torch.eye(8)
DIFFERENT = [  # pairwise
    "red",
    "reds",
    PICTURE,
    Image.frombytes("RGB", (16, 24), PICTURE.tobytes()),
    PICTURE.rotate(180),
    UNIT[0],
    UNIT[1],
    {"red": 1, "hat": 2},
    {"red": 2, "hat": 1},
    {"red": 1, "hat": 2, "oil": 1},
]


def keyed(*concepts: object) -> dict:
    return {concept_key(concept): concept for concept in map(as_concept, concepts)}


@pytest.fixture
def cached(hyper):
    return CachedHyperTransport(hyper, InterventionCache())


# Keys


def test_no_two_concepts_share_a_key():
    assert len(keyed(*DIFFERENT)) == len(DIFFERENT)


def test_equal_concepts_do():
    assert concept_key(Picture(PICTURE)) == concept_key(Picture(PICTURE.copy()))
    assert concept_key(Embedding(UNIT[0])) == concept_key(Embedding(UNIT[0].double()))
    assert len(keyed("red", " red", {"red": 1, "hat": 2}, [("red", 1), ("hat", 2.0)])) == 2


def test_a_checkpoint_is_known_by_what_it_holds(hyper, another, encoder, tmp_path):
    hyper.save_pretrained(tmp_path)
    loaded = HyperTransport.from_pretrained(tmp_path, encoder=encoder)
    assert checkpoint_of(loaded) == checkpoint_of(hyper) != checkpoint_of(another)


# What is remembered


def shifted(value: float) -> Intervention:
    return Intervention({"a": AffineMap(torch.ones(2), torch.full((2,), value))})


def test_the_least_recently_used_is_forgotten_first():
    cache, (a, b, c, d) = InterventionCache(2), map(shifted, (0.0, 1.0, 2.0, 3.0))
    cache.put("one", "a", a)
    cache.put("one", "b", b)
    assert cache.get("one", "a") is a  # so that b is the oldest now
    cache.put("one", "c", c)
    assert cache.get("one", "b") is None
    assert (cache.get("one", "a"), cache.get("one", "c")) == (a, c)
    cache.put("one", "a", d)
    cache.put("one", "b", b)
    assert cache.get("one", "c") is None
    assert cache.get("one", "a") is d
    assert len(cache) == 2


def test_checkpoints_that_share_a_cache_never_mix(hyper, another):
    cache, concepts = InterventionCache(), keyed("hat")
    (key,) = concepts
    for checkpoint in (hyper, another, hyper):
        made = CachedHyperTransport(checkpoint, cache)(concepts)
        assert made[key].equals(checkpoint("hat"))
    assert len(cache) == 2
    assert not hyper("hat").equals(another("hat"), atol=1e-2)


def test_a_cache_without_room_is_refused():
    with pytest.raises(ConfigError, match="room for 1"):
        InterventionCache(0)


# What is made


def test_what_is_new_is_made_in_one_call_and_what_is_known_in_none(cached, calls):
    cached(keyed("hat", "oil"))
    cached(keyed("oil", "hat"))
    cached(keyed("hat", "ink", "key", "oil"))
    assert calls == [2, 2]


def test_what_comes_next_is_made_along_but_only_with_what_is_needed_now(cached, calls):
    assert cached(keyed("hat"), keyed("oil", "ink")).keys() == keyed("hat").keys()
    cached(keyed("oil"), keyed("ink", "key"))
    cached(keyed("ink", "key"), keyed("oil", "red"))
    assert calls == [3, 2]


@pytest.mark.parametrize("capacity", [1, 2, 3])
def test_what_comes_next_pushes_nothing_out_that_is_asked_for(hyper, calls, capacity):
    small = CachedHyperTransport(hyper, InterventionCache(capacity))
    small(keyed("hat"), keyed("oil", "ink"))
    small(keyed("hat"))
    assert calls == [min(capacity, 3)]


def test_what_comes_next_and_fails_harms_nobody(cached, hyper):
    bad = keyed(torch.ones(9))
    hat = keyed("hat")
    assert cached(hat, bad)[next(iter(hat))].equals(hyper("hat"), atol=1e-5)
    assert isinstance(cached(bad)[next(iter(bad))], ConceptError)


def test_each_concept_gets_its_own_even_if_all_are_more_than_the_cache_holds(hyper):
    small = CachedHyperTransport(hyper, InterventionCache(2))
    concepts = keyed(*DIFFERENT)
    for _ in range(2):
        made = small(concepts)
        for key, concept in concepts.items():
            assert made[key].rows is None
            assert made[key].equals(hyper(concept), atol=1e-5)
    flat = [T.flatten().shift for T in made.values()]
    assert min(torch.dist(a, b) for i, a in enumerate(flat) for b in flat[:i]) > 1e-3


def test_what_is_remembered_keeps_nothing_else_in_memory(cached, hyper):
    for T in cached(keyed("hat", "oil", "ink")).values():
        for value in T.flatten()._asdict().values():
            assert not value.requires_grad
        storages = {v.untyped_storage().nbytes() for pair in T.maps.values() for v in pair}
        assert storages == {4 * total_channels(hyper.sites)}


@pytest.mark.parametrize("bad", [0, 2, 4])
def test_a_bad_concept_fails_alone(cached, hyper, bad):
    """An encoder finds out about these two only when it encodes them."""
    concepts: list[object] = ["hat", "oil", "ink", "key"]
    too_long, nothing = torch.ones(9), {"hat": 1, " hat ": -1}
    concepts[bad:bad] = too_long, nothing
    for _ in range(2):
        outcomes = cached(keyed(*concepts))
        for match, concept in (("9 numbers", too_long), ("cancels out", nothing)):
            error = outcomes.pop(concept_key(as_concept(concept)))
            assert isinstance(error, ConceptError)
            assert match in str(error)
        for concept in ("hat", "oil", "ink", "key"):
            assert outcomes.pop(concept_key(as_concept(concept))).equals(hyper(concept), atol=1e-5)
        assert not outcomes


def test_what_is_foreseen_is_what_the_hypernetwork_knows(hyper):
    shipped = HyperTransport.from_pretrained("emojiscape")
    words = Words("brick navy")
    novelty, gain, limit = CachedHyperTransport(shipped, InterventionCache()).foresee(words)
    assert novelty == pytest.approx(shipped.novelty([words]).item(), rel=1e-4)
    assert gain == pytest.approx(shipped.gain(shipped(words)).item(), rel=1e-4)
    assert limit == shipped.about.calibration.limit
    knows_nothing = CachedHyperTransport(hyper, InterventionCache())
    assert knows_nothing.foresee(words) == (None, None, None)
    with pytest.raises(ConceptError):
        knows_nothing.foresee(Embedding(torch.ones(9)))
