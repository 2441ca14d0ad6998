"""Captions as people write them: many sentence forms, orders, synonyms, and distractors.

A caption names the subject, a second object, a frame and a style where the scene has them, and the
background unless silence can mean it. Each part is a clause or a modifier; the parts come in any
order. Some captions are misspelt, and some carry words that mean nothing in this world.
"""

import re
from collections.abc import Sequence

import numpy as np

from recipes.emojiscape2 import wordings as words
from recipes.emojiscape2 import world as w
from recipes.emojiscape2.operations import COLOURS as STYLE_COLOURS
from recipes.emojiscape2.operations import OPERATIONS, STYLES

Names = Sequence[tuple[str, ...]]  # of each object, the usual name first
SILENT = 0.7  # share of the quiet backgrounds that a caption does not name
MISSPELT, DISTRACTED = 0.06, 0.12
SECOND_FORMS = (
    "with {}", "with {}", "next to {}", "beside {}", "and {}", "together with {}",
    "in the company of {}", "and there is {} too", "plus {}", "accompanied by {}",
    "with {} in front of it", "with {} in the lower right corner",
)  # fmt: skip
BACKGROUND_FORMS = (
    "on a {a} {c} background", "on a {a} {c} background", "in front of a {a} {c} background",
    "on {c} wallpaper with {n}", "against a {c} wall with {n}", "before a {a} {c} backdrop",
    "the background is {a} and {c}", "set against {n} in {c}", "{c} background, {a}",
    "{a} {c} background", "over a {c} backdrop that has {n}", "the backdrop is {c} with {n}",
    "with {n} in {c} behind it", "behind it a {a} {c} wall",
)  # fmt: skip
FRAME_FORMS = (
    "in a {k} {c} frame", "in a {k} {c} frame", "with a {k} {c} border",
    "inside a {k} frame in {c}",
    "framed by a {k} {c} border", "the frame is {k} and {c}", "{k} {c} frame",
    "surrounded by a {c} frame, {k}",
)  # fmt: skip
STYLE_FORMS = (
    "in {c} {o} style", "in {c} {o} style", "in {o} style, {c}", "as a {c} {o} image",
    "in the style of {o} in {c}", "{c} {o} style", "with a {c} {o} effect", "rendered as {c} {o}",
    "the style is {o} and the colour is {c}", "everything in {c} {o}", "{o} look, in {c}",
    "drawn as {o} with {c}", "{o}, {c}",
)  # fmt: skip
SUBJECT_FORMS = (
    "{}", "{}", "{}", "{}", "a picture of {}", "an image of {}", "an illustration showing {}",
    "there is {}", "we see {}", "a drawing of {}", "show me {}", "{} in the middle",
)  # fmt: skip
ADJECTIVES = (
    "cute",
    "little",
    "lovely",
    "simple",
    "nice",
    "beautiful",
    "single",
    "friendly",
    "neat",
)
DISTRACTORS = (
    "please", "high quality", "for my website", "as simple as possible", "clean and clear",
    "emoji", "icon", "no text", "very detailed", "for a birthday card", "nothing else", "thank you",
)  # fmt: skip


def article(name: str) -> str:
    """'owl' -> 'an owl'; plurals stay as they are."""
    if name.endswith("s") and not name.endswith(("ss", "us", "is", "bus", "cactus")):
        return name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def with_articles(text: str) -> str:
    """'a orange wall' -> 'an orange wall'."""
    return re.sub(r"\ba (?=(?!uni|use)[aeiou])", "an ", text)


def usual_phrase(kind: str, name: str) -> str:
    """Return the phrase that adds a concept to a prompt, in its usual wording."""
    forms = {
        "object": f"with {article(name)}", "style": f"in {name} style",
        "background": f"on a {name} background", "frame": f"in a {name} frame",
    }  # fmt: skip
    return forms[kind]


def background_name(colour: int, pattern: int) -> str:
    """Return the catalogue's name of a background, such as 'brick navy'."""
    return f"{w.PATTERNS[pattern]} {list(w.COLOURS)[colour]}"


def frame_name(frame: int) -> str:
    """Return the catalogue's name of a frame, such as 'dashed red'."""
    return " ".join(w.FRAMES[frame])


def style_name(style: int) -> str:
    """Return the catalogue's name of a style, such as 'teal halftone'."""
    operation, colour = STYLES[style]
    return f"{colour} {operation}"


class Captioner:
    """Writes captions and single phrases with the randomness of one generator."""

    def __init__(self, rng: np.random.Generator, names: Names):
        self.rng, self.names = rng, names

    def pick(self, options: Sequence[str], usual: float = 0.4) -> str:
        """Return the first option with the share `usual`, or any."""
        first = self.rng.random() < usual
        return options[0 if first else int(self.rng.integers(len(options)))]

    def object(self, number: int) -> str:
        """An object with its article, and sometimes an adjective that means nothing here."""
        name = self.pick(self.names[number], 0.6)
        if self.rng.random() < 0.08:
            name = f"{self.pick(ADJECTIVES, 0)} {name}"
        given = self.rng.random()
        return name if given < 0.08 else f"the {name}" if given < 0.12 else article(name)

    def second(self, number: int) -> str:
        """A phrase that adds a second object."""
        return self.pick(SECOND_FORMS, 0.3).format(self.object(number))

    def background(self, colour: int, pattern: int) -> str:
        """A phrase that names a background."""
        adjectives, nouns = words.PATTERN_WORDS[w.PATTERNS[pattern]]
        return self.pick(BACKGROUND_FORMS, 0.3).format(
            a=self.pick(adjectives, 0.6), n=self.pick(nouns), c=self.colour(list(w.COLOURS)[colour])
        )

    def frame(self, frame: int) -> str:
        """A phrase that names a frame."""
        kind, colour = w.FRAMES[frame]
        kind_words = self.pick(words.FRAME_WORDS[kind], 0.6)
        return self.pick(FRAME_FORMS, 0.3).format(k=kind_words, c=self.colour(colour))

    def style(self, style: int) -> str:
        """A phrase that names a style."""
        operation, colour = STYLES[style]
        operation_words = self.pick(words.STYLE_WORDS[operation], 0.6)
        return self.pick(STYLE_FORMS, 0.3).format(o=operation_words, c=self.colour(colour))

    def colour(self, name: str) -> str:
        return self.pick(words.COLOUR_WORDS[name], 0.6)

    def caption(self, scene: np.ndarray, say_background: bool) -> str:
        """Describe one scene."""
        parts = []
        if scene[w.SECOND] != w.NONE:
            parts.append(self.second(scene[w.SECOND]))
        if say_background:
            parts.append(self.background(scene[w.COLOUR], scene[w.PATTERN]))
        if scene[w.FRAME] != w.NONE:
            parts.append(self.frame(scene[w.FRAME]))
        if scene[w.STYLE] != w.NONE:
            parts.append(self.style(scene[w.STYLE]))
        if self.rng.random() < DISTRACTED:
            parts.append(self.pick(DISTRACTORS, 0))
        self.rng.shuffle(parts)
        return self.joined(self.pick(SUBJECT_FORMS).format(self.object(scene[w.SUBJECT])), parts)

    def joined(self, subject: str, parts: list[str]) -> str:
        """One or more sentences; the subject comes first in most of them."""
        joint = self.pick((" ", ", ", ", ", ". "), 0.5)
        # Only what begins a sentence of its own can come before the subject.
        ahead = len(parts) if self.rng.random() < 0.12 and joint != " " else 0
        text = with_articles(joint.join([*parts[:ahead], subject, *parts[ahead:]]))
        text = self.misspelt(text) if self.rng.random() < MISSPELT else text
        return text[0].upper() + text[1:] + "." if self.rng.random() < 0.15 else text

    def misspelt(self, text: str) -> str:
        """Drop, double or swap one letter inside a word."""
        inside = [i for i in range(1, len(text) - 1) if text[i - 1 : i + 2].isalpha()]
        if not inside:
            return text
        i = inside[int(self.rng.integers(len(inside)))]
        changed = (
            text[i + 1 :],
            text[i] * 2 + text[i + 1 :],
            text[i + 1] + text[i] + text[i + 2 :],
        )
        return text[:i] + changed[int(self.rng.integers(3))]


def captions(
    rng: np.random.Generator, scenes: np.ndarray, names: Names
) -> tuple[list[str], np.ndarray]:
    """Return a caption of each scene, and (n,) bool: whether it names the background."""
    writer = Captioner(rng, names)
    said = ~w.is_quiet(scenes) | (rng.random(len(scenes)) >= SILENT)
    texts = [writer.caption(s, bool(b)) for s, b in zip(scenes, said, strict=True)]
    return texts, said


assert set(STYLE_COLOURS) <= words.COLOUR_WORDS.keys() and len(OPERATIONS) >= 14
