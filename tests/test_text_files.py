"""Text files of all editors, on systems of all locales."""

import ast
import codecs
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hypertransport import catalogue, toml_files
from hypertransport.batch import lines
from hypertransport.errors import CheckpointError, ConfigError
from hypertransport.generators import described
from hypertransport.serving.api_keys import load_keys
from hypertransport.text_files import read_text
from hypertransport.training.prompts import read_prompts
from hypertransport.vocabulary import read_vocabulary

ROOT = Path(__file__).parent.parent
ENCODINGS = {
    "UTF-8": b"",
    "UTF-8 with a mark": codecs.BOM_UTF8,
    "UTF-16 LE": codecs.BOM_UTF16_LE,
    "UTF-16 BE": codecs.BOM_UTF16_BE,
    "UTF-32 LE": codecs.BOM_UTF32_LE,
}
CODECS = {
    "UTF-8": "utf-8",
    "UTF-8 with a mark": "utf-8",
    "UTF-16 LE": "utf-16-le",
    "UTF-16 BE": "utf-16-be",
    "UTF-32 LE": "utf-32-le",
}
TEXT_FILES = {"read_text", "write_text", "open"}


@pytest.fixture(params=ENCODINGS)
def write(request, tmp_path):
    """`write(name, text)`: a file as an editor of one kind or another saves it."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_bytes(ENCODINGS[request.param] + text.encode(CODECS[request.param]))
        return path

    return written


def test_every_reader_takes_every_mark(write):
    assert read_text(write("a.txt", "café\r\n")) == "café\r\n"
    assert read_prompts(write("p.txt", "a café\r\n\r\na dog\r\n")) == ["a café", "a dog"]
    assert described.read(write("g.toml", 'pipeline = "me/café"\r\n'))[0].pipeline == "me/café"
    keys = load_keys(write("k.txt", "# keys\r\n0123456789abcdef\r\n"), {})
    assert keys is not None
    assert keys.allow(b"Bearer 0123456789abcdef")
    row = json.dumps({"prompt": "a café"}, ensure_ascii=False)
    assert lines.read(write("b.jsonl", f"{row}\r\n"))[0].prompt == "a café"
    assert lines.read(write("b.csv", "prompt,seed\r\na café,7\r\n"))[0].prompt == "a café"
    entry = {"name": "café", "kind": "thing", "phrase": "in a café", "split": "train"}
    text = json.dumps([entry], ensure_ascii=False)
    assert catalogue.read(write("c.json", text))[0].name == "café"
    assert read_vocabulary(write("v.json", '["a café"]')) == ("a café",)


@pytest.mark.parametrize("content", [None, b"a\n\xff", b"a\n\0b", b"a" * 99])
def test_what_is_no_text_is_refused_by_its_name(tmp_path, content):
    path = tmp_path / "a.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"cannot read the notes .*a\.txt"):
        read_text(path, CheckpointError, 50, "the notes")
    with pytest.raises(ConfigError, match="cannot read"):
        read_text(tmp_path / ("a" * 10_000))
    with pytest.raises(ConfigError, match="cannot read"):
        toml_files.load(described.Description, tmp_path)


def test_no_text_file_is_of_the_encoding_of_the_locale():
    """As `python -X warn_default_encoding` would say of each, but without running all of it."""
    found = []
    for folder in ("src", "recipes", "integrations", "docs", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [f"{path}:{call.lineno}" for call in ast.walk(tree) if _is_unnamed(call)]
    assert found == []


def _is_unnamed(call: ast.AST) -> bool:
    """Whether it reads or writes a text file whose encoding it does not say."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute | ast.Name):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id
    if name not in TEXT_FILES or any(option.arg == "encoding" for option in call.keywords):
        return False
    arguments = [one.value for one in call.args if isinstance(one, ast.Constant)]
    if name != "open":
        return len(call.args) < (1 if name == "read_text" else 2)
    modes = [one for one in arguments if isinstance(one, str) and not {*one} - {*"rwaxbt+"}]
    builtin = isinstance(call.func, ast.Name)
    return not any("b" in mode for mode in modes) and (builtin or bool(modes))


def test_in_a_locale_without_unicode_files_are_read_and_written_all_the_same(tmp_path):
    (tmp_path / "p.txt").write_text("a café\n", encoding="utf-8")
    code = (
        "from dataclasses import make_dataclass; from pathlib import Path;"
        "from hypertransport.evaluation import records;"
        "from hypertransport.training.prompts import read_prompts;"
        "Prompt = make_dataclass('Prompt', [('text', str)]);"
        "written = [Prompt(text) for text in read_prompts(Path('p.txt'))];"
        "records.write(Path('p.jsonl'), written);"
        "assert records.read(Path('p.jsonl'), Prompt) == written"
    )
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning"]
    subprocess.run([*command, "-c", code], cwd=tmp_path, env={**os.environ, **locale}, check=True)
    assert json.loads((tmp_path / "p.jsonl").read_bytes()) == {"text": "a café"}
