import os
import signal
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from safetensors.torch import load_file, save_file

from hypertransport.errors import CheckpointError
from hypertransport.locking import one_writer
from hypertransport.training.target_cache import TargetCache

SHAPE = (5, 3)
NAMES = ["thing/b/ü", "a", "thing/b", 'a "b"', "Ω"]
FEATURES = {name: torch.randn(SHAPE) for name in NAMES}
METADATA = {"made_from": "x"}
SIZE = 5 * 3 * 4


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new" / "targets.safetensors"


@pytest.fixture
def partial(path):
    return path.with_name(".targets.safetensors.partial")


def write(path, features=FEATURES.__getitem__, metadata=METADATA, shape=SHAPE):
    return TargetCache.write(path, NAMES, shape, features, metadata)


class Counting:
    """Gives the features, and stops at the `last`, if any, as Ctrl-C does."""

    def __init__(self, last=None):
        self.asked, self.last = [], last

    def __call__(self, name):
        if len(self.asked) == self.last:
            raise KeyboardInterrupt
        self.asked.append(name)
        return FEATURES[name]


def test_cached_targets_are_sorted_and_exact(path):
    cache = write(path)
    for name, x in FEATURES.items():
        assert torch.equal(cache[name], x.sort(0).values)
    batch = TargetCache(path).batch(["thing/b/ü", "a"])
    assert torch.equal(batch, torch.stack([cache["thing/b/ü"], cache["a"]]))
    assert TargetCache(path).metadata == METADATA


def test_the_file_is_what_safetensors_writes_byte_for_byte(path, tmp_path):
    write(path)
    whole = {name: x.sort(0).values for name, x in FEATURES.items()}
    save_file(whole, tmp_path / "whole", METADATA)
    assert path.read_bytes() == (tmp_path / "whole").read_bytes()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_features_of_any_layout_and_precision_are_written_by_value_in_float32(path):
    odd = {name: x.T.contiguous().T.bfloat16() for name, x in FEATURES.items()}
    write(path, odd.__getitem__)
    for name, x in load_file(path).items():
        assert x.dtype == torch.float32
        assert torch.equal(x, odd[name].float().sort(0).values)


def test_no_concept_is_held_when_the_next_is_made(path):
    made = []

    def features(name):
        assert not any(earlier() is not None for earlier in made)
        x = FEATURES[name].clone()
        made.append(weakref.ref(x))
        return x

    write(path, features)
    assert len(made) == len(NAMES)


def test_a_write_that_was_stopped_leaves_the_old_file_and_goes_on(path):
    old = {name: x + 1 for name, x in FEATURES.items()}
    write(path, old.__getitem__, {"made_from": "old"})
    before = path.read_bytes()
    stopped = Counting(last=2)
    with pytest.raises(KeyboardInterrupt):
        write(path, stopped)
    assert path.read_bytes() == before
    resumed = Counting()
    write(path, resumed)
    assert stopped.asked + resumed.asked == sorted(NAMES)
    assert torch.equal(TargetCache(path)["a"], FEATURES["a"].sort(0).values)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_wherever_a_kill_cuts_the_partial_file_the_rest_is_made_and_the_whole_is_the_same(
    path, partial
):
    write(path)
    whole = path.read_bytes()
    header = len(whole) - len(NAMES) * SIZE
    for length in [*range(0, header, 40), *range(header, len(whole) + 1, 15)]:
        partial.write_bytes(whole[:length])
        features = Counting()
        write(path, features)
        assert path.read_bytes() == whole
        assert features.asked == sorted(NAMES)[max(0, length - header) // SIZE :]


@pytest.mark.parametrize("other", [{"metadata": {"made_from": "y"}}, {"shape": (3, 5)}])
def test_nothing_of_another_partial_file_is_kept(path, other):
    with pytest.raises(KeyboardInterrupt):
        write(path, Counting(last=3))
    turned = {name: 1 + x.reshape(other.get("shape", SHAPE)) for name, x in FEATURES.items()}
    cache = write(path, turned.__getitem__, **other)
    for name, x in turned.items():
        assert torch.equal(cache[name], x.sort(0).values)


@pytest.mark.parametrize("shape", [(4, 3), (5, 4), (15, 1), (5, 3, 1)])
def test_features_of_another_shape_are_refused_and_the_old_file_stays(path, shape):
    write(path)
    before = path.read_bytes()
    odd = {**FEATURES, "thing/b": torch.randn(shape)}
    with pytest.raises(CheckpointError, match=r"of thing/b are .*, not \(5, 3\)"):
        write(path, odd.__getitem__)
    assert path.read_bytes() == before


@pytest.mark.parametrize("part", [0, 7, 100, -SIZE, -1])
def test_a_damaged_cache_is_refused(path, part):
    write(path)
    path.write_bytes(path.read_bytes()[:part])
    with pytest.raises(CheckpointError, match="delete it"):
        TargetCache(path)


def test_a_cache_that_is_too_long_is_refused(path):
    write(path)
    path.write_bytes(path.read_bytes() + bytes(SIZE))
    with pytest.raises(CheckpointError, match="delete it"):
        TargetCache(path)


# --- several writers ------------------------------------------------------------------------------


def test_a_second_writer_waits_and_takes_what_the_first_has_made(path):
    began, go_on = threading.Event(), threading.Event()

    def slow(name):
        began.set()
        go_on.wait()
        return FEATURES[name]

    second = Counting()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(write, path, slow)
        began.wait()
        other = pool.submit(write, path, second)
        go_on.set()
        caches = first.result(), other.result()
    assert second.asked == []
    for name, x in FEATURES.items():
        assert all(torch.equal(cache[name], x.sort(0).values) for cache in caches)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_second_writer_of_other_features_makes_its_own(path):
    other = {name: x + 1 for name, x in FEATURES.items()}
    path.parent.mkdir()
    with ThreadPoolExecutor(1) as pool:
        with one_writer(path):
            second = pool.submit(write, path, other.__getitem__, {"made_from": "y"})
            save_file({"x": torch.ones(1)}, path, METADATA)
        cache = second.result()
    assert cache.metadata == {"made_from": "y"}
    assert all(torch.equal(cache[name], x.sort(0).values) for name, x in other.items())


def test_two_writers_that_are_killed_put_no_concept_in_anothers_place(path):
    """Each dies when it asks for its third; the second goes on from what the first has left."""
    for _ in range(2):
        child = os.fork()
        if not child:
            asked = []

            def dying(name, asked=asked):
                asked.append(name)
                if len(asked) == 3:
                    os.kill(os.getpid(), signal.SIGKILL)
                return FEATURES[name]

            write(path, dying)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    cache = write(path)
    assert all(torch.equal(cache[name], x.sort(0).values) for name, x in FEATURES.items())
