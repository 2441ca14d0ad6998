"""The examples of docs/serving.md, asked of a server."""

import json
import re
from pathlib import Path

import pytest
from api_server import GENERATIONS, serving
from PIL import Image
from pipelines import tiny_clip
from served import random_hyper, tiny_generator

from hypertransport import connections, request_parsing
from hypertransport.connections import HEAD_SECONDS
from hypertransport.encoders import ConceptEncoder
from hypertransport.serving import gate, images, schemas
from hypertransport.serving.api import application
from hypertransport.serving.pictures import MAX_PIXELS

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
PAGE = (Path(__file__).parent.parent / "docs" / "serving.md").read_text()
ADDRESS = "http://127.0.0.1:8000/"


def test_the_examples_draw(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").mkdir()
    Image.new("RGB", (8, 8), "red").save("examples/reference.png")
    (snippet,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (path, sent), *more = re.findall(rf"curl {ADDRESS}(\S+) .*?-d '(.*?)'", PAGE, re.DOTALL)
    assert (f"/{path}", more) == (GENERATIONS, [])
    generator = tiny_generator()
    hyper = random_hyper(generator, ConceptEncoder(*tiny_clip(), id="tiny"))
    with serving(application(generator, hyper)) as client:
        exec(snippet.replace(ADDRESS, client.address), {})
        assert len(client.draw(json.loads(sent)).pictures) == 2
    names = sorted(path.name for path in tmp_path.glob("*.png"))
    assert names == ["7 0.0.png", "7 0.5.png", "7 1.0.png"]


def test_the_limits_are_those_of_the_code():
    for limit in (
        f"{schemas.MAX_PROMPT:,} characters",
        f"1 to {schemas.MAX_N},",
        f"at most {schemas.MAX_STRENGTHS};",
        f"at most {schemas.MAX_STEERING} concepts",
        f"from -{schemas.MAX_STRENGTH:g} to {schemas.MAX_STRENGTH:g}",
        f"at most {gate.MAX_BODY // 2**20} MiB",
        f"head of a request comes within {HEAD_SECONDS:g} s",
        f"within {gate.BODY_SECONDS:g} s more",
        f"{MAX_PIXELS // 10**6} million pixels",
        f"at most {images.MAX_PICTURES} pictures",
        f"(at most {request_parsing.MAX_HEAD // 2**10} KiB)",
        f"{gate.MAX_VALUES:,} values",
        f"at least {connections.MIN_SENT // 2**10} KiB of its reply every "
        f"{connections.SEND_SECONDS:g} s",
        f"have {connections.MAX_UNSENT // 2**20} MiB at most",
        f"rest for {connections.LINGER_SECONDS:g} s ({connections.MAX_DISCARDED // 2**20} MiB",
        f"at most {connections.MAX_CONNECTIONS} connections beyond",
        f"of which {connections.RESERVED} are kept free",
        f"more than {request_parsing.FREE_PIECES:,} pieces of fewer than "
        f"{request_parsing.MEAN_PIECE} bytes",
    ):
        assert limit in PAGE
