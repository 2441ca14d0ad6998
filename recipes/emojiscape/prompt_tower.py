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
from torch.nn import functional as F
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from recipes.emojiscape import world as w
from recipes.emojiscape.captions import captions
from recipes.emojiscape.language import Teacher, synonyms
from recipes.emojiscape.loop import chance, fit, optimizers_of, training_arguments
from recipes.emojiscape.text_tower import Readings, Thumbnails, said_labels
from recipes.emojiscape.tokenizer import CONTEXT, train_tokenizer

SEED, STEPS, BATCH = 9, 3000, 192
WIDTH, LAYERS, VOCABULARY = 384, 2, 1536
LOOKS = {
    "subject": 24 * 24 * 4, "second": 24 * 24 * 4, "background": 8 * 8 * 3, "frame": 16 * 16 * 4,
}  # fmt: skip


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


def last_states(tower: CLIPTextModel, tokenizer: CLIPTokenizer, texts: list[str]) -> Tensor:
    """(n, width): the state of each caption's last token. Captions of like length go together."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    rows = []
    for start in range(0, len(order), BATCH // 4):
        some = [texts[i] for i in order[start : start + BATCH // 4]]
        tokens = tokenizer(
            some, padding=True, truncation=True, max_length=CONTEXT, return_tensors="pt"
        )
        last = tokens["attention_mask"].sum(1) - 1
        with torch.autocast("cpu", torch.bfloat16):
            states = tower(tokens["input_ids"]).last_hidden_state
        rows.append(states[torch.arange(len(some)), last])
    return torch.cat(rows).float()[torch.tensor(order).argsort()]


def main() -> None:
    args = training_arguments(__doc__, STEPS)
    torch.manual_seed(SEED)
    painter = w.Painter(w.World.load())
    names, _ = synonyms(painter.world.things, Teacher())
    rng = np.random.default_rng(SEED)
    words, _ = captions(rng, w.free(rng, len(names), 50_000), names)
    tokenizer = train_tokenizer(words, [], VOCABULARY)
    tower, heads = prompt_tower(tokenizer), Readings(len(names), WIDTH, LOOKS)
    thumbnails = Thumbnails(painter, coarse=(2, 2))

    def loss_at(step: int) -> tuple[Tensor, dict[str, float]]:
        rng, _ = chance(SEED, step)
        scenes = w.free(rng, len(names), BATCH)
        texts, said = captions(rng, scenes, names)
        state = last_states(tower, tokenizer, texts)
        labels, targets = said_labels(scenes, said, len(names)), thumbnails(scenes)
        says = torch.stack([F.cross_entropy(heads.says[k](state), v) for k, v in labels.items()])
        known = torch.from_numpy(said[:, 1])
        targets["background"] = targets["background"] * known[:, None]
        looks = {k: F.mse_loss(heads.looks[k](state), v) for k, v in targets.items()}
        figures = {k: v.item() / targets[k].var(0).mean().item() for k, v in looks.items()}
        loss = 0.1 * says.sum() + 100 * torch.stack(list(looks.values())).sum()
        return loss, {"says": says.sum().item(), **figures}

    out = args.runs / "prompt_tower"
    modules = {"tower": tower, "heads": heads}
    each = optimizers_of(modules, 1e-2, 4e-3)
    fit(out, args.steps, modules, each, loss_at)
    tower.save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")


if __name__ == "__main__":
    main()
