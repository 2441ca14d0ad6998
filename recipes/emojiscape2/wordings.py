"""How people name the parts of a scene: synonyms of colours, patterns, frames and styles.

The first wording of each is the usual one, which the catalogue uses. `HELD_OUT_WORDS` appear in no
training text; the evaluation of unusual wordings uses them.
"""

from recipes.emojiscape2.operations import OPERATIONS
from recipes.emojiscape2.world import COLOURS, FRAME_KINDS, PATTERNS

COLOUR_WORDS = {
    "red": ("red", "bright red", "scarlet"), "orange": ("orange", "bright orange"),
    "yellow": ("yellow", "sunny yellow"), "green": ("green", "grass green", "leaf green"),
    "mint": ("mint", "mint green", "pale green"), "teal": ("teal", "dark turquoise", "blue green"),
    "sky blue": ("sky blue", "light blue", "pale blue"), "blue": ("blue", "royal blue"),
    "navy": ("navy", "navy blue", "dark blue"), "purple": ("purple", "violet"),
    "lavender": ("lavender", "light purple", "pale violet"), "pink": ("pink", "rose pink"),
    "maroon": ("maroon", "dark red", "burgundy"), "brown": ("brown", "chocolate brown"),
    "beige": ("beige", "cream", "sand coloured"), "grey": ("grey", "gray", "medium grey"),
    "gold": ("gold", "golden", "amber"),
}  # fmt: skip
# As an adjective, and as a noun phrase that can follow "with".
PATTERN_WORDS = {
    "plain": (("plain", "solid", "uniform", "flat"), ("nothing on it", "no pattern")),
    "polka dot": (("polka dot", "dotted", "spotted"), ("polka dots", "round dots", "spots")),
    "diagonal striped": (
        ("diagonal striped", "diagonally striped", "slanted striped"),
        ("diagonal stripes", "slanted stripes"),
    ),
    "gradient": (("gradient", "fading", "shaded"), ("a gradient", "a smooth fade")),
    "vertically striped": (
        ("vertically striped", "vertical striped"), ("vertical stripes", "upright stripes"),
    ),
    "horizontally striped": (
        ("horizontally striped", "horizontal striped"), ("horizontal stripes", "level stripes"),
    ),
    "checkered": (("checkered", "chequered", "checked"), ("checks", "a checkerboard pattern")),
    "grid": (("grid", "gridded"), ("a grid", "grid lines")),
    "zigzag": (("zigzag", "chevron"), ("zigzags", "a zigzag pattern")),
    "ringed": (("ringed", "concentric ringed"), ("rings", "concentric circles")),
    "sunburst": (("sunburst", "rayed"), ("sun rays", "rays from the middle")),
    "wavy": (("wavy", "wave-patterned"), ("waves", "wavy lines")),
    "brick": (("brick", "brick wall", "bricked"), ("bricks", "a brick pattern")),
    "diamond": (("diamond", "diamond-patterned"), ("diamonds", "a diamond pattern")),
    "crossed": (("crossed", "cross-patterned"), ("crosses", "little crosses")),
    "starry": (("starry", "star-patterned"), ("stars", "little stars")),
}  # fmt: skip
FRAME_WORDS = {
    "solid": ("solid", "plain"), "dashed": ("dashed", "broken"), "dotted": ("dotted", "beaded"),
    "double": ("double", "twofold"), "cornered": ("cornered", "corner"),
}  # fmt: skip
STYLE_WORDS = {
    "duotone": ("duotone", "two-tone"), "poster": ("poster", "posterised", "screen print"),
    "negative": ("negative", "inverted", "photo negative"),
    "night": ("night", "moonlit", "night-time"),
    "solarised": ("solarised", "sabattier"), "neon": ("neon", "neon light", "glowing outline"),
    "glow": ("glow", "soft focus", "dreamy glow"), "spotlight": ("spotlight", "spot lit"),
    "sketch": ("sketch", "line drawing", "pencil outline"), "hatched": ("hatched", "cross-hatched"),
    "halftone": ("halftone", "comic dots", "printed dots"), "embossed": ("embossed", "relief"),
    "mosaic": ("mosaic", "tiled", "pixelated"), "stained glass": ("stained glass", "leaded glass"),
    "woven": ("woven", "woven cloth", "tapestry"), "scan line": ("scan line", "old screen", "CRT"),
    "blinds": ("blinds", "slatted", "window blind"), "rippled": ("rippled", "rippling water"),
}  # fmt: skip
HELD_OUT_WORDS = {
    "navy": "midnight blue", "red": "crimson", "yellow": "lemon coloured",
    "pink": "salmon coloured",
    "purple": "plum coloured", "brown": "coffee coloured", "green": "emerald",
    "gold": "honey coloured",
}  # fmt: skip

assert PATTERN_WORDS.keys() == set(PATTERNS) and FRAME_WORDS.keys() == set(FRAME_KINDS)
assert STYLE_WORDS.keys() == OPERATIONS.keys() and COLOUR_WORDS.keys() >= COLOURS.keys()
