"""Text as long as the longest prompt: the same pictures for less."""

import numpy as np
import pytest
from families import FAMILIES
from pipelines import emojiscape_pipeline, tiny_pixart

from hypertransport.errors import GeneratorError
from hypertransport.generators import emojiscape
from hypertransport.generators.base import wrap
from hypertransport.generators.text_length import short_text

PROMPTS = ["a cat", "a red cat in ink"]
PLAIN = {"num_inference_steps": 1, "guidance_scale": 0.0, "timesteps": [400]}
T5 = {**PLAIN, "clean_caption": False, "use_resolution_binning": False}
# diffusers 0.42 hands numpy a tensor in DPMSolverMultistepScheduler.set_timesteps.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(params=["clip", "t5"])
def generator(request):
    if request.param == "clip":
        return wrap(emojiscape_pipeline(), id="tiny", masks_padding=True, **emojiscape.CALL)
    return wrap(tiny_pixart(), id="tiny", masks_padding=True, **T5)


@pytest.fixture
def lengths(generator):
    """The tokens that its text encoder is given, call by call."""
    seen = []

    def look(module, args, kwargs):
        seen.append(args[0].shape[1])

    handle = generator.pipeline.text_encoder.register_forward_pre_hook(look, with_kwargs=True)
    yield seen
    handle.remove()


def full_length(generator):
    return {"max_sequence_length": generator.defaults.get("max_sequence_length", 300)}


def test_pictures_are_those_of_the_padded_text(generator, lengths):
    short = generator(PROMPTS, [1, 2])
    padded = generator(PROMPTS, [1, 2], **full_length(generator))
    assert lengths[0] < lengths[1] == full_length(generator)["max_sequence_length"]
    for a, b in zip(short, padded, strict=True):
        difference = np.subtract(np.asarray(a, dtype=np.int16), np.asarray(b, dtype=np.int16))
        assert np.abs(difference).max() <= 1


@pytest.mark.filterwarnings("ignore::hypertransport.truncation.TruncationWarning")
def test_no_negative_prompt_is_cut_either(generator):
    long = " ".join(["a red cat in ink"] * 4)
    for negative in (long, [long] * 2):
        options = {"guidance_scale": 3.0, "negative_prompt": negative}
        short = generator(PROMPTS, [1, 2], **options)
        padded = generator(PROMPTS, [1, 2], **options, **full_length(generator))
        for a, b in zip(short, padded, strict=True):
            difference = np.subtract(np.asarray(a, dtype=np.int16), np.asarray(b, dtype=np.int16))
            assert np.abs(difference).max() <= 1


def test_pipelines_that_take_text_in_another_way_are_refused():
    sdxl = next(family for family in FAMILIES if family.name == "Stable Diffusion XL")
    for family in (sdxl, next(family for family in FAMILIES if family.name == "Sana")):
        with pytest.raises(GeneratorError, match="leave masks_padding out"):
            wrap(family.generator().pipeline, id="tiny", masks_padding=True)


def test_no_prompt_is_cut(generator):
    tokenizer = generator.pipeline.tokenizer
    for prompts in ([PROMPTS[0]], PROMPTS, [PROMPTS[1]]):
        length = short_text(generator.pipeline, prompts, generator.defaults)["max_sequence_length"]
        longest = max(len(ids) for ids in tokenizer(prompts)["input_ids"])
        assert longest <= length < longest + 8


def test_none_is_longer_than_the_pipeline_allows(generator):
    endless = " ".join(["cat"] * 500)
    found = short_text(generator.pipeline, [endless], generator.defaults)
    assert found == full_length(generator)


def test_recorded_inputs_all_have_one_length(generator):
    a, b = (generator.record_inputs(prompt, 0) for prompt in PROMPTS)
    assert a["encoder_hidden_states"].shape == b["encoder_hidden_states"].shape


def test_a_pipeline_of_ones_own_is_called_as_it_was(lengths, generator):
    own = wrap(generator.pipeline, id="own", **generator.defaults)
    np.testing.assert_equal(own("a cat").size, generator("a cat").size)
    assert lengths[0] == full_length(generator)["max_sequence_length"] > lengths[1]


def test_compiled_code_keeps_one_length(generator, lengths, monkeypatch):
    backbone = generator.backbone
    monkeypatch.setattr(backbone, "_compiled_call_impl", backbone._call_impl)
    generator("a cat")
    assert lengths == [full_length(generator)["max_sequence_length"]]
