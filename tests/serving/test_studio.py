"""The studio's files over HTTP, its command, and that the bundle is made of its sources."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from api_server import SECONDS, Client, serving
from pipelines import save_steerable
from served import CAT, tiny_generator

from hypertransport.concepts import MAX_WORDS
from hypertransport.serving import schemas
from hypertransport.serving.api import application
from hypertransport.serving.api_keys import ApiKeys
from hypertransport.serving.region_layers import MAX_LAYERS
from hypertransport.serving.studio import TYPES, Studio
from hypertransport.trusted_hosts import TrustedHosts

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
KEY = "a-key-of-the-tests"
ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "studio"
PAGES = ROOT / "src/hypertransport/serving/pages"
MOST = 400_000  # bytes
FILES = {"/": "text/html", "/studio.js": "text/javascript", "/studio.css": "text/css"}


@pytest.fixture(scope="module")
def locked(twin, hyper):
    """A studio that asks for a key."""
    with serving(Studio(application(twin, hyper, keys=ApiKeys([KEY])))) as client:
        yield client


@pytest.mark.parametrize("path", FILES)
def test_the_page_forbids_itself_all_other_hosts(locked, path):
    reply = locked.ask(path)
    assert reply.status == 200
    assert reply.headers["content-type"].startswith(FILES[path])
    policy = dict(
        rule.split(" ", 1) for rule in reply.headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    allowed = {source for sources in policy.values() for source in sources.split()}
    assert allowed <= {"'none'", "'self'", "'unsafe-inline'", "data:", "blob:"}
    assert policy["script-src"] == "'self'"
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_the_page_loads_nothing_but_its_own_files():
    page = (PAGES / "index.html").read_text()
    assert set(re.findall(r'(?:src|href)="([^"]+)"', page)) == {"studio.js", "studio.css", "data:,"}
    assert "url(http" not in (PAGES / "studio.css").read_text()
    assert sum((PAGES / name).stat().st_size for name in TYPES) < MOST


def test_what_has_not_changed_is_not_sent_again_and_small_where_it_may_be(locked):
    first = locked.ask("/studio.js")
    again = locked.ask("/studio.js", **{"If-None-Match": first.headers["etag"]})
    assert (again.status, again.data) == (304, b"")
    packed = locked.ask("/studio.js", **{"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.data) < len(first.data) / 2
    head = locked.ask("/studio.js", method="HEAD")
    assert (head.status, head.data) == (200, b"")


def test_all_else_is_the_api_s_with_its_keys(locked):
    assert locked.draw({"prompt": CAT}).status == 401
    assert locked.draw({"prompt": CAT}, Authorization=f"Bearer {KEY}").status == 200
    for path in ("/index.html", "/studio", "/pages/studio.js", "/studio.js/"):
        assert locked.ask(path, Authorization=f"Bearer {KEY}").error["code"] == "not_found"
    assert locked.ask("/", {"a": 1}).status == 401
    assert "/studio.js" not in locked.ask("/openapi.json").json["paths"]


def test_the_page_is_shown_to_its_own_hosts_alone(hyper, locked):
    for path in FILES:
        for header in ("Host", "Origin"):
            reply = locked.ask(path, **{header: "http://evil.example"[7 * (header == "Host") :]})
            assert (reply.status, reply.error["code"]) == (403, f"{header.lower()}_not_allowed")
    hosts = TrustedHosts(["draw.example.com"])
    own = tiny_generator()  # the others belong to engines that are open
    with serving(Studio(application(own, hyper, hosts=hosts), hosts)) as client:
        there = {"Host": "draw.example.com", "Origin": "https://draw.example.com"}
        assert client.ask("/", **there).status == 200
        assert client.draw({"prompt": CAT}, **there).status == 200


def test_the_command_prints_where_the_page_is_and_serves_both(tmp_path):
    save_steerable(tmp_path)
    model = f"--weights={tmp_path}/generator", f"--hypernetwork={tmp_path}/hyper"
    command = [sys.executable, "-m", "hypertransport.cli", "studio", *model, "--port=0"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        client = Client(process.stdout.readline().strip())
        assert b"hypertransport studio" in client.ask("/").data
        assert client.draw({"prompt": CAT}).pictures[0].size == (32, 32)
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == -signal.SIGTERM


def test_the_bundle_is_made_of_the_sources():
    """By the digest that studio/build.js writes; if not: make studio."""
    names = ["build.js", "package-lock.json", *sorted(SOURCES.glob("src/*"))]
    digest = sha256(b"".join((SOURCES / name).read_bytes() for name in names)).hexdigest()
    assert digest in (PAGES / "studio.js").read_text().splitlines()[0]


def test_the_limits_of_the_page_are_the_server_s():
    state = (SOURCES / "src/state.js").read_text()
    limits = {name: int(most) for name, most in re.findall(r"const MAX_(\w+) = (\d+);", state)}
    assert limits == {
        "CONCEPTS": schemas.MAX_STEERING,
        "REGIONS": MAX_LAYERS,
        "PROMPT": schemas.MAX_PROMPT,
        "WORDS": MAX_WORDS,
    }


def test_notice_names_every_package_of_the_bundle():
    packages = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    notice = (ROOT / "NOTICE").read_text()
    for name in packages[""]["dependencies"]:
        assert name in notice


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="no npm")
def test_building_anew_gives_the_same_bundle(tmp_path):
    folder = tmp_path / "studio"
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns("node_modules"))
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(install, cwd=folder, check=True)
    subprocess.run(["node", "build.js", str(tmp_path / "pages")], cwd=folder, check=True)
    for name in ("studio.js", "studio.css"):
        assert (tmp_path / "pages" / name).read_bytes() == (PAGES / name).read_bytes()
