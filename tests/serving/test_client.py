"""Pictures from a server: the same as those drawn here, and one clear line for all that fails."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
from api_server import Client, serving
from PIL import Image
from served import tiny_generator

from hypertransport import cli
from hypertransport.concepts import Picture, Pictures, Words
from hypertransport.errors import ServerError
from hypertransport.generators import load_generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.serving import client as client_module
from hypertransport.serving.api import application
from hypertransport.serving.api_keys import ApiKeys
from hypertransport.serving.client import Server
from hypertransport.serving.engine import EngineSettings
from hypertransport.serving.requests import Request, part
from hypertransport.steer_command import KEY

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
STRENGTHS = [0.0, 0.5, 1.0]
REFERENCE = Image.linear_gradient("L").resize((24, 24)).convert("RGB")


def same(a: Image.Image, b: Image.Image) -> bool:
    """But for rounding: a batch may round otherwise than a single picture."""
    return max(abs(x - y) for x, y in zip(a.tobytes(), b.tobytes(), strict=True)) <= 1


def failed(capsys, *arguments: str) -> str:
    """The one line on stderr of a run that fails, beside the log of a server in this process."""
    assert cli.main(["steer", *arguments]) == 2
    out, err = capsys.readouterr()
    (line,) = (line for line in err.splitlines() if line.startswith("hypertransport: "))
    assert out == ""
    return line


@contextmanager
def answering(reply: bytes, heard: list[bytes] | None = None) -> Iterator[str]:
    """The address of something that answers whatever it is asked with these bytes, once.

    What it was asked is added to `heard`.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            line, _ = listening.accept()
            with line:
                asked = b""
                while not asked.endswith(b"}"):  # all of it: closing before would be a reset
                    if not (more := line.recv(2**16)):
                        return
                    asked += more
                if heard is not None:
                    heard.append(asked)
                with suppress(ConnectionError):
                    line.sendall(reply)

        thread = Thread(target=answer)
        thread.start()
        address = listening.getsockname()
        try:
            yield f"http://127.0.0.1:{address[1]}"
        finally:
            socket.create_connection(address).close()  # if nobody came, it need not wait
            thread.join()


def test_a_server_draws_what_would_be_drawn_here(client, drawn_alone: Callable):
    several = Pictures((REFERENCE, REFERENCE.rotate(90)))
    wanted = [(Words("an owl"), 0.8), (Picture(REFERENCE), -0.5), (several, 0.5)]
    pictures = Server(client.address).draw("a cat", wanted, 3, STRENGTHS)
    for picture, s in zip(pictures, STRENGTHS, strict=True):
        parts = tuple(part(what, s * own) for what, own in wanted)
        assert same(picture, drawn_alone(Request("a cat", 3, parts)))


def test_a_mask_says_where_the_concepts_act(client):
    def drawn(colour: str | None) -> Image.Image:
        mask = colour and Image.new("L", (32, 32), colour)
        return Server(client.address).draw("a cat", [(Words("owl"), 1.0)], 3, [1.0], mask=mask)[0]

    (untouched,) = Server(client.address).draw("a cat", [], 3, [1.0])
    assert same(drawn("white"), drawn(None))
    assert same(drawn("black"), untouched)
    assert not same(drawn("white"), untouched)


def test_the_command_makes_the_same_files_as_without_a_server(client: Client, tmp_path, capsys):
    arguments = ["a cat", "--concept", "owl=0.5", "--strengths", "0,1", "-n", "2"]
    command = ["steer", *arguments, "--server", client.address, "--out"]
    assert cli.main([*command, f"{tmp_path}/"]) == 0
    names = [f"seed-{n}-strength-{s}.png" for n in (7, 8) for s in (0, 1)]
    assert capsys.readouterr() == ("".join(f"{tmp_path}/{name}\n" for name in names), "")
    sent = {"prompt": "a cat", "seed": 8, "steering": [{"concept": "owl", "strength": 0.5}]}
    (expected,) = client.draw(sent).pictures
    with Image.open(tmp_path / names[-1]) as picture:
        assert same(picture, expected)
    REFERENCE.save(tmp_path / "reference.png")
    strip = str(tmp_path / "strip.png")
    assert cli.main([*command, strip, "--image", f"{tmp_path}/reference.png"]) == 0
    with Image.open(strip) as sheet:
        assert sheet.width > sheet.height


def test_what_is_cut_off_is_told_once_each(client: Client, tmp_path, capsys):
    long, out = "red " * 40, ["--out", f"{tmp_path}/a.png", "-n", "2", "--strengths=0,1"]
    command = ["steer", f"{long}door", "--concept", f"{long}hat", "--server", client.address]
    assert cli.main([*command, *out]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "left out" in line]
    assert [line.split()[-4] for line in told] == ["door'", "hat'"]
    assert all(line.startswith("hypertransport: warning: ") for line in told)


@pytest.mark.parametrize("mode", ["F", "I;16", "LA"])
def test_a_mask_of_any_mode_is_sent_as_it_is_seen(client: Client, mode):
    server, whole = Server(client.address), Image.new("L", (8, 8), 255)
    seen = [whole, Image.new("F", (8, 8), 1.0), Image.new("I;16", (8, 8), 65535)]
    mask = next((one for one in seen if one.mode == mode), Image.new("LA", (8, 8), (0, 0)))
    drawn = [server.draw("a cat", [(Words("owl"), 1.0)], 7, [1.0], mask=m) for m in (whole, mask)]
    assert same(drawn[0][0], drawn[1][0])


@pytest.mark.parametrize("calibrated", [(), ("--calibrated",)])
def test_what_speaks_against_it_is_told_as_without_a_server(calibrated, tmp_path, capsys):
    def told(*where: str) -> set[str]:
        concepts = "--concept", "quantum chromodynamics", "--concept", "brick navy=0.5"
        strip = "--strengths", "0,2", "--out", f"{tmp_path}/a.png"
        assert cli.main(["steer", "a crown", *concepts, *strip, *calibrated, *where]) == 0
        lines = capsys.readouterr().err.splitlines()
        return {line for line in lines if line.startswith("hypertransport: warning: ")}

    generator, hyper = load_generator("emojiscape"), HyperTransport.from_pretrained("emojiscape")
    with serving(application(generator, hyper)) as client:
        assert told("--server", f"{client.address}v1") == told()
    assert told()


def test_calibrated_strengths_are_asked_for_and_refused_by_name(client: Client, capsys):
    command = ["a cat", "--server", client.address, "--calibrated"]
    assert "has no calibration; leave calibrated out" in failed(capsys, *command)


def test_who_asks_a_server_does_not_wait_for_torch(client: Client, tmp_path):
    code = "import sys; from hypertransport import cli; assert not cli.main(sys.argv[1:]); "
    code += "print({'torch', 'diffusers', 'transformers', 'numpy'} & {*sys.modules})"
    strip = str(tmp_path / "strip.png")
    command = [sys.executable, "-W", "error", "-c", code, "steer", "--server", client.address]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [*command, "--out", strip], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [strip, "set()"]


@pytest.fixture(scope="module")  # not in a test with capsys, whose stderr the log would keep
def locked(hyper) -> Iterator[Client]:
    """A server that wants a key."""
    settings, keys = EngineSettings(max_batch=4), ApiKeys(["a-key-of-the-tests"])
    with serving(application(tiny_generator(), hyper, settings, keys=keys)) as client:
        yield client


def test_a_key_comes_from_the_environment(locked: Client, tmp_path, capsys, monkeypatch):
    out = f"{tmp_path}/strip.png"
    arguments = ["--strengths", "1", "--out", out, "--server", locked.address]
    assert "refuses: " in failed(capsys, *arguments)
    monkeypatch.setenv(KEY, "a-key-of-the-tests")
    assert cli.main(["steer", *arguments]) == 0
    assert "a-key" not in repr(Server(locked.address, "a-key-of-the-tests"))


def test_what_a_server_refuses_is_said_in_its_own_words(client: Client, tmp_path, capsys):
    arguments = ["--server", client.address, "--out", f"{tmp_path}/strip.png"]
    assert "steering.0.strength" in failed(capsys, *arguments, "--concept", "owl=-11")
    assert "no such model" in failed(capsys, *arguments, "--model", "dmd2")
    assert not (tmp_path / "strip.png").exists()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\n<html>", "answers with no pictures"),
        (b'HTTP/1.0 200 OK\r\n\r\n{"data": [{"b64_json": "AAAA"}]}', "answers with no pictures"),
        (b'HTTP/1.0 200 OK\r\n\r\n{"data": []}', "answers with 0 pictures"),
        (b"HTTP/1.0 404 Not Found\r\n\r\n<html>", "404 Not Found; check the address"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "cannot ask"),
        (b"HTTP/1.0 200 OK\r\n\r\n" + b"[" * 10**6, "answers with no pictures"),
        (b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\nx", "answers with no pictures"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "cannot ask"),
        (b"HTTP/1.0 200 OK\r\nX: " + b"a" * 10**6, "cannot ask"),
        (b"what?\r\n", "cannot ask"),
        (b"", "cannot ask"),
    ],
)
def test_something_that_is_no_such_server_is_named(reply: bytes, told: str):
    with answering(reply) as address, pytest.raises(ServerError, match=told):
        Server(address).draw("a cat", [], 0, [1.0])


@pytest.mark.parametrize("figure", ["NaN", "1e999", '"1"', "true", "[1]"])
def test_figures_that_are_none_are_refused(figure: str):
    reply = f'{{"novelty": {figure}, "gain": null, "limit": 1}}'.encode()
    reply = b"HTTP/1.0 200 OK\r\n\r\n" + reply
    with answering(reply) as address, pytest.raises(ServerError, match="no figures"):
        Server(address).foresee(Words("owl"))


def test_a_refusal_is_one_short_line_whatever_it_holds():
    message = "\\n\\u001b[31m" + "a" * 5000
    reply = f'HTTP/1.0 400 Bad\r\n\r\n{{"error": {{"message": "{message}"}}}}'.encode()
    with answering(reply) as address, pytest.raises(ServerError) as raised:
        Server(address).draw("a cat", [], 0, [1.0])
    assert str(raised.value).isprintable()
    assert address in str(raised.value)
    assert len(str(raised.value)) < 1200


def test_a_long_answer_and_one_that_takes_for_ever_are_given_up(monkeypatch):
    reply = b"HTTP/1.0 200 OK\r\n\r\n" + b" " * 10**6
    for name, value in (("MAX_BYTES", 10**5), ("TOTAL_SECONDS", -1)):
        with monkeypatch.context() as patch, answering(reply) as address:
            patch.setattr(client_module, name, value)
            with pytest.raises(ServerError, match="its answer"):
                Server(address).draw("a cat", [], 0, [1.0])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_and_the_key_stays_here(status: int):
    heard: list[bytes] = []
    with answering(b"HTTP/1.0 200 OK\r\n\r\n", heard) as other:
        head = f"HTTP/1.0 {status} Moved\r\nLocation: {other}/\r\n\r\n".encode()
        with answering(head) as address, pytest.raises(ServerError, match=other):
            Server(address, "a-key-of-the-tests").draw("a cat", [], 0, [1.0])
    assert heard == []


@pytest.fixture
def proxy(monkeypatch) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a proxy that the environment names, and what it was asked."""
    heard: list[bytes] = []
    with answering(b"HTTP/1.0 503 Proxy\r\n\r\n", heard) as address:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, address)
            monkeypatch.setenv(name.upper(), address)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(name, "")
        yield address, heard


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST.", "127.0.0.2", "0.0.0.0"])
@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2", "0.0.0.0", "localhost", "::1"])
def test_this_machine_is_asked_through_no_proxy(proxy, host: str):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ServerError, match="cannot ask"):
        Server(f"http://{host}:{port}", "a-key-of-the-tests").draw("a cat", [], 0, [1.0])
    assert proxy[1] == []


def test_others_are_asked_through_the_proxy_of_the_environment(proxy):
    with pytest.raises(ServerError, match="503 Proxy"):
        Server("http://server.example:8000").draw("a cat", [], 0, [1.0])
    assert proxy[1][0].startswith(b"POST http://server.example:8000/v1/images/generations ")


@pytest.mark.parametrize("proxy", ["ftp://a", "http://[", "socks5://127.0.0.1:1"])
def test_a_proxy_that_is_none_is_told(proxy: str, monkeypatch):
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.setenv("HTTP_PROXY", proxy)
    with pytest.raises(ServerError, match="cannot ask"):
        Server("http://server.example:8000").draw("a cat", [], 0, [1.0])


@pytest.mark.parametrize(
    "address", ["", "localhost:8000", "file:///etc/passwd", "http://", "http://[::1", "http://a:b"]
)
def test_what_is_no_address_is_refused(address: str):
    with pytest.raises(ServerError, match="give one such as"):
        Server(address)


def test_a_key_that_would_break_the_header_is_refused():
    with pytest.raises(ServerError, match="key"):
        Server("http://127.0.0.1:8000", "a\r\nb")


def test_no_server_and_options_of_this_process_are_one_line_each(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    arguments = ["--server", f"http://127.0.0.1:{port}", "--out", f"{tmp_path}/strip.png"]
    assert "start `hypertransport serve`" in failed(capsys, *arguments)
    assert "leave --hypernetwork out" in failed(capsys, *arguments, "--hypernetwork", "a")
    line = failed(capsys, *arguments, "--intervention", "a.safetensors", "--weights", "b")
    assert "leave --weights and --intervention out" in line
