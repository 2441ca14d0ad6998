"""Check that pins are the lower bounds that pyproject.toml declares: `make test-floors`.

A bound that no resolver reaches, since another package asks for more, was never tested.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def requirements(project: dict, extra: str) -> Iterator[Requirement]:
    """The dependencies with an extra, and with the extras of this package that it names."""
    rows = [*project["dependencies"], *project["optional-dependencies"][extra]]
    for requirement in map(Requirement, rows):
        if requirement.name == project["name"]:
            for other in sorted(requirement.extras):
                yield from requirements(project, other)
        else:
            yield requirement


def bound(requirement: Requirement) -> Version | None:
    """The version after `>=`, None without one."""
    found = [Version(s.version) for s in requirement.specifier if s.operator == ">="]
    return max(found, default=None)


def wrong(declared: Iterable[Requirement], pins: dict[str, Version]) -> list[str]:
    """What is off, in words: no bound, or a pin that is not the greatest bound of its package."""
    bounds: dict[str, Version] = {}
    told = []
    for requirement in declared:
        name, least = canonicalize_name(requirement.name), bound(requirement)
        if least is None:
            told.append(f"{name} has no lower bound; declare one")
        else:
            bounds[name] = max(least, bounds.get(name, least))
    for name, least in bounds.items():
        if pins[name] != least:
            told.append(f"{name}>={least} resolves to {pins[name]}; raise its bound to that")
    return sorted({*told})


def read_pins(text: str) -> dict[str, Version]:
    """Names and versions of `name==version` lines."""
    rows = [line.split(" ;")[0].split("==") for line in text.splitlines() if "==" in line]
    return {canonicalize_name(name): Version(version) for name, version in rows}


def main(pins: str, extra: str) -> int:
    """Print what is off; the number of such lines is the exit status."""
    project = tomllib.loads(PYPROJECT.read_text())["project"]
    told = wrong(requirements(project, extra), read_pins(Path(pins).read_text()))
    print("\n".join(told) or "all declared lower bounds are reached")
    return len(told)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
