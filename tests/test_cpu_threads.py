"""Whose threads compute."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from hypertransport.cpu_threads import use_threads, without_pool


@pytest.fixture
def three():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


def in_a_new_thread() -> int:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(torch.get_num_threads).result()


def test_within_the_block_this_thread_and_new_ones_compute_alone(three: None) -> None:
    with without_pool() as threads:
        assert threads == 3
        assert torch.get_num_threads() == in_a_new_thread() == 1
    assert torch.get_num_threads() == in_a_new_thread() == 3


def test_blocks_within_blocks_give_what_the_outermost_found(three: None) -> None:
    with without_pool():
        with without_pool() as threads:
            assert threads == 3
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 3


def test_blocks_may_be_left_in_the_order_in_which_they_were_entered(three: None) -> None:
    first, second = without_pool(), without_pool()
    assert first.__enter__() == second.__enter__() == 3
    first.__exit__(None, None, None)
    assert torch.get_num_threads() == 1
    second.__exit__(None, None, None)
    assert torch.get_num_threads() == in_a_new_thread() == 3


def test_a_thread_keeps_its_number_when_others_get_another(three: None) -> None:
    with ThreadPoolExecutor(1, initializer=use_threads, initargs=(2,)) as pool:
        pool.submit(int).result()
        torch.set_num_threads(1)
        assert pool.submit(torch.get_num_threads).result() == 2


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="tells threads on Linux only")
def test_the_pool_of_the_thread_that_enters_is_given_up(three: None) -> None:
    torch.ones(2**20).exp()  # large enough that all three are started
    before = threads_of_the_process()
    with without_pool():
        assert soon(lambda: threads_of_the_process() <= before - 2)
    torch.ones(2**20).exp()
    assert threads_of_the_process() >= before


def threads_of_the_process() -> int:
    return len(os.listdir("/proc/self/task"))


def soon(so: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether it comes to be within some seconds."""
    end = time.monotonic() + seconds
    while not so() and time.monotonic() < end:
        time.sleep(0.01)
    return so()
