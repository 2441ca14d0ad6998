"""Train the text tower: captions and words to embeddings that know what things look like.

    python -m recipes.emojiscape.text_tower

Linear heads, thrown away afterwards, make the embedding hold (a) what the caption says, (b)
thumbnails of it, and (c) what a language model knows of the words. Words outside the world
learn the soft label of the things that the language model finds near ("puppy": mostly dog), which
opens the vocabulary.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import CLIPTextConfig, CLIPTextModelWithProjection, CLIPTokenizer

from recipes.emojiscape import world as w
from recipes.emojiscape.captions import (
    background_words,
    captions,
    frame_words,
    style_words,
    usual_phrase,
)
from recipes.emojiscape.language import Teacher, soft_labels, synonyms
from recipes.emojiscape.loop import chance, fit, optimizers_of, training_arguments
from recipes.emojiscape.tokenizer import CONTEXT, VOCABULARY, train_tokenizer

SEED, STEPS, CAPTIONS, WORDS = 2, 1100, 160, 96
WIDTH, LAYERS, EMBEDDING = 192, 4, 384
SIZES = {"subject": 1, "second": 1, "set": 5, "tint": 13, "colour": 17, "pattern": 17, "frame": 81}
THUMBNAILS = {"subject": 12 * 12 * 4, "second": 6 * 6 * 4, "background": 8 * 8 * 3}


def text_tower(tokenizer: CLIPTokenizer) -> CLIPTextModelWithProjection:
    return CLIPTextModelWithProjection(
        CLIPTextConfig(
            vocab_size=VOCABULARY, hidden_size=WIDTH, intermediate_size=4 * WIDTH,
            num_hidden_layers=LAYERS, num_attention_heads=4,
            max_position_embeddings=CONTEXT, projection_dim=EMBEDDING,
            hidden_act="gelu", pad_token_id=tokenizer.pad_token_id,
            bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
        )
    )  # fmt: skip


class Readings(nn.Module):
    """What is said and what it looks like, read linearly off (n, width)."""

    def __init__(self, things: int, width: int, looks: dict[str, int]):
        super().__init__()
        sizes = {k: (things + 1 if k in ("subject", "second") else n) for k, n in SIZES.items()}
        self.says = nn.ModuleDict({k: nn.Linear(width, n) for k, n in sizes.items()})
        self.looks = nn.ModuleDict({k: nn.Linear(width, n) for k, n in looks.items()})


class Heads(Readings):
    """Linear readings of the embedding, for training only; also what the words mean."""

    def __init__(self, things: int):
        super().__init__(things, EMBEDDING, THUMBNAILS)
        self.means = nn.Linear(EMBEDDING, 384)


def premultiplied(pictures: Tensor) -> Tensor:
    """(..., 4, h, w) colours and coverage: colours about grey, none where nothing covers."""
    cover = pictures[..., 3:, :, :]
    return torch.cat([(pictures[..., :3, :, :] - 0.5) * cover, cover], -3)


class Thumbnails:
    """Small premultiplied pictures of a scene's parts, as flat targets.

    `coarse` divides the sides of 48 of subject and second: (4, 8) makes 12 x 12 and 6 x 6.
    """

    def __init__(self, painter: w.Painter, coarse: tuple[int, int] = (4, 8)):
        self.painter, self.coarse = painter, coarse
        tiles = torch.from_numpy(painter.backdrops[..., 16:32, 16:32]).flatten(0, 1)
        self.tiles = F.avg_pool2d(tiles, 2).flatten(1)
        frames = torch.from_numpy(painter.frames)
        self.frames = F.avg_pool2d(premultiplied(frames), 4).flatten(1)

    def sprite(self, row: np.ndarray, thing: int) -> Tensor:
        if thing == w.NOTHING:
            return torch.zeros(4, 48, 48)
        picture = torch.from_numpy(
            self.painter.sprite(self.painter.world.sprites, thing, row[w.SET], row[w.TINT])
        )
        return premultiplied(picture).float()

    def __call__(self, scenes: np.ndarray) -> dict[str, Tensor]:
        subject = torch.stack([self.sprite(row, row[w.SUBJECT]) for row in scenes])
        second = torch.stack([self.sprite(row, row[w.SECOND]) for row in scenes])
        tile = torch.from_numpy(scenes[:, w.COLOUR] * len(w.PATTERNS) + scenes[:, w.PATTERN])
        return {
            "subject": F.avg_pool2d(subject, self.coarse[0]).flatten(1),
            "second": F.avg_pool2d(second, self.coarse[1]).flatten(1),
            "background": self.tiles[tile],
            "frame": self.frames[torch.from_numpy(scenes[:, w.FRAME])],
        }


def said_labels(scenes: np.ndarray, said: np.ndarray, things: int) -> dict[str, Tensor]:
    """Class targets; an attribute that the caption leaves open has a class of its own, the last."""
    style, background = said.T
    columns = {
        "subject": np.where(scenes[:, w.SUBJECT] < 0, things, scenes[:, w.SUBJECT]),
        "second": np.where(scenes[:, w.SECOND] < 0, things, scenes[:, w.SECOND]),
        "set": np.where(style, scenes[:, w.SET], 4),
        "tint": np.where(style, scenes[:, w.TINT], 12),
        "colour": np.where(background, scenes[:, w.COLOUR], 16),
        "pattern": np.where(background, scenes[:, w.PATTERN], 16),
        "frame": scenes[:, w.FRAME],
    }
    return {k: torch.from_numpy(v) for k, v in columns.items()}


def phrases(
    rng: np.random.Generator, scenes: np.ndarray, names: list[tuple[str, ...]]
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Bare concepts as texts ('mushroom', 'in sepia ink style'), and scenes with nothing else."""
    kinds = rng.choice(4, size=len(scenes), p=[0.55, 0.15, 0.2, 0.1])
    bare, texts = scenes.copy(), []
    for row, kind in zip(bare, kinds, strict=True):
        kind_name = ("thing", "style", "background", "frame")[kind]
        row[w.FRAME] = 1 + rng.integers(80) if kind == 3 else 0
        words = (
            names[row[w.SUBJECT]][rng.integers(len(names[row[w.SUBJECT]]))],
            style_words(row[w.SET], row[w.TINT], rng),
            background_words(row[w.COLOUR], row[w.PATTERN], rng),
            frame_words(row[w.FRAME]) if kind == 3 else "",
        )[kind]
        tail = {"thing": "", "style": " style", "background": " background", "frame": " frame"}[
            kind_name
        ]
        phrase = words + tail if rng.random() < 0.5 else usual_phrase(kind_name, words)
        texts.append(phrase)
        row[w.SECOND] = row[w.SUBJECT] if phrase.startswith("with ") else w.NOTHING
        if kind or phrase.startswith("with "):
            row[w.SUBJECT] = w.NOTHING
    return texts, bare, np.stack([kinds == 1, kinds == 2], 1)


class TextLoss:
    """The losses of a step, a function of `(SEED, step)`."""

    def __init__(
        self, tower: nn.Module, heads: Heads, tokenizer: CLIPTokenizer, painter: w.Painter
    ):
        self.tower, self.heads, self.tokenizer, self.painter = tower, heads, tokenizer, painter
        self.thumbnails, self.teacher = Thumbnails(painter), Teacher()
        self.names, self.held_out = synonyms(painter.world.things, self.teacher)
        hidden = {word for word, _ in self.held_out}
        self.open = [word for word in self.teacher.words() if word not in hidden]
        self.open_meaning = self.teacher(self.open)
        self.open_things, near = soft_labels(self.open, painter.world.names, self.teacher)
        self.near = np.flatnonzero(near)

    def embed(self, texts: list[str]) -> Tensor:
        """Embeddings, unnormalised: (n, 384). Texts of like length go together to save padding."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        rows = []
        for start in range(0, len(order), 64):
            some = [texts[i] for i in order[start : start + 64]]
            tokens = self.tokenizer(
                some, padding=True, truncation=True, max_length=CONTEXT, return_tensors="pt"
            )
            with torch.autocast("cpu", torch.bfloat16):
                rows.append(self.tower(tokens["input_ids"]).text_embeds)
        return torch.cat(rows).float()[torch.tensor(order).argsort()]

    def world_loss(
        self, e: Tensor, scenes: np.ndarray, said: np.ndarray
    ) -> tuple[Tensor, Tensor, Tensor]:
        labels = said_labels(scenes, said, len(self.names))
        says = [F.cross_entropy(self.heads.says[k](e), v) for k, v in labels.items()]
        right = (self.heads.says["subject"](e).argmax(1) == labels["subject"]).float().mean()
        targets = self.thumbnails(scenes)
        looks = [F.mse_loss(head(e), targets[k]) for k, head in self.heads.looks.items()]
        return torch.stack(says).sum(), torch.stack(looks).sum(), right

    def __call__(self, step: int) -> tuple[Tensor, dict[str, float]]:
        rng, _ = chance(SEED, step)
        scenes = w.free(rng, len(self.names), CAPTIONS)
        texts, said = captions(rng, scenes, self.names)
        bare_texts, bare, bare_said = phrases(
            rng, w.free(rng, len(self.names), WORDS // 2), self.names
        )
        near = rng.choice(self.near, WORDS // 4)
        far = rng.integers(len(self.open), size=WORDS // 4)
        e = self.embed(texts + bare_texts + [self.open[i] for i in np.concatenate([near, far])])
        known = len(texts) + len(bare_texts)
        says, looks, right = self.world_loss(
            e[:known], np.concatenate([scenes, bare]), np.concatenate([said, bare_said])
        )
        logits = self.heads.says["subject"](e[known : known + len(near)])
        soft = F.cross_entropy(logits[:, :-1], self.open_things[near])
        meaning = self.open_meaning[np.concatenate([near, far])]
        means = 1 - F.cosine_similarity(self.heads.means(e[known:]), meaning).mean()
        loss = says + 20 * looks + soft + 3 * means
        return loss, {
            "says": says.item(), "looks": looks.item(), "soft": soft.item(), "means": means.item(),
            "subject_right": right.item(), "norm": e.norm(dim=-1).mean().item(),
        }  # fmt: skip


def main() -> None:
    args = training_arguments(__doc__, STEPS)
    torch.manual_seed(SEED)
    out = args.runs / "text_tower"
    painter = w.Painter(w.World.load())
    teacher, rng = Teacher(), np.random.default_rng(SEED)
    names, _ = synonyms(painter.world.things, teacher)
    tokenizer = train_tokenizer(
        captions(rng, w.free(rng, len(names), 20_000), names)[0], teacher.words()
    )
    tower, heads = text_tower(tokenizer), Heads(len(names))
    loss = TextLoss(tower, heads, tokenizer, painter)
    modules = {"tower": tower, "heads": heads}
    optimizer = optimizers_of(modules, 3e-3, 2e-3)
    fit(out, args.steps, modules, optimizer, loss)
    tower.save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")


if __name__ == "__main__":
    main()
