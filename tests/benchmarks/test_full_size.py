"""The measurement itself, on tiny denoisers of the targets' kinds."""

import json
from argparse import ArgumentTypeError
from dataclasses import replace

import pytest
import torch
from pipelines import tiny_pixart, tiny_sdxl

from benchmarks.full_size import measure, size, timed, told
from benchmarks.memory import peak_gib, reset_peak
from benchmarks.random_targets import TARGETS, build, counts, recipe
from docs.full_size_page import section
from hypertransport.errors import GeneratorError
from hypertransport.generators.base import wrap

CPU, META = torch.device("cpu"), torch.device("meta")
PIPELINES = {"dmd2": tiny_sdxl, "nitro": tiny_pixart}
CALL = {"num_inference_steps": 1, "guidance_scale": 0.0}
CALLS = {
    "dmd2": CALL | {"timesteps": [399]},
    "nitro": CALL | {"timesteps": [400], "clean_caption": False, "use_resolution_binning": False},
}
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(params=TARGETS)
def name(request):
    return request.param


@pytest.fixture
def painter(name):
    """The tiny pipeline of a target's kind."""
    patterns = TARGETS[name].patterns
    return wrap(PIPELINES[name](), id=name, patterns=patterns, **CALLS[name])


def shapes(inputs):
    """Shape and dtype of each tensor, without the number of text tokens; nested tables flat."""
    found = {}
    for key, value in inputs.items():
        if isinstance(value, dict):
            found |= shapes(value)
        elif isinstance(value, torch.Tensor):
            shape = [*value.shape]
            if key.startswith("encoder"):
                shape[1] = 0
            found[key] = shape, value.dtype
        else:
            found[key] = value
    return {key: value for key, value in found.items() if value is not None}


def test_inputs_are_of_the_shapes_that_the_pipeline_gives(name, painter):
    expected = painter.record_inputs(["a", "b", "c"], [0, 1, 2])
    pixels = 8 * expected[next(iter(expected))].shape[-1]
    inputs = TARGETS[name].inputs(painter, 3, pixels, 0)
    assert shapes(inputs) == shapes(expected)
    timesteps = inputs["timestep"], expected["timestep"]
    assert torch.equal(*timesteps)


def test_the_full_size_has_the_published_counts(name):
    generator = build(name, META)
    assert next(generator.backbone.parameters()).dtype == torch.bfloat16
    assert torch.get_default_dtype() == torch.float32
    found = counts(generator, TARGETS[name])
    expected = {
        "dmd2": (256, 294_080, 588_160, 2_567_463_684),
        "nitro": (57, 65_664, 131_328, 610_856_096),
    }
    assert tuple(found.values()) == expected[name]


def test_other_counts_are_refused(name, painter):
    with pytest.raises(GeneratorError, match="are published"):
        counts(painter, TARGETS[name])


def test_all_is_measured_and_told(name, painter, capsys):
    config = recipe(name)
    found = measure(painter, TARGETS[name], 64, replace(config, width=8, depth=1, latent_dim=8))
    unsteered, steered, *steps = (figures["values"] for figures in found.values())
    assert len({*unsteered}) == len({*steered}) == 1
    assert unsteered[0] != steered[0]
    for checkpointed, plain in zip(steps[:2], steps[2:], strict=True):
        assert plain[-1] < plain[0]
        assert checkpointed == pytest.approx(plain, rel=1e-4)
    printed, tables = capsys.readouterr().out, page(name, painter, found)
    for what, figures in found.items():
        assert f"{what}  " in printed
        assert f"| {name} | 64 | {what} | {figures['seconds']:.3g} | " in tables


def page(name, painter, found):
    """The tables of a record, which has been a file."""
    target = replace(TARGETS[name], sites=len(painter.sites))
    channels = sum(site.width for site in painter.sites)
    table = counts(painter, replace(target, channels=channels)) | {"pixels": {"64": found}}
    machine = {"hardware": "a machine", "memory_gib": 2.0, "torch": "2", "date": "today"}
    record = machine | {"seed": 0, "rows": 4, "dtype": "bfloat16", "targets": {name: table}}
    return section(json.loads(json.dumps(record)))


def test_the_peak_is_that_of_the_action_alone():
    reset_peak(CPU)
    before = peak_gib(CPU)
    found = timed(lambda: torch.ones(2**26).mean().item(), CPU)
    assert found["values"] == [1.0] * 4
    assert 0.2 < found["peak_gib"] - before < 0.5
    reset_peak(CPU)
    assert peak_gib(CPU) < before + 0.1


def test_what_does_not_fit_is_told():
    def hungry() -> float:
        raise torch.OutOfMemoryError

    assert told(timed(hungry, CPU)) == "does not fit"


def test_what_is_not_finite_is_an_error():
    with pytest.raises(GeneratorError, match="not all finite"):
        timed(lambda: float("nan"), CPU)


def test_sizes_are_what_all_levels_divide():
    assert size("64") == 64
    for text in ("0", "-32", "48"):
        with pytest.raises(ArgumentTypeError, match="multiple of 32"):
            size(text)
