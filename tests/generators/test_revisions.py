from pathlib import Path

import pytest
from pipelines import tiny_sdxl

from hypertransport.generators.base import load_pipeline, wrap
from hypertransport.generators.revisions import digest_of, revision_of, same_weights, weight_files

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_in_the_hubs_cache_it_is_the_commit_and_the_file(tmp_path: Path) -> None:
    snapshot = tmp_path / "models--user--name" / "snapshots" / COMMIT
    for folder in (snapshot, snapshot / "unet"):
        assert revision_of(folder) == COMMIT
    for name in ("one.bin", "four.bin", "unet/model.safetensors"):
        assert revision_of(snapshot / name) == f"{COMMIT}/{name}"


def test_revisions_are_the_same_or_not_or_too_little_was_recorded() -> None:
    other = COMMIT[::-1]
    for one in (COMMIT, f"{COMMIT}/a.bin", "sha256:0123", "made up"):
        assert same_weights(one, one)
    for one in (other, f"{other}/a.bin", f"{COMMIT}/b.bin", "sha256:0123", "made up"):
        assert same_weights(one, f"{COMMIT}/a.bin") is same_weights(f"{COMMIT}/a.bin", one) is False
    assert same_weights(COMMIT, f"{COMMIT}/a.bin") is None  # as older versions recorded it
    assert same_weights(f"{COMMIT}/a.bin", COMMIT) is None


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
