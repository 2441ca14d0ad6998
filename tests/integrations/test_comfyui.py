import inspect
import weakref
from typing import Any

import published
import pytest
import torch
from comfy_model import ComfyUNet, ModelPatcher
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from pipelines import tiny_clip
from torch import nn

from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import CheckpointError, ConceptError, InterventionError
from hypertransport.hypernetwork import HyperNetwork, HyperNetworkConfig, HyperTransport
from hypertransport.interventions import Intervention
from hypertransport.sites import find_sites, site_of
from hypertransport.steering import steer
from integrations.comfyui import NODE_CLASS_MAPPINGS, NODE_DISPLAY_NAME_MAPPINGS, nodes
from integrations.comfyui.names import comfy_name
from integrations.comfyui.patch import patched

SD: dict[str, Any] = {"layers_per_block": 2, **published.STABLE_DIFFUSION}


@pytest.fixture(scope="module", params=["tiny", "SDXL", "Stable Diffusion"])
def any_unet(request, tiny_unet) -> UNet2DConditionModel:
    """The last two at their published size, without memory for their weights."""
    if request.param == "tiny":
        return tiny_unet
    with torch.device("meta"):
        return UNet2DConditionModel(**(published.SDXL if request.param == "SDXL" else SD))


def test_every_norm_of_one_is_the_norm_of_that_name_in_the_other(any_unet):
    comfy, sites = ComfyUNet(any_unet), find_sites(any_unet)
    names = {site.name: comfy_name(site.name, comfy.num_res_blocks) for site in sites}
    for site, name in names.items():
        assert comfy.get_submodule(name) is any_unet.get_submodule(site)
    norms = {name for name, module in comfy.named_modules() if site_of(name, module)}
    assert norms == {*names.values()}
    assert len(norms) == len(sites)


def test_what_the_published_map_says(tiny_unet):
    for site, name in {
        "conv_norm_out": "out.0",
        "down_blocks.0.resnets.0.norm1": "input_blocks.1.0.in_layers.0",
        "down_blocks.1.resnets.1.norm2": "input_blocks.5.0.out_layers.0",
        "down_blocks.2.attentions.0.norm": "input_blocks.7.1.norm",
        "mid_block.resnets.1.norm2": "middle_block.2.out_layers.0",
        "mid_block.attentions.0.norm": "middle_block.1.norm",
        "up_blocks.0.attentions.2.transformer_blocks.9.norm3":
            "output_blocks.2.1.transformer_blocks.9.norm3",
        "up_blocks.2.resnets.2.norm1": "output_blocks.8.0.in_layers.0",
    }.items():  # fmt: skip
        assert comfy_name(site, [2, 2, 2]) == name


@pytest.mark.parametrize(
    "site",
    [
        "transformer_blocks.0.norm1",
        "down_blocks.0.resnets.2.norm1",
        "down_blocks.3.resnets.0.norm1",
        "up_blocks.0.resnets.3.norm1",
        "mid_block.resnets.2.norm1",
        "mid_block.resnets.0.norm3",
    ],
)
def test_what_is_no_site_of_such_a_unet_is_refused(site):
    with pytest.raises(InterventionError, match="no norm layer of a UNet"):
        comfy_name(site, [2, 2, 2])


@pytest.fixture
def model(tiny_unet) -> ModelPatcher:
    return ModelPatcher(ComfyUNet(tiny_unet))


@pytest.fixture
def inputs(unet_inputs):
    """As `ModelPatcher.draw` takes them, for a batch of two, as guidance makes."""
    given = unet_inputs(2)
    return {"x": given.pop("sample"), "timesteps": given.pop("timestep"), **given}


def drawn(model: ModelPatcher, inputs: dict[str, Any]) -> torch.Tensor:
    with torch.inference_mode():  # as ComfyUI samples
        return model.draw(inputs["x"], **{k: v for k, v in inputs.items() if k != "x"})


def any_intervention(unet: nn.Module, seed: int = 0) -> Intervention:
    torch.manual_seed(seed)
    sites = find_sites(unet)
    channels = sum(site.width for site in sites)
    return Intervention.from_flat(
        sites, 1 + 0.1 * torch.randn(channels), 0.1 * torch.randn(channels)
    )


def test_a_clone_draws_what_the_steered_unet_of_diffusers_draws(
    model, tiny_unet, inputs, unet_inputs
):
    T = any_intervention(tiny_unet)
    with torch.no_grad(), steer(tiny_unet, T):
        wanted = tiny_unet(**unet_inputs(2)).sample
    before = drawn(model, inputs)
    clone = patched(model, T)
    assert drawn(clone, inputs).equal(wanted)
    assert not wanted.equal(before)
    assert drawn(clone.clone(), inputs).equal(wanted)
    assert drawn(model, inputs).equal(before)
    assert drawn(patched(model, T.at(0)), inputs).equal(before)


def test_nodes_in_a_row_act_one_after_the_other(model, tiny_unet, inputs, unet_inputs):
    first, second = any_intervention(tiny_unet), any_intervention(tiny_unet, seed=1)
    with torch.no_grad(), steer(tiny_unet, first), steer(tiny_unet, second):
        wanted = tiny_unet(**unet_inputs(2)).sample
    assert drawn(patched(patched(model, first), second), inputs).equal(wanted)


def test_nothing_stays_on_the_model_after_a_failure_and_nothing_outlives_the_clone(
    model, tiny_unet, inputs
):
    before, state = drawn(model, inputs), [vars(module).copy() for module in tiny_unet.modules()]
    clone = patched(model, any_intervention(tiny_unet))
    with pytest.raises(TypeError):
        drawn(clone, {"x": inputs["x"], "odd": 1})
    assert [vars(module) for module in tiny_unet.modules()] == state
    assert drawn(model, inputs).equal(before)
    (steered,) = clone.wrappers["diffusion_model"]["hypertransport"]
    gone = weakref.ref(steered)
    del clone, steered
    assert gone() is None


def test_half_precision_weights_are_steered_in_single(tiny_unet, inputs):
    half = UNet2DConditionModel.from_config(tiny_unet.config).half()
    half.load_state_dict(tiny_unet.state_dict())
    given = {**inputs, "x": inputs["x"].half()}
    given["encoder_hidden_states"] = inputs["encoder_hidden_states"].half()
    given["added_cond_kwargs"] = {k: v.half() for k, v in inputs["added_cond_kwargs"].items()}
    clone = patched(ModelPatcher(ComfyUNet(half)), any_intervention(tiny_unet))
    assert drawn(clone, given).dtype == torch.float16


def test_another_model_is_refused(model, tiny_unet, any_unet):
    if any_unet is tiny_unet:
        other = nn.Module()
        other.blocks = nn.ModuleList([nn.LayerNorm(8)])
    else:
        other = ComfyUNet(any_unet)
    with pytest.raises(InterventionError):
        patched(ModelPatcher(other), any_intervention(tiny_unet))


# The node


@pytest.fixture(scope="module")
def hyper(tiny_unet, tmp_path_factory):
    """The folder of a random hypernetwork for the UNet, and itself."""
    torch.manual_seed(0)
    encoder = ConceptEncoder(*tiny_clip(), id="tiny")
    network = HyperNetwork(
        HyperNetworkConfig(encoder.dim, find_sites(tiny_unet), width=16, depth=1)
    )
    for parameter in network.heads.parameters():
        nn.init.normal_(parameter, std=0.1)
    return HyperTransport(network, encoder, "dmd2")


@pytest.fixture
def node(hyper, monkeypatch):
    monkeypatch.setattr(nodes, "loaded", {"mine": hyper}.__getitem__)
    return NODE_CLASS_MAPPINGS["HypertransportSteer"]()


def test_the_node_keeps_the_contract_of_nodes(node):
    assert NODE_CLASS_MAPPINGS.keys() == NODE_DISPLAY_NAME_MAPPINGS.keys()
    given = node.INPUT_TYPES()
    assert {*given} == {"required", "optional"}
    names = [name for part in given.values() for name in part]
    parameters = inspect.signature(getattr(node, node.FUNCTION)).parameters
    assert [*parameters] == names
    assert all(isinstance(kind, tuple) and isinstance(kind[0], str)
               for part in given.values() for kind in part.values())  # fmt: skip
    assert node.RETURN_TYPES == ("MODEL",)
    assert node.CATEGORY


def test_words_and_pictures_steer(node, hyper, model, inputs):
    (words,) = node.steer(model, "mine", "hat", 0.5)
    assert drawn(words, inputs).equal(drawn(patched(model, hyper("hat").at(0.5)), inputs))
    pixels = torch.rand(2, 12, 16, 3)
    (picture,) = node.steer(model, "mine", " ", 1.0, pixels[:1])
    wanted = hyper(nodes.picture_of(pixels[0]))
    assert drawn(picture, inputs).equal(drawn(patched(model, wanted), inputs))
    (both,) = node.steer(model, "mine", "", 1.0, pixels)
    assert not drawn(both, inputs).equal(drawn(picture, inputs))


def test_what_is_no_one_concept_is_refused(node, model):
    with pytest.raises(ConceptError, match="clear one of them"):
        node.steer(model, "mine", "hat", 1.0, torch.rand(1, 8, 8, 3))
    with pytest.raises(ConceptError, match="empty"):
        node.steer(model, "mine", " ", 1.0)
    with pytest.raises(ConceptError, match="17 reference pictures; give 1 to 16"):
        node.steer(model, "mine", "", 1.0, torch.rand(17, 8, 8, 3))


@pytest.mark.parametrize(
    "bad", [torch.rand(8, 8, 3), torch.rand(1, 8, 8, 1), torch.full((1, 8, 8, 3), torch.nan)]
)
def test_what_is_no_batch_of_pictures_is_refused(node, model, bad):
    with pytest.raises(ConceptError, match="give finite values"):
        node.steer(model, "mine", "", 1.0, bad)


def test_a_thin_reference_and_words_that_nobody_sees_are_taken(node, model, inputs):
    thin = torch.rand(1, 1, 30_000, 3)
    (steered,) = node.steer(model, "mine", "\ufeff\u200b", 1.0, thin)
    assert drawn(steered, inputs).isfinite().all()


def test_a_hypernetwork_that_is_not_there_is_told(tmp_path, monkeypatch):
    with pytest.raises(CheckpointError):
        nodes.loaded(str(tmp_path))
    with pytest.raises(CheckpointError):
        nodes.loaded("")
