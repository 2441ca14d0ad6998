"""What the HTTP API refuses: every error has OpenAI's form, and names the field."""

import json
import struct
import zlib
from base64 import b64encode
from typing import Any

import openai
import pytest
from api_server import GENERATIONS, in_base64
from PIL import Image
from served import CAT, PICTURE

from hypertransport.generators.emojiscape import ID
from hypertransport.serving import gate
from hypertransport.serving.schemas import MAX_MASK, MAX_N, MAX_SEED, MAX_STEERING, MAX_STRENGTHS

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def bomb() -> str:
    """A PNG of 100 bytes that says it has 2,500 million pixels."""
    parts = (b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)), (b"IDAT", b"x")
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()


REFUSED = [
    ({}, "invalid_value", "prompt"),
    ([], "invalid_value", None),
    (b"", "invalid_value", None),
    (b"{", "invalid_json", None),
    (b"[" * 100_000, "invalid_body", None),
    (b'{"prompt": "\xff"}', "invalid_body", None),
    (b'{"prompt": "a", "seed": ' + b"1" * 5000 + b"}", "invalid_body", None),
    ({"prompt": " "}, "invalid_value", "prompt"),
    ({"prompt": "a" * 4001}, "invalid_value", "prompt"),
    ({"prompt": "half \ud83c"}, "invalid_value", "prompt"),
    ({"prompt": "a", "quality": "hd"}, "unknown_field", "quality"),
    ({"prompt": "a", "\ud83c": 1}, "unknown_field", "\\ud83c"),
    ({"prompt": "a", **{f"f{i}": i for i in range(100_000)}}, "unknown_field", "f0"),
    ({"prompt": "a", "response_format": "url"}, "invalid_value", "response_format"),
    ({"prompt": "a", "size": "1024x1024"}, "unsupported_size", "size"),
    ({"prompt": "a", "size": "32x32 "}, "invalid_value", "size"),
    ({"prompt": "a", "n": 0}, "invalid_value", "n"),
    ({"prompt": "a", "n": MAX_N + 1}, "invalid_value", "n"),
    ({"prompt": "a", "n": True}, "invalid_value", "n"),
    ({"prompt": "a", "n": "1"}, "invalid_value", "n"),
    ({"prompt": "a", "n": 2, "strengths": [1] * 21}, "too_many_pictures", "strengths"),
    ({"prompt": "a", "strengths": []}, "invalid_value", "strengths"),
    ({"prompt": "a", "strengths": [1] * (MAX_STRENGTHS + 1)}, "invalid_value", "strengths"),
    ({"prompt": "a", "strengths": ["x"] * 100_000}, "invalid_value", "strengths.0"),
    ({"prompt": "a", "strengths": [float("nan")]}, "invalid_value", "strengths.0"),
    ({"prompt": "a", "seed": -1}, "invalid_value", "seed"),
    ({"prompt": "a", "seed": MAX_SEED + 1}, "invalid_value", "seed"),
    ({"prompt": "a", "steering": [{"concept": "a"}] * (MAX_STEERING + 1)}, "invalid_value",
     "steering"),
]  # fmt: skip
REFUSED_STEERING: list[tuple[dict[str, Any], str, str | None]] = [
    ({}, "invalid_value", None),
    ({"concept": "a", "image": "b"}, "invalid_value", None),
    ({"concept": "a", "weight": 1}, "unknown_field", "weight"),
    ({"concept": None}, "invalid_value", None),
    ({"concept": None, "image": None}, "invalid_value", None),
    ({"concept": 1}, "invalid_value", "concept"),
    ({"concept": " "}, "invalid_value", "concept"),
    ({"concept": "a" * 513}, "invalid_value", "concept"),
    ({"concept": "a", "strength": 11}, "invalid_value", "strength"),
    ({"concept": "a", "strength": float("inf")}, "invalid_value", "strength"),
    ({"concept": "a", "region": [0, 0, 1]}, "invalid_value", "region"),
    ({"concept": "a", "region": [0.5, 0, 0.5, 1]}, "bad_intervention", "region"),
    ({"concept": "a", "region": [0, 0, 1, 1], "mask": in_base64(PICTURE)}, "invalid_value", None),
    ({"concept": "a", "mask": ""}, "invalid_value", "mask"),
    ({"concept": "a", "mask": "A" * (MAX_MASK + 4)}, "invalid_value", "mask"),
    ({"concept": "a", "mask": "no base64!"}, "bad_concept", "mask"),
    ({"concept": "a", "mask": in_base64(PICTURE, "PNG", 0.5)}, "bad_concept", "mask"),
    ({"concept": "a", "mask": bomb()}, "bad_concept", "mask"),
    ({"embedding": []}, "invalid_value", "embedding"),
    ({"embedding": [0] * 8}, "bad_concept", "embedding"),
    ({"embedding": [1] * 10_000}, "invalid_value", "embedding"),
    ({"embedding": ["a"] * 100_000}, "invalid_value", "embedding.0"),
    ({"image": "http://example.com/a.png"}, "bad_concept", "image"),
    ({"image": "no base64!"}, "bad_concept", "image"),
    ({"image": b64encode(b"%!PS-Adobe-3.0 EPSF-3.0").decode()}, "bad_concept", "image"),
    ({"image": f"data:text/html;base64,{in_base64(PICTURE)}"}, "bad_concept", "image"),
    *[({"image": in_base64(PICTURE, kind, 0.5)}, "bad_concept", "image")
      for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP")],
    ({"image": in_base64(Image.new("L", (2050, 2050)))}, "bad_concept", "image"),
    ({"image": bomb()}, "bad_concept", "image"),
    ({"images": []}, "invalid_value", "images"),
    ({"images": in_base64(PICTURE)}, "invalid_value", "images"),
    ({"images": [in_base64(PICTURE)], "image": in_base64(PICTURE)}, "invalid_value", None),
    ({"images": [in_base64(PICTURE)] * 65}, "invalid_value", "images"),
    ({"images": [in_base64(PICTURE), ""]}, "invalid_value", "images.1"),
    ({"images": [in_base64(PICTURE), "no base64!"]}, "bad_concept", "images"),
]  # fmt: skip


def named(case: object) -> str | None:
    return None if isinstance(case, str) else ""


@pytest.mark.parametrize(("sent", "code", "param"), REFUSED, ids=named)
def test_what_cannot_be_drawn_is_refused_by_name(client, sent, code, param):
    reply = client.draw(sent)
    assert (reply.status, reply.error["code"], reply.error["param"]) == (400, code, param)
    assert reply.error["type"] == "invalid_request_error"
    assert len(reply.error["message"]) > 20


@pytest.mark.parametrize(("sent", "code", "param"), REFUSED_STEERING, ids=named)
def test_what_is_no_concept_is_refused_by_name(client, sent, code, param):
    steering = [{"image": in_base64(PICTURE)}, sent]
    error = client.draw({"prompt": CAT, "steering": steering}).error
    place = "steering.1" if param is None else f"steering.1.{param}"
    assert (error["code"], error["param"]) == (code, place)
    if not sent.keys() & {"strength", "region", "mask"}:
        for path in ("/v1/interventions", "/v1/novelty"):
            error = client.ask(path, sent).error
            assert (error["code"], error["param"]) == (code, param)


def test_what_only_the_encoder_finds_out_is_refused_as_well(client):
    sent = {"prompt": CAT, "steering": [{"embedding": [1] * 9}]}
    for reply in (client.draw(sent), client.ask("/v1/interventions", sent["steering"][0])):
        assert reply.status == 400
        assert "9 numbers" in reply.error["message"]


def test_reference_pictures_share_the_pixels_of_a_request(client):
    large = {"image": in_base64(Image.new("L", (1500, 1500)))}
    assert client.draw({"prompt": CAT, "steering": [large]}).status == 200
    assert client.draw({"prompt": CAT, "steering": [large, large]}).error["param"] == (
        "steering.1.image"
    )
    several = {"images": [large["image"]] * 2}
    reply = client.draw({"prompt": CAT, "steering": [several]})
    assert reply.error["param"] == "steering.0.images"
    assert "steering.0.images.1 has 1500 x 1500 pixels" in reply.error["message"]


def test_a_mask_shares_them_too_and_has_the_ratio_of_the_pictures(client):
    large = in_base64(Image.new("L", (1500, 1500)))
    steering = [{"image": large, "mask": large}]
    assert client.draw({"prompt": CAT, "steering": steering}).error["param"] == "steering.0.mask"
    wide = [{"concept": "hat", "mask": in_base64(Image.new("L", (64, 32)))}]
    reply = client.draw({"prompt": CAT, "steering": wide})
    assert (reply.status, reply.error["code"]) == (400, "bad_intervention")
    assert "of their ratio" in reply.error["message"]


@pytest.mark.parametrize(
    ("path", "method", "status", "code"),
    [
        ("/v1/nothing", "GET", 404, "not_found"),
        ("/v1/models/", "GET", 404, "model_not_found"),
        ("/docs", "GET", 404, "not_found"),
        (GENERATIONS, "GET", 405, "method_not_allowed"),
        (GENERATIONS, "DELETE", 405, "method_not_allowed"),
        ("/health", "PUT", 405, "method_not_allowed"),
        ("/health", "POST", 405, "method_not_allowed"),
        ("/v1/concepts?limit=0", "GET", 400, "invalid_value"),
        ("/v1/concepts?limit=1000", "GET", 400, "invalid_value"),
        ("/v1/concepts?after=thing/none", "GET", 400, "invalid_value"),
        ("/v1/concepts?page=2", "GET", 400, "unknown_field"),
    ],
)
def test_every_error_has_openais_form(client, path, method, status, code):
    reply = client.ask(path, method=method)
    assert (reply.status, reply.error["code"]) == (status, code)
    assert reply.headers["x-request-id"]
    if status == 405:
        assert reply.headers["allow"]


def test_openais_client_raises_its_own_errors(official):
    with pytest.raises(openai.BadRequestError, match="leave size out") as raised:
        official.images.generate(prompt=CAT, size="1024x1024")
    assert (raised.value.param, raised.value.code) == ("size", "unsupported_size")
    with pytest.raises(openai.NotFoundError, match=ID):
        official.images.generate(prompt=CAT, model="dall-e-3")


def test_a_long_body_is_refused_whether_or_not_it_says_how_long_it_is(client):
    body = json.dumps({"prompt": CAT}).encode()
    assert client.draw(body.ljust(gate.MAX_BODY)).status == 200
    assert client.draw(body.ljust(gate.MAX_BODY + 1)).error["code"] == "body_too_large"
    with client.sending(b"", **{"Transfer-Encoding": "chunked"}) as line:
        for _ in range(5):
            line.sendall(b"100000\r\n" + b" " * 2**20 + b"\r\n")
        line.sendall(b"0\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413 ")


def test_only_json_is_taken_so_that_other_sites_pages_cannot_post(client):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        reply = client.ask(GENERATIONS, {"prompt": CAT}, **{"Content-Type": kind})
        assert (reply.status, reply.error["code"]) == (415, "unsupported_media_type")
    reply = client.draw({"prompt": CAT}, **{"Content-Type": "application/json; charset=utf-8"})
    assert reply.status == 200


def test_a_body_that_never_ends_is_not_waited_for(client, monkeypatch):
    monkeypatch.setattr(gate, "BODY_SECONDS", 0.1)
    with client.sending(b"{", **{"Content-Length": 9}) as line:
        assert line.recv(100).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    "path", ["/health", "/v1/models", GENERATIONS, "/nothing", "/openapi.json"]
)
def test_no_other_host_and_no_page_of_another_site_is_answered(client, path):
    port = client.address.rsplit(":", 1)[1].strip("/")
    sent = {"prompt": CAT} if path == GENERATIONS else None
    for header, value in (
        ("Host", f"evil.example:{port}"),
        ("Origin", "http://evil.example"),
        ("Origin", "null"),
    ):
        for method in (None, "HEAD", "OPTIONS"):
            reply = client.ask(path, sent, method, **{header: value})
            assert reply.status == 403
            assert not any(name.lower().startswith("access-control") for name in reply.headers)
        error = client.ask(path, sent, **{header: value}).error
        assert error["code"] == f"{header.lower()}_not_allowed"
        assert "--allow-host" in error["message"]
    same = {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}"}
    assert client.ask(path, sent, **same).status in (200, 404)


def test_a_body_of_very_many_values_is_refused_before_it_is_parsed(client):
    for values in (b"[],", b"1,", b'{"a":1},'):
        body = b'{"prompt": "a", "steering": [' + values * gate.MAX_VALUES + b"1]}"
        reply = client.draw(body[: gate.MAX_BODY])
        assert (reply.status, reply.error["code"]) == (413, "body_too_large")
