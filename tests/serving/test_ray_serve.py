"""The HTTP API by two replicas of Ray Serve on this machine, as its own command runs them."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.error import URLError

import pytest
from api_server import Client, until
from pipelines import save_steerable
from ray_process import needs_ray, ray_environment
from served import CAT, difference

from hypertransport.generators import load_generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.steering import steer

pytestmark = [pytest.mark.slow, needs_ray, pytest.mark.allow_hosts(["127.0.0.1"])]
HAT = {"prompt": CAT, "seed": 3, "steering": [{"concept": "hat", "strength": 0.5}]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    save_steerable(folder)
    return folder


@pytest.fixture(scope="module")
def replicas(folder) -> Iterator[Client]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    args = {"weights": f"{folder}/generator", "hypernetwork": f"{folder}/hyper"}
    args |= {"min_replicas": 2, "max_replicas": 2, "max_batch": 2, "max_queue": 4}
    served = {"import_path": "hypertransport.serving.ray_serve:app", "args": args}
    config = {"http_options": {"host": "127.0.0.1", "port": port}, "applications": [served]}
    (folder / "serve.yaml").write_text(json.dumps(config))  # which is YAML, too
    command = [sys.executable, "-m", "ray.serve.scripts", "run", f"{folder}/serve.yaml"]
    client = Client(f"http://127.0.0.1:{port}/")
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, env=ray_environment(), stdout=log, stderr=log) as process,
    ):
        until(lambda: process.poll() is not None or answers(client), seconds=600)
        assert process.poll() is None, (folder / "log").read_text()
        yield client
        process.send_signal(signal.SIGINT)


def answers(client: Client) -> bool:
    try:
        return client.ask("/ready").status == 200
    except (URLError, ConnectionError):
        return False


def test_every_replica_gives_the_same_picture(replicas, folder):
    generator = load_generator("emojiscape", weights=folder / "generator")
    hyper = HyperTransport.from_pretrained(folder / "hyper")
    with steer(generator, hyper("hat"), 0.5):
        wanted = generator(CAT, 3)
    with ThreadPoolExecutor(4) as pool:
        replies = [*pool.map(lambda _: replicas.draw(HAT), range(16))]
    for reply in replies:
        assert reply.status == 200
        (picture,) = reply.pictures
        assert difference(picture, wanted) <= 1
    started = {replicas.ask("/metrics").data for _ in range(40)}
    assert len({page for page in started if b"hypertransport_batch_pictures" in page}) >= 2


def test_what_one_server_refuses_they_refuse(replicas):
    assert replicas.draw({"promt": CAT}).error["code"] == "unknown_field"
    assert replicas.draw({"prompt": CAT, "n": 5}).error["code"] == "too_many_pictures"


def test_more_than_all_can_take_is_told_to_come_back_and_they_go_on(replicas):
    with ThreadPoolExecutor(60) as pool:
        many = [*pool.map(lambda _: replicas.draw({**HAT, "n": 4}), range(60))]
    assert {reply.status for reply in many} <= {200, 429, 503}
    assert {reply.status for reply in many} > {200}
    assert replicas.draw(HAT).status == 200
