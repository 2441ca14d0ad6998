"""Distilled targets in their teachers' pipelines, from repositories as the hub has them, tiny."""

import io
import sys

import pytest
import torch
from hub_server import Repository, serving, use
from pipelines import PIXELS, tiny_clip
from published_layouts import (
    dmd2_files,
    files_of,
    nitro_files,
    nitro_weights,
    pixart_sigma,
    sdxl_base,
    sdxl_unet,
)

from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import GeneratorError
from hypertransport.generators import dmd2, load_generator, nitro
from hypertransport.hypernetwork import About, HyperNetwork, HyperNetworkConfig, HyperTransport

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
    # diffusers still gives it to the hub's client when it fetches a configuration.
    pytest.mark.filterwarnings("ignore:The `local_dir_use_symlinks` argument:UserWarning"),
]


@pytest.fixture(scope="module")
def encoder():
    return ConceptEncoder(*tiny_clip(), id="tiny")


def assert_weights(module, expected):
    state = module.state_dict()
    assert state.keys() == expected.keys()
    assert all(state[name].equal(value.to(state[name].dtype)) for name, value in expected.items())


@pytest.fixture(scope="module")
def repositories(tmp_path_factory):
    """The four public repositories, each at the commit that is pinned."""
    folder = tmp_path_factory.mktemp("hub")
    base, sigma = sdxl_base(folder / "sdxl"), pixart_sigma(folder / "sigma")
    return {
        dmd2.BASE: Repository(files_of(base), dmd2.BASE_REVISION),
        dmd2.REPOSITORY: Repository(dmd2_files(), dmd2.REVISION),
        nitro.BASE: Repository(files_of(sigma), nitro.BASE_REVISION),
        nitro.WEIGHTS: Repository(nitro_files(), nitro.REVISION),
    }


@pytest.fixture
def hub(repositories, monkeypatch, tmp_path):
    with serving() as hub:
        hub.public = dict(repositories)
        use(monkeypatch, hub, cache=tmp_path / "cache")
        yield hub


SMALL = {"height": PIXELS, "width": PIXELS}


def told_of_other_sites():
    """The repositories here are tiny: their denoisers have fewer sites than were published."""
    return pytest.warns(UserWarning, match=r"\d+ sites of .* were published")


@pytest.mark.parametrize(("name", "steps"), [("dmd2", 1), ("dmd2-4step", 4)])
def test_dmd2_loads_from_the_hub_as_it_is(hub, name, steps):
    with told_of_other_sites():
        generator = load_generator(name, device="cpu")
    file = f"dmd2_sdxl_{steps}step_unet_fp16.bin"
    assert_weights(
        generator.backbone, torch.load(io.BytesIO(dmd2_files()[file]), weights_only=True)
    )
    assert generator.revision == f"{dmd2.REVISION}/{file}"
    assert hub.fetched(dmd2.REPOSITORY) == {file}
    fetched = hub.fetched(dmd2.BASE)
    assert {name for name in fetched if name.startswith("unet")} == {"unet/config.json"}
    assert not any("fp16" in name for name in fetched)
    full, cut = generator(["a cat", "a fox"], [3, 4], **SMALL), generator("a cat", 3, **SMALL)
    assert full[0].tobytes() == cut.tobytes()  # both of two tokenizers and encoders read it


def test_dmd2_in_half_precision_fetches_the_half_precision_variant(hub):
    with told_of_other_sites():
        load_generator("dmd2", device="cpu", dtype=torch.float16)
    fetched = {name for name in hub.fetched(dmd2.BASE) if name.endswith(".safetensors")}
    assert all(".fp16." in name for name in fetched)
    folders = {name.partition("/")[0] for name in fetched}
    # diffusers takes the second autoencoder along, though no component is called so.
    assert folders == {"text_encoder", "text_encoder_2", "vae", "vae_1_0"}


def test_nitro_loads_from_the_hub_as_it_is(hub):
    with told_of_other_sites():
        generator = load_generator("nitro", device="cpu")
    assert_weights(generator.backbone, nitro_weights())
    assert generator.revision == f"{nitro.REVISION}/pixart-sigma-nitro.safetensors"
    fetched = hub.fetched(nitro.BASE)
    assert {name for name in fetched if "transformer/" in name} == {"transformer/config.json"}
    call = {**SMALL, "use_resolution_binning": False}
    inputs = generator.record_inputs(["a cat", "the quick brown fox " * 9], 3, **call)
    assert inputs["encoder_attention_mask"].sum(1).tolist()[0] < 12
    assert "<unk>" not in generator.pipeline.tokenizer.tokenize("a cat in the snow")
    picture = generator("a cat", 3, **call)
    assert picture.tobytes() != generator("a fox", 3, **call).tobytes()
    assert picture.tobytes() == generator(["the quick brown fox", "a cat"], 3, **call)[1].tobytes()


@pytest.mark.parametrize("module", ["sentencepiece", "google.protobuf"])
def test_nitro_asks_for_its_packages_before_anything_is_fetched(hub, monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    name = "protobuf" if "." in module else module
    with pytest.raises(GeneratorError, match=f"pip install {name}"):
        load_generator("nitro", device="cpu")
    with pytest.raises(GeneratorError, match=f"pip install {name}"):
        load_generator(nitro.BASE, device="cpu")
    assert not hub.fetched(nitro.BASE) | hub.fetched(nitro.WEIGHTS)


def test_what_was_fetched_once_loads_without_the_hub(hub):
    with told_of_other_sites():
        drawn = load_generator("nitro", device="cpu").revision
    hub.public.clear()
    with told_of_other_sites():
        assert load_generator("nitro", device="cpu").revision == drawn


@pytest.mark.parametrize(
    ("name", "repository"),
    [
        ("dmd2", dmd2.REPOSITORY),
        ("dmd2-4step", dmd2.REPOSITORY),
        ("dmd2", dmd2.BASE),
        ("nitro", nitro.WEIGHTS),
        ("nitro", nitro.BASE),
    ],
)
def test_each_repository_is_asked_for_the_commit_that_is_known(hub, name, repository):
    hub.public[repository] = Repository(hub.public[repository].files, "e" * 40)
    with pytest.raises(GeneratorError, match=repository):
        load_generator(name, device="cpu")


def test_another_revision_can_be_asked_for(hub):
    newer = "e" * 40
    hub.public[nitro.WEIGHTS] = Repository(nitro_files(seed=5), newer)
    with pytest.raises(GeneratorError, match="give another revision"):
        load_generator("nitro", device="cpu")
    for name, revision in (("nitro", newer), ("nitro", "main"), (f"nitro@{newer}", None)):
        with told_of_other_sites():
            generator = load_generator(name, device="cpu", revision=revision)
        assert generator.revision == f"{newer}/pixart-sigma-nitro.safetensors"
    assert_weights(generator.backbone, nitro_weights(seed=5))


def test_a_revision_of_what_has_none_is_refused(tmp_path):
    for source, options, match in (
        ("emojiscape", {"revision": "main"}, "ships with the package"),
        ("emojiscape@main", {}, "ships with the package"),
        ("nitro@main", {"weights": tmp_path}, "weights or a revision"),
        (tmp_path, {"revision": "main"}, "is a folder"),
    ):
        with pytest.raises(GeneratorError, match=match):
            load_generator(source, **options)


def test_any_pipeline_of_the_hub_at_any_revision(hub, tmp_path):
    at = nitro.BASE_REVISION
    (tmp_path / "mine.toml").write_text(f'pipeline = "{nitro.BASE}"\nrevision = "{at}"')
    for source, options in (
        (nitro.BASE, {}),
        (nitro.BASE, {"revision": at}),
        (f"{nitro.BASE}@{at}", {}),
        (tmp_path / "mine.toml", {}),
    ):
        generator = load_generator(source, device="cpu", **options)
        assert generator.revision == at
        assert generator.id in (nitro.BASE, "mine")
    for source, options in (
        (nitro.BASE, {"revision": "v9"}),
        (f"{nitro.BASE}@v9", {}),
        (tmp_path / "mine.toml", {"revision": "v9"}),
    ):
        with pytest.raises(GeneratorError, match="PixArt"):
            load_generator(source, device="cpu", **options)


def test_a_base_of_variants_alone_serves_too(hub, tmp_path):
    base, student = sdxl_base(tmp_path / "half", full=False), tmp_path / "unet.bin"
    hub.public["me/half"] = Repository(files_of(base))
    torch.save(sdxl_unet(3).state_dict(), student)
    for place in (base, "me/half"):
        assert dmd2.load(student, base=place, device="cpu").pipeline.vae.dtype == torch.float32
        assert load_generator(place, device="cpu", dtype=torch.float32).sites


def test_a_hypernetwork_knows_one_step_from_four_though_both_are_of_one_commit(hub, encoder):
    with told_of_other_sites():
        one, four = (load_generator(name, device="cpu") for name in ("dmd2", "dmd2-4step"))
    network = HyperNetwork(HyperNetworkConfig(encoder.dim, one.sites, width=8, depth=1))
    for revision in (one.revision, dmd2.REVISION):  # as it is recorded, and as it once was
        hyper = HyperTransport(network, encoder, one.id, About(revision))
        assert hyper.doubts(one) == []
        (told,) = hyper.doubts(four)
        assert "other weights of dmd2" in told or "trained for dmd2, not for dmd2-4step" in told


@pytest.mark.parametrize("name", ["dmd2", "nitro"])
def test_images_are_decoded_one_by_one_and_are_the_same(hub, name):
    with told_of_other_sites():
        vae = load_generator(name, device="cpu").pipeline.vae
    rows: list[int] = []
    vae.post_quant_conv.register_forward_pre_hook(lambda _, inputs: rows.append(len(inputs[0])))
    latents = torch.randn(3, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    sliced = vae.decode(latents).sample
    assert rows == [1, 1, 1]
    vae.disable_slicing()
    torch.testing.assert_close(sliced, vae.decode(latents).sample)
    assert rows == [1, 1, 1, 3]
