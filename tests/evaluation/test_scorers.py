import json

import numpy as np
import pytest
from PIL import Image
from scorer import MULTI, SINGLE, save_scorer

from hypertransport.errors import CheckpointError, ConfigError
from hypertransport.evaluation.scorers import Classifier, columns, read_labels, shown

LABELS = ["cat", "brick", "navy", "tabby"]


@pytest.fixture(scope="module")
def pictures():
    noise = np.random.default_rng(0).integers(256, size=(3, 40, 30, 3), dtype=np.uint8)
    return [Image.fromarray(x) for x in noise]


@pytest.fixture(scope="module", params=[SINGLE, MULTI])
def scorer(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scorers") / request.param
    return Classifier.from_pretrained(save_scorer(folder, LABELS, request.param))


def test_a_folder_of_transformers_gives_probabilities_of_its_labels(scorer, pictures):
    assert scorer.labels == LABELS
    p = scorer(pictures)
    assert p.shape == (3, 4) and ((p > 0) & (p < 1)).all()
    alone = np.concatenate([scorer([picture]) for picture in pictures])
    np.testing.assert_allclose(p, alone, atol=1e-6)
    exclusive = np.allclose(p.sum(1), 1)
    assert exclusive == (scorer.name == SINGLE)


def test_texts_are_recognised_by_their_labels_or_by_their_own_name(scorer):
    labels = {"brick navy": [["brick"], ["navy"]], "any cat": [["cat", "tabby", "lynx"]]}
    assert columns(scorer, labels, "brick navy") == [[1], [2]]
    assert columns(scorer, labels, "any cat") == [[0, 3]]
    assert columns(scorer, labels, "cat") == [[0]]
    assert columns(scorer, labels, "dog") is None
    assert columns(scorer, {"dog": [["cat"], ["dog"]]}, "dog") is None


def test_all_clauses_must_show_and_any_label_of_each():
    p = np.random.default_rng(0).random((20, 4))
    both = shown(p, [[1], [2]])
    np.testing.assert_array_equal(both > 0.5, (p[:, 1] > 0.5) & (p[:, 2] > 0.5))
    either = shown(p, [[0, 3]])
    np.testing.assert_array_equal(either > 0.5, (p[:, 0] > 0.5) | (p[:, 3] > 0.5))
    assert (shown(p, [[0, 3], [1]]) <= either).all()


def test_labels_are_read_strictly(tmp_path):
    path = tmp_path / "labels.json"
    path.write_text(json.dumps({"brick navy": ["brick", ["navy", "blue"]]}))
    assert read_labels(path) == {"brick navy": [["brick"], ["navy", "blue"]]}
    for odd in ([], "brick", [[]], [3], [["a", 3]], {}):
        path.write_text(json.dumps({"brick navy": odd}))
        with pytest.raises(ConfigError, match="the labels of 'brick navy' are"):
            read_labels(path)
    path.write_text("[]")
    with pytest.raises(ConfigError, match="no JSON object"):
        read_labels(path)
    with pytest.raises(ConfigError, match="cannot read"):
        read_labels(tmp_path / "none.json")


def test_a_folder_that_is_no_classifier_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="cannot load the scorer"):
        Classifier.from_pretrained(tmp_path)
    folder = save_scorer(tmp_path / "odd", LABELS)
    (folder / "preprocessor_config.json").unlink()
    with pytest.raises(CheckpointError, match="preprocessor_config"):
        Classifier.from_pretrained(folder)
