"""Pushed to the hub, and had from it, over HTTP: a server on the loopback stands for the hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from hub_server import COMMIT, TOKEN, Hub, Repository, serving, use
from huggingface_hub import hf_hub_download
from pipelines import save_clip
from published_layouts import files_of
from test_hypernetwork import small_network

from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import CheckpointError
from hypertransport.hub import find_folder, list_files, split_revision
from hypertransport.hypernetwork import HyperTransport
from hypertransport.interventions import AffineMap, Intervention

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
T = Intervention({"a.norm": AffineMap(torch.rand(3) + 1, torch.rand(3))})


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving() as hub:
        use(monkeypatch, hub)
        yield hub


def test_an_intervention_goes_to_the_hub_and_comes_back(hub: Hub, tmp_path: Path) -> None:
    address = T.push_to_hub("name", token=TOKEN, generator="tiny", note={"concept": "mushroom"})
    assert address == f"{hub.url}/user/name/commit/{COMMIT}"
    assert hub.commits == [{"README.md", "intervention.safetensors"}]
    assert b"mushroom" in hub.files["README.md"]
    options = {"token": TOKEN, "cache_dir": tmp_path}
    assert Intervention.from_pretrained("user/name", generator="tiny", **options).equals(T)
    again = {"local_files_only": True, "revision": COMMIT, "cache_dir": tmp_path}
    hub.files.clear()
    assert Intervention.from_pretrained("user/name", **again).equals(T)


def test_a_hypernetwork_goes_to_the_hub_and_comes_back(
    hub: Hub, tmp_path: Path, encoder: ConceptEncoder
) -> None:
    hyper = HyperTransport(small_network(), encoder, "tiny-sdxl")
    hyper.push_to_hub("user/name", token=TOKEN, bits=16)
    assert hub.commits == [{"README.md", "config.json", "model.safetensors"}]
    hub.files["other.bin"] = b"never fetched"
    loaded = HyperTransport.from_pretrained(
        "user/name", encoder=encoder, token=TOKEN, cache_dir=tmp_path
    )
    assert loaded("mushroom").equals(hyper("mushroom"), atol=1e-2)
    assert not list(tmp_path.rglob("other.bin"))


def test_its_encoder_is_looked_for_as_it_is_itself(
    hub: Hub, tmp_path: Path, encoder: ConceptEncoder
) -> None:
    parts = encoder.model, encoder.tokenizer, encoder.image_processor
    hyper = HyperTransport(small_network(), ConceptEncoder(*parts, id="lab/clip"), "tiny-sdxl")
    hyper.save_pretrained(tmp_path / "hyper")
    for options, allowed in (({"local_files_only": True}, set()), ({"token": TOKEN}, {TOKEN})):
        with pytest.raises(CheckpointError, match="lab/clip"):
            HyperTransport.from_pretrained(tmp_path / "hyper", cache_dir=tmp_path, **options)
        asked = {authorization for path, authorization in hub.asked if "lab/clip" in path}
        assert asked == {f"Bearer {token}" for token in allowed}


def test_an_encoder_of_the_hub_is_known_by_the_commit_that_was_loaded(
    hub: Hub, tmp_path: Path
) -> None:
    save_clip(tmp_path / "clip")
    old, new = "a" * 40, "b" * 40
    hub.public["lab/clip"] = Repository(files_of(tmp_path / "clip"), old)
    options = {"cache_dir": tmp_path / "cache"}
    encoder = ConceptEncoder.from_pretrained("lab/clip", **options)
    assert encoder.id == f"lab/clip@{old}"
    hyper = HyperTransport(small_network(), encoder, "tiny-sdxl")
    hyper.save_pretrained(tmp_path / "hyper")
    hub.public["lab/clip"] = Repository(files_of(save_clip(tmp_path / "other", seed=1)), new)
    assert ConceptEncoder.from_pretrained("lab/clip", **options).id == f"lab/clip@{new}"
    again = HyperTransport.from_pretrained(tmp_path / "hyper", **options)
    assert again("mushroom").equals(hyper("mushroom"))
    for source, revision in ((f"lab/clip@{old}", None), ("lab/clip", old)):
        loaded = ConceptEncoder.from_pretrained(source, revision=revision, **options)
        assert loaded.id == encoder.id
    with pytest.raises(CheckpointError, match="lab/clip@v9"):
        ConceptEncoder.from_pretrained("lab/clip@v9", **options)


def test_a_repository_at_a_revision_can_be_named_in_one_word(hub: Hub, tmp_path: Path) -> None:
    T.push_to_hub("name", token=TOKEN, generator="tiny")
    options = {"token": TOKEN, "cache_dir": tmp_path, "generator": "tiny"}
    assert Intervention.from_pretrained(f"user/name@{COMMIT}", **options).equals(T)
    with pytest.raises(CheckpointError, match="user/name"):
        Intervention.from_pretrained("user/name@v9", **options)


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("user/name@v1", ("user/name", "v1")),
        ("user/name@", ("user/name", None)),
        ("user/name", ("user/name", None)),
        ("emojiscape", ("emojiscape", None)),
        ("a/b/c@d", ("a/b/c@d", None)),
        (Path("user/name@v1"), (Path("user/name@v1"), None)),
    ],
)
def test_a_name_is_split_from_its_revision(source: str | Path, parts: tuple) -> None:
    assert split_revision(source) == parts


def test_a_folder_comes_before_a_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "user/name@v1").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert split_revision("user/name@v1") == ("user/name@v1", None)


def test_files_are_listed_without_fetching_any(hub: Hub, tmp_path: Path) -> None:
    files = {"config.json": b"{}", "a/b.bin": b""}
    hub.public["lab/clip"] = Repository(files)
    assert list_files("lab/clip") == [*files]
    assert not hub.fetched("lab/clip")
    assert list_files("lab/clip", "v9") == list_files("lab/none") == list_files("no name/x y") == []
    hf_hub_download("lab/clip", "config.json", cache_dir=tmp_path / "cache")
    hub.public.clear()
    for options in ({}, {"local_files_only": True}):
        assert list_files("lab/clip", cache_dir=tmp_path / "cache", **options) == ["config.json"]
    (tmp_path / "folder/a").mkdir(parents=True)
    (tmp_path / "folder/a/b.bin").touch()
    assert list_files(tmp_path / "folder") == list_files(str(tmp_path / "folder")) == ["a/b.bin"]
    assert list_files(tmp_path / "none") == list_files("none") == []


def test_what_the_hub_refuses_or_lacks_is_a_clear_error(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"cannot push to name .*your token"):
        T.push_to_hub("name", token="hf_wrong", generator="tiny")
    assert hub.commits == []
    with pytest.raises(CheckpointError, match="no folder user/other"):
        Intervention.from_pretrained("user/other", token=TOKEN, cache_dir=tmp_path)


def test_a_repository_with_other_files_is_refused(hub: Hub, tmp_path: Path) -> None:
    hub.files["pytorch_model.bin"] = b"something else"
    with pytest.raises(CheckpointError, match="user/name holds no intervention"):
        Intervention.from_pretrained("user/name", token=TOKEN, cache_dir=tmp_path)


def test_a_folder_that_is_there_comes_before_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    T.save_pretrained(tmp_path / "user" / "name", generator="tiny")
    monkeypatch.chdir(tmp_path)
    assert Intervention.from_pretrained("user/name").equals(T)


@pytest.mark.parametrize("source", ["nothing", "not/on/hub", Path("user/name")])
def test_what_is_no_folder_and_no_repository_is_refused(source: str | Path) -> None:
    with pytest.raises(CheckpointError, match="no thing at"):
        find_folder(source, ("a.json",), "thing")


@pytest.fixture(scope="module")
def encoder() -> ConceptEncoder:
    from pipelines import tiny_clip

    return ConceptEncoder(*tiny_clip(), id="tiny")
