"""Train the image tower into the text tower's space, and put both into one `CLIPModel`.

    python -m recipes.emojiscape.image_tower

The text tower stays as it is (locked-text tuning), so the generator may be trained on it meanwhile.
Scenes learn by CLIP's contrastive loss, in the batch; bare concepts against the whole vocabulary,
which is what pictures are read in later (`hypertransport.vocabulary`). Drawings of `others`, which
have no words here, learn against embeddings of their own that are learnt beside the tower and left
behind: they teach it what two hands have in common.
"""

import json
import math
from collections.abc import Callable

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
from recipes.emojiscape.captions import usual_phrase
from recipes.emojiscape.catalogue import concepts
from recipes.emojiscape.image_batches import SEED, Batch, Batches
from recipes.emojiscape.language import Teacher, synonyms
from recipes.emojiscape.loop import chance, fit, optimizers_of, training_arguments
from recipes.emojiscape.others import Others
from recipes.emojiscape.painting import Painter
from recipes.emojiscape.text_tower import EMBEDDING
from recipes.emojiscape.tokenizer import states_of

STEPS, TEMPERATURE = 10_000, 0.05
STILL = 0.35  # share of pictures shown as they are: stripes of 8 pixels fill patches of 8 then
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


class Classes(nn.Module):
    """A learnt embedding of each class of others: what stands in for words."""

    def __init__(self, number: int):
        super().__init__()
        self.embeddings = nn.Parameter(torch.randn(number, EMBEDDING))


class ImageLoss:
    """The losses of one step after another, on the device of all modules and of the painter.

    `vocabulary` (words, dim) are the unit embeddings of all concepts' phrases.
    """

    def __init__(
        self,
        tower: CLIPVisionModelWithProjection,
        others: Classes,
        vocabulary: Tensor,
        embed: Callable[[list[str]], Tensor],
        batches: Callable[[int], Batch],
    ):
        self.tower, self.others = tower, others
        self.vocabulary, self.embed, self.batches = vocabulary, embed, batches

    def seen(self, batch: Batch, step: int) -> Tensor:
        """The pictures of a batch, on the device, as the tower is shown them: in [-1, 1]."""
        x, rows = batch.pictures.clone(), batch.rows
        _, random = chance(SEED, step, x.device)
        x[rows] = redrawn(x[rows], batch.again, random)
        moved = torch.rand(len(x), generator=random, device=x.device) >= STILL
        x[moved] = jittered(x[moved], random)
        return x * 2 - 1

    def __call__(self, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        batch = self.batches(step)
        x, texts = self.seen(batch, step), self.embed(batch.texts)
        with autocast(x.device.type):
            e = self.tower(x).image_embeds.float()
        scenes, bare, strange = e.split([*map(len, (batch.texts, batch.places, batch.classes))])
        places, classes = batch.places.to(x.device), batch.classes.to(x.device)
        near = 1 - F.cosine_similarity(bare, self.vocabulary[places]).mean()
        read, right = recognised(bare, self.vocabulary, places)
        apart, known = recognised(strange, F.normalize(self.others.embeddings, dim=-1), classes)
        told = contrastive(scenes, texts)
        figures = {"near": near, "read": read, "scenes": told, "right": right, "known": known}
        loss = 10 * near + 3 * read + 2 * apart + told
        return loss, {k: v.detach() for k, v in figures.items()}


def recognised(e: Tensor, words: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
    """The cross-entropy of embeddings (n, dim) against unit vectors (words, dim) at the same
    temperature, of which they are those at `places` (n,), and the share that comes out nearest."""
    logits = F.normalize(e, dim=-1) @ words.T / TEMPERATURE
    return F.cross_entropy(logits, places), (logits.argmax(1) == places).float().mean()


def main() -> None:
    args, device = training_arguments(__doc__, STEPS), choose_device(None)
    torch.manual_seed(SEED)
    painter = Painter(w.World.load(), device)
    names, _ = synonyms(painter.world.things, Teacher())
    text = CLIPTextModelWithProjection.from_pretrained(args.runs / "text_tower/model").eval()
    tokenizer = CLIPTokenizer.from_pretrained(args.runs / "text_tower/model")
    drawings = Others.load(device=device)
    tower, others = image_tower(), Classes(len(drawings))
    modules: list[nn.Module] = [text.requires_grad_(False), tower, others]
    for module in modules:
        module.to(device)

    @torch.no_grad()
    def embed(texts: list[str]) -> Tensor:
        return states_of(texts, tokenizer, lambda ids: text(ids).text_embeds, device)

    known = [usual_phrase(kind, name) for kind, name in concepts(painter.world.names)]
    vocabulary = F.normalize(embed(known), dim=-1)
    batches = Batches(painter, names, drawings)
    loss = ImageLoss(tower, others, vocabulary, embed, batches)
    out, trained = args.runs / "image_tower", {"tower": tower, "others": others}
    fit(out, args.steps, trained, optimizers_of(trained, 5e-3, 2e-3), loss)
    encoder(tower, text).save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")
    processor().save_pretrained(out / "model")
    (out / "model" / FILE).write_text(json.dumps(known, indent=0), encoding="utf-8")


if __name__ == "__main__":
    main()
