"""How people describe a scene: many wordings, synonyms, and silence about the rest."""

import numpy as np

from recipes.emojiscape import world as w

SET_WORDS = (
    ("soft shaded", "softly shaded", "smoothly shaded"),
    ("flat cartoon", "flat vector", "simple flat cartoon"),
    ("glossy 3d", "shiny 3d", "3d rendered"),
    ("ink", "inked", "line art"),
)
STYLE_PHRASES = (
    "in {} style", "drawn in {} style", "in a {} look", "as a {} picture", "{} style",
)  # fmt: skip
BACKGROUND_PHRASES = (
    "on a {} background", "in front of a {} background",
    "over a {} backdrop", "against a {} background",
)  # fmt: skip
COMPANY_PHRASES = ("with {}", "next to {}", "beside {}", "and {}", "together with {}")
FRAME_PHRASES = ("in a {} frame", "inside a {} frame", "with a {} border", "framed by a {} border")
PATTERN_WORDS = {
    "plain": ("plain", "solid", "plain"), "polka dot": ("polka dot", "dotted", "spotted"),
    "diagonal striped": ("diagonal striped", "striped", "diagonally striped"),
    "gradient": ("gradient", "fading", "shaded gradient"),
    "checkered": ("checkered", "chequered", "checked"),
    "starry": ("starry", "star-patterned", "starry"), "wavy": ("wavy", "wave-patterned", "wavy"),
    "ringed": ("ringed", "concentric ringed", "ringed"),
    "brick": ("brick", "brick wall", "bricked"),
}  # fmt: skip


def article(name: str) -> str:
    """'owl' -> 'an owl'; plurals and mass names go bare."""
    if name.endswith("s") and not name.endswith(("ss", "us", "is", "cactus", "bus")):
        return name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def pick(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    """The first wording half of the time, so that there is a usual one."""
    return words[0] if rng.random() < 0.5 else words[rng.integers(len(words))]


def style_words(set_: int, tint: int, rng: np.random.Generator | None = None) -> str:
    words = SET_WORDS[set_][0] if rng is None else pick(rng, SET_WORDS[set_])
    name = list(w.TINTS)[tint]
    return f"{'black ' if set_ == 3 else ''}{words}" if name == "natural" else f"{name} {words}"


def background_words(colour: int, pattern: int, rng: np.random.Generator | None = None) -> str:
    name = w.PATTERNS[pattern]
    words = name if rng is None else pick(rng, PATTERN_WORDS.get(name, (name,)))
    return f"{words} {list(w.COLOURS)[colour]}"


def frame_words(frame: int) -> str:
    colour, kind = divmod(frame - 1, len(w.FRAME_KINDS))
    return f"{w.FRAME_KINDS[kind]} {list(w.COLOURS)[colour]}"


def usual_phrase(kind: str, words: str) -> str:
    """The phrase that adds a concept to a prompt, in its usual wording."""
    return {
        "thing": f"with {article(words)}",
        "style": f"in {words} style",
        "background": f"on a {words} background",
        "frame": f"in a {words} frame",
    }[kind]


def caption(
    rng: np.random.Generator, scene: np.ndarray, names: list[tuple[str, ...]], say: dict[str, bool]
) -> str:
    """A caption of one scene. `say` tells whether style and background are named; company and
    frames are named whenever they are there. `names`: the names of each thing, the usual first."""
    parts = []
    if say["background"]:
        words = background_words(scene[w.COLOUR], scene[w.PATTERN], rng)
        parts.append(pick(rng, BACKGROUND_PHRASES).format(words))
    if scene[w.SECOND] != w.NOTHING:
        parts.append(pick(rng, COMPANY_PHRASES).format(article(pick(rng, names[scene[w.SECOND]]))))
    if scene[w.FRAME]:
        parts.append(pick(rng, FRAME_PHRASES).format(frame_words(scene[w.FRAME])))
    subject = pick(rng, names[scene[w.SUBJECT]])
    if say["style"]:
        words = style_words(scene[w.SET], scene[w.TINT], rng)
        if rng.random() < 0.3:
            subject = f"{words} {subject}"
        else:
            parts.append(pick(rng, STYLE_PHRASES).format(words))
    rng.shuffle(parts)
    joint = ", " if rng.random() < 0.3 else " "
    return joint.join([article(subject), *parts])


def captions(
    rng: np.random.Generator, scenes: np.ndarray, names: list[tuple[str, ...]]
) -> tuple[list[str], np.ndarray]:
    """Captions of scenes and what they say: (n, 2) bool, style and background. Said is always what
    silence cannot mean: a style but the usual one, and a background that is not quiet."""
    said = rng.random((len(scenes), 2)) < 0.3
    said[:, 0] |= (scenes[:, w.TINT] != 0) | (scenes[:, w.SET] != 0)
    said[:, 1] |= ~w.is_quiet(scenes)
    texts = [
        caption(rng, scene, names, {"style": s, "background": b})
        for scene, (s, b) in zip(scenes, said.tolist(), strict=True)
    ]
    return texts, said
