import os
import re
import signal
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from hypertransport.dial import Dial
from hypertransport.errors import ConceptError, ConfigError
from hypertransport.evaluation import benchmark, records, table
from hypertransport.evaluation.benchmark import Benchmark
from hypertransport.evaluation.config import METHODS, EvaluationConfig
from hypertransport.evaluation.methods import Methods
from hypertransport.evaluation.metrics import similarity
from hypertransport.evaluation.scorers import Classifier
from hypertransport.evaluation.scoring import Scoring
from hypertransport.evaluation.table import Row
from hypertransport.generators import load_generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.picture_files import load_picture
from hypertransport.steering import steer


@pytest.fixture(scope="module")
def entries(config):
    return benchmark.concepts(config)


@pytest.fixture(scope="module")
def loaded(config, entries) -> Benchmark:
    return Benchmark.load(config, entries)


@pytest.fixture(scope="module")
def cells(config, entries):
    """Of one thing and one style."""
    return table.plan(config, entries[1:3])


@pytest.fixture(scope="module")
def path(loaded, cells, tmp_path_factory):
    """The table of a run that nothing interrupted."""
    path = tmp_path_factory.mktemp("run") / "table.jsonl"
    loaded.run(cells, path)
    return path


@pytest.fixture(scope="module")
def rows(path):
    return table.read([path])


def untimed(rows):
    """Rows up to what no run can repeat: the time, and the last bits under another batch size."""
    return {
        row.cell: (row.config, {name: round(v, 4) for name, v in row.scores.items()})
        for row in rows
    }


def test_every_cell_gets_a_row(rows, cells, config):
    assert [row.cell for row in rows] == cells
    assert {row.config for row in rows} == {config.digest}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d, .+, torch \S+", row.made) for row in rows)


def test_scores_are_those_of_the_pictures(rows, loaded, entries):
    row = next(row for row in rows if row.method == "hypertransport" and row.strength == 0.5)
    phrase = next(e.phrase for e in entries if (e.name, e.kind) == (row.concept, row.kind))
    with steer(loaded.generator, loaded.methods.hyper(phrase), 0.5):
        picture = loaded.generator(row.prompt, row.seed)
    encoder = loaded.scoring.encoder
    x, t = encoder.images([picture]).numpy(), encoder.text([row.concept]).numpy()
    assert row.scores["clip.concept"] == pytest.approx(similarity(x, t)[0], abs=1e-3)
    np.testing.assert_allclose(table.embeddings([row]), x, atol=5e-3)


def test_what_is_unsteered_is_like_itself_and_prompting_is_not(rows):
    for row in rows:
        if row.method == "unsteered":
            assert row.seconds == 0
            assert row.scores["clip.unsteered"] == pytest.approx(1)
            assert row.scores["clip.direction"] == 0
        assert all(-1 <= score <= 1.0001 for score in row.scores.values())
    others = [row for row in rows if row.method != "unsteered"]
    assert min(row.scores["clip.unsteered"] for row in others) < 0.9999


def test_scorers_say_only_what_they_know(rows, entries):
    """The scorer has labels for the concepts key, wax and ink, and for cats."""
    for row in rows:
        assert ("recogniser.concept" in row.scores) == (row.concept in ("key", "wax", "ink"))
        assert ("recogniser.content" in row.scores) == (row.prompt == "a cat")


def test_fits_take_time_and_one_time_per_concept_and_method(rows):
    times: dict[tuple[str, str], set[float]] = {}
    for row in rows:
        times.setdefault((row.concept, row.method), set()).add(row.seconds)
    assert all(len(seconds) == 1 for seconds in times.values())
    assert all(
        (seconds != {0.0}) == (method in ("hypertransport", "mean-shift"))
        for (_, method), seconds in times.items()
    )


def test_the_pictures_of_the_first_prompt_are_kept(rows, path, loaded):
    folder = table.folder_of(path)
    kept = {file for file in folder.rglob("*") if file.is_file()}
    assert kept == {row.cell.picture(folder) for row in rows if row.prompt == "a cat"}
    row = next(row for row in rows if row.method == "unsteered" and row.prompt == "a cat")
    with Image.open(row.cell.picture(folder)) as picture:
        np.testing.assert_array_equal(picture, loaded.generator("a cat", 0))


def test_a_killed_run_resumes_and_scores_the_same(loaded, cells, rows, config, tmp_path):
    path = tmp_path / "table.jsonl"
    child = os.fork()
    if not child:

        def die(count: int) -> None:
            if len(path.read_bytes().splitlines()) > len(cells) // 2:
                os.kill(os.getpid(), signal.SIGKILL)

        loaded.run(cells, path, die)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    with path.open("rb+") as file:  # as if it had died while it wrote a line
        file.truncate(path.stat().st_size - 20)
    done = table.resume(path, config)
    assert 0 < len(done) < len(cells)
    drawn: list[int] = []
    loaded.run([cell for cell in cells if cell not in done], path, drawn.append)
    assert sum(drawn) == len(cells) - len(done)
    assert untimed(table.read([path])) == untimed(rows)


@pytest.mark.parametrize("count", [1, 5, 9, 20])
def test_a_run_that_goes_on_gives_the_same_rows_bit_for_bit(loaded, cells, path, tmp_path, count):
    """Wherever a table ends, within a call of the generator too."""
    lines, again = path.read_bytes().splitlines(keepends=True), tmp_path / "table.jsonl"
    again.write_bytes(b"".join(lines[:count]))
    done, drawn = {row.cell for row in table.read([again])}, []
    loaded.run(cells, again, drawn.append, done)
    assert sum(drawn) == len(lines) - count
    whole, found = (
        [replace(row, seconds=0.0, made="") for row in table.read([p])] for p in (path, again)
    )
    assert found == whole
    folders = table.folder_of(path), table.folder_of(again)
    for row in whole[count:]:
        kept = [row.cell.picture(folder) for folder in folders]
        assert kept[0].exists() == kept[1].exists()
        assert not kept[0].exists() or kept[0].read_bytes() == kept[1].read_bytes()


def test_a_part_of_a_task_scores_as_the_whole(loaded, cells, rows, tmp_path):
    """A batch of other strengths or prompts changes no row (law 4), but for rounding: floats sum in
    another order, so that a value of 8 bits may come out one off."""
    some = [cell for cell in cells if cell.prompt == "a dog" and cell.strength in (0, 1)]
    loaded.run(some, tmp_path / "some.jsonl")
    whole = untimed(rows)
    part = untimed(records.read(tmp_path / "some.jsonl", Row))
    for cell, (_, scores) in part.items():
        assert scores == pytest.approx(whole[cell][1], abs=1e-2)


@pytest.mark.parametrize("method", sorted({*METHODS} - {"prompting", "lineas", "lineas-long"}))
def test_every_method_makes_an_intervention_without_rows(loaded, entries, method):
    T, seconds = loaded.methods(method, entries[0])
    assert T.rows is None
    assert T.maps.keys() == {site.name for site in loaded.generator.sites}
    assert seconds > 0


@pytest.mark.parametrize("calibrated", [False, True])
def test_the_hypernetwork_reads_the_phrase_calibrated_or_not(calibrated, entries):
    config = EvaluationConfig(calibrated=calibrated, methods=("hypertransport",))
    generator = load_generator("emojiscape")
    hyper = HyperTransport.from_pretrained("emojiscape")
    T, _ = Methods(config, generator, hyper, entries)("hypertransport", entries[2])
    wanted = hyper(entries[2].phrase, calibrated=calibrated)
    assert T.equals(wanted)
    assert not T.equals(hyper(entries[2].name, calibrated=calibrated))


def test_all_reference_pictures_are_one_concept_or_the_first_alone_is(loaded, entries):
    folder = loaded.config.pictures / entries[0].name
    shown = tuple(load_picture(path) for path in sorted(folder.glob("*.png")))
    hyper = loaded.methods.hyper
    several, _ = loaded.methods("hypertransport-pictures", entries[0])
    one, _ = loaded.methods("hypertransport-picture", entries[0])
    assert several.equals(hyper(shown))
    assert one.equals(hyper(shown[0]))
    assert not several.equals(one, atol=1e-3)


@pytest.mark.parametrize(("picture", "given"), [(1, 1), (9, -1)])
def test_any_reference_picture_may_be_the_one_and_the_last_where_there_are_few(
    loaded, entries, monkeypatch, picture, given
):
    monkeypatch.setattr(loaded.methods, "config", replace(loaded.config, picture=picture))
    shown = sorted((loaded.config.pictures / entries[0].name).glob("*.png"))
    assert len(shown) == 2
    T, _ = loaded.methods("hypertransport-picture", entries[0])
    assert T.equals(loaded.methods.hyper(load_picture(shown[given])))


def test_a_calibrated_hypernetwork_has_a_dial_and_others_only_where_it_is_lent(entries):
    config = EvaluationConfig(calibrated=True, methods=("hypertransport", "lin-act"))
    hyper = HyperTransport.from_pretrained("emojiscape")
    hyper.about = replace(
        hyper.about, dial=Dial(torch.tensor([0, 0.5, 1]), torch.tensor([0, 0, 1.0]))
    )
    methods = Methods(config, load_generator("emojiscape"), hyper, entries)
    assert [methods.strength("hypertransport", s) for s in (0.0, 0.5, 2.0)] == [0.0, 0.75, 2.0]
    assert methods.strength("hypertransport-picture", 0.5) == 0.75
    assert methods.strength("lin-act", 0.5) == 0.5
    methods.config = replace(config, one_dial=True)
    assert methods.strength("lin-act", 0.5) == methods.strength("hypertransport", 0.5) == 0.75
    methods.config = EvaluationConfig(methods=("hypertransport",))
    assert methods.strength("hypertransport", 0.5) == 0.5


@pytest.mark.parametrize("method", ["hypertransport-picture", "hypertransport-pictures"])
def test_a_missing_reference_picture_is_named(loaded, entries, method):
    with pytest.raises(ConceptError, match=r"no reference picture .*nix/\*\.png"):
        loaded.methods(method, replace(entries[0], name="nix"))


def test_a_scorer_that_knows_no_concept_is_refused(loaded, world, entries):
    scorer = Classifier.from_pretrained(world / "recogniser")
    encoder = loaded.scoring.encoder
    things = [entry for entry in entries if entry.name == "cup"]
    with pytest.raises(ConfigError, match="a label for none of the concepts"):
        Scoring(encoder, [scorer], {}, things)
    with pytest.raises(ConfigError, match="names of their own"):
        Scoring(encoder, [scorer, scorer], {}, entries)


def test_a_scorer_of_ones_own_joins_those_of_the_configuration(config, world, entries, loaded):
    own = Classifier.from_pretrained(world / "recogniser")
    own.name = "own"
    both = Benchmark.load(config, entries, [own], {"odd": [["key"]]}).scoring
    assert [scorer.name for scorer in both.scorers] == ["recogniser", "own"]
    assert both.labels == loaded.scoring.labels | {"odd": [["key"]]}


def test_a_split_without_concepts_is_refused(config):
    with pytest.raises(ConfigError, match="no concept of the split 'test'"):
        benchmark.concepts(replace(config, split="test"))
