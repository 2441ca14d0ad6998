"""What the parts beside the denoiser take, and that decoding images one by one bounds it."""

import json

import pytest

from benchmarks import full_size_parts
from benchmarks.full_size_parts import IMAGES, RESULT, TARGETS, predict
from docs.full_size_page import parts_section

PIXELS = 64


def test_images_one_by_one_take_hardly_more_than_one(monkeypatch):
    for name, size in (("CLIP_L", 32), ("CLIP_G", 32)):
        small = {"hidden_size": size, "intermediate_size": size, "num_hidden_layers": 1}
        monkeypatch.setattr(full_size_parts, name, small | {"num_attention_heads": 2})
    found = predict("dmd2", [PIXELS])
    weights = found["VAE, float32: weights"]
    one = found[f"VAE, float32: an image of {PIXELS} pixels"] - weights
    sliced = found[f"VAE, float32: {IMAGES} images, one by one, of {PIXELS} pixels"] - weights
    at_once = found[f"VAE, float32: {IMAGES} images at once of {PIXELS} pixels"] - weights
    assert one < sliced < 1.2 * one
    assert at_once == pytest.approx(IMAGES * one, rel=0.05)


def test_the_record_is_of_the_published_sizes():
    """Weights of SDXL's encoders and VAE, and of T5-XXL's encoder, as their cards count them."""
    targets = json.loads(RESULT.read_text())["targets"]
    assert targets.keys() == TARGETS.keys()
    gib = 2**30
    encoders = {"dmd2": 2 * (123.06e6 + 694.66e6), "nitro": 2 * 4.762e9}
    for name, size in encoders.items():
        assert targets[name]["text encoders, float16: weights"] == pytest.approx(
            size / gib, rel=1e-2
        )
    assert targets["dmd2"]["VAE, float32: weights"] == pytest.approx(4 * 83.65e6 / gib, rel=1e-2)
    table = parts_section({"date": "today", "torch": "2", "targets": targets})
    assert "| dmd2 | VAE, float32: 8 images at once of 1024 pixels | 24.3" in table
