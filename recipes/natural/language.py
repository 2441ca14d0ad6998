"""Which concepts mean nearly the same, and which a prompt names, as far as their words tell."""

import re
from collections.abc import Iterable, Sequence

SILENT = {
    "a", "after", "among", "an", "and", "as", "at", "before", "by", "during", "from", "in",
    "of", "on", "or", "the", "through", "to", "under", "with",
}  # fmt: skip
# So many concepts share these that they say nothing of what is near: oil painting, cave painting.
COMMON = {
    "age", "art", "bowl", "camera", "composition", "cup", "design", "drawing", "empire", "era",
    "figure", "film", "filter", "flower", "illustration", "lens", "light", "line", "lit",
    "painting", "piece", "plant", "poster", "print", "sculpture", "sprig", "time", "tree",
    "view",
}  # fmt: skip
DERIVED = {
    "al", "d", "ed", "en", "er", "ern", "ery", "ess", "ful", "ian", "ic", "ing", "ish", "ism",
    "ist", "less", "n", "or", "r", "y",
}  # fmt: skip
COMPOUND = 5  # letters of a word that counts as part of a longer one: candle, candlelight
IRREGULAR = {
    "cacti": "cactus", "calves": "calf", "children": "child", "feet": "foot", "geese": "goose",
    "knives": "knife", "leaves": "leaf", "loaves": "loaf", "men": "man", "mice": "mouse",
    "people": "person", "potatoes": "potato", "scarves": "scarf", "shelves": "shelf",
    "teeth": "tooth", "tomatoes": "tomato", "wolves": "wolf", "women": "woman",
}  # fmt: skip
SAME_AS_PLURAL = re.compile(r"..?|.*(ss|us|is)")


def singular(word: str) -> str:
    """As "cherry" for "cherries"; by rule, so "len" for "lens", as good for comparing."""
    if word in IRREGULAR or SAME_AS_PLURAL.fullmatch(word):
        return IRREGULAR.get(word, word)
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if re.search("(x|ch|sh|ss|zz)es$", word) else word.removesuffix("s")


def words(text: str) -> list[str]:
    """Its words in the singular and in lower case, without those that mean nothing alone."""
    found = re.findall(r"\w+", re.sub(r"['’]s\b", "", text.lower()))
    return [singular(word) for word in found if word not in SILENT]


def telling(name: str) -> set[str]:
    """The words of a name that tell it from others."""
    return {word for word in words(name) if len(word) > 2} - COMMON


def parts(word: str, known: set[str]) -> set[str]:
    """Those known words that a word is, is derived from, or is a compound of."""
    ends = range(1, len(word) + 1)
    begins = {word[:i] for i in ends if i >= COMPOUND or (i > 3 and word[i:] in DERIVED)}
    return known & (begins | {word[-i:] for i in ends if i >= COMPOUND} | {word})


def shared_words(names: Sequence[str]) -> list[set[str]]:
    """For each name, the telling words of all names that are part of its own: near ones share."""
    own = [telling(name) for name in names]
    known = set().union(*own)
    return [set().union(*(parts(word, known) for word in words)) for words in own]


def named(names: Iterable[str], prompts: Iterable[str]) -> set[str]:
    """Those names whose words stand in some prompt, one after the other."""
    said = "".join(f" {' '.join(words(prompt))} |" for prompt in prompts)
    return {name for name in names if f" {' '.join(words(name))} " in said}
