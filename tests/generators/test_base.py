import pytest
import torch
from families import FAMILIES
from pipelines import PIXELS, tiny_pixart, tiny_sdxl

import hypertransport as ht
from hypertransport.errors import GeneratorError
from hypertransport.generators.base import wrap
from hypertransport.interventions import Intervention
from hypertransport.steering import attach, steer

ONE_STEP = {"num_inference_steps": 1, "guidance_scale": 0.0}
# diffusers 0.42 hands numpy a tensor in DPMSolverMultistepScheduler.set_timesteps.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def sdxl():
    return wrap(tiny_sdxl(), id="tiny-sdxl", timesteps=[399], **ONE_STEP)


@pytest.fixture(scope="module")
def pixart():
    options = {"clean_caption": False, "use_resolution_binning": False, **ONE_STEP}
    return wrap(tiny_pixart(), id="tiny-pixart", timesteps=[400], **options)


@pytest.fixture(params=["sdxl", "pixart"])
def generator(request):
    return request.getfixturevalue(request.param)


def tensor(image) -> torch.Tensor:
    return torch.tensor(list(image.tobytes()), dtype=torch.float32)


def assert_same(a, b):
    """The same picture, but for rounding: a batch adds in another order than a row alone."""
    assert (tensor(a) - tensor(b)).abs().max() <= 1


def random_intervention(generator, rows, seed=0) -> Intervention:
    torch.manual_seed(seed)
    width = sum(site.width for site in generator.sites)
    shape = (width,) if rows is None else (rows, width)
    scale, shift = 1 + 0.2 * torch.randn(shape), 0.2 * torch.randn(shape)
    return Intervention.from_flat(generator.sites, scale, shift)


def test_a_prompt_and_a_seed_give_a_picture_and_lists_give_lists(generator):
    image = generator("a cat", 3)
    assert image.size == (PIXELS, PIXELS)
    for prompt, seed in ((["a cat"], 3), ("a cat", [3]), (("a cat",), (3,))):
        (same,) = generator(prompt, seed)
        assert same.tobytes() == image.tobytes()


def test_prompt_and_seed_decide_the_picture(generator):
    image = generator("a cat", 3)
    assert generator("a cat", 3).tobytes() == image.tobytes()
    assert generator("a dog", 3).tobytes() != image.tobytes()
    assert generator("a cat", 4).tobytes() != image.tobytes()


def test_each_row_of_a_batch_is_what_it_is_alone(generator):
    prompts, seeds = ["a cat", "a dog", "a cat"], [3, 3, 5]
    for image, prompt, seed in zip(generator(prompts, seeds), prompts, seeds, strict=True):
        assert_same(image, generator(prompt, seed))


def test_one_prompt_goes_with_every_seed_and_one_seed_with_every_prompt(generator):
    for image, seed in zip(generator("a cat", [1, 2]), [1, 2], strict=True):
        assert_same(image, generator("a cat", seed))
    for image, prompt in zip(generator(["a cat", "a dog"], 1), ["a cat", "a dog"], strict=True):
        assert_same(image, generator(prompt, 1))


def test_strength_0_draws_the_untouched_picture_bit_by_bit(generator):
    """Law 1, on whole pictures."""
    before = generator("a cat", 3).tobytes()
    T = random_intervention(generator, rows=None)
    with steer(generator, T, strength=0.0):
        assert generator("a cat", 3).tobytes() == before
    with steer(generator, T):
        assert generator("a cat", 3).tobytes() != before
    assert generator("a cat", 3).tobytes() == before


def test_a_batch_that_mixes_concepts_strengths_and_seeds_is_its_rows(generator):
    """Law 4, on whole pictures."""
    T, strengths = random_intervention(generator, rows=3), [0.0, 0.5, 1.0]
    prompts, seeds = ["a cat", "a dog", "a cat"], [3, 4, 5]
    with steer(generator, T, strengths):
        together = generator(prompts, seeds)
    for row, image in enumerate(together):
        with steer(generator, T[row], strengths[row]):
            assert_same(image, generator(prompts[row], seeds[row]))


def test_recorded_inputs_are_those_of_the_first_step(generator):
    """Run by hand, the backbone gives what it gives inside the pipeline."""
    outputs = []
    handle = generator.backbone.register_forward_hook(lambda *call: outputs.append(call[-1][0]))
    generator(["a cat", "a dog"], [3, 4])
    handle.remove()
    inputs = generator.record_inputs(["a cat", "a dog"], [3, 4])
    with torch.no_grad():
        assert generator.backbone(**inputs)[0].equal(outputs[0])


def test_recording_leaves_the_generator_as_it_was(generator):
    before = generator("a cat", 3).tobytes()
    generator.record_inputs("a dog", [1, 2])
    assert generator("a cat", 3).tobytes() == before
    assert not generator.backbone._forward_pre_hooks


def test_recorded_inputs_let_gradients_through_the_steered_backbone(generator):
    scale = torch.ones(sum(site.width for site in generator.sites), requires_grad=True)
    inputs = generator.record_inputs(["a cat"], [3])
    with attach(generator, Intervention.from_flat(generator.sites, scale, scale - 1)):
        generator.backbone(**inputs)[0].square().sum().backward()
    assert scale.grad is not None
    assert scale.grad.any()


def test_guidance_doubles_the_recorded_batch_and_needs_no_other_code(sdxl):
    inputs = sdxl.record_inputs(["a cat"], [3], guidance_scale=5.0)
    assert len(inputs["sample"]) == 2


def test_calls_may_override_the_defaults(sdxl):
    assert sdxl("a cat", 3, height=16, width=24).size == (24, 16)
    assert sdxl("a cat", 3, timesteps=[999]).tobytes() != sdxl("a cat", 3).tobytes()
    with pytest.raises(TypeError):
        sdxl.defaults["timesteps"] = [1]


def test_pictures_are_what_comes_first_in_whatever_a_pipeline_returns(generator):
    """Not by the name `images`, which they have not in Kandinsky 5."""
    assert generator("a cat", 3, return_dict=False).tobytes() == generator("a cat", 3).tobytes()


@pytest.mark.parametrize("name", ["Stable Diffusion 1.5", "Qwen-Image"])
def test_a_negative_prompt_is_for_every_row(name):
    """The one refuses it beside a list of prompts; the other's norms would see a single row."""
    (family,) = (family for family in FAMILIES if family.name == name)
    generator = family.generator()
    prompts, seeds = ["a cat", "a dog"], [3, 4]
    with steer(generator, random_intervention(generator, rows=2)):
        pictures = generator(prompts, seeds, negative_prompt="a pig")
        wanted = generator(prompts, seeds, negative_prompt=["a pig", "a pig"])
        others = generator(prompts, seeds, negative_prompt="a red dog")
    for picture, same, other in zip(pictures, wanted, others, strict=True):
        assert picture.tobytes() == same.tobytes() != other.tobytes()


def test_the_generator_is_frozen(generator):
    for part in generator.pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            assert not part.training
            assert not any(parameter.requires_grad for parameter in part.parameters())


@pytest.mark.parametrize(
    ("prompt", "seed"),
    [
        (["a", "b"], [1, 2, 3]),
        (["a", "b", "c", "d"], [1, 2]),
        ([], 0),
        ("a", []),
        ([], []),
        ("a", range(65)),
        (["a"] * 65, 0),
        ("a", -1),
        ("a", 2**70),
    ],
)
def test_rows_that_do_not_match_or_are_too_many_are_refused(sdxl, prompt, seed):
    with pytest.raises(GeneratorError):
        sdxl(prompt, seed)
    with pytest.raises(GeneratorError):
        sdxl.record_inputs(prompt, seed)


def test_a_pipeline_that_you_hold_is_wrapped_in_place():
    pipeline = tiny_sdxl()
    generator = ht.wrap(pipeline, id="mine", patterns="*norm1", timesteps=[399], **ONE_STEP)
    assert generator.pipeline is pipeline
    assert generator.backbone is pipeline.unet
    assert {site.name.rpartition(".")[2] for site in generator.sites} == {"norm1"}
    assert generator("a cat", 3).size == (PIXELS, PIXELS)


def test_a_pipeline_without_backbone_or_sites_is_refused_and_left_as_it_was():
    pipeline = tiny_sdxl()
    pipeline.unet.train().requires_grad_(True)
    with pytest.raises(GeneratorError, match=r"nothing_here.*conv_norm_out"):
        ht.wrap(pipeline, id="x", patterns=["nothing_here"])
    assert pipeline.unet.training
    assert all(parameter.requires_grad for parameter in pipeline.unet.parameters())
    assert not hasattr(pipeline, "_progress_bar_config")
    pipeline.unet = None  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(GeneratorError, match="unet"):
        ht.wrap(pipeline, id="x")


def test_moving_to_another_dtype_keeps_it_a_generator():
    generator = wrap(tiny_sdxl(), id="x", timesteps=[399], **ONE_STEP).to(torch.float64)
    assert next(generator.backbone.parameters()).dtype == torch.float64
    assert generator.device == torch.device("cpu")
