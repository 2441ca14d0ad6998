from dataclasses import dataclass
from pathlib import Path

import pytest

from hypertransport import toml_files
from hypertransport.errors import ConfigError


@dataclass(frozen=True)
class Garden:
    trees: int
    rivers: int = 0
    heights: tuple[float, ...] = ()
    maps: tuple[Path, ...] = ()
    name: str | None = None
    fence: Path | None = None


@pytest.fixture
def read(tmp_path):
    def read(text: str) -> Garden:
        (tmp_path / "garden.toml").write_text(text)
        return toml_files.load(Garden, tmp_path / "garden.toml", {"rivers"})

    return read


def test_lists_are_tuples_and_what_is_left_out_has_its_default(read, tmp_path):
    garden = read("trees = 3\nheights = [1, 2.5]\nmaps = ['a', 'b/c']\nname = 'Eden'")
    assert garden == Garden(
        3, heights=(1.0, 2.5), maps=(tmp_path / "a", tmp_path / "b/c"), name="Eden"
    )
    assert all(type(height) is float for height in garden.heights)
    assert read("trees = 1\nfence = 'wood'").fence == tmp_path / "wood"


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ("heights = 1.5", "is not a list"),
        ("heights = [1.5, 'a']", "heights = 'a' is not a number"),
        ("heights = [-1]", "heights = -1.0 must be more than 0"),
        ("rivers = -1", "rivers = -1 must be 0 or more"),
        ("name = 4", "is not text"),
        ("fence = ''", "is not text"),
        ("hedge = 4", "unknown fields"),
    ],
)
def test_what_does_not_fit_is_refused(read, line, match):
    with pytest.raises(ConfigError, match=match):
        read(f"trees = 1\n{line}")
