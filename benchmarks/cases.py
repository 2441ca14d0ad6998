"""What is measured at: emojiscape as it ships, and DMD2's and Nitro's networks at full size.

The last two have random weights, float32 on a CPU and bfloat16 on a GPU, and pictures of 64 pixels
a side on a CPU and 512 on a GPU. Only the denoiser is there; their concept encoder is as large as
the text tower of CLIP ViT-L/14, with random weights and emojiscape's tokenizer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from transformers.models.clip.configuration_clip import CLIPConfig
from transformers.models.clip.modeling_clip import CLIPModel

import hypertransport as ht
from benchmarks.measuring import SEED, Run
from benchmarks.random_targets import TARGETS, build, recipe
from hypertransport.encoders import ConceptEncoder
from hypertransport.generators.base import Generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.interventions import Intervention
from hypertransport.network import HyperNetwork
from hypertransport.sites import Site, total_channels
from hypertransport.training.amortized import shape
from hypertransport.training.inputs import Inputs, record_bank

SMALL = "emojiscape"
LARGE = ("nitro", "dmd2")
TINY: dict[str, dict[str, Any]] = {  # instead of the full size, to test with
    "dmd2": {
        "block_out_channels": (32, 64, 64),
        "layers_per_block": 1,
        "attention_head_dim": (2, 2, 2),
        "cross_attention_dim": 32,
        "transformer_layers_per_block": (1, 1, 1),
    },
    "nitro": {
        "num_layers": 2,
        "num_attention_heads": 2,
        "attention_head_dim": 16,
        "cross_attention_dim": 32,
        "caption_channels": 32,
    },
}


@dataclass(frozen=True)
class Case:
    """A generator and a hypernetwork for it. `inputs(rows, seed)` are its backbone's."""

    name: str
    generator: Generator
    hyper: HyperTransport
    inputs: Callable[[int, int], Inputs]
    note: str

    @torch.no_grad()
    def draw(self, rows: int = 1) -> Callable[[], object]:
        """An action: the backbone once, for so many rows."""
        inputs = self.inputs(rows, SEED)
        return torch.no_grad()(lambda: self.generator.backbone(**inputs))


def load(name: str, run: Run) -> Case:
    """One of `SMALL` and `LARGE`."""
    if name == SMALL:
        generator = ht.load_generator(name, device=run.device)
        hyper = ht.HyperTransport.from_pretrained(name).to(run.device)
        return Case(name, generator, hyper, partial(_recorded, generator), "as it ships")
    dtype = torch.float32 if run.slow else torch.bfloat16
    pixels = 64 if run.slow else 512
    torch.manual_seed(SEED)
    generator = build(name, run.device, dtype, TINY[name] if run.quick else {})
    inputs = partial(_inputs, name, generator, pixels)
    note = f"random weights, {str(dtype).removeprefix('torch.')}, {pixels} pixels"
    return Case(name, generator, random_hyper(name, generator.sites, run), inputs, note)


def _recorded(generator: Generator, rows: int, seed: int) -> Inputs:
    return record_bank(generator, ["a mushroom"] * rows, range(seed, seed + rows))


def _inputs(name: str, generator: Generator, pixels: int, rows: int, seed: int) -> Inputs:
    return TARGETS[name].inputs(generator, rows, pixels, seed)


def random_hyper(name: str, sites: tuple[Site, ...], run: Run) -> HyperTransport:
    """As `recipes/natural` trains it, as if it had been trained: nothing in it is zero."""
    encoder = random_encoder(run.quick)
    network = HyperNetwork(shape(recipe(name), encoder.dim, sites))
    assert network.linear is not None
    for parameter in (*network.heads.parameters(), *network.linear.up.parameters()):
        torch.nn.init.normal_(parameter, std=1e-3)
    return HyperTransport(network.eval().requires_grad_(False), encoder, "random").to(run.device)


def random_encoder(quick: bool = False) -> ConceptEncoder:
    """The text tower of CLIP ViT-L/14 in size; its image tower is small and never runs."""
    small = ConceptEncoder.from_pretrained(SMALL)
    tokens = {f"{kind}_token_id": getattr(small.tokenizer, f"{kind}_token_id") for kind in KINDS}
    width, heads = (32, 2) if quick else (768, 12)
    sizes = {
        "hidden_size": width,
        "intermediate_size": 4 * width,
        "num_attention_heads": heads,
    }
    text = {**sizes, "num_hidden_layers": 2 if quick else 12, "vocab_size": 49408, **tokens}
    vision = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1}
    vision["num_attention_heads"] = 2
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=width)
    return ConceptEncoder(CLIPModel(config), small.tokenizer, small.image_processor, id="random")


KINDS = ("bos", "eos", "pad")


def random_maps(sites: tuple[Site, ...], rows: int | None = None, seed: int = SEED) -> Intervention:
    """Not far from the identity at any site."""
    size = (total_channels(sites),) if rows is None else (rows, total_channels(sites))
    draw = torch.Generator().manual_seed(seed)
    scale, shift = 0.1 * torch.randn(2, *size, generator=draw)
    return Intervention.from_flat(sites, 1 + scale, shift)


def site_table(name: str) -> tuple[Site, ...]:
    """The sites of a full-size target, without any of its weights."""
    return build(name, torch.device("meta")).sites
