"""Commands whose standard streams are missing, full, closed early, or of a small encoding."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pipelines import save_steerable

from hypertransport import cli
from hypertransport.standard_streams import PRINTABLE, StandardStream, standard_streams

LOST = "standard output cannot be written (No space left on device)"
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has /dev/full")


def run(shell: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess:
    """Run a command as `"$@"` of a shell's line."""
    command = [sys.executable, "-m", "hypertransport.cli", *map(str, arguments)]
    known = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | environment
    return subprocess.run(
        ["sh", "-c", shell, "sh", *command], capture_output=True, env=known, check=False
    )


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> list[str]:
    folder = tmp_path_factory.mktemp("tiny")
    save_steerable(folder)
    return ["--weights", f"{folder}/generator", "--hypernetwork", f"{folder}/hyper"]


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize("arguments", [["models"], ["--help"]])
def test_a_missing_stream_is_no_error(closed, arguments):
    done = run(f'"$@" {closed}', *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_errors_do_not_turn_up_on_standard_output():
    done = run('"$@" 2>&-', "steer", " ")
    assert (done.returncode, done.stdout) == (2, b"")


@FULL
@pytest.mark.parametrize(
    "arguments", [["models"], ["concepts"], ["--help"], ["--version"], ["steer", "--help"]]
)
def test_a_full_disk_behind_it_is_one_line_and_a_2(arguments):
    done = run('"$@" > /dev/full', *arguments)
    (line,) = done.stderr.decode().splitlines()
    assert (done.returncode, LOST in line) == (2, True)


@FULL
def test_the_exit_code_alone_tells_where_both_streams_are_full():
    done = run('"$@" > /dev/full 2> /dev/full', "models")
    assert (done.returncode, done.stderr) == (2, b"")


@FULL
def test_an_error_of_the_command_is_told_first():
    done = run('"$@" > /dev/full', "concepts", "--kind", "none")
    assert done.returncode == 2
    assert b"has no kind 'none'" in done.stderr


@pytest.mark.parametrize("shell", ['"$@" >&-', '"$@" | :', '"$@" > /dev/full || test $? = 2'])
def test_the_work_is_finished_whatever_becomes_of_the_output(shell, model, tmp_path):
    out = tmp_path / "pictures"
    done = run(shell, "steer", "a cat", "--strengths", "0,0.5,1", *model, "--out", f"{out}/")
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert len(list(out.iterdir())) == 3


@pytest.mark.parametrize(
    ("encoding", "printed"),
    [("ascii", b"caf\\xe9\\u65e5"), ("latin-1", b"caf\xe9\\u65e5"), ("utf-8", "café日".encode())],
)
def test_a_small_encoding_escapes_what_it_lacks(encoding, printed, model, tmp_path):
    out = tmp_path / "café日.png"
    arguments = ["steer", "a cat", "--strengths", "1", *model, "--out", out]
    done = run('"$@"', *arguments, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == os.fsencode(tmp_path) + b"/" + printed + b".png\n"
    assert out.exists()


def written(text: str, encoding: str) -> bytes:
    data = io.BytesIO()
    stream = io.TextIOWrapper(data, encoding=encoding, errors=PRINTABLE, newline="")
    stream.write(text)
    stream.flush()
    return data.getvalue()


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "cp1252"])
def test_bytes_of_file_names_pass_as_they_are(encoding):
    name = os.fsdecode(b"caf\xe9.png")
    assert written(name, encoding) == b"caf\xe9.png"


@pytest.mark.parametrize(
    "encoding", ["ascii", "utf-8", "cp1252", "utf-16-le", "utf-32-le", "koi8-r"]
)
def test_every_character_can_be_written(encoding):
    text = "".join(map(chr, [*range(0x80, 0x3000, 7), *range(0xD7F0, 0xE010), 0x1F600]))
    assert written(text, encoding)


def test_a_stream_that_failed_is_not_tried_again():
    class Full(io.StringIO):
        tries = 0

        def write(self, text):
            self.tries += 1
            raise OSError(28, "No space left on device")

    full = Full()
    stream = StandardStream(full)
    assert [stream.write("four"), stream.write("")] == [4, 0]
    stream.flush()
    assert full.tries == 1
    assert stream.failure.errno == 28


def test_streams_and_their_error_handling_are_put_back(monkeypatch):
    output = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    monkeypatch.setattr(sys, "stdout", output)
    monkeypatch.setattr(sys, "stderr", None)
    with standard_streams() as stream:
        assert stream is sys.stdout
        print("é")
        print("nowhere", file=sys.stderr)
    assert (sys.stdout, sys.stderr) == (output, None)
    assert output.errors == "strict"
    assert output.buffer.getvalue() == b"\\xe9\n"


def test_foreign_errors_of_the_system_are_one_line(monkeypatch, capsys):
    def full(chosen):
        raise OSError(28, "No space left on device", "/a/page.html")

    monkeypatch.setitem(cli.COMMANDS, "models", full)
    assert cli.main(["models"]) == 2
    assert capsys.readouterr().err == "hypertransport: No space left on device: /a/page.html\n"


def test_a_library_that_lacks_a_package_is_told_with_its_advice(monkeypatch, capsys):
    def lacking(chosen):
        raise ImportError("\nSiglipTokenizer requires the SentencePiece library\nmore")

    monkeypatch.setitem(cli.COMMANDS, "models", lacking)
    assert cli.main(["models"]) == 2
    assert "requires the SentencePiece library)" in capsys.readouterr().err


def test_an_import_of_our_own_that_fails_is_a_fault_of_ours(monkeypatch):
    def broken(chosen):
        raise ModuleNotFoundError("No module", name="hypertransport.nothing")

    monkeypatch.setitem(cli.COMMANDS, "models", broken)
    with pytest.raises(ModuleNotFoundError):
        cli.main(["models"])
