"""`hypertransport serve`, as a process of its own, and what it says when it cannot serve."""

import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from api_server import GENERATIONS, SECONDS, Client, until
from pipelines import save_steerable

from hypertransport import cli, serving
from hypertransport.extras import install_line
from hypertransport.serving.api_keys import VARIABLE

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
KEY = "a-key-of-the-tests"
SECRET = "an owl nobody may hear of"


def test_at_sigterm_it_answers_what_it_has_accepted_and_ends(tmp_path):
    save_steerable(tmp_path)
    (tmp_path / "keys").write_text(f"# of the tests\n{KEY}\n")
    model = f"--weights={tmp_path}/generator", f"--hypernetwork={tmp_path}/hyper"
    options = "--port=0", "--max-batch=8", "--max-wait=2", f"--api-keys={tmp_path}/keys"
    options += "--allow-host=draw.example.com", "--allow-host=*.example.org"
    command = [sys.executable, "-m", "hypertransport.cli", "serve", *model, *options]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
        ThreadPoolExecutor(1) as pool,
    ):
        client = Client(process.stdout.readline().strip())
        assert client.draw({"prompt": SECRET}).status == 401
        hosts = ("draw.example.com", "a.example.org", "draw.example.org.evil.example")
        assert [client.ask("/health", Host=host).status for host in hosts] == [200, 200, 403]
        drawn = pool.submit(client.draw, {"prompt": SECRET}, Authorization=f"Bearer {KEY}")
        until(lambda: client.metric("hypertransport_queue_length") == 1)
        process.send_signal(signal.SIGTERM)
        (picture,) = drawn.result(SECONDS).pictures
        assert picture.size == (32, 32)
        assert process.wait(SECONDS) == -signal.SIGTERM
    told = (tmp_path / "log").read_text()
    assert f"POST {GENERATIONS} 200" in told
    assert "Traceback" not in told
    assert "owl" not in told


def test_the_command_line_waits_for_nothing_that_serving_needs():
    code = "from hypertransport import cli; cli.build_parser(); import sys; print(*sys.modules)"
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not {*done.stdout.split()} & {"torch", "fastapi", "pydantic", "uvicorn", "starlette"}


def failed(capsys, *arguments: str) -> str:
    """The one line on stderr of a run that fails."""
    assert cli.main(["serve", *arguments]) == 2
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert out == ""
    return line


def test_what_is_wrong_is_said_before_anything_is_loaded(tmp_path, capsys, monkeypatch):
    assert "no hypernetwork ships for dmd2" in failed(capsys, "--model=dmd2")
    assert "max_batch is 65" in failed(capsys, "--max-batch=65")
    assert "max_wait is 61" in failed(capsys, "--max-wait=61")
    assert "missing" in failed(capsys, f"--api-keys={tmp_path}/missing")
    (tmp_path / "empty").write_text("# none\n\n")
    assert "one a line" in failed(capsys, f"--api-keys={tmp_path}/empty")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert "give another --port" in failed(capsys, f"--port={port}")
    monkeypatch.setenv(VARIABLE, "short")
    assert "8 to 200" in failed(capsys)


def test_what_is_no_host_name_is_said_before_anything_is_loaded(capsys):
    assert "without scheme and port" in failed(capsys, "--allow-host=http://draw.example.com")


def test_a_missing_extra_is_named(capsys, monkeypatch):
    for name in ("api", "server"):
        monkeypatch.delattr(serving, name, raising=False)
        monkeypatch.delitem(sys.modules, f"hypertransport.serving.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "fastapi", None)
    assert install_line("serve") in failed(capsys)


@pytest.mark.parametrize(
    "argument", ["--max-batch=0", "--max-wait=-1", "--max-wait=x", "--max-queue=0", "--port=65536"]
)
def test_odd_arguments_are_refused(capsys, argument):
    with pytest.raises(SystemExit) as exit:
        cli.main(["serve", argument])
    assert exit.value.code == 2
    assert argument.split("=")[0] in capsys.readouterr().err
