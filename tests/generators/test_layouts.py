"""What the names of files say before any of them is fetched."""

import sys

import pytest

from hypertransport.generators.layouts import install_line, missing_packages, only_variant

PLAIN = ["model_index.json", "unet/diffusion_pytorch_model.safetensors", "text_encoder/model.bin"]
HALF = [
    "unet/diffusion_pytorch_model.fp16.safetensors",
    "text_encoder/model.fp16-00001-of-00002.safetensors",
    "text_encoder/model.fp16-00002-of-00002.safetensors",
    "text_encoder/model.safetensors.index.fp16.json",
]


@pytest.mark.parametrize(
    ("files", "variant"),
    [
        ([], None),
        (PLAIN, None),
        (HALF, "fp16"),
        (PLAIN + HALF, None),  # the full weights are there
        ([*HALF, "vae/diffusion_pytorch_model.safetensors"], "fp16"),
        ([*HALF, *(name.replace("fp16", "bf16") for name in HALF)], "fp16"),
        ([name.replace("fp16", "bf16") for name in HALF], "bf16"),
        ([name.replace("fp16", "ema") for name in HALF], "ema"),
        (["unet/diffusion_pytorch_model.fp16.bin", "vae/model.bf16.bin"], None),  # none serves both
        (["model.fp16.safetensors", "config.json"], "fp16"),  # of an encoder, without folders
        (["unet/model.onnx", "sd_xl_base.fp16.safetensors", "model_index.fp16.json"], None),
    ],
)
def test_a_variant_is_chosen_where_nothing_else_is_there(files, variant):
    assert only_variant(files) == variant


def test_components_that_come_from_elsewhere_need_none():
    files = ["unet/diffusion_pytorch_model.fp16.safetensors", "vae/model.safetensors"]
    assert only_variant(files, given={"unet": None}) is None


SENTENCEPIECE = [
    ["tokenizer/spiece.model", "tokenizer/tokenizer_config.json"],
    ["tokenizer_3/tokenizer.model"],
    ["sentencepiece.bpe.model", "model.safetensors"],
    ["tokenizer/tokenizer.json", "tokenizer_2/spiece.model"],
]
OTHERS = [
    [],
    ["tokenizer/vocab.json", "tokenizer/merges.txt"],
    ["tokenizer/spiece.model", "tokenizer/tokenizer.json"],
    ["unet/diffusion_pytorch_model.safetensors", "other.model"],
]


@pytest.mark.parametrize("module", ["sentencepiece", "google.protobuf"])
def test_a_tokenizer_of_sentencepiece_alone_takes_two_packages(monkeypatch, module):
    assert all(missing_packages(files) == [] for files in SENTENCEPIECE + OTHERS)
    monkeypatch.setitem(sys.modules, module, None)  # as if it were not installed
    name = {"google.protobuf": "protobuf"}.get(module, module)
    assert all(missing_packages(files) == [name] for files in SENTENCEPIECE)
    assert all(missing_packages(files) == [] for files in OTHERS)
    assert missing_packages(OTHERS[2], failed=True) == [name]  # its class takes them even so
    assert missing_packages(OTHERS[1], failed=True) == []


def test_the_message_names_all_that_is_missing():
    told = install_line(["sentencepiece", "protobuf"])
    assert "sentencepiece and protobuf: pip install sentencepiece protobuf" in told
