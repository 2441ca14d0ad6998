"""Model cards: the README.md of a folder, with no figure that is not in the folder itself."""

from collections.abc import Sequence
from json import dumps

from hypertransport import hypernetwork_files, intervention_files
from hypertransport.sites import Site, total_channels
from hypertransport.training_record import TrainingRecord

PAPER = "[arXiv 2605.08254](https://arxiv.org/abs/2605.08254)"
FIGURES = {  # a name in the record, and what it is
    "identity": "unsteered",
    "words": "steered by words",
    "pictures": "steered by a picture",
    "floor": "floor",
}


def hypernetwork_card(
    header: hypernetwork_files.Header, sites: Sequence[Site], record: TrainingRecord | None
) -> str:
    """The card of a hypernetwork: what it is for, how it is used, what its training measured."""
    channels = total_channels(sites)
    facts = {
        "generator": _generator(header.generator, header.generator_revision),
        "concept encoder": f"`{header.encoder}`",
        "sites": f"{len(sites):,} norm layers, {channels:,} channels, "
        f"{2 * channels:,} numbers per concept (names and widths: config.json)",
        "format": f"`{hypernetwork_files.FORMAT}`, version {hypernetwork_files.VERSION}",
    }
    return _page(
        "hypernetwork",
        f"# A hypernetwork that steers {header.generator}",
        f"It reads a concept, in words or as a picture, and writes in one forward pass the affine "
        f"maps that make the frozen generator draw it (HyperTransport, {PAPER}).",
        _python(
            f"generator = ht.load_generator({dumps(header.generator)})",
            'hyper = ht.HyperTransport.from_pretrained("THIS REPOSITORY")',
            'with ht.steer(generator, hyper("a concept"), strength=0.8):',
            '    image = generator("a prompt", seed=7)',
        ),
        _table(("", ""), list(facts.items())),
        "## Training",
        *_training(record),
    )


def intervention_card(header: intervention_files.Header, channels: int) -> str:
    """The card of one intervention; `note` is told as it stands."""
    facts = {
        "generator": _generator(header.generator, header.generator_revision),
        "sites": f"{len(header.sites):,} norm layers, {channels:,} channels",
        "format": f"`{intervention_files.FORMAT}`, version {intervention_files.VERSION}",
        **header.note,
    }
    return _page(
        "intervention",
        f"# An intervention on {header.generator}",
        "One affine map per channel at each norm layer of a frozen text-to-image generator.",
        _python(
            f"generator = ht.load_generator({dumps(header.generator)})",
            'T = ht.Intervention.from_pretrained("THIS REPOSITORY", generator=generator.id)',
            "with ht.steer(generator, T, strength=0.8):",
            '    image = generator("a prompt", seed=7)',
        ),
        _table(("", ""), list(facts.items())),
    )


def _training(record: TrainingRecord | None) -> list[str]:
    if record is None:
        return ["There is no record of its training in this folder."]
    told = (
        f"{record.steps:,} end-to-end steps on {record.concepts:,} concepts, {record.samples} "
        f"source prompts each, activations pooled by `{record.pooling}`."
    )
    names = [n for n in FIGURES if any(n in figures for figures in record.costs.values())]
    rows = [
        (split, *(_figure(figures.get(name)) for name in (*names, "closed")))
        for split, figures in record.costs.items()
    ]
    header = ("concepts", *(FIGURES[name] for name in names), "way from unsteered to floor")
    meaning = (
        "Transport cost of activations, in units of their variance, on source prompts and noise "
        "that share nothing with the targets; lower is nearer to pictures whose prompt names the "
        "concept. The floor is the cost between two independent sets of those. None of these is a "
        "judgement of pictures."
    )
    return [told, _table(header, rows), meaning]


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _generator(id: str, revision: str | None) -> str:
    return f"`{id}`, " + (f"revision `{revision}`" if revision else "revision not recorded")


def _page(kind: str, *paragraphs: str) -> str:
    front = ["---", "library_name: hypertransport", "pipeline_tag: text-to-image", "tags:"]
    return "\n".join([*front, "- steering", f"- {kind}", "---", "", "\n\n".join(paragraphs), ""])


def _python(*lines: str) -> str:
    return "\n".join(["```python", "import hypertransport as ht", "", *lines, "```"])


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    """One cell, whatever is in it: a bar or a line's end would start another."""
    return " ".join(text.replace("|", "\\|").split())
