import numpy as np
import torch
from numerics import rounding
from PIL import Image

from hypertransport.evaluation.scorers import Scorer, columns
from recipes.emojiscape import recogniser as r
from recipes.emojiscape import world as w
from recipes.emojiscape.benchmark import RecogniserScorer, labels_by_text
from recipes.emojiscape.references import numbered, scene_of

NAMES = ["owl", "cup", "key"]


def as_read(scenes):
    """What a recogniser that errs nowhere would read."""
    return {k: v.numpy() for k, v in r.labels_of(scenes, len(NAMES)).items()}


def test_every_attribute_has_as_many_values_as_scenes_can_hold():
    scenes = w.free(np.random.default_rng(0), len(NAMES), 5000)
    for attribute, values in r.values(NAMES).items():
        assert np.array_equal(np.unique(as_read(scenes)[attribute]), np.arange(len(values)))


def test_as_a_scorer_it_says_what_it_reads(bfloat16):
    torch.manual_seed(0)
    model = r.Recogniser(len(NAMES)).eval()
    scorer = RecogniserScorer(model, NAMES)
    assert isinstance(scorer, Scorer)
    x = torch.randint(256, (3, 64, 64, 3), generator=torch.Generator().manual_seed(1)).byte()
    p = scorer([Image.fromarray(picture.numpy()) for picture in x])
    assert p.shape == (3, len(scorer.labels))
    np.testing.assert_allclose(p.sum(1), len(r.WHAT), **rounding(size=len(r.WHAT)))
    for attribute, read in r.recognise(model, x.permute(0, 3, 1, 2) / 255).items():
        of = [i for i, label in enumerate(scorer.labels) if label.startswith(f"{attribute}: ")]
        assert np.array_equal(p[:, of].argmax(1), read.numpy())


def test_a_concept_is_recognised_by_the_labels_of_its_scene():
    scorer, texts = RecogniserScorer(r.Recogniser(len(NAMES)), NAMES), labels_by_text(NAMES)
    for concept, (kind, number) in numbered(NAMES).items():
        labels = [[scorer.labels[i] for i in any_of] for any_of in columns(scorer, texts, concept)]
        scene = scene_of(kind, number)[None]
        read = {f"{k}: {r.values(NAMES)[k][v[0]]}" for k, v in as_read(scene).items()}
        assert all(read & set(any_of) for any_of in labels)
    assert columns(scorer, texts, "an owl") == [[0]]


def test_right_is_what_is_read_as_it_is():
    scenes = w.free(np.random.default_rng(1), len(NAMES), 50)
    truth = r.labels_of(scenes, len(NAMES))
    assert all(right.all() for right in r.correct(truth, truth).values())
    wrong = truth | {"tint": (truth["tint"] + 1) % len(w.TINTS)}
    right = r.correct(wrong, truth)
    assert not right["tint"].any() and not right["style"].any() and right["background"].all()
