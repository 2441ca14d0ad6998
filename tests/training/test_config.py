from pathlib import Path

import pytest

from hypertransport.errors import ConfigError
from hypertransport.training.config import TrainConfig

REQUIRED = {
    "generator": "'emojiscape'",
    "encoder": "'emojiscape'",
    "catalogue": "'catalogue.json'",
    "prompts": "'../prompts.json'",
    "out": "'/tmp/out'",
}


@pytest.fixture
def read(tmp_path):
    def read(**fields: str) -> TrainConfig:
        path = tmp_path / "train.toml"
        path.write_text("".join(f"{k} = {v}\n" for k, v in (REQUIRED | fields).items()))
        return TrainConfig.load(path)

    return read


def test_paths_are_beside_the_file_and_the_rest_has_defaults(read, tmp_path):
    config = read()
    assert config.catalogue == tmp_path / "catalogue.json"
    assert config.prompts == tmp_path.parent / "prompts.json"
    assert config.out == Path("/tmp/out")
    assert (config.weights, config.pictures, config.embedding_noise) == (None, None, 0.0)
    assert read(weights="'mine'").weights == tmp_path / "mine"


def test_values_are_read_as_their_fields_type(read):
    config = read(learning_rate="1", embedding_noise="0.5", bfloat16="false", pooling="'random-4'")
    assert (config.learning_rate, config.embedding_noise) == (1.0, 0.5)
    assert type(config.learning_rate) is float
    assert config.bfloat16 is False
    assert config.pooling == "random-4"


@pytest.mark.parametrize("name", ["seed", "steps", "warm_start_steps", "rank", "embedding_noise"])
def test_some_numbers_may_be_zero(read, name):
    assert getattr(read(**{name: "0"}), name) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", "-1"),
        ("steps", "-1"),
        ("embedding_noise", "-0.1"),
        ("learning_rate", "0"),
        ("learning_rate", "-1e-3"),
        ("learning_rate", "inf"),
        ("embedding_noise", "nan"),
        ("depth", "0"),
        ("validate_every", "0"),
        ("validation_concepts", "0"),
    ],
)
def test_impossible_numbers_are_refused(read, name, value):
    with pytest.raises(ConfigError, match=rf"train\.toml: {name} = .* must be .*0"):
        read(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("steps", "2.0", "a whole number"),
        ("steps", "true", "a whole number"),
        ("learning_rate", "'1e-3'", "a number"),
        ("learning_rate", "true", "a number"),
        ("bfloat16", "1", "true or false"),
        ("generator", "3", "text"),
        ("generator", "''", "text"),
        ("out", "''", "text"),
        ("out", "7", "text"),
        ("weights", "['a']", "text"),
    ],
)
def test_values_of_another_type_are_refused(read, name, value, expected):
    with pytest.raises(ConfigError, match=rf"train\.toml: {name} = .* is not {expected}"):
        read(**{name: value})


def test_unknown_and_missing_fields_are_named(read, tmp_path):
    with pytest.raises(ConfigError, match=r"unknown fields \['step'\]; known are .*'steps'"):
        read(step="3")
    (tmp_path / "train.toml").write_text("generator = 'dmd2'")
    with pytest.raises(ConfigError, match=r"missing fields \['catalogue', 'encoder', 'out'"):
        TrainConfig.load(tmp_path / "train.toml")


def test_a_bank_too_small_for_two_sets_of_samples_is_refused(read):
    assert read(bank="32", samples="16").bank == 32
    with pytest.raises(ConfigError, match="give bank = 32 or more"):
        read(bank="31", samples="16")


@pytest.mark.parametrize(
    "pooling", ["'max'", "'random'", "'random-0'", "'random-65'", "'random-x'"]
)
def test_an_unknown_pooling_is_refused(read, pooling):
    with pytest.raises(ConfigError, match="give mean, position or random-R"):
        read(pooling=pooling)


def test_a_file_that_is_missing_or_no_toml_is_refused(tmp_path):
    path = tmp_path / "train.toml"
    with pytest.raises(ConfigError, match="No such file"):
        TrainConfig.load(path)
    for data in (b"steps =", b"\xff\xff"):
        path.write_bytes(data)
        with pytest.raises(ConfigError, match=r"no valid TOML|no UTF-8"):
            TrainConfig.load(path)
