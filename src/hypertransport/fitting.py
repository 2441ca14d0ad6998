"""`hypertransport fit`, from its arguments to an intervention: what is asked, looked up, fitted."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypertransport import catalogue
from hypertransport.catalogue import Entry
from hypertransport.concepts import Concept, Picture, Words
from hypertransport.errors import ConceptError, ConfigError, OutputError
from hypertransport.fit_arguments import LOOKED_UP
from hypertransport.generators.base import Generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.interventions import Intervention
from hypertransport.locking import one_writer
from hypertransport.picture_files import load_picture
from hypertransport.strips import check_folder
from hypertransport.training.lineas import PRESETS
from hypertransport.training.nearest import nearest_entry
from hypertransport.training.per_concept import CLOSED_FORMS, Costs, Plan
from hypertransport.training.prompts import NEUTRAL, read_prompts
from hypertransport.weights import bundled

SUFFIX = ".safetensors"
OF_DESCENT = {  # an option and its field of Descent
    "steps": "steps",
    "rate": "learning_rate",
    "l1": "l1",
    "group": "group",
    "batch": "batch",
}


@dataclass(frozen=True)
class Request:
    """One fit, checked as far as it can be before anything is loaded.

    `concept` is what refine and nearest look up; `phrase` is what joins the source prompts.
    `checkpoint` is a file that only the same request finds again: the same arguments, phrase,
    picture, source prompts and descent. Do not change the weights in a folder while a fit is
    interrupted.
    """

    method: str
    concept: Concept
    phrase: str
    entries: Sequence[Entry]
    plan: Plan
    path: Path
    checkpoint: Path


def request(chosen: argparse.Namespace) -> Request:
    """What the arguments ask for; an error that says what to change when they do not fit."""
    if chosen.image and chosen.method not in LOOKED_UP:
        raise ConceptError(f"{chosen.method} is fitted to words alone; leave --image out")
    words, entries, path = Words(chosen.concept), _entries(chosen), Path(chosen.out)
    if path.suffix != SUFFIX:
        raise OutputError(f"{path} does not end in {SUFFIX}; choose another name")
    check_folder(path.parent)
    phrase = next((e.phrase for e in entries if e.name == words.text), words.text)
    plan = _plan(chosen)
    picture = load_picture(chosen.image) if chosen.image else None
    whole = repr((sorted(vars(chosen).items()), phrase, plan)).encode()
    whole += picture.tobytes() if picture else b""
    same = sha256(whole).hexdigest()[:16]
    return Request(
        method=chosen.method,
        concept=Picture(picture) if picture else words,
        phrase=phrase,
        entries=entries,
        plan=plan,
        path=path,
        checkpoint=path.with_name(f".{path.name}.{same}.checkpoint"),
    )


def fit(asked: Request, generator: Generator, hyper: HyperTransport | None) -> Costs:
    """Fit what was asked and write it; `hyper` is for the methods that look something up.

    Raises OutputError where another process is writing the same file.
    """
    with one_writer(asked.path):
        costs = _fit(asked, generator, hyper)
        asked.checkpoint.unlink(missing_ok=True)  # not before its result is on the disk
        return costs


def _fit(asked: Request, generator: Generator, hyper: HyperTransport | None) -> Costs:
    note = {"method": asked.method, "phrase": asked.phrase}
    start: Intervention | None = None
    if hyper and asked.method == "refine":
        start = hyper(asked.concept)
    elif hyper:
        cosine, entry = nearest_entry(hyper.encoder, asked.concept, asked.entries)
        note |= {"phrase": entry.phrase, "nearest": entry.name, "cosine": f"{cosine:.4f}"}
    maps, costs = asked.plan.solve(generator, note["phrase"], start, asked.checkpoint)
    note |= {name: f"{cost:.6g}" for name, cost in costs._asdict().items()}
    maps.save(
        asked.path,
        generator=generator.id,
        generator_revision=generator.revision,
        note=note,
    )
    return costs


def _entries(chosen: argparse.Namespace) -> list[Entry]:
    """The catalogue that was given, or the model's own; empty where there is none."""
    if chosen.catalogue:
        return catalogue.read(chosen.catalogue)
    if bundled(chosen.model, catalogue.FILE):
        return catalogue.load(chosen.model)
    if chosen.method == "nearest":
        raise ConfigError(f"{chosen.model} has no catalogue of trained concepts; give --catalogue")
    return []


def _plan(chosen: argparse.Namespace) -> Plan:
    given = {name: v for name in OF_DESCENT if (v := getattr(chosen, name)) is not None}
    options: Mapping[str, Any] = {
        "prompts": read_prompts(chosen.prompts) if chosen.prompts else NEUTRAL,
        "samples": chosen.samples,
        "pooling": chosen.pooling,
    }
    if chosen.method in CLOSED_FORMS:
        if chosen.preset or given:
            raise ConfigError(
                f"{chosen.method} is a closed form without steps; leave out --preset, "
                + ", ".join(f"--{name}" for name in OF_DESCENT)
            )
        return Plan(closed_form=chosen.method, **options)
    preset = PRESETS[chosen.preset or ("refine" if chosen.method == "refine" else "quick")]
    changes: dict[str, Any] = {OF_DESCENT[name]: value for name, value in given.items()}
    return Plan(descent=replace(preset, **changes), **options)
