import signal
from dataclasses import replace

import pytest
import torch
from safetensors import safe_open

from hypertransport.errors import CheckpointError, ConfigError, InterventionError
from hypertransport.hypernetwork import HyperNetwork, HyperNetworkConfig
from hypertransport.interventions import Intervention
from hypertransport.sites import Site
from hypertransport.training import lineas
from hypertransport.training.lineas import (
    PRESETS,
    Descent,
    Deviations,
    batch_rows,
    descend,
    fit,
    objective,
)
from hypertransport.training.problem import pose

ADAM = Descent(optimizer="adam", steps=3, learning_rate=0.01)
SGD = Descent(optimizer="sgd", steps=3, learning_rate=1e-4)
both = pytest.mark.parametrize("descent", [ADAM, SGD], ids=["adam", "sgd"])


@pytest.fixture(scope="module")
def answer(known) -> Intervention:
    """What an untrained hypernetwork with random heads says to two concepts."""
    torch.manual_seed(0)
    network = HyperNetwork(HyperNetworkConfig(4, known.generator.sites, width=8, depth=1))
    network.calibrate(known.units.mean, known.units.std)
    for parameter in network.heads.parameters():
        torch.nn.init.normal_(parameter, std=0.02)
    with torch.no_grad():
        return network(torch.eye(4)[:2])


@pytest.fixture
def interrupted(monkeypatch):
    """``interrupted(step)``: Ctrl-C is pressed in the middle of that update, once."""

    def at(step):
        original, left = lineas.update, [step]

        def update(*args):
            if left[0] == 0:
                signal.raise_signal(signal.SIGINT)
            left[0] -= 1
            original(*args)

        monkeypatch.setattr(lineas, "update", update)

    return at


def test_a_fit_recovers_known_maps_by_what_they_do(known, known_maps):
    fitted = fit(known, Descent(steps=60, learning_rate=0.15))
    assert (known.cost(fitted) < 0.1 * known.cost()).all()
    gap = units_apart(known, fitted, known_maps) / units_apart(known, None, known_maps)
    assert gap < 0.9  # many maps do nearly the same; they are nearer than none


def units_apart(problem, one, other):
    identity = Intervention.identity(problem.units.sites, rows=2)
    pairs = zip(*(problem.units.deviations(T) for T in (one or identity, other)), strict=True)
    return sum((a - b).square().sum() for a, b in pairs).sqrt()


@both
def test_every_concept_gets_cheaper_and_the_result_is_a_plain_value(known, descent):
    fitted = fit(known, replace(descent, steps=6))
    assert (known.cost(fitted) < known.cost()).all()
    assert fitted.rows == 2
    assert not fitted.flatten().scale.requires_grad


@both
def test_from_a_hypernetworks_answer_the_cost_starts_there_and_only_goes_down(
    known, answer, descent
):
    small = replace(descent, learning_rate=descent.learning_rate / 4)
    runs = [fit(known, replace(small, steps=steps), start=answer) for steps in range(5)]
    assert runs[0].equals(answer)
    costs = torch.stack([known.cost(run) for run in runs])
    assert (costs.diff(dim=0) < 0).all()


def test_no_concept_ends_above_its_start(known, answer):
    hopeless = Descent(steps=2, learning_rate=100.0)
    assert fit(known, hopeless, start=answer).equals(answer)
    assert fit(known, hopeless).equals(Intervention.identity(known.generator.sites, rows=2))


@both
def test_concepts_fitted_side_by_side_do_not_disturb_each_other(generator, descent):
    prompts, phrases = list("abcd"), ["in oil", "with a hat"]
    problems = [pose(generator, prompts, some) for some in (phrases, phrases[1:])]
    together, alone = (fit(problem, descent) for problem in problems)
    one, other = (torch.cat(problems[0].units.deviations(T)) for T in (together[1], alone[0]))
    torch.testing.assert_close(one, other, atol=0.05 * other.abs().max().item(), rtol=0)
    assert not together[0].equals(together[1])


def test_a_start_without_rows_is_one_concepts(generator, answer):
    problem = pose(generator, ["a", "b"], ["in oil"])
    fitted = fit(problem, replace(ADAM, steps=1), start=answer[0])
    assert fitted.equals(
        fit(problem, replace(ADAM, steps=1), start=Intervention.stack([answer[0]]))
    )
    assert fitted.rows == 1


# --- the penalty ----------------------------------------------------------------------------------


def by_site(problem, values):
    """Rows of all channels, cut into sites."""
    return values.split([site.width for site in problem.generator.sites], 1)


def test_the_group_penalty_leaves_whole_groups_and_sites_exactly_untouched(known):
    step = replace(SGD, steps=1)

    def learnt(group):
        start = Intervention.identity(known.generator.sites, rows=2)
        deviations = Deviations(known.units, start)
        descend(known, deviations, replace(step, group=group))
        return deviations

    def lengths(deviations):  # (2 x sites, concepts), in units of what the penalty takes away
        pieces = [v for d in deviations.parameters() for v in by_site(known, d.detach())]
        widths = [v.shape[1] for v in pieces]
        norms = torch.stack([v.norm(dim=1) for v in pieces], 1) / step.learning_rate
        return norms / torch.tensor(widths).sqrt()

    free = lengths(learnt(0.0))
    sparse = learnt(free.median().item() * 1.001)
    assert torch.equal(lengths(sparse) == 0, free < free.median() * 1.001)
    both_zero = (lengths(sparse).unflatten(1, (2, -1)) == 0).all(1)
    assert both_zero.any()
    for row, k in both_zero.nonzero().tolist():
        scale, shift = list(sparse().maps.values())[k]
        assert (scale[row] == 1).all() and (shift[row] == 0).all()


def test_the_l1_penalty_leaves_channels_exactly_untouched(known):
    step = replace(SGD, steps=1)
    scale, _ = known.units.deviations(fit(known, step))
    middle = (scale.abs() / step.learning_rate).median().item()
    some = fit(known, replace(step, l1=middle)).flatten().scale
    assert (some == 1).float().mean() == pytest.approx(0.5, abs=0.1)


@both
@pytest.mark.parametrize("penalty", ["l1", "group"])
def test_a_large_penalty_leaves_everything_exactly_untouched(known, descent, penalty):
    identity = Intervention.identity(known.generator.sites, rows=2)
    assert fit(known, replace(descent, **{penalty: 1e4})).equals(identity)
    assert not fit(known, descent).equals(identity)


def test_the_objective_is_cost_and_penalty_of_the_deviations(known, answer):
    penalised = replace(ADAM, l1=0.5, group=0.2)
    assert torch.equal(objective(known, ADAM, answer), known.cost(answer))
    identity = Intervention.identity(known.generator.sites, rows=2)
    assert torch.equal(objective(known, penalised, identity), known.cost())
    more = objective(known, penalised, answer) - known.cost(answer)
    deviations = torch.cat(known.units.deviations(answer), 1)
    channels = deviations.shape[1] / 2
    groups = [
        piece.shape[1] ** 0.5 * piece[0].norm()
        for d in known.units.deviations(answer)
        for piece in by_site(known, d)
    ]
    expected = (0.5 * deviations[0].abs().sum() + 0.2 * sum(groups)) / channels
    torch.testing.assert_close(more[0], expected)


# --- batches --------------------------------------------------------------------------------------


def test_batches_are_functions_of_seed_and_step(known):
    descent = replace(ADAM, batch=2)
    drawn = [batch_rows(known, descent, step).tolist() for step in range(20)]
    assert drawn == [batch_rows(known, descent, step).tolist() for step in range(20)]
    assert drawn != [batch_rows(known, replace(descent, seed=1), s).tolist() for s in range(20)]
    assert {len(set(rows)) for rows in drawn} == {2}
    assert {row for rows in drawn for row in rows} == set(range(5))
    assert batch_rows(known, replace(ADAM, batch=5), 0) is None


def test_a_fit_by_batches_helps_too(known):
    fitted = fit(known, replace(ADAM, steps=8, batch=2))
    assert (known.cost(fitted) < known.cost()).all()


# --- stopped and resumed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "descent",
    [replace(ADAM, steps=4, batch=3), replace(SGD, steps=4, l1=0.1, group=0.1)],
    ids=["adam", "sgd"],
)
def test_a_fit_that_was_stopped_goes_on_bit_for_bit(known, tmp_path, interrupted, descent):
    whole, checkpoint = fit(known, descent), tmp_path / "fit.checkpoint"
    interrupted(2)
    with pytest.raises(KeyboardInterrupt):
        fit(known, descent, checkpoint=checkpoint)
    with safe_open(checkpoint, "pt") as file:
        assert file.metadata()["step"] == "3"  # the update that was under way is whole
    assert fit(known, descent, checkpoint=checkpoint).equals(whole)
    assert list(tmp_path.iterdir()) == [checkpoint]
    with safe_open(checkpoint, "pt") as file:
        assert file.metadata()["step"] == "4"  # until what the fit gave is kept elsewhere
    assert fit(known, descent, checkpoint=checkpoint).equals(whole)


def test_gradients_that_a_caller_has_left_change_no_fit(known):
    fitted = []
    for stale in (None, 100.0):
        learnt = Deviations(known.units, Intervention.identity(known.units.sites, rows=2))
        for parameter in learnt.parameters():
            parameter.grad = None if stale is None else torch.full_like(parameter, stale)
        descend(known, learnt, replace(SGD, steps=2))
        fitted.append(learnt())
    assert fitted[0].equals(fitted[1])


def test_a_long_fit_is_saved_on_the_way(known, tmp_path, monkeypatch):
    monkeypatch.setattr(lineas, "SAVE_EVERY", 2)
    original, left = lineas.update, [3]

    def failing(*args):
        left[0] -= 1
        if left[0] < 0:
            raise ZeroDivisionError
        original(*args)

    monkeypatch.setattr(lineas, "update", failing)
    with pytest.raises(ZeroDivisionError):
        fit(known, replace(ADAM, steps=4), checkpoint=tmp_path / "fit.checkpoint")
    with safe_open(tmp_path / "fit.checkpoint", "pt") as file:
        assert file.metadata()["step"] == "2"


def test_the_checkpoint_of_another_fit_is_refused(generator, known, tmp_path, interrupted):
    interrupted(0)
    with pytest.raises(KeyboardInterrupt):
        fit(known, ADAM, checkpoint=tmp_path / "fit.checkpoint")
    other = pose(generator, ["a", "b"], ["in oil"])
    with pytest.raises(CheckpointError, match="another model"):
        fit(other, ADAM, checkpoint=tmp_path / "fit.checkpoint")


# --- what cannot be fitted ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields", [{"steps": -1}, {"learning_rate": 0.0}, {"l1": -0.1}, {"group": -0.1}, {"batch": 0}]
)
def test_what_cannot_descend_is_refused(fields):
    with pytest.raises(ConfigError, match="give"):
        Descent(**fields)


def test_a_start_without_rows_is_every_concepts(known, generator):
    descent = replace(ADAM, steps=2)
    found = fit(known, descent, start=Intervention.identity(generator.sites))
    assert found.equals(fit(known, descent))
    assert not found[0].equals(found[1])


def test_a_start_on_other_sites_is_refused(known):
    with pytest.raises(InterventionError, match="two interventions on different sites"):
        fit(known, ADAM, start=Intervention.identity([Site("elsewhere", 3, 1)], rows=2))


def test_the_presets_are_50_steps_of_adam_and_1000_of_sgd():
    assert (PRESETS["quick"].optimizer, PRESETS["quick"].steps) == ("adam", 50)
    assert (PRESETS["long"].optimizer, PRESETS["long"].steps) == ("sgd", 1000)
    assert PRESETS["refine"].steps < PRESETS["quick"].steps
