import json
import os
import re
from base64 import b64encode
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo
from starlette.testclient import TestClient

from hypertransport.evaluation.answers import Answers
from hypertransport.evaluation.pairs import read_pairs
from hypertransport.evaluation.study import MAX_BODY, application, guarded
from hypertransport.trusted_hosts import TrustedHosts

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


def method_of(picture):
    """The method whose colour the picture has; a mark moves a value by one."""
    found = picture.getpixel((0, 0))
    near = [
        m for m, c in COLOURS.items() if max(abs(x - y) for x, y in zip(found, c, strict=True)) <= 1
    ]
    return near[0] if near else None


def distance(a, b):
    """The largest difference of two pictures in any value."""
    return max(high for _, high in ImageChops.difference(a, b).getextrema())


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
            assert method_of(whole) in (shown.pair.a, shown.pair.b)
            assert whole.size == broken.size
            assert distance(whole, broken) > 1
        else:
            methods = (shown.pair.a, shown.pair.b)
            expected = methods if shown.first == "A" else methods[::-1]
            assert tuple(method_of(seen[place]) for place in ("first", "second")) == expected


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


def pictures(client, link):
    return {
        (position, place): client.get(f"{link}/pictures/{position}/{place}")
        for position in range(20)
        for place in ("first", "second")
    }


def test_all_pictures_have_the_same_headers_and_no_two_the_same_bytes(client, link):
    replies = pictures(client, link).values()
    assert len({tuple(sorted(reply.headers.items())) for reply in replies}) == 1
    assert not {"last-modified", "etag"} & {*next(iter(replies)).headers}
    assert len({reply.content for reply in replies}) == len(replies)


def test_headers_do_not_depend_on_dates_names_or_formats_of_the_files(folder, client, link):
    before = {tuple(reply.headers.items()) for reply in pictures(client, link).values()}
    for path in folder.glob("prompting*.png"):
        noisy = Image.effect_noise((24, 24), 90).convert("RGB")
        noisy.save(path, pnginfo=described("prompting"))
        os.utime(path, (1e9, 1e9))
    again = f"/api/raters/{client.post('/api/raters').json()['token']}"
    after = pictures(client, again)
    assert {tuple(reply.headers.items()) for reply in after.values()} == before
    assert not any(b"prompting" in reply.content for reply in after.values())


def described(text):
    info = PngInfo()
    info.add_text("Description", text)
    return info


def test_a_picture_is_the_same_at_every_call_and_a_conditional_request_changes_nothing(
    client, link
):
    address = f"{link}/pictures/0/first"
    first = client.get(address)
    sent = {"If-Modified-Since": "Tue, 01 Dec 2099 00:00:00 GMT", "Range": "bytes=0-9"}
    again = client.get(address, headers=sent)
    assert (again.status_code, again.content) == (200, first.content)


# --- who may take part


def enrol(client, **sent):
    return client.post("/api/raters", json=sent)


def test_an_invitation_is_one_person_who_may_come_back(client, answers):
    codes = answers.invite(2)
    tokens = [enrol(client, invitation=code).json()["token"] for code in codes * 2]
    assert tokens[:2] == tokens[2:]
    assert len({*tokens}) == 2
    assert answer(client, f"/api/raters/{tokens[0]}", 0, "tie").json()["answered"] == 1


def test_without_an_invitation_nobody_enters_a_study_that_has_some(client, answers):
    answers.invite(1)
    for sent in ({}, {"invitation": None}, {"invitation": "guess"}, {"invitation": ""}):
        reply = client.post("/api/raters", json=sent)
        assert reply.status_code == 403
        assert "invitation" in reply.json()["error"]


@pytest.mark.parametrize("sent", [[], "x", {"token": "x"}, {"invitation": 3}, {"invitation": "é"}])
def test_what_is_no_enrolment_is_refused(client, sent):
    assert client.post("/api/raters", json=sent).status_code == 400


def test_one_address_is_not_a_whole_study(folder, answers):
    with TestClient(application(folder, answers, per_address=2), client=("10.0.0.1", 1)) as client:
        assert [enrol(client).status_code for _ in range(3)] == [201, 201, 429]
        (code,) = answers.invite(1)
        assert enrol(client, invitation=code).status_code == 201
    with TestClient(application(folder, answers, per_address=0)) as client:
        assert enrol(client).status_code == 403  # no longer open


def test_a_study_that_is_full_takes_nobody_else(folder):
    answers = Answers.create(folder / "study.sqlite", read_pairs(folder), most_raters=1)
    with TestClient(application(folder, answers)) as client:
        assert [enrol(client).status_code for _ in range(2)] == [201, 403]


def test_those_who_are_done_get_the_completion_code_and_nobody_before(folder):
    answers = Answers.create(folder / "study.sqlite", read_pairs(folder), questions=1)
    with TestClient(application(folder, answers, completion="C0DE")) as client:
        link = f"/api/raters/{enrol(client).json()['token']}"
        assert "completion" not in client.get(link).json()
        answer(client, link, 0, "tie")
        assert answer(client, link, 1, "tie").json()["completion"] == "C0DE"


# --- who is answered


@pytest.fixture
def guarded_client(folder, answers):
    hosts = TrustedHosts(["study.example.org"], "127.0.0.1")
    with TestClient(guarded(application(folder, answers), hosts)) as client:
        yield client


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "127.0.0.1:8000"}, 201),
        ({"Host": "study.example.org", "Origin": "https://study.example.org"}, 201),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1:8000", "Origin": "http://evil.example"}, 403),
        ({"Host": "127.0.0.1:8000", "Origin": "null"}, 403),
        ({"Host": "localhost", "Content-Type": "text/plain"}, 415),
        ({"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Host": "localhost", "Content-Type": "application/json; charset=utf-8"}, 201),
    ],
)
def test_only_the_pages_own_posts_are_answered(guarded_client, headers, status):
    sent = {"Content-Type": "application/json"} | headers
    assert guarded_client.post("/api/raters", headers=sent, content="{}").status_code == status


def test_a_foreign_host_sees_no_page(guarded_client):
    assert guarded_client.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert guarded_client.get("/", headers={"Host": "localhost"}).status_code == 200


def test_a_script_that_goes_by_headers_votes_by_chance(client, answers):
    """It prefers the picture that is later, larger or heavier, as far as replies tell."""
    for _ in range(10):
        link = f"/api/raters/{client.post('/api/raters').json()['token']}"
        for position in range(20):
            told = [
                [value for name, value in client.get(url).headers.items() if name != "date"]
                for url in (f"{link}/pictures/{position}/{place}" for place in ("first", "second"))
            ]
            answer(client, link, position, "second" if told[1] > told[0] else "first")
    assert len(answers.votes(0)[0]) < 200
    assert {vote.answer == vote.first for vote in answers.votes(99)[0]} == {True}
