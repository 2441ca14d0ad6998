"""Folders of tiny models with random weights, as transformers, diffusers and this package write."""

from functools import cache
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.transformers.pixart_transformer_2d import PixArtTransformer2DModel
from diffusers.pipelines.pixart_alpha.pipeline_pixart_sigma import PixArtSigmaPipeline
from diffusers.schedulers.scheduling_lcm import LCMScheduler
from transformers.models.clip.configuration_clip import CLIPConfig, CLIPTextConfig
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.clip.modeling_clip import CLIPModel, CLIPTextModel
from transformers.models.clip.tokenization_clip import CLIPTokenizer
from transformers.models.convnext.image_processing_pil_convnext import ConvNextImageProcessorPil
from transformers.models.resnet.configuration_resnet import ResNetConfig
from transformers.models.resnet.modeling_resnet import ResNetForImageClassification

from hypertransport.calibration import Calibration
from hypertransport.dial import Dial
from hypertransport.encoders import ConceptEncoder
from hypertransport.hypernetwork import About, HyperNetwork, HyperNetworkConfig, HyperTransport
from hypertransport.novelty import Neighbours, TrainedConcepts
from hypertransport.sites import Site
from hypertransport.training_record import TrainingRecord

DIM = 8  # of an embedding
PIXELS = 32
SITES = (Site("a", 8, 1), Site("b", 4, -1), Site("c", 8, -1))
START, END = "<|startoftext|>", "<|endoftext|>"


def tokenizer(tokens: int = 16) -> CLIPTokenizer:
    """A CLIP tokenizer that knows the letters."""
    letters = [chr(i) for i in range(33, 127)]
    vocabulary = [*letters, *(f"{letter}</w>" for letter in letters), START, END]
    table = {token: i for i, token in enumerate(vocabulary)}
    return CLIPTokenizer(vocab=table, merges=[], model_max_length=tokens)


def text_sizes(tokens: int = 16) -> dict[str, Any]:
    known = tokenizer()
    return {
        "hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1,
        "vocab_size": len(known), "max_position_embeddings": tokens,
        "bos_token_id": known.bos_token_id, "eos_token_id": known.eos_token_id,
        "pad_token_id": known.pad_token_id,
    }  # fmt: skip


def save_encoder(folder: Path) -> None:
    """A CLIP, with a vocabulary."""
    torch.manual_seed(0)
    vision = {
        "hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1,
        "image_size": PIXELS, "patch_size": 16,
    }  # fmt: skip
    config = CLIPConfig(text_config=text_sizes(), vision_config=vision, projection_dim=DIM)
    size = {"height": PIXELS, "width": PIXELS}
    processor = CLIPImageProcessorPil(size={"shortest_edge": PIXELS}, crop_size=size)
    for part in (CLIPModel(config), tokenizer(), processor):
        part.save_pretrained(folder)
    (folder / "vocabulary.json").write_text('["hat", "oil", "a red key"]', "utf-8")


def save_scorer(folder: Path) -> None:
    """A classifier of pictures."""
    torch.manual_seed(0)
    labels = ["hat", "oil", "key"]
    config = ResNetConfig(
        embedding_size=8, hidden_sizes=[8], depths=[1], layer_type="basic",
        id2label=dict(enumerate(labels)), label2id={k: i for i, k in enumerate(labels)},
        problem_type="multi_label_classification",
    )  # fmt: skip
    ResNetForImageClassification(config).save_pretrained(folder)
    ConvNextImageProcessorPil(size={"shortest_edge": PIXELS}).save_pretrained(folder)


def save_pipeline(folder: Path) -> None:
    """A PixArt in which CLIP stands for T5, as emojiscape's."""
    torch.manual_seed(0)
    vae = AutoencoderKL(
        block_out_channels=(4,), down_block_types=("DownEncoderBlock2D",),
        up_block_types=("UpDecoderBlock2D",), latent_channels=4, norm_num_groups=2,
        layers_per_block=1, sample_size=PIXELS,
    )  # fmt: skip
    transformer = PixArtTransformer2DModel(
        patch_size=2, num_attention_heads=1, attention_head_dim=8, in_channels=4, out_channels=8,
        num_layers=1, cross_attention_dim=8, sample_size=PIXELS, caption_channels=8,
        use_additional_conditions=False,
    )  # fmt: skip
    parts: dict[str, Any] = {"scheduler": LCMScheduler(prediction_type="sample")}
    parts |= {"tokenizer": tokenizer(), "vae": vae, "transformer": transformer}
    parts["text_encoder"] = CLIPTextModel(CLIPTextConfig(**text_sizes()))
    PixArtSigmaPipeline(**parts).save_pretrained(folder)


@cache
def encoder() -> ConceptEncoder:
    """One in memory, made once: what a hypernetwork's folder is read with."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        save_encoder(Path(folder))
        return ConceptEncoder.from_pretrained(folder, id="tiny")


def save_hypernetwork(folder: Path) -> None:
    """One with all that a training leaves beside it."""
    torch.manual_seed(0)
    sizes: Any = {"rank": 3, "width": 16, "depth": 1, "site_dim": 4, "latent_dim": 8}
    network = HyperNetwork(HyperNetworkConfig(DIM, SITES, **sizes))
    strengths = torch.tensor([0.0, 0.5, 1.0, 2.0])
    effects = torch.tensor([[0.0, 0.2, 0.8, 1.0], [0.0, 0.5, 1.0, 0.9], [0.0, 0.1, 0.5, 0.9]])
    about = About(
        generator_revision="sha256:0",
        record=TrainingRecord(6, 3, 4, "mean", {"train": {"identity": 1.0, "words": 0.5}}),
        trained=TrainedConcepts({"words": Neighbours.of(torch.randn(5, DIM), torch.randn(3, DIM))}),
        calibration=Calibration(strengths, effects, torch.tensor([0.5, 1.0, 2.0])),
        dial=Dial(torch.tensor([0.0, 0.5, 1.0]), torch.tensor([0.0, 0.2, 1.0])),
    )
    HyperTransport(network, encoder(), "tiny", about).save_pretrained(folder, bits=8)
