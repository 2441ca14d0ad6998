import pytest

from hypertransport.errors import ConfigError
from hypertransport.serving.api_keys import VARIABLE, ApiKeys, load_keys

FIRST, SECOND = b"Bearer first-key", b"Bearer second-key"


def test_every_key_lets_in_and_nothing_else_does():
    keys = ApiKeys(["first-key", "second-key"])
    for right in (FIRST, SECOND, b"bearer first-key", b"Bearer  first-key "):
        assert keys.allow(right)
    for wrong in (b"", b"Bearer ", b"first-key", b"Bearer first-ke", b"Basic first-key",
                  b"Bearer first-key second-key", b"Bearer \xff"):  # fmt: skip
        assert not keys.allow(wrong)


def test_keys_come_from_a_file_or_else_from_the_environment(tmp_path):
    path = tmp_path / "keys.txt"
    path.write_text("# one a line\n\n first-key \nsecond-key\r\n")
    for keys in (load_keys(path, {}), load_keys(None, {VARIABLE: "first-key, second-key"})):
        assert keys is not None
        assert keys.allow(FIRST)
        assert keys.allow(SECOND)
    only = load_keys(path, {VARIABLE: "third-key"})
    assert only is not None
    assert not only.allow(b"Bearer third-key")
    assert load_keys(None, {}) is None


@pytest.mark.parametrize("text", ["", "# none", "short", "with space", "ümlaut-key", "k" * 201])
def test_no_key_is_no_open_door(tmp_path, text):
    path = tmp_path / "keys.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="one a line"):
        load_keys(path, {})


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xff")
    for name in ("binary", "missing"):
        with pytest.raises(ConfigError, match=name):
            load_keys(tmp_path / name, {})
    with pytest.raises(ConfigError, match="one a line"):
        load_keys(None, {VARIABLE: ""})
