"""Train the generator's own text encoder: captions to a last state that holds all looks.

    python -m recipes.emojiscape.prompt_tower

Linear heads, thrown away afterwards, read off the last token's state what subject, second thing,
background and frame look like. To remember looks here costs a caption's few tokens and no
positions; the transformer then draws from a code that is linear in the picture, and has nothing to
remember. Its tokenizer is its own: a prompt needs few words, the concept encoder many.
"""

import numpy as np
import torch
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from recipes.emojiscape import world as w
from recipes.emojiscape.captions import captions
from recipes.emojiscape.language import Teacher, synonyms
from recipes.emojiscape.loop import chance, fit, optimizers_of, training_arguments
from recipes.emojiscape.painting import Painter
from recipes.emojiscape.readings import Answers, Readings, Thumbnails, reading_loss
from recipes.emojiscape.tokenizer import CONTEXT, states_of, train_tokenizer

SEED, STEPS, BATCH = 9, 3000, 192
WIDTH, LAYERS, VOCABULARY = 384, 2, 1536


def prompt_tower(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer), hidden_size=WIDTH, intermediate_size=4 * WIDTH,
            num_hidden_layers=LAYERS, num_attention_heads=6,
            max_position_embeddings=CONTEXT, hidden_act="gelu",
            pad_token_id=tokenizer.pad_token_id,
            bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
        )
    )  # fmt: skip


def main() -> None:
    args = training_arguments(__doc__, STEPS)
    torch.manual_seed(SEED)
    painter = Painter(w.World.load())
    names, _ = synonyms(painter.world.things, Teacher())
    rng = np.random.default_rng(SEED)
    words, _ = captions(rng, w.free(rng, len(names), 50_000), names)
    tokenizer = train_tokenizer(words, [], VOCABULARY)
    tower, heads = prompt_tower(tokenizer), Readings(len(names), WIDTH)
    thumbnails = Thumbnails(painter)

    def loss_at(step: int) -> tuple[Tensor, dict[str, Tensor]]:
        rng, _ = chance(SEED, step)
        scenes = w.free(rng, len(names), BATCH)
        texts, said = captions(rng, scenes, names)
        states = states_of(texts, tokenizer, lambda ids: tower(ids).pooler_output)
        return reading_loss(heads, states, Answers.of(thumbnails, scenes, said))

    out = args.runs / "prompt_tower"
    modules = {"tower": tower, "heads": heads}
    each = optimizers_of(modules, 1e-2, 4e-3)
    fit(out, args.steps, modules, each, loss_at)
    tower.save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")


if __name__ == "__main__":
    main()
