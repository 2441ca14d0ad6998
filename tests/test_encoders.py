import json
import sys

import pytest
import torch
from PIL import Image
from pipelines import EMBEDDING, save_clip, save_encoder, tiny_clip, tiny_siglip
from published_layouts import sentencepiece_of
from safetensors.torch import load_file, save_file
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

from hypertransport import weights
from hypertransport.concepts import Embedding, Mix, Words
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import CheckpointError, ConceptError
from hypertransport.truncation import TruncationWarning

KINDS = {"clip": tiny_clip, "siglip": tiny_siglip}


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def encoder(kind):
    return ConceptEncoder(*KINDS[kind](), id="tiny")


@pytest.fixture
def red():
    return Image.new("RGB", (40, 24), "red")


def cosine(a, b):
    return torch.cosine_similarity(a, b, dim=-1)


def test_embeddings_are_unit_vectors_without_gradient(encoder, red):
    vectors = encoder.encode(["mushroom", red, torch.arange(1.0, EMBEDDING + 1)])
    assert vectors.shape == (3, EMBEDDING)
    assert vectors.dtype == torch.float32
    assert not vectors.requires_grad
    torch.testing.assert_close(vectors.norm(dim=-1), torch.ones(3))


def test_different_concepts_differ(encoder, red):
    blue = Image.new("RGB", (40, 24), "blue")
    vectors = encoder.encode(["mushroom", "red panda", red, blue])
    assert (vectors @ vectors.T - torch.eye(4)).max() < 0.999


def test_a_batch_gives_each_concept_what_it_gets_alone(encoder, red):
    concepts = ["a", "a longer one", red, {"a": 1.0, "b": -0.5}, torch.ones(EMBEDDING), red]
    together = encoder.encode(concepts)
    alone = torch.cat([encoder.encode([concept]) for concept in concepts])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=0)


def test_no_concepts_no_rows(encoder):
    assert encoder.encode([]).shape == (0, EMBEDDING)


def test_a_mix_is_the_weighted_sum_of_unit_vectors(encoder, red):
    words, picture = encoder.text(["mushroom"])[0], encoder.images([red])[0]
    mixed = encoder.encode([[("mushroom", 0.8), (red, -0.3)]])[0]
    expected = 0.8 * words - 0.3 * picture
    torch.testing.assert_close(mixed, expected / expected.norm())


def test_a_mix_of_one_is_that_concept_and_its_weights_scale_freely(encoder):
    one, mix_of_one = encoder.encode(["mushroom", {"mushroom": 0.1}])
    torch.testing.assert_close(one, mix_of_one)
    small, large = encoder.encode([{"a": 1, "b": 2}, {"a": 10, "b": 20}])
    torch.testing.assert_close(small, large)


def test_mixes_nest(encoder):
    nested = Mix(((Mix(((Words("a"), 1.0), (Words("b"), 1.0))), 2.0), (Words("c"), 1.0)))
    inner = encoder.encode([{"a": 1, "b": 1}])[0]
    expected = encoder.encode([[(inner, 2.0), ("c", 1.0)]])
    torch.testing.assert_close(encoder.encode([nested]), expected)


def test_a_mix_that_cancels_is_refused(encoder):
    for mix in ([("a", 1.0), ("a", -1.0)], {"a": 0.0}):
        with pytest.raises(ConceptError, match="cancels"):
            encoder.encode([mix])


def test_an_embedding_of_another_encoder_is_refused(encoder):
    with pytest.raises(ConceptError, match=str(EMBEDDING)):
        encoder.encode([Embedding(torch.ones(EMBEDDING + 1))])


def test_the_length_of_an_embedding_does_not_matter(encoder):
    e = encoder.encode(["cat"])[0]
    for scale in (1e-30, 1e-14, 3.0, 1e25):
        torch.testing.assert_close(encoder.encode([Embedding(e.double() * scale)])[0], e)


def test_words_longer_than_the_context_are_cut(encoder):
    with pytest.warns(TruncationWarning, match="'word .* is left out"):
        assert encoder.encode(["word " * 60]).shape == (1, EMBEDDING)


@pytest.mark.parametrize("size", [(60_000, 1), (1, 60_000), (40_000, 20)])
def test_a_thin_picture_takes_no_memory(encoder, monkeypatch, size):
    """It is cropped before its shorter side is enlarged; SigLIP does not enlarge it so."""
    seen = []
    process = type(encoder.image_processor).preprocess

    def look(self, images, **options):
        seen.extend(image.size for image in images)
        return process(self, images, **options)

    monkeypatch.setattr(type(encoder.image_processor), "preprocess", look)
    picture = Image.linear_gradient("L").resize(size)
    (found,) = encoder.encode([picture])
    assert found.isfinite().all()
    if encoder.image_processor.size.get("shortest_edge"):
        assert max(seen[-1]) == 4 * min(size)


def test_no_more_of_a_thin_picture_is_read_than_its_centre():
    encoder = ConceptEncoder(*tiny_clip(), id="tiny")
    wide = Image.radial_gradient("L").resize((256, 32))
    wide.paste(0, (0, 0, 60, 32))
    middle = wide.crop((64, 0, 192, 32))
    a, b = encoder.encode([wide, middle])
    assert a.equal(b)


def test_siglip_reads_lower_case_and_attends_to_its_padding():
    """As it was trained, and unlike CLIP: https://arxiv.org/abs/2303.15343, 2502.14786."""
    siglip = ConceptEncoder(*tiny_siglip(), id="tiny")
    letters = {"padding": "max_length", "max_length": 16, "return_tensors": "pt"}
    ids = siglip.tokenizer(["red hat"], **letters).input_ids
    expected = siglip.model.get_text_features(input_ids=ids).pooler_output
    torch.testing.assert_close(
        siglip.text(["Red HAT"]), torch.nn.functional.normalize(expected, dim=-1)
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_a_folder_of_plain_transformers_loads_as_float32(tmp_path, kind, encoder, red, dtype):
    loaded = ConceptEncoder.from_pretrained(save_encoder(tmp_path, KINDS[kind], dtype=dtype))
    assert loaded.id == str(tmp_path)
    assert loaded.model.dtype == torch.float32
    concepts = ["mushroom", red]
    assert cosine(loaded.encode(concepts), encoder.encode(concepts)).min() > 0.999
    if dtype == torch.float32:
        torch.testing.assert_close(loaded.encode(concepts), encoder.encode(concepts))
        for name, weight in encoder.model.state_dict().items():
            assert loaded.model.state_dict()[name].equal(weight)


def test_a_model_of_another_kind_is_a_clear_error(tmp_path):
    path = save_clip(tmp_path) / "config.json"
    path.write_text(path.read_text().replace('"clip"', '"clap"'))
    with pytest.raises(CheckpointError, match="'clap', not one of clip, siglip"):
        ConceptEncoder.from_pretrained(tmp_path)


def test_the_name_it_is_saved_under_can_be_given(tmp_path):
    loaded = ConceptEncoder.from_pretrained(save_clip(tmp_path), id="emojiscape-pixart")
    assert loaded.id == "emojiscape-pixart"


def test_a_missing_folder_is_a_clear_error(tmp_path):
    with pytest.raises(CheckpointError, match="nowhere"):
        ConceptEncoder.from_pretrained(tmp_path / "nowhere")


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "noise"])
def test_damaged_folders_are_a_clear_error(tmp_path, kind, file, damage):
    path = save_encoder(tmp_path, KINDS[kind]) / file
    data = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes({"empty": b"", "truncated": data[:-200], "noise": b"\xff" * 200}[damage])
    with pytest.raises(CheckpointError, match=r"concept encoder|vocabulary"):
        ConceptEncoder.from_pretrained(tmp_path)


@pytest.mark.parametrize("module", ["sentencepiece", "google.protobuf"])
def test_a_tokenizer_that_takes_packages_says_how_to_install_them(tmp_path, monkeypatch, module):
    """SigLIP 1 has a tokenizer of SentencePiece; it is looked at before the weights are."""
    folder = save_encoder(tmp_path, tiny_siglip)
    (folder / "tokenizer.json").unlink()
    (folder / "model.safetensors").unlink()
    (folder / "spiece.model").write_bytes(b"")
    path = folder / "tokenizer_config.json"
    path.write_text(path.read_text().replace("GemmaTokenizer", "SiglipTokenizer"))
    monkeypatch.setitem(sys.modules, module, None)  # as if it were not installed
    name = "protobuf" if "." in module else module
    with pytest.raises(CheckpointError, match=f"pip install {name}"):
        ConceptEncoder.from_pretrained(folder)


def test_a_siglip_1_reads_with_its_tokenizer_of_sentencepiece_alone(tmp_path):
    folder = save_encoder(tmp_path, tiny_siglip)
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer_config.json").unlink()
    sentencepiece_of(tmp_path / "pieces")
    (tmp_path / "pieces" / "spiece.model").rename(folder / "spiece.model")
    told = {"tokenizer_class": "SiglipTokenizer", "model_max_length": 16, "pad_token": "</s>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    encoder = ConceptEncoder.from_pretrained(folder)
    assert cosine(*encoder.encode(["a cat", "a fox"]).unsqueeze(1)) < 0.999


def test_a_folder_of_one_variant_loads(tmp_path):
    folder = save_encoder(tmp_path, tiny_clip)
    whole = ConceptEncoder.from_pretrained(folder).encode(["a cat"])
    (folder / "model.safetensors").rename(folder / "model.fp16.safetensors")
    torch.testing.assert_close(ConceptEncoder.from_pretrained(folder).encode(["a cat"]), whole)


def test_missing_weights_are_not_made_up(tmp_path):
    path = save_clip(tmp_path) / "model.safetensors"
    tensors = load_file(path)
    del tensors["text_projection.weight"]
    save_file(tensors, path, {"format": "pt"})
    with pytest.raises(CheckpointError, match=r"text_projection\.weight"):
        ConceptEncoder.from_pretrained(tmp_path)


def test_an_installation_without_weights_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    with pytest.raises(CheckpointError, match="not in this installation"):
        ConceptEncoder.from_pretrained("emojiscape")


def test_a_bundled_encoder_keeps_its_name_whatever_the_alias(monkeypatch, tmp_path):
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    save_clip(tmp_path / "emojiscape-pixart" / "encoder", dtype=torch.float16)
    for name in ("emojiscape", "emojiscape-pixart"):
        assert ConceptEncoder.from_pretrained(name).id == "emojiscape-pixart"


@pytest.mark.parametrize(
    ("processor", "expected"),
    [
        (
            CLIPImageProcessorPil(size={"shortest_edge": 2}, crop_size={"height": 2, "width": 2}),
            [
                [-0.6828, 0.3829, -0.1134, -0.3324],
                [-0.1913, -0.5065, 0.5891, 0.0488],
                [0.6101, 0.0982, 0.4821, 0.8234],
            ],
        ),
        (
            SiglipImageProcessorPil(size={"height": 2, "width": 2}),
            [
                [-0.1922, 0.1216, -0.1686, 0.1451],
                [-0.2706, -0.0118, 0.1373, -0.2],
                [0.0588, -0.302, 0.1765, 0.0745],
            ],
        ),
    ],
    ids=KINDS,
)
def test_pictures_become_these_numbers(processor, expected):
    """Golden: PIL's bicubic in 8 bits. Another backend or rounding would shift every embedding."""
    picture = Image.frombytes("RGB", (6, 4), bytes(37 * i % 256 for i in range(6 * 4 * 3)))
    pixels = processor([picture], return_tensors="pt").pixel_values
    assert pixels.shape == (1, 3, 2, 2)
    torch.testing.assert_close(pixels[0].flatten(1), torch.tensor(expected), atol=1e-4, rtol=0)
