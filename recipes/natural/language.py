"""Which concepts mean nearly the same, and which a prompt names, as far as their words tell."""

import re
from collections.abc import Iterable, Sequence

SILENT = set("a among an and as at by from in of on or the through to under with".split())
# Heads that many concepts share although they look nothing alike, as oak tree and palm tree do.
COMMON = set(
    "age animal art background ball bird board bowl box camera card city composition cup dancer "
    "design drawing empire engine era festival field fight figure film filter flower frame fruit "
    "game garden glass hand house illustration image jar lamp lens light line machine magazine "
    "model painting party piece plant plate player poster print race room screen sculpture set "
    "shop show sprig station story street tale tone tower toy tree view water wheel".split()
)
DERIVED = set("al d ed en er ern ery ess ful ian ic ing ish ism ist less n or r y".split())
COMPOUND = 5  # letters of a word that counts as part of a longer one, as candle of candlelight
IRREGULAR = {
    "cacti": "cactus", "calves": "calf", "children": "child", "feet": "foot", "geese": "goose",
    "knives": "knife", "leaves": "leaf", "loaves": "loaf", "men": "man", "mice": "mouse",
    "people": "person", "potatoes": "potato", "scarves": "scarf", "shelves": "shelf",
    "teeth": "tooth", "tomatoes": "tomato", "wolves": "wolf", "women": "woman",
}  # fmt: skip
SAME_AS_PLURAL = re.compile(r"..?|.*(ss|us|is)")


def singular(word: str) -> str:
    """"cherries" -> "cherry"; by rule, so "lens" -> "len", which is as good for comparing."""
    if word in IRREGULAR or SAME_AS_PLURAL.fullmatch(word):
        return IRREGULAR.get(word, word)
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if re.search("(x|ch|sh|ss|zz)es$", word) else word.removesuffix("s")


def words(text: str) -> list[str]:
    """Its words in the singular and in lower case, without those that mean nothing alone."""
    found = re.findall(r"\w+", re.sub(r"['’]s\b", "", text.lower()))
    return [singular(word) for word in found if word not in SILENT]


def heads(name: str) -> set[str]:
    """The last word of each part of a name: "deck of a ship" has two, "deck" and "ship"."""
    parts = re.split(r"\b(?:after|from|in|of|on|over|through|under|with)\b", name.lower())
    return {word for part in parts for word in words(part)[-1:]} - COMMON


def parts(word: str, known: set[str]) -> set[str]:
    """Those known words that a word is, is derived from, or is a compound of."""
    ends = range(1, len(word) + 1)
    begins = {word[:i] for i in ends if i >= COMPOUND or (i > 3 and word[i:] in DERIVED)}
    return known & (begins | {word[-i:] for i in ends if i >= COMPOUND} | {word})


def shared_heads(names: Sequence[str]) -> list[set[str]]:
    """For each name, the heads of all names that its words contain: near ones have one in common."""
    known = set().union(*map(heads, names))
    return [set().union(*(parts(word, known) for word in words(name))) for name in names]


def named(names: Iterable[str], prompts: Iterable[str]) -> set[str]:
    """Those names whose words stand in some prompt, one after the other."""
    said = "".join(f" {' '.join(words(prompt))} |" for prompt in prompts)
    return {name for name in names if f" {' '.join(words(name))} " in said}
