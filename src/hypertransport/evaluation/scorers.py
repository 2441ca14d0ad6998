"""Independent scorers: image classifiers that took no part in training what they score.

A scorer reads labels off pictures. By which labels a concept, or a prompt, is recognised is said in
a JSON object; where it is silent about a text, the label of that very name is meant:

    {"brick navy": ["brick", "navy"],  "a cat": [["tabby", "Siamese cat"]]}

All of the labels of a list must show; of a list within it, any one.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

# The modules themselves: the names in `transformers` would ask for torchvision.
from transformers.models.auto.image_processing_auto import AutoImageProcessor
from transformers.models.auto.modeling_auto import AutoModelForImageClassification

from hypertransport.complete_weights import complete_weights
from hypertransport.encoders import IMAGES_AT_ONCE, LOADING_ERRORS
from hypertransport.errors import CheckpointError, ConfigError, brief, first_line
from hypertransport.json_files import read_json
from hypertransport.library_errors import loading
from hypertransport.torch_state import plain_torch

Clauses: TypeAlias = Sequence[Sequence[str]]


@runtime_checkable
class Scorer(Protocol):
    """What reads the probability of each of its labels off pictures; `name` is that of its scores.

    Any such object can be given from Python; configurations name folders (`Classifier`).
    """

    name: str
    labels: Sequence[str]

    def __call__(self, pictures: Sequence[Image.Image]) -> Float[np.ndarray, "pictures labels"]: ...


class Classifier:
    """An image-classification model of transformers, with its own image processor.

    Probabilities are as its configuration's `problem_type` says: each label by itself (sigmoid)
    for "multi_label_classification", else one of all (softmax).
    """

    def __init__(self, model: Any, image_processor: Any, name: str):
        self.model = model.eval().requires_grad_(False)
        self.image_processor = image_processor
        self.name = name
        self.labels: Sequence[str] = [
            model.config.id2label[i] for i in range(model.config.num_labels)
        ]

    @classmethod
    @plain_torch()
    def from_pretrained(cls, folder: Path) -> "Classifier":
        """Load what `save_pretrained` of a model and of its image processor wrote.

        Its name is the folder's. Raises CheckpointError for anything missing or damaged.
        """
        options: dict[str, Any] = {"local_files_only": True}
        detailed = options | {"dtype": torch.float32}
        try:
            with loading(folder), complete_weights():
                model = AutoModelForImageClassification.from_pretrained(folder, **detailed)
                processor = AutoImageProcessor.from_pretrained(folder, backend="pil", **options)
                return cls(model, processor, folder.name)
        except LOADING_ERRORS as error:
            first = first_line(error)
            raise CheckpointError(
                f"cannot load the scorer {folder} ({first}); give the folder of an "
                "image-classification model of transformers, with its preprocessor_config.json"
            ) from error

    def to(self, device: str | torch.device) -> "Classifier":
        self.model.to(device)
        return self

    @plain_torch()
    def __call__(self, pictures: Sequence[Image.Image]) -> Float[np.ndarray, "pictures labels"]:
        """The probability of each label in RGB pictures of any size."""
        starts = range(0, len(pictures), IMAGES_AT_ONCE)
        parts = [self._probabilities(pictures[i : i + IMAGES_AT_ONCE]) for i in starts]
        return torch.cat(parts).cpu().numpy()

    def _probabilities(self, pictures: Sequence[Image.Image]) -> Float[Tensor, "pictures labels"]:
        pixels = self.image_processor(list(pictures), return_tensors="pt").to(self.model.device)
        logits = self.model(**pixels).logits.float()
        if self.model.config.problem_type == "multi_label_classification":
            return logits.sigmoid()
        return logits.softmax(-1)


def read_labels(path: Path) -> dict[str, Clauses]:
    """What labels texts are recognised by: of each text, lists of which any one label must show.

    Raises ConfigError for a file that is missing, or not as the module says.
    """
    values = read_json(path, ConfigError, "the labels")
    if not isinstance(values, dict):
        raise ConfigError(f"{path} is no JSON object of texts and their labels")
    return {text: _clauses(text, value) for text, value in values.items()}


def columns(scorer: Scorer, labels: Mapping[str, Clauses], text: str) -> list[list[int]] | None:
    """The columns that a text is recognised by; None for a text that the scorer cannot know."""
    place = {label: i for i, label in enumerate(scorer.labels)}
    clauses = labels.get(text, [[text]])
    known = [[place[label] for label in any_of if label in place] for any_of in clauses]
    return known if all(known) else None


def shown(
    probabilities: Float[np.ndarray, "n labels"], all_of: Sequence[Sequence[int]]
) -> Float[np.ndarray, " n"]:
    """How surely pictures show a text: the least of its clauses, of each its likeliest label.

    That is the greatest probability which labels of any dependence could have together, and it
    is above 1/2 only where each of them is.
    """
    return np.min([probabilities[:, any_of].max(1) for any_of in all_of], axis=0)


def _clauses(text: str, value: object) -> Clauses:
    clauses = (
        [[one] if isinstance(one, str) else one for one in value]
        if value and isinstance(value, list)
        else []
    )
    if not clauses or not all(
        isinstance(any_of, list) and any_of and all(isinstance(label, str) for label in any_of)
        for any_of in clauses
    ):
        raise ConfigError(
            f'the labels of {brief(text)} are {brief(value)}, not a list such as ["brick"]'
        )
    return clauses
