import pytest

from hypertransport.evaluation import enrolment
from hypertransport.evaluation.enrolment import HOUR, AddressLimit


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_address_has_its_own_count():
    limit = AddressLimit(2)
    assert [limit.allows("10.0.0.1") for _ in range(3)] == [True, True, False]
    assert limit.allows("10.0.0.2")


def test_an_hour_later_there_is_room_again():
    clock = Clock()
    limit = AddressLimit(1, clock)
    assert limit.allows("a")
    clock.now = HOUR - 1
    assert not limit.allows("a")
    clock.now = HOUR
    assert limit.allows("a")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::1", "2001:db8::ffff"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
    ],
)
def test_addresses_of_one_site_are_one(one, other):
    limit = AddressLimit(1)
    assert limit.allows(one)
    assert not limit.allows(other)


def test_zero_is_no_limit():
    limit = AddressLimit(0)
    assert all(limit.allows("a") for _ in range(99))


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(enrolment, "MAX_ADDRESSES", 3)
    clock = Clock()
    limit = AddressLimit(5, clock)
    assert [limit.allows(f"10.0.0.{i}") for i in range(4)] == [True, True, True, False]
    assert limit.allows("10.0.0.0")
    clock.now = HOUR
    assert limit.allows("10.0.0.9")
