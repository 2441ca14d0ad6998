import pytest
import torch

from hypertransport import precision
from hypertransport.errors import ConfigError

INSTRUCTIONS = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")


@pytest.fixture(params=[None, *INSTRUCTIONS])
def cpu(request, monkeypatch):
    """The one kind of instruction for bfloat16 that a CPU has, or none; nothing is forced."""
    monkeypatch.delenv(precision.VARIABLE, raising=False)
    for name in INSTRUCTIONS:
        monkeypatch.setattr(torch.cpu, name, lambda name=name: name == request.param)
    precision.has_fast_bfloat16.cache_clear()
    yield request.param
    precision.has_fast_bfloat16.cache_clear()


def product() -> torch.dtype:
    return (torch.ones(2, 2) @ torch.ones(2, 2)).dtype


def test_a_cpu_that_only_imitates_bfloat16_computes_in_float32(cpu):
    with precision.autocast("cpu"):
        assert product() == (torch.bfloat16 if cpu else torch.float32)
    assert product() == torch.float32


def test_what_is_not_wanted_is_not_done(cpu):
    with precision.autocast("cpu", wanted=False):
        assert product() == torch.float32


@pytest.mark.parametrize("forced", ["0", "1"])
def test_the_environment_overrules_what_the_cpu_has(cpu, forced, monkeypatch):
    monkeypatch.setenv(precision.VARIABLE, forced)
    with precision.autocast("cpu"):
        assert product() == (torch.bfloat16 if forced == "1" else torch.float32)
    with precision.autocast("cpu", wanted=False):
        assert product() == torch.float32


@pytest.mark.parametrize("value", ["2", "true", " "])
def test_an_environment_that_says_neither_is_refused(value, monkeypatch):
    monkeypatch.setenv(precision.VARIABLE, value)
    with pytest.raises(ConfigError, match=r"HYPERTRANSPORT_BF16 is .*set it to 0"):
        precision.autocast("cpu")


def test_an_empty_variable_leaves_it_to_the_cpu(cpu, monkeypatch):
    monkeypatch.setenv(precision.VARIABLE, "")
    assert precision.uses_bfloat16("cpu") == bool(cpu)


def test_other_devices_are_taken_at_their_word():
    assert precision.has_fast_bfloat16("mps")
