import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import safetensors.torch
import torch
from pipelines import EMBEDDING, save_clip, tiny_clip, tiny_sdxl, tiny_unet

from hypertransport import weights
from hypertransport.calibration import Calibration
from hypertransport.dial import Dial
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import CheckpointError, ConceptError, InterventionError
from hypertransport.generators.base import load_pipeline, wrap
from hypertransport.hypernetwork import About, HyperNetwork, HyperNetworkConfig, HyperTransport
from hypertransport.interventions import Intervention
from hypertransport.novelty import Neighbours, TrainedConcepts
from hypertransport.sites import Site, find_sites, total_channels
from hypertransport.training_record import TrainingRecord

SITES = (Site("a", 8, 1), Site("b", 4, -1), Site("c", 8, -1), Site("d", 6, 1))
GOLDEN, TINY = Path(__file__).parent / "golden", "tiny-sdxl"
SMALL = {"rank": 3, "width": 16, "depth": 2, "site_dim": 4, "latent_dim": 8}


def small_network(
    sites=SITES, dim=EMBEDDING, seed=0, trained=True, own_heads=False
) -> HyperNetwork:
    """Untrained, or with heads and statistics drawn at random as if it had been trained."""
    torch.manual_seed(seed)
    network = HyperNetwork(HyperNetworkConfig(dim, sites, **SMALL, own_heads=own_heads))
    if trained:
        for zero in (*network.heads.parameters(), *network.linear.up.parameters()):
            torch.nn.init.normal_(zero, std=0.3)
        channels = total_channels(sites)
        network.calibrate(torch.randn(channels), 0.5 + torch.rand(channels))
    return network


@pytest.fixture(scope="module")
def encoder():
    return ConceptEncoder(*tiny_clip(), id="tiny")


@pytest.fixture
def hyper(encoder):
    return HyperTransport(small_network(), encoder, generator="tiny-sdxl")


@pytest.fixture
def saved(hyper, tmp_path):
    hyper.save_pretrained(tmp_path)
    return tmp_path


def load(folder, encoder) -> HyperTransport:
    return HyperTransport.from_pretrained(folder, encoder=encoder)


# The network


@pytest.mark.parametrize("own_heads", [False, True])
def test_untrained_is_exactly_the_identity_whatever_the_statistics(own_heads):
    sites = find_sites(tiny_unet())
    network = small_network(sites, trained=False, own_heads=own_heads)
    network.calibrate(torch.randn(total_channels(sites)), torch.rand(total_channels(sites)))
    T = network(torch.randn(3, EMBEDDING))
    assert T.equals(Intervention.identity(sites, rows=3))


def test_every_site_gets_maps_of_its_width_in_site_order():
    T = small_network()(torch.randn(5, EMBEDDING))
    assert list(T.maps) == [site.name for site in SITES]
    assert [pair.scale.shape for pair in T.maps.values()] == [(5, s.width) for s in SITES]


def test_own_heads_that_are_all_alike_are_one_shared_head():
    shared, own = small_network(), small_network(own_heads=True)
    state = shared.state_dict()
    alike = {
        name: state[name].expand_as(value) if name.startswith("heads.") else state[name]
        for name, value in own.state_dict().items()
    }
    own.load_state_dict(alike)
    e = torch.randn(5, EMBEDDING)
    assert own(e).equals(shared(e), atol=1e-5)


def test_own_heads_of_a_site_concern_no_other():
    network, e = small_network(own_heads=True), torch.randn(5, EMBEDDING)
    before = network(e)
    with torch.no_grad():
        network.heads["8"].bias[1] += 1  # of site c, the second that is 8 wide
    after = network(e)
    changed = [
        name for name in after.maps if not after.maps[name].scale.equal(before.maps[name].scale)
    ]
    assert changed == ["c"]


def test_a_batch_gives_each_embedding_what_it_gets_alone():
    network, e = small_network(), torch.randn(6, EMBEDDING)
    together = network(e)
    for i, row in enumerate(e):
        assert network(row[None])[0].equals(together[i], atol=1e-5)


def test_only_the_direction_of_an_embedding_matters():
    network, e = small_network(), torch.randn(2, EMBEDDING)
    assert network(e).equals(network(7 * e), atol=1e-5)


def test_concepts_and_sites_of_one_width_get_maps_of_their_own():
    T = small_network()(torch.randn(2, EMBEDDING))
    a, c = T.maps["a"], T.maps["c"]
    assert not torch.allclose(a.scale, c.scale)
    assert not torch.allclose(a.shift[0], a.shift[1])


def test_scale_acts_about_the_source_mean_and_shift_in_units_of_its_deviation():
    """Source statistics (mu, sigma) map to mu + d_shift sigma and (1 + d_scale) sigma."""
    network, e = small_network(), torch.randn(1, EMBEDDING)
    mean, std = network.source_mean.clone(), network.source_std.clone()
    T = network(e).flatten()
    network.calibrate(torch.zeros_like(mean), torch.ones_like(std))
    plain = network(e).flatten()  # scale is 1 + d_scale, shift is d_shift
    torch.testing.assert_close(T.scale, plain.scale)
    torch.testing.assert_close(T.scale * mean + T.shift, mean + plain.shift * std)


def test_gradients_reach_every_parameter_once_the_heads_are_not_zero():
    network = small_network()
    T = network(torch.randn(2, EMBEDDING)).flatten()
    (T.scale.square().sum() + T.shift.square().sum()).backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.any(), name


def test_it_can_learn_the_maps_of_a_few_concepts():
    """A check that anything is learnt at all: four concepts with maps of their own."""
    network, e = small_network(trained=False), torch.randn(4, EMBEDDING)
    target = torch.cat(small_network(seed=1)(e).flatten()).detach()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-2)
    errors = []
    for _ in range(200):
        errors.append((torch.cat(network(e).flatten()) - target).square().mean())
        optimizer.zero_grad()
        errors[-1].backward()
        optimizer.step()
    assert errors[-1] < 0.01 * errors[0]


# HyperTransport: concepts in, interventions out


def test_one_concept_gives_maps_without_rows_and_a_list_gives_rows(hyper):
    one, several = hyper("mushroom"), hyper(["mushroom", {"a": 1, "b": -1}])
    assert (one.rows, several.rows) == (None, 2)
    assert several[0].equals(one, atol=1e-5)
    assert several[1].equals(hyper((("a", 1), ("b", -1))), atol=1e-5)
    assert not several[0].equals(several[1], atol=1e-2)
    assert not one.flatten().scale.requires_grad


def test_no_concept_is_refused(hyper):
    for nothing in ([], (), {}, " "):
        with pytest.raises(ConceptError):
            hyper(nothing)


def test_an_encoder_of_another_size_is_refused(encoder):
    with pytest.raises(CheckpointError, match="encoder"):
        HyperTransport(small_network(dim=EMBEDDING + 1), encoder, "tiny-sdxl")


# Law 8: save, load, bitwise equal, strict, no pickle, atomic on disk


def test_saved_and_loaded_is_bitwise_equal(hyper, saved, encoder):
    loaded = load(saved, encoder)
    assert (loaded.generator, loaded.sites) == (hyper.generator, hyper.sites)
    for name, value in hyper.network.state_dict().items():
        assert loaded.network.state_dict()[name].equal(value), name
    assert loaded("mushroom").equals(hyper("mushroom"))
    assert not loaded.network.training
    assert all(parameter.requires_grad for parameter in loaded.network.parameters())


def test_saving_twice_gives_the_same_bytes_and_leaves_nothing_else(hyper, saved):
    before = {path.name: path.read_bytes() for path in saved.iterdir()}
    hyper.save_pretrained(saved)
    assert {path.name: path.read_bytes() for path in saved.iterdir()} == before
    assert set(before) == {"README.md", "config.json", "model.safetensors"}


def test_the_linear_part_lies_by_columns_in_memory_and_by_rows_in_a_file(hyper, saved, encoder):
    for network in (hyper.network, load(saved, encoder).network):
        assert network.linear.up.weight.stride() == (1, network.linear.up.out_features)
    stored = safetensors.torch.load_file(saved / "model.safetensors")["linear.up.weight"]
    assert stored.is_contiguous() and torch.equal(stored, hyper.network.linear.up.weight)


def test_half_precision_halves_the_file_and_runs_in_float32(hyper, saved, encoder, tmp_path):
    hyper.save_pretrained(tmp_path / "half", bits=16)
    loaded = load(tmp_path / "half", encoder)
    sizes = [(p / "model.safetensors").stat().st_size for p in (tmp_path / "half", saved)]
    assert sizes[0] < 0.7 * sizes[1]
    assert loaded("mushroom").equals(hyper("mushroom"), atol=1e-2)


def test_the_encoder_that_the_folder_names_is_loaded(tmp_path):
    encoder = ConceptEncoder.from_pretrained(save_clip(tmp_path / "clip"))
    hyper = HyperTransport(small_network(), encoder, "tiny-sdxl")
    hyper.save_pretrained(tmp_path)
    loaded = HyperTransport.from_pretrained(tmp_path)
    assert loaded.encoder.id == str(tmp_path / "clip")
    assert loaded("mushroom").equals(hyper("mushroom"), atol=1e-5)


def test_a_crash_while_saving_leaves_the_old_files(hyper, saved, encoder, monkeypatch):
    before = hyper("mushroom")

    def crash(*args):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", crash)
    torch.nn.init.ones_(hyper.network.site)
    with pytest.raises(OSError, match="disk full"):
        hyper.save_pretrained(saved)
    assert load(saved, encoder)("mushroom").equals(before)
    assert len(list(saved.iterdir())) == 3


@pytest.mark.parametrize("file", ["config.json", "model.safetensors"])
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "noise", "flipped"])
def test_damaged_files_are_refused(saved, encoder, file, damage):
    path = saved / file
    data = path.read_bytes()
    path.unlink()
    flipped = data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]
    damaged = {"empty": b"", "truncated": data[:-9], "noise": b"\xff" * 99, "flipped": flipped}
    if damage != "missing":
        path.write_bytes(damaged[damage])
    with pytest.raises(CheckpointError, match=str(saved)):
        load(saved, encoder)


HOSTILE_SITES = {
    "no list": 3,
    "none": [],
    "twice": [["a", 8, 1], ["a", 8, 1]],
    "no row": [3],
    "short": [["a", 8]],
    "negative": [["a", -8, 1]],
    "huge": [["a", 10**15, 1]],
    "no axis": [["a", 8, 2]],
    "no name": [[1, 8, 1]],
    "other": [["a", 8, 1]],
    "too many": [[str(i), 1, 1] for i in range(20_000)],
}


@pytest.mark.parametrize("kind", HOSTILE_SITES)
def test_hostile_site_tables_are_refused(saved, encoder, kind):
    edit(saved, lambda config: config["network"].update(sites=HOSTILE_SITES[kind]))
    with pytest.raises(CheckpointError, match=str(saved)):
        load(saved, encoder)


HOSTILE_FIELDS = {
    "other format": lambda c: c.update(format="hypertransport.intervention"),
    "later version": lambda c: c.update(version=7),
    "a rank below 0": lambda c: c["network"].update(rank=-1),
    "own heads a number": lambda c: c["network"].update(own_heads=1),
    "other heads": lambda c: c["network"].update(own_heads=True),
    "revision a number": lambda c: c.update(generator_revision=7),
    "tables that are not there": lambda c: c.update(tables_sha256="0" * 64),
    "odd training": lambda c: c.update(training={"steps": 3}),
    "unknown field": lambda c: c.update(extra=1),
    "missing field": lambda c: c.pop("generator"),
    "encoder no name": lambda c: c.update(encoder=["a"]),
    "no network": lambda c: c.update(network=[]),
    "unknown size": lambda c: c["network"].update(extra=1),
    "missing size": lambda c: c["network"].pop("depth"),
    "size a text": lambda c: c["network"].update(width="16"),
    "size a truth": lambda c: c["network"].update(depth=True),
    "size zero": lambda c: c["network"].update(width=0),
    "size huge": lambda c: c["network"].update(width=10**12),
    "depth huge": lambda c: c["network"].update(depth=65),
    "other size": lambda c: c["network"].update(width=17),
    "no digest": lambda c: c.update(weights_sha256=None),
}


@pytest.mark.parametrize("kind", HOSTILE_FIELDS)
def test_hostile_fields_are_refused(saved, encoder, kind):
    edit(saved, HOSTILE_FIELDS[kind])
    with pytest.raises(CheckpointError, match=str(saved)):
        load(saved, encoder)


HOSTILE_WEIGHTS = {
    "unknown": lambda w: w.update(extra=torch.ones(1)),
    "missing": lambda w: w.pop("source_std"),
    "other shape": lambda w: w.update(site=w["site"][:-1].clone()),
    "integers": lambda w: w.update(site=w["site"].int()),
    "bytes without a unit": lambda w: w.update(site=w["site"].char()),
    "double": lambda w: w.update(site=w["site"].double()),
    "not finite": lambda w: w["site"].fill_(torch.nan),
}


@pytest.mark.parametrize("kind", HOSTILE_WEIGHTS)
def test_hostile_weights_are_refused_even_with_a_digest_that_fits(saved, encoder, kind):
    path = saved / "model.safetensors"
    tensors = safetensors.torch.load_file(path)
    HOSTILE_WEIGHTS[kind](tensors)
    safetensors.torch.save_file(tensors, path)
    digest = sha256(path.read_bytes()).hexdigest()
    edit(saved, lambda config: config.update(weights_sha256=digest))
    with pytest.raises(CheckpointError, match=str(saved)):
        load(saved, encoder)


def test_json_that_is_no_table_or_far_too_deep_is_refused(saved, encoder):
    for text in ("[]", "null", "[" * 100_000):
        (saved / "config.json").write_text(text)
        with pytest.raises(CheckpointError, match=str(saved)):
            load(saved, encoder)


def test_what_ships_is_loaded_by_name_with_its_encoder(monkeypatch, tmp_path):
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    with pytest.raises(CheckpointError, match="no hypernetwork"):
        HyperTransport.from_pretrained("emojiscape")
    save_clip(tmp_path / "emojiscape-pixart" / "encoder", dtype=torch.float16)
    encoder = ConceptEncoder.from_pretrained("emojiscape")
    hyper = HyperTransport(small_network(), encoder, "emojiscape-pixart")
    hyper.save_pretrained(tmp_path / "emojiscape-pixart" / "hypernetwork", bits=16)
    loaded = HyperTransport.from_pretrained("emojiscape")
    assert (loaded.encoder.id, loaded.generator) == ("emojiscape-pixart",) * 2
    assert loaded("mushroom").equals(hyper("mushroom"), atol=1e-2)


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5])
def test_a_folder_of_an_older_version_gives_what_it_gave(encoder, version):
    """`tests/golden` was written by each version's own code and is never written again."""
    loaded = load(GOLDEN / f"hypernetwork-{version}", encoder)
    wanted = Intervention.load(GOLDEN / f"intervention-{version}.safetensors", generator=TINY)
    assert loaded(torch.linspace(-1, 1, EMBEDDING)).equals(wanted, atol=1e-5)
    assert loaded.generator == TINY


def test_what_is_known_of_generator_and_training_is_kept(encoder, tmp_path):
    record = TrainingRecord(60, 761, 16, "mean", {"train": {"words": 0.25}})
    trained = TrainedConcepts({"words": Neighbours(torch.eye(EMBEDDING), torch.tensor([0.25]))})
    curves = Calibration(torch.tensor([0, 1.0]), torch.tensor([[0, 0.5]]), torch.ones(1))
    dial = Dial(torch.tensor([0, 0.5, 1]), torch.tensor([0, 0.25, 1]))
    about = About("c0ffee", record, trained, curves, dial)
    hyper = HyperTransport(small_network(), encoder, TINY, about)
    hyper.save_pretrained(tmp_path, bits=16)
    loaded = load(tmp_path, encoder)
    assert (loaded.about.generator_revision, loaded.about.record) == ("c0ffee", record)
    assert loaded.novelty(["hat"]).equal(hyper.novelty(["hat"]))
    assert loaded.about.calibration.effects.equal(curves.effects)
    assert loaded.dial(0.25) == hyper.dial(0.25) == 0.5
    assert "761 concepts" in (tmp_path / "README.md").read_text()
    tables = tmp_path / "tables.safetensors"
    tables.write_bytes(tables.read_bytes()[:-1] + b"\x01")
    with pytest.raises(CheckpointError, match=r"tables\.safetensors is not the one"):
        load(tmp_path, encoder)
    HyperTransport(small_network(), encoder, TINY).save_pretrained(tmp_path)
    assert not tables.exists()
    assert load(tmp_path, encoder).about == About()


def test_the_golden_folders_tell_what_their_versions_knew(encoder):
    assert load(GOLDEN / "hypernetwork-1", encoder).about == About()
    hyper = load(GOLDEN / "hypernetwork-2", encoder)
    assert (hyper.about.generator_revision, hyper.about.record.concepts) == ("c0ffee", 761)
    assert hyper.about.calibration.level == 0.5
    assert hyper.novelty([torch.eye(EMBEDDING)[0]]).item() == 0
    known = load(GOLDEN / "hypernetwork-5", encoder)
    assert (known.about.calibration.level, known.about.dial) == (0.5, None)
    assert known.dial(0.3) == 0.3


# The generator that it is for


@pytest.fixture(scope="module")
def generator(tmp_path_factory):
    folder = tmp_path_factory.mktemp("generator")
    tiny_sdxl().save_pretrained(folder)
    return wrap(load_pipeline(folder), id=TINY)


def made_for(generator, encoder, id=TINY, revision=None) -> HyperTransport:
    network = small_network(generator.sites)
    return HyperTransport(network, encoder, id, About(revision))


def test_there_is_no_doubt_about_its_own_generator(generator, encoder):
    assert made_for(generator, encoder).doubts(generator) == []
    assert made_for(generator, encoder, "renamed", generator.revision).doubts(generator) == []


def test_other_weights_or_another_name_of_a_like_generator_are_doubtful(generator, encoder):
    (told,) = made_for(generator, encoder, revision="c0ffee").doubts(generator)
    assert "other weights" in told and "c0ffee" in told
    (told,) = made_for(generator, encoder, "dmd2").doubts(generator)
    assert "trained for dmd2" in told


def test_a_generator_that_it_cannot_steer_is_refused_by_its_sites(generator, encoder):
    wide = [replace(site, width=site.width + 1) for site in generator.sites]
    for sites, match in ((SITES, "no module a, b, c"), (wide, r"do not fit .* and \d+ more")):
        hyper = HyperTransport(small_network(tuple(sites)), encoder, TINY)
        with pytest.raises(InterventionError, match=match):
            hyper.doubts(generator)


def test_nowhere_is_a_clear_error(tmp_path):
    with pytest.raises(CheckpointError, match="nowhere"):
        HyperTransport.from_pretrained(tmp_path / "nowhere")


def edit(folder, change) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text())
    change(config)
    path.write_text(json.dumps(config))
