import pytest
import torch
from pipelines import tiny_clip

from hypertransport.catalogue import Entry
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import ConfigError
from hypertransport.training.nearest import nearest, nearest_entry

ENTRIES = [
    Entry(name, "thing", f"with a {name}", split)
    for name, split in [("cat", "train"), ("hat", "train"), ("sun", "test"), ("zoo", "validation")]
]


@pytest.fixture(scope="module")
def encoder() -> ConceptEncoder:
    return ConceptEncoder(*tiny_clip(), id="tiny")


def test_the_nearest_is_the_one_with_the_greatest_cosine():
    draw = torch.Generator().manual_seed(0)
    e, trained = torch.randn(3, 8, generator=draw), torch.randn(5, 8, generator=draw)
    cosine, index = nearest(e, trained)
    table = torch.nn.functional.cosine_similarity(e[:, None], trained[None], dim=-1)
    torch.testing.assert_close(cosine, table.max(1).values)
    assert index.tolist() == table.argmax(1).tolist()
    assert torch.equal(nearest(7 * e, 0.1 * trained)[1], index)


def test_every_trained_concept_is_nearest_to_itself():
    trained = torch.eye(4)
    cosine, index = nearest(trained, trained)
    assert index.tolist() == [0, 1, 2, 3]
    assert torch.equal(cosine, torch.ones(4))


def test_a_concept_that_was_trained_is_found_and_held_out_ones_never(encoder):
    for entry in ENTRIES[:2]:
        cosine, found = nearest_entry(encoder, entry.name, ENTRIES)
        assert found == entry
        assert cosine == pytest.approx(1, abs=1e-5)
    for entry in ENTRIES[2:]:
        cosine, found = nearest_entry(encoder, entry.name, ENTRIES)
        assert found.split == "train"
        assert cosine < 0.9999


def test_a_catalogue_without_training_concepts_is_refused(encoder):
    with pytest.raises(ConfigError, match="no training concept"):
        nearest_entry(encoder, "cat", ENTRIES[2:])
