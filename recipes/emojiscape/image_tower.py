"""Train the image tower into the text tower's space, and put both into one `CLIPModel`.

    python -m recipes.emojiscape.image_tower

The text tower stays as it is (locked-text tuning), so the generator may be trained on it meanwhile.
Besides CLIP's contrastive loss the frozen linear heads of the text tower read the image embedding.
"""

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

from hypertransport.precision import autocast
from hypertransport.training.checkpoints import load_checkpoint
from recipes.emojiscape import world as w
from recipes.emojiscape.captions import captions
from recipes.emojiscape.language import Teacher, synonyms
from recipes.emojiscape.loop import chance, fit, optimizers, training_arguments
from recipes.emojiscape.painting import Painter
from recipes.emojiscape.readings import Thumbnails, reading_loss
from recipes.emojiscape.references import SEEN, ReferencePainter
from recipes.emojiscape.text_tower import EMBEDDING, Heads, phrases
from recipes.emojiscape.tokenizer import states_of

SEED, STEPS, SCENES, REFERENCES, TEMPERATURE = 6, 1200, 48, 112, 0.05
MEAN = STD = [0.5, 0.5, 0.5]


def image_tower() -> CLIPVisionModelWithProjection:
    return CLIPVisionModelWithProjection(
        CLIPVisionConfig(
            hidden_size=192, intermediate_size=768, num_hidden_layers=4, num_attention_heads=4,
            image_size=w.SIZE, patch_size=16, projection_dim=EMBEDDING, hidden_act="gelu",
        )
    )  # fmt: skip


def jittered(x: Tensor, random: torch.Generator) -> Tensor:
    """Each picture moved, turned, sheared, scaled, recoloured and noisy, some mirrored: other
    drawings of a thing are not foreign then."""
    u = torch.rand(len(x), 3, generator=random) * 2 - 1
    turn = torch.eye(2) + 0.12 * torch.randn(len(x), 2, 2, generator=random)
    turn[torch.rand(len(x), generator=random) < 0.3, :, 0] *= -1
    theta = torch.cat([turn * (1 + 0.15 * u[:, :1, None]), u[:, 1:, None] * 0.12], 2)
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    x = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
    mix = torch.eye(3) + 0.1 * torch.randn(len(x), 3, 3, generator=random)
    x = torch.einsum("ncd,ndhw->nchw", mix, x)
    return (x + 0.04 * torch.randn(x.shape, generator=random)).clamp(0, 1)


def contrastive(images: Tensor, texts: Tensor) -> Tensor:
    """CLIP's symmetric loss at a fixed temperature. (n, dim) each, unnormalised."""
    logits = F.normalize(images, dim=-1) @ F.normalize(texts, dim=-1).T / TEMPERATURE
    target = torch.arange(len(logits))
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


def main() -> None:
    args = training_arguments(__doc__, STEPS)
    torch.manual_seed(SEED)
    painter = Painter(w.World.load())
    references, thumbnails = ReferencePainter(painter), Thumbnails(painter)
    names, _ = synonyms(painter.world.things, Teacher())
    text = CLIPTextModelWithProjection.from_pretrained(args.runs / "text_tower/model").eval()
    tokenizer = CLIPTokenizer.from_pretrained(args.runs / "text_tower/model")
    heads = Heads(len(names))
    load_checkpoint(args.runs / "text_tower/checkpoint.safetensors", {"heads": heads}, {})
    heads.requires_grad_(False)
    tower = image_tower()

    def loss_at(step: int) -> tuple[Tensor, dict[str, float]]:
        rng, random = chance(SEED, step)
        scenes = w.free(rng, len(names), SCENES)
        texts, _ = captions(rng, scenes, names)
        bare_texts, bare, bare_said, _ = phrases(rng, w.free(rng, len(names), REFERENCES), names)
        kinds = [
            "style" if s else "background" if b else "frame" if f else "thing"
            for (s, b), f in zip(bare_said, bare[:, w.FRAME] > 0, strict=True)
        ]
        drawn = bare.copy()
        drawn[~bare_said[:, 0], w.SET] = rng.choice(SEEN, size=(~bare_said[:, 0]).sum())
        pictures = torch.stack(
            [references(k, row, rng) for k, row in zip(kinds, drawn, strict=True)]
        )
        x = jittered(torch.cat([painter(scenes), pictures]), random) * 2 - 1
        with torch.no_grad():
            target = states_of(texts + bare_texts, tokenizer, lambda ids: text(ids).text_embeds)
        with autocast("cpu"):
            e = tower(x).image_embeds.float()
        all_scenes = np.concatenate([scenes, bare])
        said = np.concatenate([np.ones((SCENES, 2), bool), bare_said])
        reading, figures = reading_loss(heads, thumbnails, e, all_scenes, said)
        near = 1 - F.cosine_similarity(e[SCENES:], target[SCENES:]).mean()
        told = contrastive(e[:SCENES], target[:SCENES]), contrastive(e[SCENES:], target[SCENES:])
        figures |= {"near": near.item(), "scenes": told[0].item(), "bare": told[1].item()}
        return 0.3 * reading + 20 * near + told[0] + 2 * told[1], figures

    out = args.runs / "image_tower"
    fit(out, args.steps, {"tower": tower}, optimizers(tower, 5e-3, 2e-3), loss_at)
    encoder(tower, text).save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")
    processor().save_pretrained(out / "model")


if __name__ == "__main__":
    main()
