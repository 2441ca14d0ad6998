"""Texts that a bundled model does not know are told from those that it knows."""

from pathlib import Path

import pytest
from pipelines import tiny_clip

import hypertransport as ht
from hypertransport import catalogue
from hypertransport.cautions import unknown_concept, unknown_in_prompt
from hypertransport.concepts import Picture, Words
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import CheckpointError
from hypertransport.lexicon import Lexicon, load_lexicon, read_lexicon
from hypertransport.weights import BUNDLED

LEXICON = Lexicon(("mushroom", "cat", "red", "a", "with"), 0.1)


@pytest.fixture(scope="module")
def encoder() -> ConceptEncoder:
    return ht.ConceptEncoder.from_pretrained("emojiscape")


def test_words_of_captions_are_known_and_others_are_not():
    assert LEXICON.unknown_words("A red cat with the Mushrooms, 3 of them") == ["them"]
    assert LEXICON.unknown_words("a teapot, a teapot and RED") == ["teapot", "and"]
    assert LEXICON.unknown_words("") == []


def test_a_misspelt_word_is_put_right():
    assert LEXICON.similar("mushrom") == ["mushroom"]
    assert LEXICON.similar("cyberpunk") == []


def test_no_word_of_one_or_two_letters_is_suggested():
    assert Lexicon(("a", "in", "on", "mint"), 0.1).similar("inn") == []


def test_a_lexicon_survives_its_file(tmp_path: Path):
    path = tmp_path / "lexicon.json"
    path.write_text(LEXICON.to_json())
    assert read_lexicon(path) == LEXICON


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "[" * 100_000, "\0", '{"words": [1], "max_distance": 0.1}',
        '{"words": ["a"], "max_distance": NaN}', '{"words": ["a"], "max_distance": 0.1, "x": 1}',
        '{"words": null, "max_distance": 0.1}', '{"words": ["a"], "max_distance": "0.1"}',
    ],
)  # fmt: skip
def test_a_damaged_lexicon_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "lexicon.json"
    path.write_text(text)
    with pytest.raises(CheckpointError, match="install the package again"):
        read_lexicon(path)


@pytest.mark.parametrize("name", ["emojiscape", *BUNDLED])
def test_every_bundled_model_has_a_lexicon_that_names_its_concepts(name: str):
    lexicon = load_lexicon(name)
    assert lexicon is not None
    for entry in catalogue.load(name):
        assert lexicon.unknown_words(entry.phrase) == [], entry


def test_other_models_have_none_and_are_not_judged():
    assert load_lexicon("dmd2") is None
    assert unknown_in_prompt("dmd2", "a xyzzy") == []
    assert unknown_concept(ConceptEncoder(*tiny_clip(), id="tiny"), Words("xyzzy")) == []


def test_distance_is_zero_in_the_vocabulary_and_large_for_nonsense(encoder: ConceptEncoder):
    distance = encoder.vocabulary_distance([encoder.vocabulary[0], "next to a cat", "florbix"])
    assert distance is not None
    assert distance[0] < 1e-6 < distance[1] < 0.1 < distance[2]
    assert ConceptEncoder(*tiny_clip(), id="tiny").vocabulary_distance(["cat"]) is None


def test_an_unknown_concept_is_told_with_similar_known_ones(encoder: ConceptEncoder):
    for known in ("brick navy", "next to a cat", "automobile", "chequered red"):
        assert unknown_concept(encoder, Words(known)) == []
    (sentence,) = unknown_concept(encoder, Words("strawbery jam"))
    assert "strawberry" in sentence and "hypertransport concepts" in sentence


def test_pictures_are_not_judged_by_words(encoder: ConceptEncoder):
    picture = ht.load_picture(Path(__file__).parent.parent / "examples/reference.png")
    assert unknown_concept(encoder, Picture(picture)) == []


def test_an_unknown_word_of_a_prompt_is_told_with_a_suggestion():
    assert unknown_in_prompt("emojiscape", "a red panda with a mushroom") == []
    (sentence,) = unknown_in_prompt("emojiscape", "a teapot with a mushrom")
    assert "'teapot'" in sentence and "did you mean 'mushroom'" in sentence
