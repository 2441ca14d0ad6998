import numpy as np
import torch
from PIL import Image

from hypertransport.evaluation.scorers import Classifier, columns
from recipes.emojiscape import recogniser as r
from recipes.emojiscape import world as w
from recipes.emojiscape.references import numbered, scene_of

NAMES = ["owl", "cup", "key"]


def pictures(n):
    return torch.rand(n, 3, w.SIZE, w.SIZE, generator=torch.Generator().manual_seed(0))


def as_read(scenes):
    """What a recogniser that errs nowhere would read."""
    return {k: v.numpy() for k, v in r.labels_of(scenes, len(NAMES)).items()}


def test_every_attribute_has_as_many_values_as_scenes_can_hold():
    scenes = w.free(np.random.default_rng(0), len(NAMES), 5000)
    for attribute, values in r.values(NAMES).items():
        assert np.array_equal(np.unique(as_read(scenes)[attribute]), np.arange(len(values)))


def test_its_folder_is_a_scorer_that_reads_as_it_does(tmp_path):
    torch.manual_seed(0)
    model = r.recogniser(NAMES).eval()
    model.save_pretrained(tmp_path / "model")
    r.processor().save_pretrained(tmp_path / "model")
    scorer = Classifier.from_pretrained(tmp_path / "model")
    x = (pictures(3) * 255).round()
    images = [Image.fromarray(p.permute(1, 2, 0).byte().numpy()) for p in x]
    with torch.no_grad():
        mine = model(r.prepared(x / 255)).logits.sigmoid()
    torch.testing.assert_close(torch.from_numpy(scorer(images)), mine, atol=2e-3, rtol=0)
    read = r.recognise(model, x / 255)
    assert {k: len(v) for k, v in read.items()} == dict.fromkeys(r.WHAT, 3)


def test_a_concept_is_recognised_by_the_labels_of_its_scene():
    scorer = Classifier(r.recogniser(NAMES), r.processor(), "recogniser")
    texts = {
        text: [[one] if isinstance(one, str) else one for one in clauses]
        for text, clauses in r.labels_by_text(NAMES).items()
    }
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
