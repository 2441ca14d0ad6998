"""Laws of counting memory."""

from collections.abc import Callable

import torch

from benchmarks.memory import MIB, counted


def most(action: Callable[[], object]) -> float:
    with counted(torch.device("cpu")) as held:
        action()
    return held.mib


def test_memory_is_what_was_held_at_once_and_not_what_was_taken_in_all():
    size = 2 * MIB // 4

    def one_after_the_other() -> None:
        for _ in range(5):
            torch.zeros(size)

    def at_once() -> None:
        [torch.zeros(size) for _ in range(5)]

    for action, mib in ((one_after_the_other, 2), (at_once, 10), (lambda: None, 0)):
        assert most(action) == mib


def test_what_was_there_before_does_not_count(capfd):
    held = [torch.zeros(4 * MIB // 4)]

    def action() -> None:
        held.clear()
        held.append(torch.zeros(6 * MIB // 4))

    assert most(action) == 6
    assert most(lambda: held[0].sum().item()) < 0.01
    assert capfd.readouterr() == ("", "")


def test_the_gradient_of_a_cost_counts_too():
    x = torch.ones(MIB // 4, requires_grad=True)

    def action() -> None:
        x.grad = None
        x.exp().sum().backward()

    assert 2 <= most(action) < 3.01
