"""A real image classifier of transformers, tiny and with random weights."""

from collections.abc import Sequence
from pathlib import Path

import torch
from transformers.models.convnext.image_processing_pil_convnext import ConvNextImageProcessorPil
from transformers.models.resnet.configuration_resnet import ResNetConfig
from transformers.models.resnet.modeling_resnet import ResNetForImageClassification

SINGLE, MULTI = "single_label_classification", "multi_label_classification"


def save_scorer(folder: Path, labels: Sequence[str], problem_type: str = MULTI) -> Path:
    """Write it as Hugging Face users expect: model, configuration and image processor."""
    torch.manual_seed(0)
    config = ResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 16],
        depths=[1, 1],
        layer_type="basic",
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
        problem_type=problem_type,
    )
    ResNetForImageClassification(config).save_pretrained(folder)
    ConvNextImageProcessorPil(size={"shortest_edge": 32}).save_pretrained(folder)
    return folder
