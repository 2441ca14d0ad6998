import torch
from numerics import rounding

from recipes.emojiscape.prompt_tower import prompt_tower
from recipes.emojiscape.tokenizer import states_of


def test_its_vocabulary_keeps_the_words_of_captions_whole(tokenizer):
    assert 512 < len(tokenizer) <= 640
    for word in ("owl", "mug", "background", "striped"):
        assert len(tokenizer(word, add_special_tokens=False)["input_ids"]) == 1
    spelt = tokenizer("xylophone", add_special_tokens=False)["input_ids"]
    assert tokenizer.decode(spelt).strip() == "xylophone"


@torch.no_grad()
def test_the_state_of_a_text_does_not_depend_on_its_company(tokenizer, texts, bfloat16):
    torch.manual_seed(0)
    tower = prompt_tower(tokenizer).eval()

    def states(some: list[str]) -> torch.Tensor:
        return states_of(some, tokenizer, lambda ids: tower(ids).pooler_output)

    together = states(texts[:100])
    alone = torch.cat([states([text]) for text in texts[:3]])
    within = rounding(bfloat16, together.abs().max().item())
    torch.testing.assert_close(together[:3], alone, **within)
    torch.testing.assert_close(together, states(texts[:100][::-1]).flip(0), **within)
    assert (together.std(0) > 0.1).any()
