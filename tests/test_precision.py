import pytest
import torch

from hypertransport import precision


@pytest.fixture(params=["AVX2", "AVX512", "DEFAULT"])
def cpu(request, monkeypatch):
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: request.param)
    precision.has_fast_bfloat16.cache_clear()
    yield request.param
    precision.has_fast_bfloat16.cache_clear()


def product() -> torch.dtype:
    return (torch.ones(2, 2) @ torch.ones(2, 2)).dtype


def test_a_cpu_that_only_imitates_bfloat16_computes_in_float32(cpu):
    with precision.autocast("cpu"):
        assert product() == (torch.bfloat16 if cpu == "AVX512" else torch.float32)
    assert product() == torch.float32


def test_what_is_not_wanted_is_not_done(cpu):
    with precision.autocast("cpu", wanted=False):
        assert product() == torch.float32


def test_other_devices_are_taken_at_their_word():
    assert precision.has_fast_bfloat16("mps")
