from dataclasses import replace

import pytest
import torch

from hypertransport.errors import ConfigError
from hypertransport.interventions import Intervention
from hypertransport.training import lineas
from hypertransport.training.lin_act import LARGEST_SCALE
from hypertransport.training.lineas import Descent
from hypertransport.training.material import key
from hypertransport.training.per_concept import CLOSED_FORMS, Costs, Plan, closed_form_maps, measure
from hypertransport.training.problem import pose

PROMPTS = list("abcdef")
FEW = Descent(steps=4, learning_rate=0.02)


@pytest.mark.parametrize("closed_form", [*CLOSED_FORMS, None])
def test_a_plan_gives_one_map_and_its_costs_on_unseen_prompts(generator, closed_form):
    plan = Plan(closed_form=closed_form, descent=FEW, prompts=PROMPTS, samples=3)
    maps, costs = plan.solve(generator, "with a hat")
    assert maps.rows is None
    assert costs.unsteered > 0 and costs.floor > 0
    fresh = pose(generator, PROMPTS[3:], ["with a hat"], [3, 4, 5])
    problem = pose(generator, PROMPTS[:3], ["with a hat"])
    assert measure(problem, fresh, Intervention.stack([maps])) == pytest.approx(costs)


def test_a_descent_begins_at_its_start(generator):
    plan = Plan(descent=replace(FEW, steps=0), prompts=PROMPTS, samples=3)
    start, _ = Plan(closed_form="lin-act-causal", prompts=PROMPTS, samples=3).solve(
        generator, "with a hat"
    )
    units = plan.pose(generator, "with a hat").units
    learnt = units.maps(*units.deviations(start))  # the same but for rounding, and tried as an end
    found = plan.solve(generator, "with a hat", start)[0]
    assert found.equals(start) or found.equals(learnt)


def test_measured_costs_are_the_identitys_the_maps_and_the_floor(known, known_maps):
    identity = Intervention.identity(known.generator.sites, rows=2)
    same = measure(known, known, known_maps)
    assert same.unsteered == measure(known, known, identity).fitted
    assert same.fitted < 1e-6 * same.unsteered
    assert same.floor == 0


def test_costs_are_said_in_one_line():
    assert str(Costs(0.5, 0.25, 0.125)) == (
        "cost on unseen prompts: 0.5000 unsteered, 0.2500 fitted, 0.1250 at the floor"
    )


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"samples": 4}, "6 source prompts for 4 samples"),
        ({"samples": 1}, "at least 2 samples"),
        ({"pooling": "median"}, "no pooling 'median'"),
        ({"pooling": "position", "closed_form": "lin-act"}, "lin-act fits means"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(fields, match):
    with pytest.raises(ConfigError, match=match):
        Plan(**{"prompts": PROMPTS, "samples": 3, **fields})


# --- the concepts of a training -------------------------------------------------------------------


def test_the_closed_form_meets_every_mean_and_known_maps(material):
    maps = closed_form_maps(material, material.train)
    scale, _ = maps.flatten()
    assert maps.rows == len(material.train)
    assert scale.min() >= 0 and scale.max() <= LARGEST_SCALE
    for i, entry in enumerate(material.train):
        x = material.features(material.sources([entry]), maps[i])
        y = material.targets[key(entry)]
        torch.testing.assert_close(x.mean(0), y.mean(0), atol=1e-4, rtol=0)


def test_concepts_of_a_training_are_fitted_as_they_are_trained_on(material):
    problem = material.problem(material.train)
    maps = lineas.fit(problem, Descent(steps=6, learning_rate=0.001))
    assert maps.rows == len(material.train)
    assert (problem.cost(maps) < problem.cost()).all()


def test_half_precision_is_close(load, material, bfloat16):
    full, half = (closed_form_maps(m, m.train[:1]) for m in (material, load(bfloat16=True)))
    assert half.equals(full) == (not bfloat16)
    assert (half.flatten().shift - full.flatten().shift).abs().median() < 0.05
