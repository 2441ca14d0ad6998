import numpy as np
import pytest
import torch
from transformers import CLIPTextModel

from recipes.emojiscape import text_tower as t
from recipes.emojiscape import world as w
from recipes.emojiscape.prompt_tower import prompt_tower
from recipes.emojiscape.tokenizer import states_of, train_tokenizer


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
    texts, bare, said, added = t.phrases(rng, w.free(rng, 3, 200), names)
    words = [name for row in names for name in row]
    things = np.array([any(word in text for word in words) for text in texts])
    assert 60 < things.sum() < 160
    assert (bare[things, w.SUBJECT] == bare[things, w.SECOND]).all()
    assert (bare[~things][:, [w.SUBJECT, w.SECOND]] == w.NOTHING).all()
    assert not said[things].any()
    assert (said[~things].any(1) | (bare[~things, w.FRAME] > 0)).all()
    assert ((bare[:, w.FRAME] > 0) == np.array(["frame" in text for text in texts])).mean() > 0.9
    assert all(phrase.split()[0] in ("with", "in", "on") for phrase in added)
    assert all(
        text in phrase for text, phrase, thing in zip(texts, added, things, strict=True) if thing
    )


@torch.no_grad()
def test_what_a_phrase_adds_is_a_mean_over_prompts_and_computed_once(tokenizer, prompt, names):
    asked = []

    def told(texts: list[str]) -> torch.Tensor:
        asked.extend(texts)
        return states_of(texts, tokenizer, lambda ids: prompt(ids).pooler_output)

    added = t.Added(told, names)
    owl, cup, again = added(["with an owl", "with a cup", "with an owl"])
    assert torch.equal(owl, again)
    assert not torch.equal(owl, cup)
    assert len(asked) == 3 * t.SOURCES
    means = [told([f"{source}{phrase}" for source in added.sources]).mean(0)
             for phrase in (" with an owl", "")]  # fmt: skip
    torch.testing.assert_close(owl, means[0] - means[1], rtol=1e-4, atol=1e-5)
    added(["with a cup"])
    assert len(asked) == 5 * t.SOURCES
