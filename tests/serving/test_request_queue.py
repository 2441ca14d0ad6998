import time
from concurrent.futures import ALL_COMPLETED, wait
from threading import Thread

import pytest

from hypertransport.errors import BusyError, ClosedError
from hypertransport.serving.request_queue import Job, RequestQueue
from hypertransport.serving.requests import Request

LONG = 3600.0  # seconds: what waits for it is stopped by the test's own time limit


def jobs(count: int) -> list[Job]:
    return [Job(Request(f"picture {k}")) for k in range(count)]


@pytest.fixture
def queue():
    return RequestQueue(capacity=4)


def test_first_come_first_served_in_batches_that_are_full_without_waiting(queue):
    a, b, c, d = jobs(4)
    queue.put([a, b])
    queue.put([c, d])
    assert queue.take(3, LONG) == [a, b, c]
    assert len(queue) == 1
    assert queue.take(1, LONG) == [d]
    assert all(job.future.running() for job in (a, b, c, d))


def test_the_first_that_wait_can_be_seen_and_go_on_waiting(queue):
    a, b, c = jobs(3)
    queue.put([a, b, c])
    a.future.cancel()
    assert queue.first(1) == [b]
    assert queue.first(9) == [b, c] == queue.take(9, 0)
    assert queue.first(9) == []


def test_nobody_waits_longer_than_asked_even_if_the_batch_is_not_full(queue):
    """What came long ago, while the engine was busy, has waited enough."""
    early = Job(Request("a cat"), arrived=time.monotonic() - LONG)
    (late,) = jobs(1)
    queue.put([early, late])
    assert queue.take(3, LONG) == [early, late]


def test_a_full_queue_refuses_all_or_none_until_there_is_room(queue):
    queue.put(jobs(3))
    with pytest.raises(BusyError, match="3 of at most 4"):
        queue.put(jobs(2))
    assert len(queue) == 3
    queue.put(jobs(1))
    with pytest.raises(BusyError, match="try again later"):
        queue.put(jobs(1))
    queue.take(1, LONG)
    queue.put(jobs(1))


def test_the_cancelled_give_their_places_up_and_those_who_wait_for_them_are_told(queue):
    a, b, c, d = jobs(4)
    queue.put([a, b, c, d])
    assert b.future.cancel()
    assert d.future.cancel()
    assert len(queue) == 2
    queue.put(jobs(2))
    assert queue.take(2, LONG) == [a, c]
    assert not wait([b.future, d.future], LONG, ALL_COMPLETED).not_done
    assert not a.future.cancel()


def test_closed_it_gives_what_it_has_at_once_and_then_nothing(queue):
    a, b = jobs(2)
    queue.put([a, b])
    b.future.cancel()
    queue.close()
    with pytest.raises(ClosedError):
        queue.put(jobs(1))
    assert queue.take(3, LONG) == [a]
    assert queue.take(3, LONG) == []


def test_who_waits_for_jobs_is_woken_by_them_and_by_the_end(queue):
    (a,), taken = jobs(1), []

    def take() -> None:
        taken.append(queue.take(1, LONG))
        taken.append(queue.take(1, LONG))

    thread = Thread(target=take, daemon=True)
    thread.start()
    queue.put([a])
    queue.close()
    thread.join()
    assert taken == [[a], []]
