"""Text that looks the same is the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipelines import tiny_clip

from hypertransport.concepts import Words
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import ConceptError, GeneratorError
from hypertransport.text_cleaning import clean_prompt, clean_prompts, clean_text

# Names are as in Unicode's tables: what is pasted along with text from pages, chats and documents.
UNSEEN = (
    "\ufeff\ufffe\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062"
    "\u2066\u2067\u2068\u2069\u00ad\u034f\u061c\u115f\u1160\u180e\u3164\ufe00\ufe0e\ufe0f\uffa0"
    "\ufff9\ufffa\ufffb\x00\x07\x08\x1b\x7f\x80\x9f\U000e0001\U000e0041\U000e0100"
)
WHITE = "\t\n\r\x0b\x0c\x1c\x1f\x85\xa0\u1680\u2003\u2028\u2029\u202f\u205f\u2800\u3000"


@pytest.mark.parametrize("character", UNSEEN, ids=lambda c: f"U+{ord(c):04X}")
def test_what_nobody_sees_is_left_out_wherever_it_stands(character):
    for text in (f"{character}red hat", f"red hat{character}", f"r{character}ed {character} hat"):
        assert clean_text(text) == "red hat"


@pytest.mark.parametrize("character", WHITE, ids=lambda c: f"U+{ord(c):04X}")
def test_white_space_is_one_space(character):
    assert clean_text(f"{character}red{character} {character}hat{character}") == "red hat"


@pytest.mark.parametrize(
    "text",
    [
        "👩‍🚀",  # a joiner
        "👩🏽‍🚀",  # after a skin tone
        "👨‍👩‍👧‍👦",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # tags: Scotland
        "🏳‍🌈",
        "می‌خواهم",  # a non-joiner between Persian letters
        "क्‍ष",  # a joiner after a virama
        "naïve café",
        "नमस्ते",
        "한국어",
        "E = mc² ½ ﬁ",  # no compatibility forms: they would change what is written
    ],
)
def test_what_carries_meaning_stays(text):
    assert clean_text(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("text", ["a\u200db", "\u200d👩", "👩\u200d", "👩\u200da", "a\u200c b"])
def test_joiners_without_anything_to_join_are_left_out(text):
    assert "\u200d" not in clean_text(text)
    assert "\u200c" not in clean_text(text)


def test_emoji_are_the_same_with_and_without_variation_selector():
    assert clean_text("❤\ufe0f\u200d🔥") == clean_text("❤\u200d🔥")


def test_composed_and_decomposed_letters_are_the_same():
    assert clean_text("cafe\u0301") == clean_text("caf\u00e9") == "caf\u00e9"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_cleaned_text_stays_as_it_is(text):
    found = clean_text(text)
    assert clean_text(found) == found
    assert found == unicodedata.normalize("NFC", found) == found.strip()


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"])))
def test_printable_ascii_changes_in_its_spaces_alone(text):
    assert clean_text(text) == " ".join(text.split())


@pytest.mark.parametrize("character", ["\ufeff", "\u200b", "\u202a", "\u00ad", "\ufe0f", "\xa0"])
def test_a_concept_is_the_same_with_and_without_them(character):
    encoder = ConceptEncoder(*tiny_clip(), id="tiny")
    plain, marked = encoder.encode(["red hat", f"{character}red hat{character}"])
    assert marked.equal(plain)
    assert Words(f"{character}red hat") == Words("red hat")


def test_a_concept_of_nothing_that_is_seen_is_empty():
    with pytest.raises(ConceptError, match="cannot be empty"):
        Words("\ufeff\u200b \u2060")


def test_what_is_no_text_is_no_prompt():
    assert clean_prompts("a  cat") == ["a cat"]
    assert clean_prompts(("a cat", " a dog")) == ["a cat", "a dog"]
    for bad in (None, b"a", ["a", None], 3, ["a", "\ud83d"]):
        with pytest.raises(GeneratorError, match=r"is no prompt|half a character"):
            clean_prompts(bad)
    with pytest.raises(GeneratorError, match="half a character"):
        clean_prompt("\udc00")
