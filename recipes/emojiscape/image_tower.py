"""Train the image tower into the text tower's space, and put both into one `CLIPModel`.

    python -m recipes.emojiscape.image_tower

The text tower stays as it is (locked-text tuning), so the generator may be trained on it meanwhile.
Scenes learn by CLIP's contrastive loss, in the batch; bare concepts against the whole vocabulary,
which is what pictures are read in later (`hypertransport.vocabulary`).
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import (
    CLIPConfig,
    CLIPModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
)  # fmt: skip
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from hypertransport.generators.base import choose_device
from hypertransport.precision import autocast
from hypertransport.vocabulary import FILE
from recipes.emojiscape import world as w
from recipes.emojiscape.augmentation import jittered, redrawn
from recipes.emojiscape.captions import captions, usual_phrase
from recipes.emojiscape.catalogue import concepts
from recipes.emojiscape.language import Teacher, synonyms
from recipes.emojiscape.loop import chance, fit, optimizers, training_arguments
from recipes.emojiscape.painting import Painter
from recipes.emojiscape.references import TOWER_SETS, ReferencePainter
from recipes.emojiscape.text_tower import EMBEDDING, phrases
from recipes.emojiscape.tokenizer import states_of

SEED, STEPS, SCENES, REFERENCES, TEMPERATURE = 6, 10_000, 64, 192, 0.05
KINDS = {"thing": 0.4, "style": 0.15, "background": 0.35, "frame": 0.1}  # of the references
STILL = 0.35  # share of pictures shown as they are: stripes of 8 pixels fill patches of 8 then
REDRAWN = 0.5  # share of the references to things
MEAN = STD = [0.5, 0.5, 0.5]


def image_tower() -> CLIPVisionModelWithProjection:
    return CLIPVisionModelWithProjection(
        CLIPVisionConfig(
            hidden_size=256, intermediate_size=1024, num_hidden_layers=6, num_attention_heads=8,
            image_size=w.SIZE, patch_size=8, projection_dim=EMBEDDING, hidden_act="gelu",
        )
    )  # fmt: skip


def contrastive(images: Tensor, texts: Tensor) -> Tensor:
    """CLIP's symmetric loss at a fixed temperature. (n, dim) each, unnormalised."""
    logits = F.normalize(images, dim=-1) @ F.normalize(texts, dim=-1).T / TEMPERATURE
    target = torch.arange(len(logits), device=logits.device)
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def encoder(tower: CLIPVisionModelWithProjection, text: CLIPTextModelWithProjection) -> CLIPModel:
    """Both towers as one CLIPModel."""
    config = CLIPConfig(
        text_config=text.config.to_dict(),
        vision_config=tower.config.to_dict(),
        projection_dim=EMBEDDING,
    )
    model = CLIPModel(config)
    model.logit_scale.data.fill_(-math.log(TEMPERATURE))
    model.text_model.load_state_dict(text.text_model.state_dict())
    model.text_projection.load_state_dict(text.text_projection.state_dict())
    model.vision_model.load_state_dict(tower.vision_model.state_dict())
    model.visual_projection.load_state_dict(tower.visual_projection.state_dict())
    return model


def processor() -> CLIPImageProcessorPil:
    size = {"height": w.SIZE, "width": w.SIZE}
    return CLIPImageProcessorPil(
        size={"shortest_edge": w.SIZE}, crop_size=size, image_mean=MEAN, image_std=STD, resample=3
    )


@dataclass(frozen=True)
class Batch:
    """Pictures (n, 3, 64, 64) in [0, 1] of scenes, then of bare concepts; what the scenes' captions
    are, and which places in the vocabulary the concepts have.

    The pictures at `rows` are to be `redrawn`; `others` are what they show, in another set.
    """

    pictures: Tensor
    rows: Tensor
    others: Tensor
    texts: list[str]
    places: Tensor


class Batches:
    """Draws the batch of step `(SEED, step)`."""

    def __init__(self, painter: Painter, names: list[tuple[str, ...]]):
        self.painter, self.names, self.references = painter, names, ReferencePainter(painter)

    def __call__(self, step: int) -> Batch:
        rng, _ = chance(SEED, step)
        scenes = w.free(rng, len(self.names), SCENES)
        texts, _ = captions(rng, scenes, self.names)
        free = w.free(rng, len(self.names), REFERENCES)
        _, bare, said, _ = phrases(rng, free, self.names, KINDS)
        things = bare[:, w.SUBJECT] != w.NOTHING
        kinds = np.select([things, *said.T], ["thing", "style", "background"], "frame")
        sets = rng.permuted(np.tile(TOWER_SETS, (REFERENCES, 1)), axis=1)[:, :2].T
        rows, seed = things & (rng.random(REFERENCES) < REDRAWN), int(rng.integers(2**32))
        one, another = (
            self.references(kinds, drawn_in(bare, things, s), np.random.default_rng(seed))
            for s in sets
        )
        return Batch(
            torch.cat([self.painter(scenes), one]),
            torch.from_numpy(SCENES + np.flatnonzero(rows)),
            another[torch.from_numpy(rows)],
            texts,
            torch.from_numpy(places(kinds, bare, len(self.names))),
        )


def places(kinds: np.ndarray, scenes: np.ndarray, things: int) -> np.ndarray:
    """Where the catalogue lists the concepts of kinds (n,) that bare scenes (n, 7) hold: (n,), the
    inverse of `references.scene_of` for the whole catalogue."""
    tints, patterns = len(w.TINTS), len(w.PATTERNS)
    thing, frame = scenes[:, w.SUBJECT], scenes[:, w.FRAME] - 1
    style = scenes[:, w.SET] * tints + scenes[:, w.TINT]
    background = scenes[:, w.COLOUR] * patterns + scenes[:, w.PATTERN]
    starts = np.cumsum([0, things, len(w.SETS) * tints, len(w.COLOURS) * patterns])
    each = {"thing": thing, "style": style, "background": background, "frame": frame}
    within = np.stack([*each.values()]) + starts[:, None]
    return within[[list(each).index(kind) for kind in kinds], np.arange(len(scenes))]


def drawn_in(scenes: np.ndarray, things: np.ndarray, sets: np.ndarray) -> np.ndarray:
    """Scenes (n, 7) of which the `things` (n,) bool are in sets (n,) of their own."""
    scenes = scenes.copy()
    scenes[things, w.SET] = sets[things]
    return scenes


class ImageLoss:
    """The losses of one step after another, on the device of all modules and of the painter.

    `vocabulary` (words, dim) are the unit embeddings of all concepts' phrases.
    """

    def __init__(
        self,
        tower: CLIPVisionModelWithProjection,
        vocabulary: Tensor,
        embed: Callable[[list[str]], Tensor],
        batches: Callable[[int], Batch],
    ):
        self.tower, self.vocabulary, self.embed, self.batches = tower, vocabulary, embed, batches

    def seen(self, batch: Batch, step: int) -> Tensor:
        """The pictures of a batch, on the device, as the tower is shown them: in [-1, 1]."""
        x, rows = batch.pictures.clone(), batch.rows
        _, random = chance(SEED, step, x.device)
        x[rows] = redrawn(x[rows], batch.others, random)
        moved = torch.rand(len(x), generator=random, device=x.device) >= STILL
        x[moved] = jittered(x[moved], random)
        return x * 2 - 1

    def __call__(self, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        batch = self.batches(step)
        x, texts = self.seen(batch, step), self.embed(batch.texts)
        with autocast(x.device.type):
            e = self.tower(x).image_embeds.float()
        scenes, bare = e.split([SCENES, len(e) - SCENES])
        places = batch.places.to(x.device)
        near = 1 - F.cosine_similarity(bare, self.vocabulary[places]).mean()
        logits = F.normalize(bare, dim=-1) @ self.vocabulary.T / TEMPERATURE
        read, told = F.cross_entropy(logits, places), contrastive(scenes, texts)
        right = (logits.argmax(1) == places).float().mean()
        figures = {"near": near, "read": read, "scenes": told, "right": right}
        return 10 * near + 3 * read + told, {k: v.detach() for k, v in figures.items()}


def main() -> None:
    args, device = training_arguments(__doc__, STEPS), choose_device(None)
    torch.manual_seed(SEED)
    painter = Painter(w.World.load(), device)
    names, _ = synonyms(painter.world.things, Teacher())
    text = CLIPTextModelWithProjection.from_pretrained(args.runs / "text_tower/model").eval()
    tokenizer = CLIPTokenizer.from_pretrained(args.runs / "text_tower/model")
    tower = image_tower()
    modules: list[nn.Module] = [text.requires_grad_(False), tower]
    for module in modules:
        module.to(device)

    @torch.no_grad()
    def embed(texts: list[str]) -> Tensor:
        return states_of(texts, tokenizer, lambda ids: text(ids).text_embeds, device)

    known = [usual_phrase(kind, name) for kind, name in concepts(painter.world.names)]
    vocabulary = F.normalize(embed(known), dim=-1)
    loss = ImageLoss(tower, vocabulary, embed, Batches(painter, names))
    out = args.runs / "image_tower"
    fit(out, args.steps, {"tower": tower}, optimizers(tower, 5e-3, 2e-3), loss)
    encoder(tower, text).save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")
    processor().save_pretrained(out / "model")
    (out / "model" / FILE).write_text(json.dumps(known, indent=0))


if __name__ == "__main__":
    main()
