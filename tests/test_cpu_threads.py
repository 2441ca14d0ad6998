"""Whose threads compute."""

from concurrent.futures import ThreadPoolExecutor

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


def test_a_thread_keeps_its_number_when_others_get_another(three: None) -> None:
    with ThreadPoolExecutor(1, initializer=use_threads, initargs=(2,)) as pool:
        pool.submit(int).result()
        torch.set_num_threads(1)
        assert pool.submit(torch.get_num_threads).result() == 2
