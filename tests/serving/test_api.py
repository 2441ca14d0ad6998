"""The HTTP API on the loopback: what it draws is what the library draws; what it lists."""

import time

import pytest
import torch
from api_server import decoded, in_base64
from openai.pagination import SyncCursorPage
from openai.types import Model
from PIL import Image
from served import CAT, PICTURE, SECONDS, difference

from hypertransport.generators.emojiscape import ID
from hypertransport.intervention_files import read
from hypertransport.interventions import Intervention
from hypertransport.serving.areas import area_mask
from hypertransport.serving.requests import Request
from hypertransport.serving.schemas import ImagesBody, InterventionBody, Steering
from hypertransport.steering import steer

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def assert_same(found: list[Image.Image], wanted: list[Image.Image]) -> None:
    for a, b in zip(found, wanted, strict=True):
        assert difference(a, b) <= 1


# What is drawn


def test_openais_client_gets_what_the_library_draws(official, drawn_alone):
    reply = official.images.generate(
        model=ID,
        prompt=CAT,
        n=2,
        size="32x32",
        response_format="b64_json",
        extra_body={"seed": 3, "steering": [{"concept": "mushroom", "strength": 0.5}]},
    )
    assert [(one.seed, one.strength) for one in reply.data] == [(3, 1.0), (4, 1.0)]
    wanted = [drawn_alone(Request(CAT, seed, [("mushroom", 0.5)])) for seed in (3, 4)]
    assert_same([decoded(one.b64_json) for one in reply.data], wanted)
    assert abs(reply.created - time.time()) < SECONDS


def test_a_prompt_that_nobody_sees_is_empty(client):
    for prompt in ("\ufeff", "\u200b\u2060"):
        reply = client.draw({"prompt": prompt})
        assert reply.status == 400
        assert reply.json["error"]["param"] == "prompt"


def test_what_of_a_text_is_cut_off_is_told(client):
    long = "red " * 40
    sent = {"prompt": f"{long}door", "n": 2, "steering": [{"concept": f"{long}hat"}]}
    told = client.draw(sent).json["warnings"]
    assert [one.split()[-5:] for one in told] == [[*_end("door")], [*_end("hat")]]
    assert client.draw({"prompt": CAT}).json["warnings"] == []


def _end(word: str) -> list[str]:
    return ["red", f"{word}'", "is", "left", "out"]


TWO = (PICTURE, PICTURE.rotate(90))


@pytest.mark.parametrize(
    ("sent", "concept"),
    [
        ({"image": in_base64(PICTURE)}, PICTURE),
        ({"image": f"data:image/png;base64,{in_base64(PICTURE)}"}, PICTURE),
        ({"images": [in_base64(PICTURE)]}, PICTURE),
        ({"images": [*map(in_base64, TWO)]}, TWO),
        ({"embedding": [1, 0, 0, 0, 0, 0, 0, 0]}, torch.eye(8)[0]),
    ],
)
def test_a_concept_may_be_one_picture_or_several_or_an_embedding(
    client, drawn_alone, sent, concept
):
    steering = [{"concept": "mushroom", "strength": -0.5}, sent]
    reply = client.draw({"prompt": CAT, "seed": 3, "steering": steering})
    assert_same(
        reply.pictures, [drawn_alone(Request(CAT, 3, [("mushroom", -0.5), (concept, 1.0)]))]
    )


def test_a_strip_is_one_call_for_each_strength(client, drawn_alone):
    """Each multiplies the concepts' own; at 0 nothing is steered."""
    strengths, own = [0, 0.5, 1, -1], 0.8
    steering = [{"concept": "mushroom", "strength": own}]
    common = {"prompt": CAT, "steering": steering, "seed": 3}
    strip = client.draw({**common, "strengths": strengths, "n": 2})
    asked = [(one["seed"], one["strength"]) for one in strip.json["data"]]
    assert asked == [(seed, strength) for seed in (3, 4) for strength in strengths]
    for place, (seed, strength) in enumerate(asked):
        single = client.draw({**common, "seed": seed, "strengths": [strength]})
        assert_same(single.pictures, [strip.pictures[place]])
    wanted = [drawn_alone(Request(CAT, 3, [("mushroom", own * s)])) for s in strengths]
    assert_same(strip.pictures[:4], wanted)
    assert_same(strip.pictures[:1], [drawn_alone(Request(CAT, 3))])


def test_a_region_is_a_mask(client, generator, hyper):
    box = [0, 0.25, 0.6, 1]
    with steer(generator, hyper("mushroom"), mask=area_mask(tuple(map(float, box)), 32, 32)):
        wanted = generator(CAT, 3)
    steering = [{"concept": "mushroom", "region": box}]
    reply = client.draw({"prompt": CAT, "seed": 3, "steering": steering})
    assert_same(reply.pictures, [wanted])


def test_a_painted_mask_is_the_region_that_it_paints(client):
    white = Image.new("L", (32, 32))
    white.paste(255, (8, 0, 24, 32))
    asked = [{"region": [0.25, 0, 0.75, 1]}, {"mask": in_base64(white)}, {}]
    pictures = [
        client.draw({"prompt": CAT, "seed": 3, "steering": [{"concept": "mushroom"} | one]})
        for one in asked
    ]
    region, mask, everywhere = (reply.pictures for reply in pictures)
    assert_same(mask, region)
    assert difference(mask[0], everywhere[0]) > 8


def test_what_is_not_known_of_a_concept_is_null(client):
    known = client.ask("/v1/novelty", {"concept": "mushroom"})
    assert (known.status, known.json) == (200, dict.fromkeys(("novelty", "gain", "limit")))


def test_without_a_seed_each_call_has_its_own_which_draws_the_same_again(client):
    first, second = (client.draw({"prompt": CAT, "n": 2}).json["data"] for _ in range(2))
    assert first[1]["seed"] == first[0]["seed"] + 1
    assert first[0]["seed"] != second[0]["seed"]
    again = client.draw({"prompt": CAT, "seed": first[1]["seed"]})
    assert_same(again.pictures, [decoded(first[1]["b64_json"])])


def test_all_that_may_be_left_out_may_be_null(client):
    nothing = dict.fromkeys(set(ImagesBody.model_fields) - {"prompt"})
    assert client.draw({"prompt": CAT} | nothing).status == 200
    one = dict.fromkeys(Steering.model_fields) | {"concept": "mushroom"}
    asked = [
        {"prompt": CAT, "seed": 3, "steering": [part]} for part in (one, {"concept": "mushroom"})
    ]
    assert_same(*(client.draw(sent).pictures for sent in asked))
    area = one | {"region": [0, 0, 0.5, 1]}
    assert client.draw({"prompt": CAT, "steering": [area]}).status == 200
    for path in ("/v1/interventions", "/v1/novelty"):
        body = dict.fromkeys(InterventionBody.model_fields) | {"concept": "mushroom"}
        assert client.ask(path, body).status == 200


def test_the_description_says_that_it_may_be_null(client):
    schemas = client.ask("/openapi.json").json["components"]["schemas"]
    for name in ("ImagesBody", "Steering", "InterventionBody"):
        optional = set(schemas[name]["properties"]) - set(schemas[name].get("required", ()))
        for field in optional:
            assert {"type": "null"} in schemas[name]["properties"][field]["anyOf"]


def test_openais_sizes_may_be_left_to_the_model(client):
    assert client.draw({"prompt": CAT, "size": "auto", "model": "emojiscape"}).status == 200


def test_an_intervention_is_the_file_that_the_library_writes(client, hyper, twin, tmp_path):
    path = tmp_path / "sent.safetensors"
    path.write_bytes(client.ask("/v1/interventions", {"concept": " mushroom"}).data)
    assert Intervention.load(path, generator=ID).equals(hyper("mushroom"), atol=1e-6)
    header, _ = read(path)
    assert header.note == {"method": "hypernetwork", "phrase": "mushroom"}
    assert header.generator_revision == twin.revision
    reply = client.ask("/v1/interventions", {"image": in_base64(PICTURE, "BMP")})
    path.write_bytes(reply.data)
    assert Intervention.load(path).equals(hyper(PICTURE), atol=1e-6)
    assert ".safetensors" in reply.headers["content-disposition"]


# What is listed


def test_models_are_listed_as_openai_has_them(official, client):
    (model,) = official.models.list().data
    assert (model.id, model.size, model.object) == (ID, "32x32", "model")
    assert official.models.retrieve("emojiscape") == model
    assert client.ask("/v1/models/another").error["code"] == "model_not_found"


def test_openais_client_reads_all_pages_of_concepts(official):
    pages = official.get_api_list(
        "/concepts", model=Model, page=SyncCursorPage[Model], options={"params": {"limit": 3}}
    )
    kinds = ("thing", "style")
    assert [concept.id for concept in pages] == [f"{kinds[i % 2]}/name {i}" for i in range(7)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kind=style", [1, 3, 5]),
        ("kind=style&after=style/name%201&limit=1", [3]),
        ("find=NAME%206", [6]),
        ("split=test", []),
    ],
)
def test_a_part_of_the_catalogue_is_asked_for_by_query(client, query, names):
    found = client.ask(f"/v1/concepts?{query}").json
    assert [entry["name"] for entry in found["data"]] == [f"name {i}" for i in names]
    assert found["has_more"] is ("limit" in query)


@pytest.mark.parametrize(
    "path", ["/health", "/ready", "/metrics", "/openapi.json", "/v1/models", "/v1/concepts?limit=2"]
)
def test_head_is_answered_as_get_without_a_body(client, path):
    head, get = client.ask(path, method="HEAD"), client.ask(path)
    assert (head.status, head.data) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    if path != "/metrics":  # which counts the first of the two
        assert int(head.headers["content-length"]) == len(get.data)


def test_head_is_refused_and_logged_as_get_is(client):
    assert client.ask("/v1/nothing", method="HEAD").status == 404
    assert client.ask("/v1/novelty", method="HEAD").status == 405
    page = client.ask("/metrics").data.decode()
    assert 'request_seconds_count{method="HEAD",route="/health",status="200"}' in page


def test_it_says_how_it_is(client):
    assert client.ask("/health").json == client.ask("/ready").json == {"status": "ok"}
