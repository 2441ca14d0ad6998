"""Numbers of 8 bits in the folder of a hypernetwork; tests/test_hypernetwork.py has the rest."""

import json
from hashlib import sha256

import pytest
import safetensors.torch
import torch

from hypertransport.errors import CheckpointError
from hypertransport.hypernetwork_files import LARGE, WEIGHTS, Header, read, write

# A unit for each column would make a matrix of any size of a vector.
ODD = [torch.ones(3, 1), torch.ones(1, 64), torch.ones(64), torch.full((64, 1), torch.nan)]
HEADER = Header("tiny", "tiny-clip", {})


@pytest.fixture
def state():
    torch.manual_seed(0)
    rows = torch.randn(64, LARGE // 64) * torch.logspace(-6, 3, 64)[:, None]  # of any size
    rows[3] = 0
    return {"large": rows, "small": torch.randn(4, 3), "vector": torch.randn(LARGE)}


def written(folder, state, bits):
    write(folder, HEADER, state, {}, bits)
    return read(folder)[1]


def test_in_8_bits_a_number_is_off_by_half_a_unit_of_its_row_at_most(state, tmp_path):
    loaded = written(tmp_path, state, 8)
    unit = state["large"].abs().amax(-1, keepdim=True) / 127
    assert ((loaded["large"] - state["large"]).abs() <= 0.5001 * unit).all()
    assert (loaded["large"][3] == 0).all()


def test_only_large_matrices_are_stored_in_8_bits(state, tmp_path):
    loaded = written(tmp_path, state, 8)
    for name in ("small", "vector"):
        assert loaded[name].equal(state[name].half().float())
    assert (tmp_path / WEIGHTS).stat().st_size < 1.1 * (LARGE + 4 * 64 + 2 * LARGE + 24)


def test_what_was_read_in_8_bits_is_written_the_same_again(state, tmp_path):
    once = written(tmp_path / "once", state, 8)
    again = written(tmp_path / "again", once, 8)
    assert all(torch.allclose(again[name], once[name], rtol=1e-6) for name in state)


@pytest.mark.parametrize("bits", [0, 4, 64])
def test_other_numbers_of_bits_are_refused_before_anything_is_written(state, tmp_path, bits):
    with pytest.raises(ValueError, match="give one of 32, 16, 8"):
        write(tmp_path / "new", HEADER, state, {}, bits)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("unit", [None, *ODD])
def test_int8_without_units_that_fit_is_refused(state, tmp_path, unit):
    write(tmp_path, HEADER, state, {}, 8)
    tensors = safetensors.torch.load_file(tmp_path / WEIGHTS)
    del tensors["large.unit"]
    data = safetensors.torch.save(tensors | ({} if unit is None else {"large.unit": unit}))
    (tmp_path / WEIGHTS).write_bytes(data)
    config = json.loads((tmp_path / "config.json").read_text())
    config["weights_sha256"] = sha256(data).hexdigest()
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match=r"units|not finite"):
        read(tmp_path)
