"""No weight is made up, and none is left unread, whichever part of a pipeline it belongs to."""

import json
import re
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from diffusers.models.modeling_utils import ModelMixin
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from pipelines import emojiscape_pipeline, save_encoder, tiny_clip, tiny_siglip
from published_layouts import pixart_sigma, sdxl_base
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers.modeling_utils import PreTrainedModel

from hypertransport.complete_weights import complete_weights, require_complete
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import CheckpointError, GeneratorError
from hypertransport.generators import emojiscape_sdxl, load_generator

Weights = dict[str, Tensor]
PIPELINES = {"sdxl": sdxl_base, "pixart": pixart_sigma}
COMPONENTS = [
    *(("sdxl", part) for part in ("text_encoder", "text_encoder_2", "unet", "vae")),
    *(("pixart", part) for part in ("text_encoder", "transformer", "vae")),
]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pipelines")
    return {name: make(folder / name) for name, make in PIPELINES.items()}


def lacking(weights: Weights) -> Weights:
    return dict([*weights.items()][:-1])


def with_more(weights: Weights) -> Weights:
    return weights | {"head.weight": torch.ones(2)}


def of_another_shape(weights: Weights) -> Weights:
    *others, (last, value) = weights.items()
    return dict(others) | {last: torch.cat([value, value])}


def renamed(weights: Weights) -> Weights:
    return {f"module.{name}": value for name, value in weights.items()}


DAMAGES = (lacking, with_more, of_another_shape, renamed)


def damage(folder: Path, change: Callable[[Weights], Weights]) -> None:
    """Change the weights of a component: those of its last shard, and what its index says."""
    *_, path = sorted(p for p in folder.glob("*.safetensors") if ".fp16" not in p.name)
    before = load_file(path)
    after = {name: value.contiguous() for name, value in change(before).items()}
    save_file(after, path, {"format": "pt"})
    for index in folder.glob("*.index.json"):
        told = json.loads(index.read_text())
        told["weight_map"] = {
            name: file for name, file in told["weight_map"].items() if name not in before
        } | dict.fromkeys(after, path.name)
        index.write_text(json.dumps(told))


@pytest.mark.parametrize("change", DAMAGES)
@pytest.mark.parametrize(("name", "part"), COMPONENTS)
def test_each_component_must_have_its_weights_and_no_others(folders, tmp_path, name, part, change):
    folder = shutil.copytree(folders[name], tmp_path / name)
    load_generator(folder)
    damage(folder / part, change)
    with pytest.raises(GeneratorError, match=str(folder)):
        load_generator(folder)


def test_the_message_names_the_model_and_the_weights(folders, tmp_path):
    folder = shutil.copytree(folders["sdxl"], tmp_path / "sdxl")
    damage(folder / "text_encoder", renamed)
    with pytest.raises(GeneratorError) as caught:
        load_generator(folder)
    told = str(caught.value)
    assert "CLIPTextModel" in told
    assert "missing: " in told and "unexpected: module." in told and "more" in told


def test_what_a_class_ties_or_declares_to_ignore_is_no_damage(folders, tmp_path):
    """T5's embedding has two names, and whole T5s have a decoder; CLIP's positions were stored."""
    folder = shutil.copytree(folders["pixart"], tmp_path / "pixart")
    told = json.loads((folder / "text_encoder/model.safetensors.index.json").read_text())
    first = folder / "text_encoder" / told["weight_map"]["shared.weight"]
    weights = load_file(first)
    table = weights["shared.weight"]
    more = {"encoder.embed_tokens.weight": table.clone(), "decoder.embed_tokens.weight": table}
    save_file(weights | {k: v.clone() for k, v in more.items()}, first, {"format": "pt"})
    told["weight_map"] |= dict.fromkeys(more, first.name)
    (folder / "text_encoder/model.safetensors.index.json").write_text(json.dumps(told))
    states = [
        load_generator(f).pipeline.text_encoder.state_dict() for f in (folder, folders["pixart"])
    ]
    assert all(states[0][name].equal(states[1][name]) for name in states[1])
    load_generator(folders["sdxl"])  # with position_ids


def test_weights_of_pickles_are_held_to_the_same(folders, tmp_path):
    folder = shutil.copytree(folders["sdxl"], tmp_path / "sdxl")
    for change, fails in ((dict, False), (lacking, True)):
        for path in (folder / "vae").glob("diffusion_pytorch_model*"):
            path.unlink()
        weights = load_file(folder / "vae_1_0/diffusion_pytorch_model.safetensors")
        torch.save(change(weights), folder / "vae/diffusion_pytorch_model.bin")
        if fails:
            with pytest.raises(GeneratorError, match="missing"):
                load_generator(folder)
        else:
            load_generator(folder)


@pytest.mark.parametrize("change", DAMAGES)
def test_the_parts_that_emojiscapes_share_too(tmp_path, change):
    emojiscape_pipeline().save_pretrained(tmp_path)
    emojiscape_sdxl.shared_parts(tmp_path, torch.float32)
    damage(tmp_path / "text_encoder", change)
    with pytest.raises(GeneratorError, match="reinstall"):
        emojiscape_sdxl.shared_parts(tmp_path, torch.float32)


def test_any_one_weight_that_is_missing_is_missed(tmp_path):
    path = save_encoder(tmp_path, tiny_clip) / "model.safetensors"
    weights = load_file(path)
    for name in weights:
        save_file({n: v for n, v in weights.items() if n != name}, path, {"format": "pt"})
        with pytest.raises(CheckpointError, match=rf"missing: {re.escape(name)}\)"):
            ConceptEncoder.from_pretrained(tmp_path)


@pytest.mark.parametrize("change", DAMAGES)
@pytest.mark.parametrize("make", [tiny_clip, tiny_siglip])
def test_encoders_of_concepts_too(tmp_path, make, change):
    save_encoder(tmp_path, make)
    ConceptEncoder.from_pretrained(tmp_path)
    damage(tmp_path, change)
    with pytest.raises(CheckpointError, match=str(tmp_path)):
        ConceptEncoder.from_pretrained(tmp_path)


def test_outside_of_the_block_and_in_other_threads_the_libraries_are_as_they_were(
    folders, tmp_path
):
    folder = shutil.copytree(folders["sdxl"], tmp_path / "sdxl") / "unet"
    damage(folder, with_more)
    before = [vars(kind)["from_pretrained"] for kind in (ModelMixin, PreTrainedModel)]
    found: list[object] = []

    def load() -> None:
        found.append(UNet2DConditionModel.from_pretrained(folder))

    with complete_weights():
        thread = threading.Thread(target=load)
        thread.start()
        thread.join()
        with complete_weights(), pytest.raises(ValueError, match=r"unexpected: head\.weight"):
            load()
        _, report = UNet2DConditionModel.from_pretrained(folder, output_loading_info=True)
        assert report["unexpected_keys"] == ["head.weight"]
    load()
    assert len(found) == 2
    assert before == [vars(kind)["from_pretrained"] for kind in (ModelMixin, PreTrainedModel)]


def test_a_report_without_anything_is_complete():
    none = {"missing_keys": [], "unexpected_keys": set(), "mismatched_keys": []}
    require_complete(none, "UNet")
    with pytest.raises(ValueError, match="misshapen: conv"):
        require_complete(none | {"mismatched_keys": [("conv", (1,), (2,))]}, "UNet")
