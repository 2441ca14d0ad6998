import json

import numpy as np
import pytest
import torch

from hypertransport.catalogue import read
from hypertransport.errors import ConfigError, GeneratorError
from hypertransport.training.activations import activations
from hypertransport.training.config import TrainConfig
from hypertransport.training.material import Material, key


def by_key(material):
    return {key(entry): entry for entry in material.concepts}


def test_concepts_of_the_test_split_are_never_read(material, load, concepts):
    assert not {"fox", "jet"} & {entry.name for entry in material.concepts}
    assert [key(e) for e in material.validation] in (
        ["thing/key", "style/wax"],
        ["style/wax", "thing/key"],
    )
    others = [c for c in concepts if c[2] != "test"] + [("cow", "frame", "test")]
    changed = load(others)
    assert changed.concepts == material.concepts
    assert changed.targets.metadata == material.targets.metadata
    assert torch.equal(changed.weights, material.weights)
    for entry in material.concepts:
        assert torch.equal(changed.embeddings[entry], material.embeddings[entry])
        assert torch.equal(changed.targets[key(entry)], material.targets[key(entry)])
        sources = (m.sources([entry])["hidden_states"] for m in (changed, material))
        assert torch.equal(*sources)


@pytest.mark.parametrize("pictures", [0, 1, 3, 7])
def test_words_are_drawn_half_of_the_time_however_many_pictures_there_are(
    monkeypatch, material, pictures
):
    entry = material.concepts[0]
    variants = torch.arange(2 + pictures)[:, None].float()
    monkeypatch.setitem(material.embeddings, entry, variants)
    drawn = material.draw([entry] * 2000, np.random.default_rng(0))[:, 0]
    share = (drawn < 2).float().mean().item()
    assert abs(share - (0.5 if pictures else 1)) < 0.05
    assert set(drawn.tolist()) == set(range(2 + pictures))


def test_entries_take_the_place_of_the_catalogues_splits(workplace, material):
    held_out = [e for e in read(workplace().parent / "catalogue.json") if e.split == "test"]
    some = Material(TrainConfig.load(workplace()), held_out)
    assert some.concepts == some.monitored == held_out
    assert torch.equal(some.weights, material.weights)
    assert some.targets[key(held_out[0])].shape == some.floor[key(held_out[0])].shape


def test_a_name_of_two_kinds_is_two_concepts(material):
    thing, style = by_key(material)["thing/oil"], by_key(material)["style/oil"]
    assert not torch.equal(material.targets["thing/oil"], material.targets["style/oil"])
    assert not torch.equal(material.embeddings[thing], material.embeddings[style])
    assert material.rows(thing).tolist() != material.rows(style).tolist()


def test_rows_are_a_function_of_the_concept_and_fresh_ones_are_disjoint(material):
    for entry in material.concepts:
        rows, fresh = material.rows(entry).tolist(), material.rows(entry, start=1).tolist()
        assert rows == material.rows(entry).tolist()
        assert len({*rows, *fresh}) == 6
        assert {*rows, *fresh} <= set(range(8))
    assert len({str(material.rows(entry)) for entry in material.concepts}) > 1


def test_more_samples_are_none_that_costs_are_measured_on_as_far_as_the_bank_goes(material):
    entry = material.concepts[0]
    rows, fresh = material.rows(entry).tolist(), material.rows(entry, start=1).tolist()
    assert material.rows(entry, samples=5).tolist()[:3] == rows
    assert len(material.rows(entry, samples=5)) == 5
    assert sorted(material.rows(entry, samples=100).tolist() + fresh) == list(range(8))
    assert material.rows(entry, samples=2).tolist() == rows[:2]


def test_sources_are_the_recorded_prompts_concept_after_concept(material):
    entries = [by_key(material)["thing/hat"], by_key(material)["style/ink"]]
    x = activations(material.generator, material.sources(entries), "mean")
    for number, (entry, first_seed) in enumerate(zip(entries, (100_000, 0), strict=True)):
        rows = material.rows(entry).tolist()
        prompts = [f"{entry.kind[0]}{i}" for i in rows]
        inputs = material.generator.record_inputs(prompts, [first_seed + i for i in rows])
        alone = activations(material.generator, inputs, "mean")
        torch.testing.assert_close(x[3 * number : 3 * number + 3], alone)


def test_targets_are_the_sources_prompts_and_noise_with_the_phrase(material):
    entry = by_key(material)["thing/hat"]
    rows = material.rows(entry).tolist()
    prompts = [f"t{i} by a hat" for i in rows]
    inputs = material.generator.record_inputs(prompts, [100_000 + i for i in rows])
    expected = activations(material.generator, inputs, "mean").sort(0).values
    torch.testing.assert_close(material.targets["thing/hat"], expected)
    assert not torch.equal(material.floor["thing/key"], material.targets["thing/key"])


def test_embeddings_are_name_phrase_and_then_pictures(material, load, pictures):
    entry = by_key(material)["thing/hat"]
    expected = material.encoder.encode(["hat", "by a hat"])
    torch.testing.assert_close(material.embeddings[entry], expected, atol=1e-5, rtol=0)
    pictured = load(pictures=str(pictures)).embeddings[entry]
    assert pictured.shape == (4, material.encoder.dim)
    torch.testing.assert_close(pictured[:2], expected, atol=1e-5, rtol=0)


def test_as_many_training_as_validation_concepts_are_monitored(material):
    assert [e.split for e in material.monitored] == ["train"] * 2 + ["validation"] * 2
    assert len(set(material.monitored)) == 4


def test_weights_are_means_over_the_source_variance(material):
    x = torch.cat(
        [activations(material.generator, b.inputs, "mean") for b in material.banks.values()]
    )
    variance = x.var(0)
    counts = [site.width for site in material.generator.sites]
    mean = torch.cat([torch.full((n,), 1 / n / len(counts)) for n in counts])
    torch.testing.assert_close(material.weights, mean / (variance + 0.05 * variance.mean()))


@pytest.fixture
def runs(monkeypatch):
    """Counts the runs that make target features."""
    made = []
    original = Material.target_inputs

    def counted(self, entry, start=0):
        made.append(entry)
        return original(self, entry, start)

    monkeypatch.setattr(Material, "target_inputs", counted)
    return made


def test_targets_are_made_again_only_when_something_changed(workplace, runs):
    path = workplace()
    first = Material(TrainConfig.load(path))
    assert len(runs) == 6 + 4
    again = Material(TrainConfig.load(path))
    assert len(runs) == 10
    assert torch.equal(again.targets["thing/hat"], first.targets["thing/hat"])
    prompts = path.parent / "prompts.json"
    prompts.write_text(prompts.read_text().replace("t1", "z1"))
    Material(TrainConfig.load(path))
    assert len(runs) == 20
    path.write_text(path.read_text() + 'pooling = "random-2"\n')
    changed = Material(TrainConfig.load(path))
    assert len(runs) == 30
    assert changed.targets["thing/hat"].shape[1] == 2 * first.targets["thing/hat"].shape[1]


def test_targets_are_made_again_for_another_text_encoder(workplace, runs):
    """Though it differs in a word that no source prompt has, as after a textual inversion."""
    path = workplace()
    material = Material(TrainConfig.load(path))
    encoder = material.generator.pipeline.text_encoder
    before = material._made_from(material.concepts, 0)
    assert before == material._made_from(material.concepts, 0)
    with torch.no_grad():
        encoder.get_input_embeddings().weight[-1] += 1
    assert material._made_from(material.concepts, 0) != before


def test_a_stopped_run_goes_on_with_the_targets_that_are_left(
    workplace, runs, material, monkeypatch
):
    path, counted = workplace(), Material.target_inputs

    def stopped(self, entry, start=0):
        if len(runs) == 3:
            raise KeyboardInterrupt
        return counted(self, entry, start)

    with monkeypatch.context() as patch:
        patch.setattr(Material, "target_inputs", stopped)
        with pytest.raises(KeyboardInterrupt):
            Material(TrainConfig.load(path))
    resumed = Material(TrainConfig.load(path))
    assert len(runs) == 6 + 4
    for entry in material.concepts:
        assert torch.equal(resumed.targets[key(entry)], material.targets[key(entry)])


@pytest.mark.parametrize(
    ("prompts", "match"),
    [
        (None, "cannot read the prompts"),
        ("{", "cannot read the prompts"),
        (["a"], "no list of prompts for 'style'"),
        ({"style": ["a"] * 9}, "no list of prompts for 'thing'"),
        ({"style": ["a"] * 9, "thing": "a cat"}, "no list of prompts for 'thing'"),
        ({"style": ["a"] * 9, "thing": [1] * 9}, "no list of prompts for 'thing'"),
        ({"style": ["a"] * 9, "thing": ["a"] * 7}, "7 prompts for 'thing'; give 8"),
    ],
)
def test_prompts_that_do_not_serve_are_refused(workplace, prompts, match):
    path = workplace()
    file = path.parent / "prompts.json"
    file.write_text(prompts if isinstance(prompts, str) else json.dumps(prompts))
    if prompts is None:
        file.unlink()
    with pytest.raises(ConfigError, match=match):
        Material(TrainConfig.load(path))


def test_too_few_concepts_are_refused(load, concepts):
    with pytest.raises(ConfigError, match=r"4 concepts to train on .* at least 5 and 1"):
        load(concepts_per_step=5)
    with pytest.raises(ConfigError, match="0 to validate with"):
        load([c for c in concepts if c[2] != "validation"])


def test_a_missing_folder_of_pictures_is_refused(load):
    with pytest.raises(ConfigError, match=r"no pictures at .*nowhere"):
        load(pictures="nowhere")


def test_weights_are_the_named_generators_own(load, material, tmp_path):
    assert material.generator.id == "emojiscape-pixart"
    with pytest.raises(GeneratorError, match=str(tmp_path)):
        load(weights=str(tmp_path))


def test_embeddings_are_words_and_pictures_in_turn(load, pictures):
    material = load(pictures=str(pictures))
    entry = material.train[0]
    drawn = material.draw([entry] * 64, np.random.default_rng(0))
    variants = (drawn[:, None] == material.embeddings[entry]).all(2).float()
    assert (variants.sum(1) == 1).all()
    share = variants.mean(0)
    assert share.min() > 0.1
    assert 0.3 < share[:2].sum() < 0.7


def test_noise_has_the_length_asked_for_and_leaves_the_choice(load, material):
    noisy = load(embedding_noise=0.5)
    entries = [material.train[i % 4] for i in range(64)]
    one, other = (m.draw(entries, np.random.default_rng(0)) for m in (material, noisy))
    again = noisy.draw(entries, np.random.default_rng(0))
    assert torch.equal(other, again)
    torch.testing.assert_close(
        (other - one).square().sum(1).mean(), torch.tensor(0.25), rtol=0.2, atol=0
    )


def test_without_noise_embeddings_are_unit_vectors(material):
    drawn = material.draw(material.train, np.random.default_rng(0))
    torch.testing.assert_close(drawn.norm(dim=1), torch.ones(4))
