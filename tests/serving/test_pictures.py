"""Pictures as clients write them into JSON."""

from base64 import b64encode, encodebytes, urlsafe_b64encode
from urllib.parse import quote

import pytest
from photographs import SHOWN, in_file, turned
from PIL import Image

from hypertransport.concepts import Picture
from hypertransport.serving.api_errors import ApiError
from hypertransport.serving.pictures import concept_of, parts_of
from hypertransport.serving.schemas import ConceptBody, Steering

DATA = in_file(SHOWN.resize((61, 47)), "PNG")  # of a length that takes padding
PLAIN = b64encode(DATA).decode()
LINES = encodebytes(DATA).decode()


def shown(text: str) -> Image.Image:
    concept = concept_of(ConceptBody(image=text))
    assert isinstance(concept, Picture)
    return concept.image


@pytest.mark.parametrize(
    "text",
    [
        LINES,  # as MIME and `base64` break them
        LINES.replace("\n", "\r\n"),
        f"  {PLAIN}\n",
        PLAIN.rstrip("="),
        urlsafe_b64encode(DATA).decode(),
        urlsafe_b64encode(DATA).decode().rstrip("="),
        f"data:image/png;base64,{PLAIN}",
        f"data:image/png;base64,{LINES}",
        f"DATA:Image/PNG;BASE64,{PLAIN}",
        f"data:image/png;name=a%20b.png;base64,{PLAIN}",
        f"data:image/png;charset=utf-8;name=x.png;base64,{PLAIN}",
        f"data:image/svg+xml;base64,{PLAIN}",  # what is inside decides
        f"data:application/octet-stream;base64,{PLAIN}",
        f"data:;base64,{PLAIN}",
        f"data:image/png;base64,{quote(PLAIN, safe='')}",
        f"data:image/png;base64,{quote(LINES)}",
    ],
)
def test_every_spelling_of_base64_is_the_same_picture(text):
    assert len(DATA) % 3
    assert {"+", "/"} & {*PLAIN}
    assert shown(text).tobytes() == shown(PLAIN).tobytes()


@pytest.mark.parametrize(
    "text",
    ["no base64!", PLAIN + "!", PLAIN[:-3] + "é", "a", "%", f"data:text/html;base64,{PLAIN}"]
    + [f"data:image/png,{PLAIN}", f"data:image/png;base64;{PLAIN}", "\n"],
)
def test_anything_else_is_refused_by_its_field(text):
    with pytest.raises(ApiError) as told:
        concept_of(ConceptBody(image=text), "steering.0")
    assert told.value.param == "steering.0.image"


@pytest.mark.parametrize("text", ["http://example.org/a.png", " HTTPS://example.org/a.png"])
def test_nothing_is_fetched(text):
    with pytest.raises(ApiError, match="fetches nothing"):
        concept_of(ConceptBody(image=text))


def test_a_mask_is_spelt_and_read_as_a_picture_is():
    mask = Image.new("LA", (4, 2), (0, 255))
    mask.putpixel((0, 0), (0, 0))
    sent = encodebytes(in_file(mask, "PNG", **turned(6))).decode()
    text = f"data:image/png;name=m.png;base64,{sent}"
    (found,) = parts_of([Steering(concept="hat", mask=text)])
    assert found.area is not None
    assert found.area.tolist() == [[0, 1], [0, 0], [0, 0], [0, 0]]
