import json
import re
from base64 import b64encode
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image
from starlette.testclient import TestClient

from hypertransport.evaluation.answers import Answers
from hypertransport.evaluation.pairs import read_pairs
from hypertransport.evaluation.study import MAX_BODY, application, spoilt

COLOURS = {"hypertransport": (255, 0, 0), "prompting": (0, 128, 0), "mean shift": (0, 0, 255)}


@pytest.fixture
def answers(folder):
    return Answers.create(folder / "study.sqlite", read_pairs(folder))


@pytest.fixture
def client(folder, answers):
    with TestClient(application(folder, answers)) as client:
        yield client


@pytest.fixture
def link(client):
    reply = client.post("/api/raters")
    assert reply.status_code == 201
    return f"/api/raters/{reply.json()['token']}"


def answer(client, link, position, seen):
    return client.post(f"{link}/answers", json={"position": position, "seen": seen})


def test_a_person_is_led_through_all_questions_to_the_end(client, link, answers):
    state = client.get(link).json()
    for number in range(20):
        assert state["answered"] == state["position"] == number
        assert state["total"] == 20
        assert state["question"].startswith("Which picture")
        state = answer(client, link, number, "first").json()
    assert state == {"answered": 20, "total": 20, "position": None}
    assert client.get(link).json() == state
    votes, _ = answers.votes(allowed_failures=20)
    assert len(votes) == 18
    assert all(vote.answer == vote.first for vote in votes)


def test_pictures_stand_where_the_answers_will_count_them(client, link, answers):
    token = link.rsplit("/", 1)[1]
    for position in range(20):
        shown = answers.shown(token, position)
        seen = {
            place: Image.open(BytesIO(client.get(f"{link}/pictures/{position}/{place}").content))
            for place in ("first", "second")
        }
        if shown.is_check:
            whole = seen["first" if shown.first == "A" else "second"]
            broken = seen["second" if shown.first == "A" else "first"]
            assert whole.getpixel((0, 0)) == COLOURS[shown.pair.a]
            assert whole.size == broken.size
            assert whole.tobytes() != broken.tobytes()
        else:
            methods = (shown.pair.a, shown.pair.b)
            expected = methods if shown.first == "A" else methods[::-1]
            found = tuple(seen[place].getpixel((0, 0)) for place in ("first", "second"))
            assert found == tuple(COLOURS[method] for method in expected)


def test_no_reply_names_a_method_or_a_file(client, link):
    replies = [client.get("/"), client.get(link), answer(client, link, 0, "tie")]
    replies += [client.get(f"{link}/pictures/{i}/first") for i in range(20)]
    for reply in replies:
        told = f"{reply.headers}" + ("" if "image" in reply.headers["content-type"] else reply.text)
        assert not any(method in told for method in COLOURS)
        assert ".png" not in told


def test_the_page_is_one_file_that_may_run_nothing_else(client):
    page = client.get("/")
    assert not re.search(r"https?:|@import|\bsrc=|url\(['\"]", page.text)
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        (part,) = re.findall(f"<{tag}>(.*?)</{tag}>", page.text, re.DOTALL)
        digest = b64encode(sha256(part.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_secrets_are_not_kept_by_browsers_or_sent_elsewhere(client, link):
    assert client.get("/").headers["referrer-policy"] == "no-referrer"
    assert client.get(link).headers["cache-control"] == "no-store"
    assert "private" in client.get(f"{link}/pictures/0/first").headers["cache-control"]


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"{", b"null", b"[]", b"{}", b"[" * 900, b"\xff",
        b'{"position": 0}', b'{"seen": "tie"}', b'{"position": 0, "seen": "A"}',
        b'{"position": 0, "seen": ["tie"]}', b'{"position": "0", "seen": "tie"}',
        b'{"position": 0.0, "seen": "tie"}', b'{"position": true, "seen": "tie"}',
        b'{"position": -1, "seen": "tie"}', b'{"position": 99999999999999999999, "seen": "tie"}',
        b'{"position": 0, "seen": "tie", "rater": 1}',
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_and_changes_nothing(client, link, sent):
    assert client.post(f"{link}/answers", content=sent).status_code == 400
    assert client.get(link).json()["answered"] == 0


def test_a_long_body_is_refused(client, link):
    sent = json.dumps({"position": 0, "seen": "tie"}).encode()
    assert client.post(f"{link}/answers", content=sent.ljust(MAX_BODY)).status_code == 200
    assert client.post(f"{link}/answers", content=sent.ljust(MAX_BODY + 1)).status_code == 413


@pytest.mark.parametrize(
    "path",
    ["/pictures/20/first", "/pictures/0/third", "/pictures/0/A", "/pictures/-1/first",
     "/pictures/99999999999999999999/first", "/pictures/x/first", "/pictures/0", "x"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, link, path):
    assert client.get(link + path).status_code == 404


def test_a_guessed_link_is_not_found(client):
    assert client.get("/api/raters/guess").status_code == 404
    assert client.get("/api/raters/guess/pictures/0/first").status_code == 404
    assert answer(client, "/api/raters/guess", 0, "tie").status_code == 404
    assert answer(client, "/api/raters/guess", 99, "tie").status_code == 404


@pytest.mark.parametrize("size", [(24, 24), (60, 36), (61, 37), (5, 5)])
def test_a_spoilt_picture_has_its_size_but_not_its_looks(tmp_path, size):
    path = tmp_path / "picture.png"
    Image.linear_gradient("L").resize(size).convert("RGB").save(path)
    broken = Image.open(BytesIO(spoilt(path)))
    assert broken.size == size
    if min(size) >= 6:
        assert broken.tobytes() != Image.open(path).tobytes()
    if size == (60, 36):  # whole tiles: the same pixels elsewhere
        assert broken.histogram() == Image.open(path).histogram()
