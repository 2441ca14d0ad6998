from dataclasses import replace

import pytest

from hypertransport.errors import ConfigError
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
    ],
)
def test_what_cannot_be_evaluated_is_refused(fields, match):
    with pytest.raises(ConfigError, match=match):
        EvaluationConfig(**fields)


def test_a_digest_is_of_all_fields():
    config = EvaluationConfig()
    assert config.digest == EvaluationConfig().digest
    assert config.digest != replace(config, seeds=3).digest
