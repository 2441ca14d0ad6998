from pathlib import Path

import pytest
from pipelines import tiny_sdxl

from hypertransport.generators.base import load_pipeline, wrap
from hypertransport.generators.revisions import digest_of, revision_of, weight_files

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_in_the_hubs_cache_it_is_the_commit(tmp_path: Path) -> None:
    snapshot = tmp_path / "models--user--name" / "snapshots" / COMMIT
    for place in (snapshot, snapshot / "unet", snapshot / "model.bin"):
        assert revision_of(place) == COMMIT


def test_elsewhere_it_follows_the_weights_and_nothing_else(tmp_path: Path) -> None:
    def revision(**files: str) -> str | None:
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text)
        return revision_of(tmp_path)

    assert revision(config_json="{}") is None
    one = revision(a_safetensors="1")
    assert one is not None
    assert one == revision(config_json="[]")
    two = revision(b_safetensors="2")
    assert len({one, two, revision(a_safetensors="2", b_safetensors="1")}) == 3


@pytest.mark.parametrize("name", ["missing", "missing.safetensors"])
def test_of_nothing_there_is_none(tmp_path: Path, name: str) -> None:
    assert revision_of(tmp_path / name) is None


def test_weights_are_found_in_and_below_a_folder_and_a_file_is_itself(tmp_path: Path) -> None:
    (tmp_path / "unet").mkdir()
    files = [tmp_path / "b.bin", tmp_path / "unet" / "a.safetensors", tmp_path / "unet" / "c.json"]
    for file in files:
        file.write_text(file.name)
    assert weight_files(tmp_path) == files[:2]
    assert weight_files(files[2]) == files[2:]
    assert weight_files(tmp_path / "missing") == weight_files("user/name") == []
    both = digest_of(files[:2])
    assert both == digest_of(files[:2])
    assert len({both, digest_of(files[:1]), digest_of(files), digest_of([])}) == 4


def test_a_generator_knows_where_its_weights_were_read(tmp_path: Path) -> None:
    pipeline = tiny_sdxl()
    assert wrap(pipeline, id="in memory").revision is None
    pipeline.save_pretrained(tmp_path / "one")
    loaded = wrap(load_pipeline(tmp_path / "one"), id="one")
    assert loaded.revision == revision_of(tmp_path / "one" / "unet")
    (tmp_path / "student.bin").write_bytes(b"weights")
    student = wrap(pipeline, id="student", weights=tmp_path / "student.bin")
    assert student.revision == revision_of(tmp_path / "student.bin") != loaded.revision
