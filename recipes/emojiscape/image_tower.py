"""Train the image tower into the text tower's space, and put both into one `CLIPModel`.

    python -m recipes.emojiscape.image_tower

The text tower stays as it is (locked-text tuning), so the generator may be trained on it meanwhile.
Besides CLIP's contrastive loss the frozen linear heads of the text tower read the image embedding.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
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
from hypertransport.training.checkpoints import load_checkpoint
from recipes.emojiscape import world as w
from recipes.emojiscape.augmentation import jittered, redrawn
from recipes.emojiscape.captions import captions
from recipes.emojiscape.language import Teacher, synonyms
from recipes.emojiscape.loop import chance, fit, optimizers, training_arguments
from recipes.emojiscape.painting import Painter
from recipes.emojiscape.readings import Answers, Thumbnails, reading_loss
from recipes.emojiscape.references import SEEN, ReferencePainter
from recipes.emojiscape.text_tower import EMBEDDING, Heads, phrases
from recipes.emojiscape.tokenizer import states_of

SEED, STEPS, SCENES, REFERENCES, TEMPERATURE = 6, 4600, 64, 192, 0.05
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
    """Pictures (n, 3, 64, 64) in [0, 1] of scenes, then of bare concepts; their texts and answers.

    The pictures at `rows` are to be `redrawn`; `others` are what they show, in another set.
    """

    pictures: Tensor
    rows: Tensor
    others: Tensor
    texts: list[str]
    answers: Answers


class Batches:
    """Draws the batch of step `(SEED, step)`."""

    def __init__(self, painter: Painter, names: list[tuple[str, ...]]):
        self.painter, self.names = painter, names
        self.references, self.thumbnails = ReferencePainter(painter), Thumbnails(painter)

    def __call__(self, step: int) -> Batch:
        rng, _ = chance(SEED, step)
        scenes = w.free(rng, len(self.names), SCENES)
        texts, _ = captions(rng, scenes, self.names)
        free = w.free(rng, len(self.names), REFERENCES)
        bare_texts, bare, said, _ = phrases(rng, free, self.names, KINDS)
        things = bare[:, w.SUBJECT] != w.NOTHING
        kinds = np.select([things, *said.T], ["thing", "style", "background"], "frame")
        sets = rng.permuted(np.tile(SEEN, (REFERENCES, 1)), axis=1)[:, :2].T
        rows, places = things & (rng.random(REFERENCES) < REDRAWN), int(rng.integers(2**32))
        one, another = (
            self.references(kinds, drawn_in(bare, things, s), np.random.default_rng(places))
            for s in sets
        )
        said = np.concatenate([np.ones((SCENES, 2), bool), said])
        answers = Answers.of(self.thumbnails, np.concatenate([scenes, bare]), said)
        return Batch(
            torch.cat([self.painter(scenes), one]),
            torch.from_numpy(SCENES + np.flatnonzero(rows)),
            another[torch.from_numpy(rows)],
            texts + bare_texts,
            answers,
        )


def drawn_in(scenes: np.ndarray, things: np.ndarray, sets: np.ndarray) -> np.ndarray:
    """Scenes (n, 7) of which the `things` (n,) bool are in sets (n,) of their own."""
    scenes = scenes.copy()
    scenes[things, w.SET] = sets[things]
    return scenes


class ImageLoss:
    """The losses of one step after another, on the device of all modules and of the painter."""

    def __init__(
        self,
        tower: CLIPVisionModelWithProjection,
        heads: Heads,
        embed: Callable[[list[str]], Tensor],
        batches: Callable[[int], Batch],
    ):
        self.tower, self.heads, self.embed, self.batches = tower, heads, embed, batches

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
        x, target = self.seen(batch, step), self.embed(batch.texts)
        with autocast(x.device.type):
            e = self.tower(x).image_embeds.float()
        reading, figures = reading_loss(self.heads, e, batch.answers)
        near = 1 - F.cosine_similarity(e[SCENES:], target[SCENES:]).mean()
        told = contrastive(e[:SCENES], target[:SCENES]), contrastive(e[SCENES:], target[SCENES:])
        figures |= {"near": near.detach(), "scenes": told[0].detach(), "bare": told[1].detach()}
        return 0.3 * reading + 20 * near + told[0] + 2 * told[1], figures


def main() -> None:
    args, device = training_arguments(__doc__, STEPS), choose_device(None)
    torch.manual_seed(SEED)
    painter = Painter(w.World.load(), device)
    names, _ = synonyms(painter.world.things, Teacher())
    text = CLIPTextModelWithProjection.from_pretrained(args.runs / "text_tower/model").eval()
    tokenizer = CLIPTokenizer.from_pretrained(args.runs / "text_tower/model")
    heads = Heads(len(names))
    load_checkpoint(args.runs / "text_tower/checkpoint.safetensors", {"heads": heads}, {})
    for module in (text, heads):
        module.requires_grad_(False).to(device)
    tower = image_tower().to(device)

    @torch.no_grad()
    def embed(texts: list[str]) -> Tensor:
        return states_of(texts, tokenizer, lambda ids: text(ids).text_embeds, device)

    loss = ImageLoss(tower, heads, embed, Batches(painter, names))
    out = args.runs / "image_tower"
    fit(out, args.steps, {"tower": tower}, optimizers(tower, 5e-3, 2e-3), loss)
    encoder(tower, text).save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")
    processor().save_pretrained(out / "model")


if __name__ == "__main__":
    main()
