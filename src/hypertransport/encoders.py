"""Concept -> embedding: any CLIP or SigLIP of transformers, or the small CLIP that ships."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import torch
from huggingface_hub import try_to_load_from_cache
from jaxtyping import Float
from PIL import Image
from safetensors import SafetensorError
from torch import Tensor
from torch.nn import functional as F

# The modules themselves: `transformers.CLIPImageProcessor` would ask for torchvision.
from transformers.configuration_utils import PreTrainedConfig
from transformers.models.auto.tokenization_auto import AutoTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.clip.modeling_clip import CLIPModel
from transformers.models.clip.tokenization_clip import CLIPTokenizer
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil
from transformers.models.siglip.modeling_siglip import SiglipModel
from transformers.tokenization_utils_base import PreTrainedTokenizerBase

from hypertransport.complete_weights import complete_weights
from hypertransport.concepts import Concept, Embedding, Mix, Picture, Pictures, Words, as_concept
from hypertransport.errors import CheckpointError, ConceptError, first_line
from hypertransport.generators.layouts import install_line, missing_packages, only_variant
from hypertransport.generators.revisions import revision_of
from hypertransport.hub import list_files, split_revision
from hypertransport.library_errors import loading
from hypertransport.novelty import nearest_distance
from hypertransport.paths import user_source
from hypertransport.torch_state import plain_torch
from hypertransport.truncation import TextLimit, report, truncations
from hypertransport.vocabulary import FILE, in_words, read_vocabulary
from hypertransport.weights import bundled, canonical

TEXTS_AT_ONCE = 256
IMAGES_AT_ONCE = 64
MAX_RATIO = 4  # of what a processor that crops to the centre is given


class Towers(NamedTuple):
    """A kind of model with a text and an image tower, and how its text tower was trained to read.

    `dim` reads the embedding's length from the configuration; `padding` is as tokenizers take it;
    `inputs` are those of the tokenizer's outputs that the tower is given.
    """

    model: Any
    tokenizer: Any
    image_processor: Any
    dim: Callable[[Any], int]
    clean: Callable[[str], str]
    padding: bool | str
    inputs: tuple[str, ...]


TOWERS = {
    "clip": Towers(
        CLIPModel,
        CLIPTokenizer,
        CLIPImageProcessorPil,
        dim=attrgetter("projection_dim"),
        clean=str,
        padding=True,
        inputs=("input_ids", "attention_mask"),
    ),
    # SigLIP 2 is of this kind too, except for its NaFlex variants, and brings Gemma's tokenizer;
    # that of SigLIP 1 takes the packages `sentencepiece` and `protobuf`.
    "siglip": Towers(
        SiglipModel,
        AutoTokenizer,
        SiglipImageProcessorPil,
        dim=attrgetter("text_config.projection_size"),
        clean=str.lower,
        padding="max_length",
        inputs=("input_ids",),  # it attends to its padding
    ),
}


class ConceptEncoder:
    """A CLIP or SigLIP: text and image towers share one space, so words and pictures can be mixed.

    `id` is what saved hypernetworks name it by: a bundled name, a hub id or a folder. `vocabulary`,
    where there is any, are the words in which pictures are read as concepts (see `vocabulary`).
    """

    def __init__(
        self,
        model: CLIPModel | SiglipModel,
        tokenizer: PreTrainedTokenizerBase,
        image_processor: CLIPImageProcessorPil | SiglipImageProcessorPil,
        id: str,
        vocabulary: Sequence[str] = (),
    ):
        self.model: Any = model.eval().requires_grad_(False)  # Any: transformers' hints mislead
        self.towers = TOWERS[model.config.model_type]
        self.tokenizer = tokenizer
        self.image_processor = image_processor
        self.id = id
        self.vocabulary = tuple(vocabulary)

    @classmethod
    @plain_torch()
    def from_pretrained(
        cls,
        source: str | Path,
        *,
        id: str | None = None,
        local_files_only: bool = False,
        **options: Any,
    ) -> "ConceptEncoder":
        """Load a bundled encoder by name ("emojiscape-pixart"), or one by its folder or hub id.

        What it is, a CLIP or a SigLIP, its configuration says. Weights of any stored precision are
        loaded as float32; a folder may hold a vocabulary too. `options` (revision, token,
        cache_dir) are for the hub; user/name@revision names a revision as well, and is what an
        encoder of the hub is known by. Raises CheckpointError.
        """
        source = user_source(source)
        folder = bundled(str(source), "encoder") or _local(source)
        name, revision = (folder, None) if folder else split_revision(source)
        place = str(name)
        options["local_files_only"] = local_files_only or folder is not None
        options["revision"] = options.get("revision") or revision
        parts = _load(source, place, options)
        vocabulary = read_vocabulary(folder / FILE) if folder else ()
        return cls(*parts, id or _name(source, place, options), vocabulary)

    @property
    def dim(self) -> int:
        """Length of an embedding."""
        return self.towers.dim(self.model.config)

    @property
    def device(self) -> torch.device:
        """Where the towers are, and the embeddings will be."""
        return self.model.device

    def to(self, device: str | torch.device) -> "ConceptEncoder":
        """Move the towers to a device, in place; returns itself."""
        self.model.to(device)  # pyright: ignore[reportArgumentType] decorated in transformers
        return self

    @plain_torch()
    def encode(self, concepts: Sequence[object]) -> Float[Tensor, "concepts dim"]:
        """One unit vector per concept (or anything `as_concept` takes), without gradient.

        All words go through the text tower together and all pictures through the image tower,
        those within mixes too; what a picture shows is then told in the words of the vocabulary.
        Raises ConceptError, also for a mix that cancels out; gives a TruncationWarning for words
        that exceed the text tower's context.
        """
        parsed = [as_concept(concept) for concept in concepts]
        report(self.truncations(parsed))
        leaves = [leaf for concept in parsed for leaf in concept.leaves()]
        vectors = iter(self._encode_leaves(leaves))
        rows = [_combine(concept, vectors) for concept in parsed]
        return torch.stack(rows) if rows else torch.empty(0, self.dim, device=self.device)

    def truncations(self, concepts: Sequence[Concept]) -> list[str]:
        """A sentence for each concept whose words exceed the text tower's context."""
        leaves = [leaf for concept in concepts for leaf in concept.leaves()]
        limit = TextLimit(self.tokenizer, self._context, self.towers.clean)
        return truncations([leaf.text for leaf in leaves if isinstance(leaf, Words)], [limit])

    @plain_torch()
    def text(self, texts: Sequence[str]) -> Float[Tensor, "texts dim"]:
        """Unit vectors of texts as they are; what exceeds the tower's context is cut off."""
        return self._batched(self._text_features, texts, TEXTS_AT_ONCE)

    @plain_torch()
    def images(self, images: Sequence[Image.Image]) -> Float[Tensor, "images dim"]:
        """Unit vectors of RGB pictures of any size."""
        return self._batched(self._image_features, images, IMAGES_AT_ONCE)

    def _encode_leaves(self, leaves: list) -> Float[Tensor, "leaves dim"]:
        out = torch.empty(len(leaves), self.dim, device=self.device)
        kinds = {kind: [i for i, leaf in enumerate(leaves) if type(leaf) is kind] for kind in KINDS}
        out[kinds[Words]] = self.text([leaves[i].text for i in kinds[Words]])
        shown = kinds[Picture] + kinds[Pictures]
        out[shown] = self._read([leaves[i].images for i in shown])
        for i in kinds[Embedding]:
            out[i] = self._own(leaves[i].vector)
        return out

    def _read(self, shown: Sequence[Sequence[Image.Image]]) -> Float[Tensor, "concepts dim"]:
        """Pictures as concepts, several of each or one."""
        if not shown:
            return torch.empty(0, self.dim, device=self.device)
        each = self.images([image for images in shown for image in images])
        e = torch.stack([some.sum(0) for some in each.split([*map(len, shown)])])
        if not self.vocabulary:
            return F.normalize(e, dim=-1)
        return in_words(e, self._words.to(self.device), self.model.logit_scale.exp().item())

    def vocabulary_distance(self, concepts: Sequence[object]) -> Float[Tensor, "concepts"] | None:
        """Return `1 - max_j cos(e, v_j)` of each concept to the texts of the vocabulary.

        None for an encoder without a vocabulary. Raises ConceptError as `encode` does.
        """
        if not self.vocabulary:
            return None
        return nearest_distance(self.encode(concepts), self._words)

    def nearest_words(self, concept: object, count: int = 3) -> list[str]:
        """Return the `count` texts of the vocabulary that are most similar to a concept."""
        similarity = self._words.to(self.device) @ self.encode([concept])[0]
        return [self.vocabulary[i] for i in similarity.topk(count).indices.tolist()]

    @cached_property
    def _words(self) -> Float[Tensor, "words dim"]:
        return self.text(self.vocabulary)

    def _own(self, vector: Float[Tensor, "any"]) -> Float[Tensor, "dim"]:
        if len(vector) != self.dim:
            raise ConceptError(
                f"an embedding of {len(vector)} numbers does not fit {self.id}, which has "
                f"{self.dim}; encode the concept with this encoder"
            )
        vector = vector.detach().double()  # whose squares do not overflow, nor vanish
        return F.normalize(vector / vector.abs().max(), dim=-1).to(self.device, torch.float32)

    @torch.no_grad()
    def _batched(self, features: Callable, items: Sequence, size: int) -> Tensor:
        chunks = [features(items[i : i + size]) for i in range(0, len(items), size)]
        if not chunks:
            return torch.empty(0, self.dim, device=self.device)
        return F.normalize(torch.cat(chunks).float(), dim=-1)

    @property
    def _context(self) -> int:
        """The tokens that the text tower reads."""
        return self.model.config.text_config.max_position_embeddings

    def _text_features(self, texts: Sequence[str]) -> Float[Tensor, "texts dim"]:
        tokens = self.tokenizer(
            [self.towers.clean(text) for text in texts],
            padding=self.towers.padding,
            truncation=True,
            max_length=self._context,
            return_tensors="pt",
        ).to(self.device)
        inputs = {name: tokens[name] for name in self.towers.inputs}
        return self.model.get_text_features(**inputs).pooler_output

    def _image_features(self, images: Sequence[Image.Image]) -> Float[Tensor, "images dim"]:
        shown = [*map(self._central, images)]
        pixels = self.image_processor(shown, return_tensors="pt").to(self.device)
        return self.model.get_image_features(**pixels).pooler_output

    def _central(self, image: Image.Image) -> Image.Image:
        """The image, or the centre of a thin one where no more of it is read.

        A processor that enlarges the shorter side would enlarge the longer one as much before it
        crops: 60,000 x 1 pixels would take 3 GB.
        """
        if not self.image_processor.size.get("shortest_edge"):
            return image
        width, height = (min(side, MAX_RATIO * min(image.size)) for side in image.size)
        left, top = (image.width - width) // 2, (image.height - height) // 2
        return image.crop((left, top, left + width, top + height))


KINDS = (Words, Picture, Pictures, Embedding)
# An ImportError where a tokenizer needs a package that is not there.
LOADING_ERRORS = (
    *(OSError, ValueError, TypeError, AttributeError, RuntimeError, KeyError, ImportError),
    SafetensorError,
)


def _load(source: str | Path, place: str, options: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Model, tokenizer and image processor. Raises CheckpointError."""
    files = list_files(place, **options)
    detailed = options | {"dtype": torch.float32, "variant": only_variant(files)}
    try:
        if missing := missing_packages(files):
            raise ImportError(install_line(missing))
        with loading(place):
            towers = _towers(place, options)
            # Before the weights: there may be other tokenizers whose classes take a package.
            tokenizer = towers.tokenizer.from_pretrained(place, **options)
            image_processor = towers.image_processor.from_pretrained(place, **options)
            with complete_weights():
                model = towers.model.from_pretrained(place, **detailed)
            known = len(tokenizer)
    except LOADING_ERRORS as error:
        raise CheckpointError(_cannot_load(source, place, files, error)) from error
    # Without a tokenizer file transformers makes up a vocabulary of the 3 or 5 special tokens.
    if not 5 < known <= model.config.text_config.vocab_size:
        raise CheckpointError(f"{place} lacks the vocabulary of its tokenizer; get it again")
    return model, tokenizer, image_processor


def _towers(place: str, options: dict[str, Any]) -> Towers:
    """The kind that the configuration names, by no guess."""
    config, _ = PreTrainedConfig.get_config_dict(place, **options)
    kind = config.get("model_type")
    if kind not in TOWERS:
        raise ValueError(f"it is of the kind {kind!r}, not one of {', '.join(TOWERS)}")
    return TOWERS[kind]


def _combine(concept: Concept, vectors: Iterator[Tensor]) -> Float[Tensor, "dim"]:
    """A leaf takes the next vector; a mix sums its parts' and returns to the unit sphere."""
    if not isinstance(concept, Mix):
        return next(vectors)
    parts = [weight * _combine(part, vectors) for part, weight in concept.parts]
    total = torch.stack(parts).sum(0)
    if total.norm() <= 1e-4 * max(part.norm() for part in parts):
        raise ConceptError("this mix cancels out to nothing; change its weights")
    return F.normalize(total, dim=-1)


def _local(source: str | Path) -> Path | None:
    return Path(source) if isinstance(source, Path) or Path(source).is_dir() else None


def _name(source: str | Path, place: str, options: dict[str, Any]) -> str:
    """A bundled name, a folder, or the hub's id with the commit that was loaded."""
    if folder := _local(source):
        return str(folder.resolve())
    if bundled(str(source), "encoder"):
        return canonical(str(source))
    which = {name: options.get(name) for name in ("cache_dir", "revision")}
    found = try_to_load_from_cache(place, "config.json", **which)
    return f"{place}@{revision_of(Path(str(found)).parent)}"


def _cannot_load(source: str | Path, place: str, files: Collection[str], error: Exception) -> str:
    if bundled(str(source), "encoder") and not Path(place).is_dir():
        return f"the weights of {source!r} are not in this installation ({place}); install them"
    missing = missing_packages(files, failed=isinstance(error, ImportError))
    first = install_line(missing) if missing else first_line(error)
    return (
        f"cannot load the concept encoder {source!s} ({first}); "
        "give the folder or hub id of a CLIP or SigLIP"
    )
