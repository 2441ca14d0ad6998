"""The named targets, loaded by their own code from tiny folders of their kind."""

import inspect
import pickle
import shutil
from importlib import import_module

import pytest
import torch
from diffusers.schedulers.scheduling_lcm import LCMScheduler
from pipelines import (
    PIXELS,
    emojiscape_pipeline,
    emojiscape_sdxl_pipeline,
    tiny_pixart,
    tiny_sdxl,
    tiny_unet,
)
from safetensors.torch import load_file, save_file

from hypertransport import weights
from hypertransport.errors import GeneratorError
from hypertransport.generators import (
    MODELS,
    dmd2,
    emojiscape,
    emojiscape_sdxl,
    load_generator,
    nitro,
)
from hypertransport.truncation import TruncationWarning

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def sdxl_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sdxl")
    tiny_sdxl().save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def pixart_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pixart")
    tiny_pixart().save_pretrained(folder)
    return folder


def assert_weights(module, expected):
    state = module.state_dict()
    assert state.keys() == expected.keys()
    assert all(state[name].equal(value.to(state[name].dtype)) for name, value in expected.items())


# DMD2


@pytest.fixture
def student(tmp_path):
    """A .bin as published: a half-precision state dict of another UNet than the teacher's."""
    path = tmp_path / "unet.bin"
    torch.save(tiny_unet(seed=9).half().state_dict(), path)
    return path


def test_dmd2_is_sdxl_with_the_students_unet_and_an_lcm_step_at_399(sdxl_folder, student):
    generator = dmd2.load(student, base=sdxl_folder)
    assert_weights(generator.backbone, torch.load(student, weights_only=True))
    assert next(generator.backbone.parameters()).dtype == torch.float32
    assert isinstance(generator.pipeline.scheduler, LCMScheduler)
    assert generator.defaults["timesteps"] == [399]
    assert generator.record_inputs("a cat", 3)["timestep"] == 399
    assert generator("a cat", 3).getextrema() != ((0, 0),) * 3


def test_dmd2_in_four_steps_draws_at_its_own_timesteps(sdxl_folder, student):
    generator = dmd2.load(student, base=sdxl_folder, steps=4)
    assert generator.id == "dmd2-4step"
    timesteps = []

    def note(module, args, kwargs):
        timesteps.append(int(args[1]))

    handle = generator.backbone.register_forward_pre_hook(note, with_kwargs=True)
    picture = generator("a cat", 3)
    handle.remove()
    assert timesteps == [999, 749, 499, 249]
    assert picture.tobytes() != dmd2.load(student, base=sdxl_folder)("a cat", 3).tobytes()


def test_dmd2_of_another_number_of_steps_is_refused(sdxl_folder, student):
    with pytest.raises(GeneratorError, match="2 steps; give steps=1 or steps=4"):
        dmd2.load(student, base=sdxl_folder, steps=2)


def test_dmd2_runs_no_code_of_a_pickle(sdxl_folder, tmp_path):
    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "owned"), "w"))

    for write in (torch.save, lambda x, path: path.write_bytes(pickle.dumps(x))):
        write({"conv_in.weight": Evil()}, tmp_path / "evil.bin")
        with pytest.raises(GeneratorError, match=r"evil\.bin"):
            dmd2.load(tmp_path / "evil.bin", base=sdxl_folder)
        assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "list", "other", "incomplete"])
def test_dmd2_weights_that_do_not_fit_are_a_clear_error(sdxl_folder, student, damage):
    data = student.read_bytes()
    state = torch.load(student, weights_only=True)
    match damage:
        case "missing":
            student.unlink()
        case "empty":
            student.write_bytes(b"")
        case "truncated":
            student.write_bytes(data[: len(data) // 2])
        case "list":
            torch.save([1, 2], student)
        case "other":
            torch.save({"x": torch.ones(1)}, student)
        case "incomplete":
            state.pop("conv_in.weight")
            torch.save(state, student)
    with pytest.raises(GeneratorError, match=r"unet\.bin"):
        dmd2.load(student, base=sdxl_folder)


def test_dmd2_without_its_teacher_is_a_clear_error(student, tmp_path):
    with pytest.raises(GeneratorError, match="nowhere"):
        dmd2.load(student, base=tmp_path / "nowhere")


# Nitro


@pytest.fixture
def transformer(tmp_path):
    path = tmp_path / "transformer.safetensors"
    save_file(tiny_pixart(seed=9).transformer.half().state_dict(), path)
    return path


def test_nitro_is_pixart_with_the_students_transformer_and_a_step_at_400(
    pixart_folder, transformer
):
    generator = nitro.load(transformer, base=pixart_folder)
    assert_weights(generator.backbone, load_file(transformer))
    assert next(generator.backbone.parameters()).dtype == torch.float32
    assert [site.name for site in generator.sites][-2:] == [
        "transformer_blocks.1.norm2",
        "norm_out",
    ]
    assert len(generator.sites) == 5
    inputs = generator.record_inputs("a cat", 3, use_resolution_binning=False)
    assert inputs["timestep"].tolist() == [400]


def test_nitro_weights_that_do_not_fit_are_a_clear_error(pixart_folder, transformer):
    save_file({"x": torch.ones(1)}, transformer)
    with pytest.raises(GeneratorError, match="transformer"):
        nitro.load(transformer, base=pixart_folder)
    transformer.write_bytes(b"noise")
    with pytest.raises(GeneratorError, match="safetensors"):
        nitro.load(transformer, base=pixart_folder)


# Emojiscape


def test_emojiscape_loads_a_half_precision_folder_as_float32(tmp_path):
    pipeline = emojiscape_pipeline().to(torch.float16)
    pipeline.save_pretrained(tmp_path)
    generator = load_generator("emojiscape", weights=tmp_path)
    assert generator.id == "emojiscape-pixart"
    for part in (
        generator.pipeline.transformer,
        generator.pipeline.vae,
        generator.pipeline.text_encoder,
    ):
        assert {parameter.dtype for parameter in part.parameters()} == {torch.float32}
    assert_weights(generator.backbone, pipeline.transformer.state_dict())


def test_emojiscape_is_nitros_kind_with_a_clip_of_40_positions(tmp_path):
    emojiscape_pipeline().save_pretrained(tmp_path)
    generator = emojiscape.load(tmp_path)
    assert emojiscape.PATTERNS == nitro.PATTERNS
    assert len(generator.sites) == 5
    with pytest.warns(TruncationWarning, match="of its 82 tokens 40 are read"):
        inputs = generator.record_inputs(["a cat", "a cat " * 20], 3)
    assert inputs["timestep"].tolist() == [400, 400]
    assert inputs["encoder_hidden_states"].shape[:2] == (2, 40)
    assert inputs["encoder_attention_mask"].sum(1).tolist() == [6, 40]
    assert generator("a cat", 3).size == (PIXELS, PIXELS)


def test_emojiscapes_one_step_is_what_its_transformer_says(tmp_path):
    emojiscape_pipeline().save_pretrained(tmp_path)
    generator = emojiscape.load(tmp_path)
    said = generator.backbone(**generator.record_inputs("a cat", 3))[0]
    call = {**generator.defaults, "output_type": "latent"}
    drawn = generator.pipeline("a cat", generator=torch.Generator().manual_seed(3), **call)
    torch.testing.assert_close(drawn.images, said)


@pytest.mark.parametrize("name", ["emojiscape", "emojiscape-pixart", "emojiscape-sdxl"])
def test_an_installation_without_weights_says_so(monkeypatch, tmp_path, name):
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    with pytest.raises(GeneratorError, match="reinstall"):
        load_generator(name)


def test_the_second_emojiscape_is_dmd2s_kind_with_the_firsts_text_encoder(tmp_path, monkeypatch):
    """The package holds its UNet, autoencoder and scheduler; all else is in the first's folder."""
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    first, own = (weights.bundled(n, "generator") for n in ("emojiscape", emojiscape_sdxl.ID))
    emojiscape_pipeline().save_pretrained(first)
    parts = emojiscape_sdxl.shared_parts(first, torch.float32)
    pipeline = emojiscape_sdxl_pipeline(parts)
    pipeline.save_pretrained(own)
    for part in ("text_encoder_2", "tokenizer_2"):
        shutil.rmtree(own / part)
    generator = load_generator("emojiscape-sdxl")
    assert emojiscape_sdxl.PATTERNS == dmd2.PATTERNS
    assert_weights(generator.backbone, pipeline.unet.state_dict())
    with pytest.warns(TruncationWarning, match="of its 82 tokens 40 are read"):
        inputs = generator.record_inputs(["a cat", "a cat " * 20], 3)
    assert inputs["timestep"].item() == 400
    assert inputs["encoder_hidden_states"].shape[:2] == (2, 40)
    assert generator("a cat", 3).size == (PIXELS, PIXELS)
    generator.pipeline.save_pretrained(tmp_path / "whole")  # which plain diffusers loads
    drawn = load_generator("emojiscape-sdxl", weights=tmp_path / "whole")("a cat", 3)
    assert drawn.tobytes() == generator("a cat", 3).tobytes()
    shutil.rmtree(first / "text_encoder")
    with pytest.raises(GeneratorError, match="reinstall"):
        load_generator("emojiscape-sdxl")


@torch.no_grad()
def test_its_pooled_text_is_the_last_state_of_the_firsts_text_encoder(tmp_path):
    pipeline = emojiscape_pipeline()
    tower = pipeline.text_encoder
    ids = pipeline.tokenizer("a cat", return_tensors="pt").input_ids
    said = emojiscape_sdxl.with_projection(tower)(ids).text_embeds
    torch.testing.assert_close(said, tower(ids).pooler_output)


def test_the_bundled_folder_is_inside_the_package():
    folder = weights.bundled("emojiscape", "generator")
    assert folder is not None
    assert folder.parts[-4:] == ("hypertransport", "weights", "emojiscape-pixart", "generator")
    assert weights.bundled("dmd2", "generator") is None
    assert weights.bundled("emojiscape-sdxl", "encoder") == weights.bundled("emojiscape", "encoder")


def test_a_damaged_folder_is_a_clear_error(tmp_path):
    emojiscape_pipeline().save_pretrained(tmp_path)
    path = next((tmp_path / "transformer").glob("*.safetensors"))
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(GeneratorError, match=str(tmp_path)):
        emojiscape.load(tmp_path)


# load_generator


def test_any_diffusers_folder_loads(sdxl_folder, pixart_folder):
    for folder in (sdxl_folder, str(pixart_folder)):
        generator = load_generator(folder, device="cpu", dtype=torch.float32)
        assert generator.id == str(folder)
        assert generator.sites
        assert not generator.defaults


def test_an_unknown_name_is_an_error_that_suggests():
    with pytest.raises(GeneratorError, match="did you mean 'dmd2'"):
        load_generator("dmd")
    with pytest.raises(
        GeneratorError, match="emojiscape-pixart, emojiscape-sdxl, dmd2, dmd2-4step, nitro"
    ):
        load_generator("zzz")
    with pytest.raises(GeneratorError, match="weights are for"):
        load_generator("zzz", weights="x")


def test_a_folder_that_is_no_pipeline_is_a_clear_error(tmp_path):
    with pytest.raises(GeneratorError, match=str(tmp_path)):
        load_generator(tmp_path)


def test_every_model_has_a_description_a_licence_and_a_loader():
    assert list(MODELS) == [
        "emojiscape-pixart", "emojiscape-sdxl", "dmd2", "dmd2-4step", "nitro",
    ]  # fmt: skip
    for model in MODELS.values():
        assert model.description
        assert model.licence
        load = import_module(f"hypertransport.generators.{model.module}").load
        assert inspect.signature(load).bind(weights=None, device=None, dtype=None, **model.options)
    assert dmd2.STUDENTS[MODELS["dmd2-4step"].options["steps"]].id == "dmd2-4step"
    assert MODELS["dmd2"].licence.startswith("CC-BY-NC-4.0")
    assert MODELS["nitro"].licence.startswith("Apache-2.0")
