import json

import pytest
import torch
from PIL import Image
from pipelines import save_clip, tiny_clip
from torch.nn import functional as F

from hypertransport.concepts import Mix, Picture, Pictures, Words
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import CheckpointError
from hypertransport.vocabulary import FILE, MOST, in_words, read_vocabulary

WORDS = ("mushroom", "red panda", "canoe")


@pytest.fixture
def words():
    return F.normalize(torch.randn(5, 8, generator=torch.Generator().manual_seed(0)), dim=-1)


def test_what_is_read_is_a_unit_vector_within_the_cone_of_the_words(words):
    e = F.normalize(torch.randn(4, 8, generator=torch.Generator().manual_seed(1)), dim=-1)
    read = in_words(e, words, scale=20.0)
    torch.testing.assert_close(read.norm(dim=-1), torch.ones(4))
    parts = torch.linalg.lstsq(words.T, read.T).solution
    assert (parts > -1e-5).all()
    torch.testing.assert_close(words.T @ parts, read.T)


def test_a_sure_encoder_reads_a_word_as_itself_and_an_unsure_one_as_the_mean_of_all(words):
    torch.testing.assert_close(in_words(words, words, scale=1e4), words)
    mean = F.normalize(words.mean(0), dim=-1).expand(5, 8)
    torch.testing.assert_close(in_words(words, words, scale=0.0), mean)


def test_reading_brings_a_disturbed_word_nearer_to_itself(words):
    noise = torch.randn(words.shape, generator=torch.Generator().manual_seed(2))
    e = F.normalize(words + 0.15 * noise, dim=-1)
    near, nearer = ((x * words).sum(-1) for x in (e, in_words(e, words, scale=20.0)))
    assert (nearer > near).all()


def test_only_pictures_are_read_in_words_and_only_as_concepts():
    plain = ConceptEncoder(*tiny_clip(), id="tiny")
    reader = ConceptEncoder(*tiny_clip(), id="tiny", vocabulary=WORDS)
    red = Image.new("RGB", (40, 24), "red")
    assert torch.equal(plain.images([red]), reader.images([red]))
    assert torch.equal(plain.encode(["owl"]), reader.encode(["owl"]))
    scale = plain.model.logit_scale.exp().item()
    expected = in_words(plain.images([red]), plain.text(WORDS), scale)
    torch.testing.assert_close(reader.encode([red]), expected)
    mixed = F.normalize(expected + plain.text(["owl"]), dim=-1)
    both = Mix(((Words("owl"), 1.0), (Picture(red), 1.0)))
    torch.testing.assert_close(reader.encode([both]), mixed)


def test_what_each_of_several_pictures_tells_is_evidence_that_multiplies(words):
    e = F.normalize(torch.randn(3, 8, generator=torch.Generator().manual_seed(3)), dim=-1)
    belief = (20.0 * e @ words.T).softmax(-1).prod(0)
    read = in_words(e.sum(0, keepdim=True), words, scale=20.0)[0]
    torch.testing.assert_close(read, F.normalize(belief @ words, dim=-1))


def test_several_pictures_of_a_concept_are_read_together_one_of_them_alone_as_ever():
    pictures = tuple(Image.new("RGB", (40, 24), colour) for colour in ("red", "navy", "lime"))
    plain = ConceptEncoder(*tiny_clip(), id="tiny")
    reader = ConceptEncoder(*tiny_clip(), id="tiny", vocabulary=WORDS)
    assert torch.equal(*reader.encode([Pictures(pictures[:1]), pictures[0]]))
    total = plain.images(pictures).sum(0)
    torch.testing.assert_close(plain.encode([pictures])[0], F.normalize(total, dim=-1))
    scale = plain.model.logit_scale.exp().item()
    expected = in_words(total[None], plain.text(WORDS), scale)
    torch.testing.assert_close(reader.encode([pictures]), expected)
    among = reader.encode(["owl", pictures, pictures[1]])
    torch.testing.assert_close(among[1:2], expected)
    torch.testing.assert_close(among[2:], reader.encode([pictures[1]]))


def test_a_folder_brings_its_words(tmp_path):
    folder = save_clip(tmp_path / "encoder")
    assert ConceptEncoder.from_pretrained(folder).vocabulary == ()
    (folder / FILE).write_text(json.dumps(WORDS))
    assert ConceptEncoder.from_pretrained(folder).vocabulary == WORDS


@pytest.mark.parametrize(
    "text",
    ["", "{", "{}", "[]", "[1]", '["a", null]', '["  "]', '["' + "a" * 600 + '"]', "[" * 10**5],
)
def test_a_damaged_vocabulary_is_refused_by_name(tmp_path, text):
    path = tmp_path / FILE
    path.write_text(text)
    with pytest.raises(CheckpointError, match=FILE):
        read_vocabulary(path)


def test_a_vocabulary_is_bounded(tmp_path):
    path = tmp_path / FILE
    path.write_text(json.dumps(["a"] * (MOST + 1)))
    with pytest.raises(CheckpointError, match=f"1 to {MOST}"):
        read_vocabulary(path)
