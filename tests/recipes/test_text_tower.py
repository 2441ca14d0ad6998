import numpy as np
import pytest
import torch
from transformers import CLIPTextModel

from recipes.emojiscape import text_tower as t
from recipes.emojiscape import world as w
from recipes.emojiscape.prompt_tower import prompt_tower
from recipes.emojiscape.tokenizer import train_tokenizer


@pytest.fixture(scope="module")
def prompt(tokenizer) -> CLIPTextModel:
    torch.manual_seed(0)
    return prompt_tower(tokenizer).eval()


@torch.no_grad()
def test_it_starts_as_the_prompt_tower_in_words_that_both_know(tokenizer, prompt, monkeypatch):
    monkeypatch.setattr(t, "VOCABULARY", len(tokenizer))
    tower = t.text_tower(tokenizer, prompt, tokenizer).eval()
    ids = tokenizer("an owl in ink style", return_tensors="pt")["input_ids"]
    torch.testing.assert_close(tower(ids).text_embeds, prompt(ids).pooler_output)


def test_a_token_that_the_prompt_tower_lacks_is_spelt_with_those_it_knows(tokenizer):
    larger = train_tokenizer(["xylophone " * 40], ["xylophone"], 640)
    token = larger("xylophone", add_special_tokens=False)["input_ids"]
    assert len(token) == 1
    spelt = t.pieces(tokenizer, larger, token[0])
    assert len(spelt) > 1
    assert tokenizer.decode(spelt).strip() == "xylophone"
    owl = tokenizer.convert_tokens_to_ids("owl</w>")
    assert t.pieces(tokenizer, tokenizer, owl) == [owl]


def test_a_bare_thing_is_subject_and_second_and_other_concepts_are_neither(names):
    rng = np.random.default_rng(3)
    texts, bare, said, prompts = t.phrases(rng, w.free(rng, 3, 200), names)
    words = [name for row in names for name in row]
    things = np.array([any(word in text for word in words) for text in texts])
    assert 60 < things.sum() < 160
    assert (bare[things, w.SUBJECT] == bare[things, w.SECOND]).all()
    assert (bare[~things][:, [w.SUBJECT, w.SECOND]] == w.NOTHING).all()
    assert not said[things].any()
    assert (said[~things].any(1) | (bare[~things, w.FRAME] > 0)).all()
    assert ((bare[:, w.FRAME] > 0) == np.array(["frame" in text for text in texts])).mean() > 0.9
    sources, prompts = zip(*prompts, strict=True)
    assert all(source.split()[1] in ("owl", "cup", "key") for source in sources)
    assert all(
        prompt.startswith(f"{source} ") and len(prompt) > len(source) + 1
        for source, prompt in zip(sources, prompts, strict=True)
    )
