"""Train the concept encoder's text tower: words and captions to embeddings that know their looks.

    python -m recipes.emojiscape.text_tower

It starts as the generator's own text encoder, as the CLIP of SDXL is both. A concept's embedding
becomes (a) what it adds to what the generator is told when it joins a prompt, in the mean over many
prompts. Linear heads, thrown away afterwards, make it hold (b) what is said, (c) what that looks
like, and (d) what a language model knows of the words.
Words outside the world learn the soft label of the things that the language model finds near
("puppy": mostly dog), which opens the vocabulary.
"""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)

from hypertransport.training.prompts import prompted
from recipes.emojiscape import world as w
from recipes.emojiscape.captions import (
    article,
    background_words,
    captions,
    frame_words,
    style_words,
    usual_phrase,
)
from recipes.emojiscape.language import Teacher, soft_labels, synonyms
from recipes.emojiscape.loop import chance, fit, optimizers_of, training_arguments
from recipes.emojiscape.painting import Painter
from recipes.emojiscape.prompt_tower import WIDTH
from recipes.emojiscape.readings import Answers, Readings, Thumbnails, reading_loss
from recipes.emojiscape.tokenizer import VOCABULARY, states_of, train_tokenizer

SEED, STEPS, CAPTIONS, BARE, WORDS = 2, 1400, 64, 128, 64
KINDS = {"thing": 0.55, "style": 0.15, "background": 0.2, "frame": 0.1}  # shares of bare concepts
TOLD = 30.0  # weight of what a concept adds: of the share of it that the embedding lacks
SOURCES = 32  # prompts that the mean of it is taken over
EMBEDDING = WIDTH


def text_tower(
    tokenizer: CLIPTokenizer, prompt: CLIPTextModel, prompt_tokenizer: CLIPTokenizer
) -> CLIPTextModelWithProjection:
    """The prompt tower with another vocabulary: a token that it lacks starts as the mean of the
    pieces that it knows. The projection starts as the identity."""
    config = prompt.config.to_dict() | {
        "vocab_size": VOCABULARY, "projection_dim": EMBEDDING,
        "pad_token_id": tokenizer.pad_token_id, "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }  # fmt: skip
    tower = CLIPTextModelWithProjection(CLIPTextConfig.from_dict(config))
    weights = {f"text_model.{name}": value for name, value in prompt.state_dict().items()}
    embedding = "text_model.embeddings.token_embedding.weight"
    known = weights[embedding]
    weights[embedding] = torch.stack(
        [known[pieces(prompt_tokenizer, tokenizer, i)].mean(0) for i in range(VOCABULARY)]
    )
    weights["text_projection.weight"] = torch.eye(EMBEDDING)
    tower.load_state_dict(weights)
    return tower


def pieces(known: CLIPTokenizer, tokenizer: CLIPTokenizer, token: int) -> list[int]:
    """What one tokenizer makes of a token of another."""
    name = tokenizer.convert_ids_to_tokens(token)
    if name in known.get_vocab():
        return [known.convert_tokens_to_ids(name)]
    return known(name.removesuffix("</w>"), add_special_tokens=False)["input_ids"] or [0]


class Heads(Readings):
    """Linear readings of the embedding, for training only; also of what the words mean."""

    def __init__(self, things: int):
        super().__init__(things, EMBEDDING)
        self.means = nn.Linear(EMBEDDING, 384)


def phrases(
    rng: np.random.Generator,
    scenes: np.ndarray,
    names: list[tuple[str, ...]],
    shares: Mapping[str, float] = KINDS,
) -> tuple[list[str], np.ndarray, np.ndarray, list[str]]:
    """Bare concepts as texts ('mushroom', 'in sepia ink style'), scenes with nothing else, what
    the texts say, and the phrases that add the concepts to prompts.

    A thing is both subject and second thing: what names it tells its looks as either.
    """
    kinds = rng.choice(4, size=len(scenes), p=[shares[kind] for kind in KINDS])
    bare, texts, added = scenes.copy(), [], []
    for row, kind in zip(bare, kinds, strict=True):
        thing = row[w.SUBJECT]
        row[w.FRAME] = 1 + rng.integers(80) if kind == 3 else 0
        words = (
            names[thing][rng.integers(len(names[thing]))],
            style_words(row[w.SET], row[w.TINT], rng),
            background_words(row[w.COLOUR], row[w.PATTERN], rng),
            frame_words(row[w.FRAME]) if kind == 3 else "",
        )[kind]
        name = [*KINDS][kind]
        bald = words if name == "thing" else f"{words} {name}" if rng.random() < 0.5 else words
        texts.append(bald if rng.random() < 0.6 else usual_phrase(name, words))
        added.append(usual_phrase(name, words))
        row[[w.SUBJECT, w.SECOND]] = w.NOTHING if kind else thing
    return texts, bare, np.stack([kinds == 1, kinds == 2], 1), added


class Added:
    """What phrases add to what the generator is told: the mean over SOURCES prompts, which are
    things alone. `told` gives the prompt tower's states of texts."""

    def __init__(self, told: Callable[[list[str]], Tensor], names: list[tuple[str, ...]]):
        some = np.random.default_rng(SEED).choice(len(names), SOURCES)
        self.told, self.sources = told, [article(names[i][0]) for i in some]
        self.before, self.known = told(self.sources), dict[str, Tensor]()

    def __call__(self, phrases: list[str]) -> Tensor:
        """(n, 384); each is computed once."""
        if new := [p for p in dict.fromkeys(phrases) if p not in self.known]:
            states = self.told([prompted(source, p) for p in new for source in self.sources])
            means = (states.unflatten(0, (len(new), SOURCES)) - self.before).mean(1)
            self.known |= zip(new, means, strict=True)
        return torch.stack([self.known[p] for p in phrases])


class TextLoss:
    """The losses of step `(SEED, step)`; `told` gives the prompt tower's states."""

    def __init__(
        self,
        tower: nn.Module,
        heads: Heads,
        tokenizer: CLIPTokenizer,
        painter: Painter,
        told: Callable[[list[str]], Tensor],
    ):
        self.tower, self.heads, self.tokenizer = tower, heads, tokenizer
        self.thumbnails, self.teacher = Thumbnails(painter), Teacher()
        self.names, held_out = synonyms(painter.world.things, self.teacher)
        self.added = Added(told, self.names)
        hidden = {word for word, _ in held_out}
        self.open = [word for word in self.teacher.words() if word not in hidden]
        self.open_meaning = self.teacher(self.open)
        self.open_things, near = soft_labels(self.open, painter.world.names, self.teacher)
        self.near = np.flatnonzero(near)

    def embed(self, texts: list[str]) -> Tensor:
        """Embeddings, unnormalised: (n, 384)."""
        return states_of(texts, self.tokenizer, lambda ids: self.tower(ids).text_embeds)

    def known_texts(
        self, rng: np.random.Generator
    ) -> tuple[list[str], np.ndarray, np.ndarray, list[str]]:
        """Captions and then bare concepts, the scenes that they mean, and what they say; of the
        concepts also their phrases."""
        scenes = w.free(rng, len(self.names), CAPTIONS)
        texts, said = captions(rng, scenes, self.names)
        free = w.free(rng, len(self.names), BARE)
        bare_texts, bare, bare_said, added = phrases(rng, free, self.names)
        scenes, said = np.concatenate([scenes, bare]), np.concatenate([said, bare_said])
        return texts + bare_texts, scenes, said, added

    def unlike_told(self, e: Tensor, phrases: list[str]) -> Tensor:
        """How much embeddings (n, 384) differ from what their concepts add to what the generator
        is told of prompts, as a share of that."""
        added = self.added(phrases)
        return F.mse_loss(e, added) / added.square().mean()

    def __call__(self, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        rng, _ = chance(SEED, step)
        texts, scenes, said, added = self.known_texts(rng)
        near = rng.choice(self.near, WORDS // 2)
        words = np.concatenate([near, rng.integers(len(self.open), size=WORDS // 2)])
        e = self.embed(texts + [self.open[i] for i in words])
        known, unknown = e[: len(texts)], e[len(texts) :]
        answers = Answers.of(self.thumbnails, scenes, said)
        reading, figures = reading_loss(self.heads, known, answers)
        told = self.unlike_told(known[-len(added) :], added)
        logits = self.heads.says["subject"](unknown[: len(near)])
        soft = F.cross_entropy(logits[:, :-1], self.open_things[near])
        means = 1 - F.cosine_similarity(self.heads.means(unknown), self.open_meaning[words]).mean()
        figures |= {"told": told.detach(), "soft": soft.detach(), "means": means.detach()}
        return reading + TOLD * told + 0.3 * soft + 3 * means, figures


def main() -> None:
    args = training_arguments(__doc__, STEPS)
    torch.manual_seed(SEED)
    out = args.runs / "text_tower"
    painter = Painter(w.World.load())
    teacher, rng = Teacher(), np.random.default_rng(SEED)
    names, _ = synonyms(painter.world.things, teacher)
    words, _ = captions(rng, w.free(rng, len(names), 20_000), names)
    tokenizer = train_tokenizer(words, teacher.words())
    prompt = args.runs / "prompt_tower/model"
    prompt_tower = CLIPTextModel.from_pretrained(prompt).eval()
    prompt_tokenizer = CLIPTokenizer.from_pretrained(prompt)
    tower = text_tower(tokenizer, prompt_tower, prompt_tokenizer)
    heads = Heads(len(names))

    @torch.no_grad()
    def told(prompts: list[str]) -> Tensor:
        return states_of(prompts, prompt_tokenizer, lambda ids: prompt_tower(ids).pooler_output)

    loss = TextLoss(tower, heads, tokenizer, painter, told)
    modules = {"tower": tower, "heads": heads}
    fit(out, args.steps, modules, optimizers_of(modules, 2e-3, 1e-3), loss)
    tower.save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")


if __name__ == "__main__":
    main()
