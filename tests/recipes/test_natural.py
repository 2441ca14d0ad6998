"""The catalogue of natural images: what ships is what the recipe makes, and obeys its own rules."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from hypertransport import catalogue
from hypertransport.generators import MODELS
from hypertransport.training.config import TrainConfig
from hypertransport.weights import FOLDER
from recipes.natural import catalogue as recipe
from recipes.natural.language import COMMON, COMPOUND, named, singular, words

CONCEPTS, PROMPTS = recipe.read_concepts(), recipe.read_prompts()
ENTRIES = catalogue.load("natural")
SIDE = {entry.name: entry.split for entry in ENTRIES}
KINDS = catalogue.kinds(ENTRIES)
SHIPPED = json.loads((FOLDER / "natural" / "prompts.json").read_bytes())
COUNTED = ("thing", "vehicle", "clothing", "person", "animal", "plant", "food", "building")
# What takes no article in the singular, of the kinds that are counted: its noun, or all of it.
MASS = {
    "anise", "asparagus", "bacon", "basil", "blossom", "broccoli", "bunting", "butter", "candy",
    "caviar", "celery", "corn", "couscous", "dice", "falafel", "garlic", "grass", "ham",
    "heather", "honey", "honeysuckle", "hummus", "ivy", "juice", "kelp", "ketchup", "kimchi",
    "lasagne", "lemonade", "liquorice", "macaroni", "mail", "mistletoe", "music", "mustard",
    "oil", "paella", "popcorn", "porridge", "ravioli", "rhubarb", "risotto", "root", "rosemary",
    "saffron", "sashimi", "seaweed", "smoked salmon", "spaghetti", "spinach", "sushi", "tea",
    "toast", "tofu", "topiary", "wine", "yoghurt",
}  # fmt: skip
SINGULAR_IN_S = {"rhinoceros", "Triceratops"}


def noun(said: str) -> str:
    """The noun that an article belongs to: "jar" of "a jam jar", "bowl" of "a bowl of rice"."""
    return re.split(r" (?:of|in|from|on|over|below) ", said)[0].split()[-1]


def test_what_ships_is_what_the_recipe_makes():
    assert recipe.catalogue(CONCEPTS, [prompt for _, prompt in PROMPTS]) == ENTRIES
    assert {kind: recipe.source_prompts(kind, PROMPTS) for kind in KINDS} == SHIPPED


def test_there_are_enough_concepts_of_enough_kinds():
    counts = Counter(entry.split for entry in ENTRIES)
    assert counts["train"] >= 1500
    assert (counts["test"], counts["validation"]) == (167, 80)
    assert len(KINDS) >= 12
    for kind in KINDS:
        assert {entry.split for entry in ENTRIES if entry.kind == kind} == set(catalogue.SPLITS)


def test_held_out_is_the_same_share_of_every_kind():
    for kind, n in Counter(entry.kind for entry in ENTRIES).items():
        held_out = sum(entry.kind == kind and entry.split == "test" for entry in ENTRIES)
        assert abs(held_out - 167 * n / len(ENTRIES)) < 1


def test_no_name_is_there_twice_in_any_kind_or_spelling():
    names = Counter(" ".join(words(entry.name)) for entry in ENTRIES)
    assert [name for name, n in names.items() if n > 1] == []


def test_near_synonyms_are_on_one_side():
    """Written anew, without the recipe's own functions of nearness."""
    lines: dict[str, set[str]] = {}
    for concept in CONCEPTS:
        lines.setdefault(concept.line, set()).add(SIDE[concept.name])
    for _, _, line in recipe.sections(recipe.FOLDER / "near.txt"):
        lines[line] = {SIDE[name] for name in line.split(", ")}
    assert [line for line, sides in lines.items() if len(sides) > 1] == []


@pytest.mark.parametrize("split", ["test", "validation"])
def test_no_held_out_name_has_a_word_in_common_with_any_other(split):
    said: dict[bool, set[str]] = {True: set(), False: set()}
    for name, side in SIDE.items():
        said[side == split] |= {w for w in words(name) if len(w) > 2} - COMMON
    assert said[True] & said[False] == set()
    pairs = [(a, b) for a in said[True] for b in said[False]]
    parts = [(a, b) for a, b in pairs if min(len(a), len(b)) >= COMPOUND]
    assert [p for p in parts if p[0].startswith(p[1]) or p[1].startswith(p[0])] == []
    assert [p for p in parts if p[0].endswith(p[1]) or p[1].endswith(p[0])] == []


def test_every_phrase_is_its_kinds_template_around_the_name():
    for concept in CONCEPTS:
        assert concept.phrase.startswith(concept.name) or f" {concept.name}" in concept.phrase
        assert concept.phrase == " ".join(concept.phrase.split())
        assert concept.phrase.isprintable()


def test_articles_are_right_before_vowels():
    """By sound: an hour and an X-ray, but a unicorn and a ukulele."""
    for concept in CONCEPTS:
        for article, word in re.findall(r"\b(an?) (\S+)", concept.phrase):
            vowel = re.match("(?!eu|uk|uni|use|ut)[aeiouéAEIOU]|hour|X-", word)
            assert (article == "an") == bool(vowel), concept.phrase


def test_only_what_is_counted_in_the_singular_has_an_article():
    for concept in CONCEPTS:
        if concept.kind in COUNTED:
            said = concept.phrase.removeprefix("with ")
            plural = singular(noun(said)) != noun(said) and noun(said) not in SINGULAR_IN_S
            bare = plural or noun(said) in MASS or said in MASS
            assert said.startswith(("a ", "an ")) != bare, said


def test_there_are_enough_prompts_and_none_is_there_twice():
    assert len(PROMPTS) >= 1000
    assert len({prompt for _, prompt in PROMPTS}) == len(PROMPTS)
    assert {kind for kinds, _ in PROMPTS for kind in kinds} < set(KINDS)
    assert len({prompt for prompts in SHIPPED.values() for prompt in prompts}) >= 1000
    assert {len(prompts) for prompts in SHIPPED.values()} == {recipe.PROMPTS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_prompt_names_no_concept_of_a_kind_that_it_serves(kind):
    names = [entry.name for entry in ENTRIES if entry.kind == kind]
    assert named(names, [prompt for kinds, prompt in PROMPTS if kind not in kinds]) == set()


def test_no_prompt_names_what_is_held_out():
    held_out = [entry.name for entry in ENTRIES if entry.split != "train"]
    assert named(held_out, [prompt for _, prompt in PROMPTS]) == set()


@pytest.mark.parametrize("name", ["dmd2", "nitro"])
def test_the_training_files_are_read_and_name_what_ships(name):
    config = TrainConfig.load(Path(recipe.__file__).parent / f"{name}.toml")
    assert config.generator == name
    assert name in MODELS
    assert catalogue.read(config.catalogue) == ENTRIES
    assert config.bank <= recipe.PROMPTS
    assert json.loads(config.prompts.read_bytes()) == SHIPPED
