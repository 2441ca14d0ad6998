import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hypertransport.errors import CheckpointError, ConfigError
from hypertransport.evaluation import records, table
from hypertransport.evaluation.config import METHODS, EvaluationConfig
from hypertransport.training.per_concept import CLOSED_FORMS, Plan
from hypertransport.training.prompts import NEUTRAL


def test_a_file_names_what_it_changes(tmp_path):
    path = tmp_path / "evaluation.toml"
    path.write_text("methods = ['refine']\nstrengths = [1]\nscorers = ['mine']\nsplit = 'test'")
    assert EvaluationConfig.load(path) == EvaluationConfig(
        methods=("refine",), strengths=(1.0,), scorers=(tmp_path / "mine",), split="test"
    )


def test_by_default_no_prompt_is_one_that_methods_are_fitted_on():
    config = EvaluationConfig()
    assert not set(config.prompts) & set(NEUTRAL[: 2 * config.samples])
    assert Plan(samples=config.samples).prompts == NEUTRAL


def test_all_closed_forms_can_be_evaluated():
    assert CLOSED_FORMS.keys() <= METHODS.keys()


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"methods": ("magic",)}, r"unknown methods \['magic'\]"),
        ({"methods": ()}, "at least one of methods"),
        ({"split": "all"}, "no split 'all'"),
        ({"strengths": (1.0, 1.0)}, "strengths holds something twice"),
        ({"methods": ("hypertransport-picture",)}, "give pictures"),
        ({"methods": ("hypertransport-pictures",)}, "give pictures"),
        ({"picture": -1}, "from 0"),
        ({"one_dial": True}, "set calibrated = true"),
    ],
)
def test_what_cannot_be_evaluated_is_refused(fields, match):
    with pytest.raises(ConfigError, match=match):
        EvaluationConfig(**fields)


def test_a_digest_is_of_all_fields():
    config = EvaluationConfig()
    assert config.digest == EvaluationConfig().digest
    assert config.digest != replace(config, seeds=3).digest


def test_a_digest_is_the_same_where_everything_lies_in_another_folder():
    config = EvaluationConfig(pictures=Path("/here/pictures"), labels=Path("/here/labels.json"))
    moved = replace(config, pictures=Path("/there/pictures"), labels=Path("/there/labels.json"))
    assert moved.digest == config.digest
    assert replace(moved, pictures=Path("/there/drawings")).digest != config.digest


@pytest.fixture
def place(world, tmp_path):
    """A copy of all weights, to be changed; the hypernetwork names the encoder there as its own."""
    place = tmp_path / "world"
    shutil.copytree(world, place)
    file = place / "hyper" / "config.json"
    header = json.loads(file.read_bytes())
    assert header["encoder"] == str(world / "encoder")
    file.write_text(json.dumps(header | {"encoder": str(place / "encoder")}))
    return place


def evaluation(place):
    """What a new run reads from the same file."""
    return EvaluationConfig(
        weights=place / "generator", hypernetwork=place / "hyper", scorers=(place / "recogniser",)
    )


PARTS = ["generator/transformer", "generator/vae", "generator/text_encoder", "hyper", "encoder"]


@pytest.mark.parametrize("part", [*PARTS, "recogniser"])
def test_one_changed_weight_is_another_evaluation(place, tmp_path, part):
    path, config = tmp_path / "table.jsonl", evaluation(place)
    cell = table.Cell("thing", "key", "prompting", "a cat", 0, 1.0)
    row = table.Row(
        **cell._asdict(),
        seconds=0.0,
        scores={},
        embedding="AAAA",
        config=config.digest,
        made="today",
    )
    records.append(path, row)
    (file,) = (place / part).glob("*.safetensors")
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(ConfigError, match=r"other weights; give another --out"):
        table.resume(path, evaluation(place))
    file.write_bytes(data)
    assert table.resume(path, evaluation(place)) == {cell}


def test_the_encoder_that_scores_counts_and_what_holds_no_weights_does_not(place, tmp_path):
    shutil.copytree(place / "encoder", tmp_path / "other")
    scored = replace(evaluation(place), encoder=str(tmp_path / "other"))
    (place / "generator" / "README.md").write_text("new")
    assert replace(scored).digest == scored.digest
    (tmp_path / "other" / "model.safetensors").write_bytes(b"retrained")
    assert replace(scored).digest != scored.digest


def test_what_ships_counts_too_and_a_name_on_the_hub_by_itself(monkeypatch, world):
    shipped = EvaluationConfig().digest
    monkeypatch.setattr("hypertransport.weights.FOLDER", world)
    assert EvaluationConfig().digest != shipped
    names = [EvaluationConfig(generator=name).digest for name in ("dmd2", "user/one", "user/two")]
    assert len(set(names)) == 3


def test_parts_of_another_generator_that_ships_count_too(monkeypatch, place):
    second = EvaluationConfig(generator="emojiscape-sdxl", hypernetwork=place / "hyper")
    vae = place / "emojiscape-pixart/generator/vae/model.safetensors"
    monkeypatch.setattr("hypertransport.weights.FOLDER", place)
    before = second.digest
    vae.parent.mkdir(parents=True)
    vae.write_bytes(b"retrained")
    assert replace(second).digest != before


def test_a_damaged_hypernetwork_is_named(place):
    (place / "hyper" / "config.json").write_text("{")
    with pytest.raises(CheckpointError, match=str(place / "hyper")):
        _ = evaluation(place).digest
