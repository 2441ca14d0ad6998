"""A card tells what is in the folder, and nothing else."""

import re

from hypertransport import hypernetwork_files, intervention_files
from hypertransport.model_cards import hypernetwork_card, intervention_card
from hypertransport.sites import Site
from hypertransport.training_record import TrainingRecord

SITES = (Site("a", 8, 1), Site("b", 4, -1))
HEADER = hypernetwork_files.Header("tiny-sdxl", "tiny-clip", {}, "c0ffee")
COSTS = {"identity": 0.47, "words": 0.25, "floor": 0.22, "closed": 0.88}
RECORD = TrainingRecord(60, 761, 16, "random-4", {"train": COSTS, "validation": COSTS})


def numbers(text: str) -> set[str]:
    return set(
        re.findall(r"\d+\.\d+", text.replace("arXiv 2605.08254", "").replace("2605.08254", ""))
    )


def test_every_figure_of_the_record_is_told_and_no_other() -> None:
    card = hypernetwork_card(HEADER, SITES, RECORD)
    assert {"0.470", "0.250", "0.220", "0.880"} == numbers(card) - {"0.8"}
    assert "60 end-to-end steps on 761 concepts" in card
    assert "picture |" not in card  # no picture was measured


def test_without_a_record_the_card_says_so_and_has_no_figure() -> None:
    card = hypernetwork_card(HEADER, SITES, None)
    assert "no record of its training" in card
    assert numbers(card) == {"0.8"}  # the strength in the snippet


def test_a_card_names_generator_revision_encoder_sites_and_format() -> None:
    card = hypernetwork_card(HEADER, SITES, None)
    for told in ("`tiny-sdxl`, revision `c0ffee`", "`tiny-clip`", "2 norm layers, 12 channels"):
        assert told in card
    assert f"version {hypernetwork_files.VERSION}" in card


def test_the_snippets_are_python() -> None:
    header = intervention_files.Header("tiny", ("a",), {})
    for card in (hypernetwork_card(HEADER, SITES, None), intervention_card(header, 8)):
        (snippet,) = re.findall("```python\n(.*?)```", card, re.DOTALL)
        compile(snippet, "card", "exec")


def test_a_note_cannot_break_the_table() -> None:
    note = {"concept": "a | b\n\n# not a heading"}
    card = intervention_card(intervention_files.Header("tiny", ("a",), note), 8)
    assert "| concept | a \\| b # not a heading |" in card.splitlines()
    assert "revision not recorded" in card
