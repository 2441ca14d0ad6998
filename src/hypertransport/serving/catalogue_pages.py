"""`GET /v1/concepts`: the catalogue, a page at a time, in the order of its file."""

from collections.abc import Sequence
from itertools import islice

from hypertransport import catalogue
from hypertransport.catalogue import Entry
from hypertransport.serving.api_errors import ApiError
from hypertransport.serving.schemas import CatalogueConcept, Concepts, ConceptsQuery
from hypertransport.weights import bundled


def world_of(model: str) -> list[Entry]:
    """The catalogue that ships with a model, or for any other that of natural images."""
    return catalogue.load(model if bundled(model, catalogue.FILE) else "natural")


def page(entries: Sequence[Entry], asked: ConceptsQuery) -> Concepts:
    """Up to `limit` concepts of those asked for, after the one named. ApiError if none is so."""
    names = [identifier(entry) for entry in entries]
    if asked.after and asked.after not in names:
        raise ApiError(
            400, "invalid_value", "after: give the id of the last concept of a page", "after"
        )
    start = names.index(asked.after) + 1 if asked.after else 0
    found = (entry for entry in entries[start:] if _wanted(entry, asked))
    first = list(islice(found, asked.limit + 1))
    data = [_described(entry) for entry in first[: asked.limit]]
    return Concepts(data=data, has_more=len(first) > asked.limit)


def identifier(entry: Entry) -> str:
    """ "thing/mushroom": no two concepts share one."""
    return f"{entry.kind}/{entry.name}"


def _wanted(entry: Entry, asked: ConceptsQuery) -> bool:
    return (
        asked.kind in ("", entry.kind)
        and asked.split in (None, entry.split)
        and asked.find.lower() in f"{entry.name} {entry.phrase}".lower()
    )


def _described(entry: Entry) -> CatalogueConcept:
    return CatalogueConcept(
        id=identifier(entry),
        name=entry.name,
        kind=entry.kind,
        phrase=entry.phrase,
        split=entry.split,
    )
