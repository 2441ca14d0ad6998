"""Law 8: what is saved is loaded bit for bit, atomically; every hostile file is refused."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from hypertransport import intervention_files
from hypertransport.errors import InterventionError
from hypertransport.interventions import AffineMap, Intervention

T = Intervention(
    {
        name: AffineMap(torch.rand(2, 3) + 1, torch.randn(2, 3, dtype=torch.float32))
        for name in ("z.norm", "a.norm")
    }
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "mushroom.safetensors"
    T.save(path, generator="tiny", note={"concept": "mushroom"})
    return path


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("row", [None, 1])
def test_round_trip_is_bitwise(tmp_path: Path, dtype: torch.dtype, row: int | None) -> None:
    value = (T if row is None else T[row]).to(dtype=dtype)
    value.save(tmp_path / "x.safetensors", generator="tiny")
    loaded = Intervention.load(tmp_path / "x.safetensors", generator="tiny")
    assert loaded.equals(value)
    assert list(loaded.maps) == list(value.maps)


def test_the_bytes_are_a_file_as_it_is_saved(saved: Path, tmp_path: Path) -> None:
    """But for the order of its metadata, which safetensors leaves to chance."""
    sent = tmp_path / "sent.safetensors"
    sent.write_bytes(T.to_bytes(generator="tiny", note={"concept": "mushroom"}))
    assert Intervention.load(sent, generator="tiny").equals(T)
    assert intervention_files.read(sent)[0] == intervention_files.read(saved)[0]


def test_views_and_values_with_gradients_can_be_saved(tmp_path: Path) -> None:
    flat = torch.ones(2, 6, requires_grad=True).split(3, -1)
    view = Intervention({"a": AffineMap(*flat)})
    view.save(tmp_path / "x.safetensors", generator="tiny")
    assert Intervention.load(tmp_path / "x.safetensors").equals(view)


def test_header_tells_what_the_file_is(saved: Path) -> None:
    header, _ = intervention_files.read(saved)
    assert header == ("tiny", ("z.norm", "a.norm"), {"concept": "mushroom"}, None)
    T.save(saved, generator="tiny", generator_revision="c0ffee")
    assert intervention_files.read(saved)[0].generator_revision == "c0ffee"


def test_a_file_of_version_1_is_read() -> None:
    golden = Path(__file__).parent / "golden" / "intervention-1.safetensors"
    header, values = intervention_files.read(golden)
    assert header == ("tiny-sdxl", ("a.norm", "b.norm"), {"concept": "linspace"}, None)
    assert [scale.shape for scale, _ in values.values()] == [(6,), (4,)]


def test_a_folder_holds_the_file_and_a_card(tmp_path: Path) -> None:
    T.save_pretrained(tmp_path / "new", generator="tiny", note={"concept": "mushroom"})
    assert sorted(os.listdir(tmp_path / "new")) == ["README.md", "intervention.safetensors"]
    assert "| concept | mushroom |" in (tmp_path / "new" / "README.md").read_text()
    assert Intervention.from_pretrained(tmp_path / "new", generator="tiny").equals(T)
    with pytest.raises(InterventionError, match="made for 'tiny'"):
        Intervention.from_pretrained(tmp_path / "new", generator="dmd2")


def test_saving_is_atomic(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        T.at(0).save(saved, generator="tiny")
    assert Intervention.load(saved).equals(T)
    assert os.listdir(saved.parent) == [saved.name]


def test_another_generator_is_refused(saved: Path) -> None:
    with pytest.raises(InterventionError, match="made for 'tiny'"):
        Intervention.load(saved, generator="dmd2")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InterventionError, match="cannot read"):
        Intervention.load(tmp_path / "nothing.safetensors")


@pytest.mark.parametrize("size", [0, 4, 200, -1])
def test_truncated_file_is_refused(saved: Path, size: int) -> None:
    saved.write_bytes(saved.read_bytes()[:size])
    with pytest.raises(InterventionError, match="cannot read"):
        Intervention.load(saved)


def test_pickle_is_refused(tmp_path: Path) -> None:
    torch.save(dict(T.maps), tmp_path / "x.safetensors")
    with pytest.raises(InterventionError, match="cannot read"):
        Intervention.load(tmp_path / "x.safetensors")


Tensors: TypeAlias = dict[str, Tensor]
Metadata: TypeAlias = dict[str, str]


def wrong_type(tensors: Tensors, _: Metadata) -> None:
    tensors.update({"a.norm.scale": torch.ones(2, 3).int(), "a.norm.shift": torch.ones(2, 3).int()})


def eight_bits(tensors: Tensors, _: Metadata) -> None:
    tensors.update({name: value.to(torch.float8_e4m3fn) for name, value in tensors.items()})


HOSTILE: dict[str, tuple[Callable[[Tensors, Metadata], object], str]] = {
    "extra tensor": (lambda t, _: t.update(x=torch.ones(1)), "should not have, x"),
    "missing tensor": (lambda t, _: t.pop("a.norm.shift"), r"a\.norm\.shift"),
    "integers": (wrong_type, "int32"),
    "mixed types": (lambda t, _: t.update({"a.norm.scale": torch.ones(2, 3).half()}), "float16"),
    "wrong width": (lambda t, _: t.update({"a.norm.scale": torch.ones(2, 4)}), r"\(2, 4\)"),
    "wrong rank": (lambda t, _: t.update({"a.norm.scale": torch.tensor(1.0)}), r"\(\)"),
    "not finite": (lambda t, _: t["a.norm.scale"].fill_(torch.nan), "not finite"),
    "newer version": (lambda _, m: m.update(version="3"), "version 3"),
    "no revision": (lambda _, m: m.pop("generator_revision"), "metadata are damaged"),
    "no version": (lambda _, m: m.pop("version"), "version None"),
    "another format": (lambda _, m: m.update(format="pt"), "not an intervention"),
    "no metadata": (lambda _, m: m.clear(), "not an intervention"),
    "sites not JSON": (lambda _, m: m.update(sites="[oops"), "metadata are damaged"),
    "sites a number": (lambda _, m: m.update(sites="7"), "metadata are damaged"),
    "no generator": (lambda _, m: m.pop("generator"), "metadata are damaged"),
    "sites nested": (lambda _, m: m.update(sites="[" * 10**5), "metadata are damaged"),
    "a site twice": (lambda _, m: m.update(sites=json.dumps(json.loads(m["sites"]) * 2)), "twice"),
    "floats of 8 bits": (eight_bits, "float8_e4m3fn"),
    "no sites": (lambda _, m: m.update(sites="[]"), "should not have"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused(saved: Path, name: str) -> None:
    spoil, message = HOSTILE[name]
    with safe_open(saved, "pt") as file:
        metadata, tensors = dict(file.metadata()), {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118
    tensors = {key: value.clone() for key, value in tensors.items()}
    spoil(tensors, metadata)
    save_file(tensors, saved, metadata)
    with pytest.raises(InterventionError, match=message):
        Intervention.load(saved)
