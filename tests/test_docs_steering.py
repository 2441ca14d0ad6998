"""The snippets of docs/steering.md, one after the other, as a reader would type them."""

import re
from pathlib import Path
from typing import Any

import pytest

import hypertransport as ht

PAGE = Path(__file__).parent.parent / "docs" / "steering.md"
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


def test_snippets_run_and_leave_the_generator_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for snippet in SNIPPETS:
        exec(snippet, names)
    written = ["brick-navy.safetensors", "my-brick", "my-hypernetwork"]
    assert sorted(path.name for path in tmp_path.iterdir()) == written
    drawn = names["generator"]("a bouquet", seed=7).tobytes()
    assert drawn == ht.load_generator("emojiscape")("a bouquet", seed=7).tobytes()
    assert len(SNIPPETS) == 11
