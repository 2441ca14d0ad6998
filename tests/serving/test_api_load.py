"""The HTTP API with keys, under load, when clients go, when it fails, and when it is to end."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai
import pytest
from api_server import GENERATIONS, serving, until
from served import CAT, SECONDS

from hypertransport.serving.api import application
from hypertransport.serving.api_keys import ApiKeys
from hypertransport.serving.engine import EngineSettings

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
KEY = "a-key-of-the-tests"
SECRET = "an owl nobody may hear of"
WAITING = "hypertransport_queue_length"


@pytest.fixture
def serve(generator, hyper) -> Callable[..., Any]:
    """``with serve(max_queue=2) as client:``"""

    def start(keys: ApiKeys | None = None, **settings: float):
        wanted = EngineSettings(**{"max_batch": 1, "max_wait": 0, "max_queue": 2} | settings)
        return serving(application(generator, hyper, wanted, keys=keys))

    return start


def test_only_who_has_a_key_may_ask_for_anything_but_how_it_is(serve):
    with serve(ApiKeys([KEY, "another-key"])) as client:
        for authorization in ("", "Bearer", "Bearer wrong-key", f"Basic {KEY}", KEY, "Bearer é"):
            for sent in (None, {"prompt": CAT}):
                reply = client.ask(GENERATIONS, sent, Authorization=authorization)
                assert (reply.status, reply.error["code"]) == (401, "invalid_api_key")
        assert client.ask("/v1/concepts").status == client.ask("/nothing").status == 401
        for path in ("/health", "/ready", "/metrics", "/openapi.json"):
            assert client.ask(path).status == 200
        for key in (KEY, "another-key"):
            official = openai.OpenAI(base_url=f"{client.address}v1", api_key=key)
            assert official.images.generate(prompt=CAT).data


def test_a_full_queue_is_429_with_a_time_to_come_back(serve, door):
    with serve() as client, ThreadPoolExecutor(3) as pool:
        door.shut()
        running = pool.submit(client.draw, {"prompt": CAT})
        assert door.knocked.wait(SECONDS)
        waiting = pool.submit(client.draw, {"prompt": CAT, "n": 2})
        until(lambda: client.metric(WAITING) == 2)
        for asked in ({"prompt": CAT}, {"prompt": CAT, "n": 2}):
            reply = client.draw(asked)
            assert (reply.status, reply.error["code"]) == (429, "queue_full")
            assert 1 <= int(reply.headers["retry-after"]) <= 60
        assert client.ask("/ready").status == 503
        assert client.ask("/health").status == 200
        door.opened.set()
        assert running.result(SECONDS).status == waiting.result(SECONDS).status == 200
        assert client.ask("/ready").status == 200


def test_more_clients_than_there_is_room_for_are_not_even_read(serve, door):
    with serve(max_queue=1) as client, ThreadPoolExecutor(2) as pool:
        door.shut()
        running = pool.submit(client.draw, {"prompt": CAT})
        assert door.knocked.wait(SECONDS)
        waiting = pool.submit(client.draw, {"prompt": CAT})
        until(lambda: client.metric(WAITING) == 1)
        assert client.draw(b"no JSON").error["code"] == "queue_full"
        door.opened.set()
        assert running.result(SECONDS).status == waiting.result(SECONDS).status == 200
        assert client.draw(b"no JSON").error["code"] == "invalid_json"


def test_who_goes_away_is_not_drawn(serve, door):
    body = json.dumps({"prompt": CAT, "n": 3}).encode()
    with serve(max_queue=4) as client, ThreadPoolExecutor(1) as pool:
        door.shut()
        running = pool.submit(client.draw, {"prompt": CAT})
        assert door.knocked.wait(SECONDS)
        with client.sending(body, **{"Content-Length": len(body)}):
            until(lambda: client.metric(WAITING) == 3)
        until(lambda: client.metric(WAITING) == 0)
        until(lambda: client.metric("hypertransport_failures_total") == 1)
        door.opened.set()
        assert running.result(SECONDS).status == 200
    assert door.batches == [1, 1]  # the first is the one that was drawn to warm up


def test_what_waits_when_it_is_told_to_end_is_answered(serve, door):
    def open_later() -> None:
        time.sleep(0.3)
        door.opened.set()

    with ThreadPoolExecutor(4) as pool:
        with serve(max_queue=8) as client:
            door.shut()
            replies = [pool.submit(client.draw, {"prompt": CAT, "n": 2}) for _ in range(3)]
            until(lambda: client.metric(WAITING) == 5)
            pool.submit(open_later)
        assert [reply.result(SECONDS).status for reply in replies] == [200] * 3


def test_a_failure_is_told_without_its_words_and_the_next_request_is_drawn(serve, broken, capfd):
    with serve() as client:
        with broken():
            reply = client.draw({"prompt": SECRET})
        assert (reply.status, reply.error["type"]) == (500, "server_error")
        assert "out of memory" not in reply.error["message"]
        assert client.metric("hypertransport_failures_total") == 1
        assert client.draw({"prompt": CAT}).status == 200
    log = capfd.readouterr().err
    assert "out of memory" in log
    assert reply.headers["x-request-id"] in log


def test_nothing_that_clients_write_is_logged_or_counted(serve, capfd):
    with serve() as client:
        client.draw({"prompt": SECRET, "steering": [{"concept": SECRET}]})
        client.draw({"prompt": SECRET, "owl": SECRET})
        path = SECRET.replace(" ", "%20")
        client.ask(f"/v1/concepts?find={path}")
        client.ask(f"/{path}", method="OWL")
        numbers = client.ask("/metrics").data.decode()
    log = capfd.readouterr().err
    for text in (log, numbers):
        assert "owl" not in text.lower()
    assert f"POST {GENERATIONS} 200" in log
    assert "other other 404" in log


def test_numbers_are_those_of_what_was_asked(serve):
    with serve(max_batch=4, max_wait=0.5, max_queue=8) as client:
        client.draw({"prompt": CAT, "n": 4})
        client.draw({"prompt": CAT, "n": 99})
        assert client.metric("hypertransport_batch_pictures_sum") == 4
        assert client.metric("hypertransport_batch_pictures_count") == 1
        assert client.metric("hypertransport_batch_seconds_sum") > 0
        assert client.metric(WAITING) == 0
        assert client.metric("hypertransport_failures_total") == 1
        page = client.ask("/metrics").data.decode()
    route = f'method="POST",route="{GENERATIONS}"'
    assert f'request_seconds_count{{{route},status="200"}} 1.0' in page
    assert f'request_seconds_count{{{route},status="400"}} 1.0' in page
    assert 'failures_total{code="invalid_value",exception="RequestValidationError"} 1.0' in page
