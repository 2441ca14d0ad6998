"""The trained weights that ship with the package: `NAME/{generator,encoder,hypernetwork}/`."""

from pathlib import Path

FOLDER = Path(__file__).parent
WORLD = "emojiscape-pixart"  # where the encoder and the catalogue of emojiscape lie
BUNDLED = (WORLD, "emojiscape-sdxl")
ALIASES = {"emojiscape": WORLD}
OWN = ("generator", "hypernetwork")  # parts that each has for itself


def canonical(name: str) -> str:
    """The name that an alias stands for; any other name unchanged."""
    return ALIASES.get(name, name)


def whole_name(name: str) -> str:
    """By which a model is known elsewhere, too: what an alias stands for, the path of a folder."""
    return str(Path(name).resolve()) if Path(name).is_dir() else canonical(name)


def bundled(name: str, part: str) -> Path | None:
    """The folder of one part ("generator", "encoder", "hypernetwork"), or None: not a bundled name.

    The folder need not be there: an installation without weights is for its loader to report.
    """
    name = canonical(name)
    return FOLDER / (name if part in OWN else WORLD) / part if name in BUNDLED else None
