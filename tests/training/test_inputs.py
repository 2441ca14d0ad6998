"""Inputs of the backbone: rows taken and joined are the rows recorded."""

import pytest
import torch
from families import FAMILIES
from pipelines import tiny_pixart, tiny_sdxl

from hypertransport.errors import GeneratorError
from hypertransport.generators.base import Generator, wrap
from hypertransport.training.activations import activations
from hypertransport.training.inputs import Inputs, record_bank

ONE_STEP = {"num_inference_steps": 1, "guidance_scale": 0.0}


@pytest.fixture(scope="module")
def pixart() -> Generator:
    options = {"clean_caption": False, "use_resolution_binning": False, **ONE_STEP}
    return wrap(tiny_pixart(), id="tiny-pixart", timesteps=[400], **options)


# diffusers 0.42 hands numpy a tensor in DPMSolverMultistepScheduler.set_timesteps.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("family", ["generator", "pixart"])
def test_a_bank_of_many_calls_is_that_of_one_row_by_row(family, request):
    generator = request.getfixturevalue(family)
    prompts, seeds = list("abcde"), range(5)
    whole = activations(generator, generator.record_inputs(prompts, list(seeds)), "mean")
    bank = record_bank(generator, prompts, seeds, batch=2)
    torch.testing.assert_close(activations(generator, bank, "mean"), whole)
    rows = torch.tensor([3, 0, 3])  # PixArt has a timestep per row, SDXL one for all
    torch.testing.assert_close(activations(generator, bank.take(rows), "mean"), whole[rows])
    again = Inputs.join([bank.take(rows), bank.take(rows[:1])])
    torch.testing.assert_close(activations(generator, again, "mean"), whole[[3, 0, 3, 3]])


def test_a_bank_may_be_larger_than_what_the_pipeline_takes_at_once(generator):
    bank = record_bank(generator, ["a"] * 65, range(65))
    assert len(bank["sample"]) == 65
    assert not bank["sample"].requires_grad


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_text_of_a_bank_is_as_long_as_its_longest_where_padding_is_masked(pixart):
    short = wrap(pixart.pipeline, id="short", masks_padding=True, **pixart.defaults)
    prompts, seeds = ["a cat", "a red cat in ink", "a"], range(3)
    bank, padded = (record_bank(g, prompts, seeds, batch=2) for g in (short, pixart))
    assert len(bank["encoder_hidden_states"][0]) < len(padded["encoder_hidden_states"][0])
    found, expected = (activations(pixart, inputs, "mean") for inputs in (bank, padded))
    torch.testing.assert_close(found, expected)
    others = [" ".join(["cat"] * 20)]
    longer = record_bank(short, others, [3])
    whole = Inputs.join([record_bank(short, prompts, seeds, as_long_as=others), longer])
    torch.testing.assert_close(activations(pixart, whole, "mean")[:3], expected)


@pytest.mark.parametrize("family", FAMILIES, ids=[family.name for family in FAMILIES])
@pytest.mark.filterwarnings("ignore:`FluxPosEmbed` is deprecated:FutureWarning")
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_rows_that_are_taken_are_those_recorded_alone_in_every_family(family):
    """With as many rows as FLUX has positions, which all of them share."""
    generator = family.generator()
    unguided = {name: 0.0 for name in generator.defaults if name == "guidance_scale"}
    generator = wrap(generator.pipeline, id=family.name, **{**generator.defaults, **unguided})
    prompts, seeds = [f"a {letter}" for letter in "abcdefghijklmnop"], range(16)
    bank = record_bank(generator, prompts, seeds, batch=9)
    rows = torch.tensor([3, 12, 3])
    own = record_bank(generator, [prompts[i] for i in rows], [seeds[i] for i in rows])
    wanted = activations(generator, own, "mean")
    torch.testing.assert_close(activations(generator, bank.take(rows), "mean"), wanted)
    again = Inputs.join([bank.take(rows[:1]), bank.take(rows[1:])])
    torch.testing.assert_close(activations(generator, again, "mean"), wanted)


def test_guidance_is_refused():
    guided = wrap(tiny_sdxl(), id="guided", timesteps=[399], num_inference_steps=1)
    with pytest.raises(GeneratorError, match="guided runs 4 rows for 2 prompts"):
        record_bank(guided, ["a", "b"], [0, 1])
