"""Law 2: interventions are plain frozen values with an exact algebra."""

import copy
import pickle
from dataclasses import FrozenInstanceError

import pytest
import torch

from hypertransport.errors import InterventionError, StrengthError
from hypertransport.interventions import AffineMap, Intervention
from hypertransport.sites import Site

SITES = (Site("b.norm", 3, 1), Site("a.norm", 2, -1))
TOTAL = 5


def random_intervention(rows: int | None = None, seed: int = 0) -> Intervention:
    draw = torch.Generator().manual_seed(seed)
    shape = (TOTAL,) if rows is None else (rows, TOTAL)
    scale = 0.5 + torch.rand(shape, generator=draw)
    return Intervention.from_flat(SITES, scale, torch.randn(shape, generator=draw))


def apart(T: Intervention) -> Intervention:
    """The same with a tensor of its own for each site, as a file gives it."""
    return Intervention({k: AffineMap(*(v.clone() for v in pair)) for k, pair in T.maps.items()})


@pytest.fixture(params=[None, 1, 3], ids=["no rows", "1 row", "3 rows"])
def rows(request: pytest.FixtureRequest) -> int | None:
    return request.param


@pytest.fixture(params=[False, True], ids=["side by side", "apart"])
def T(rows: int | None, request: pytest.FixtureRequest) -> Intervention:
    made = random_intervention(rows)
    return apart(made) if request.param else made


def test_strength_zero_is_the_identity(T: Intervention) -> None:
    assert T.at(0).equals(Intervention.identity(SITES, T.rows))


def test_strength_one_is_itself(T: Intervention) -> None:
    assert T.at(1.0).equals(T)


def test_strength_is_linear_in_between_and_beyond(T: Intervention) -> None:
    middle, beyond = T.at(0.5).flatten(), T.at(2).flatten()
    torch.testing.assert_close(middle.scale, (1 + T.flatten().scale) / 2)
    torch.testing.assert_close(middle.shift, T.flatten().shift / 2)
    torch.testing.assert_close(beyond.scale, 2 * T.flatten().scale - 1)


@pytest.mark.parametrize("s", [0.3, 1.0, 1.4])
def test_negative_strength_undoes_positive(T: Intervention, s: float) -> None:
    assert T.at(-s).equals(T.at(s).inverse())
    assert T.at(s).then(T.at(-s)).equals(Intervention.identity(SITES, T.rows), atol=1e-5)


def test_negative_strength_of_a_shift_is_the_straight_line() -> None:
    T = Intervention.from_flat(SITES, torch.ones(TOTAL), torch.randn(TOTAL))
    assert torch.equal(T.at(-0.7).flatten().shift, -T.at(0.7).flatten().shift)
    assert torch.equal(T.at(-0.7).flatten().scale, torch.ones(TOTAL))


def test_strength_is_smooth_at_zero() -> None:
    T, h = random_intervention().to(dtype=torch.float64), 1e-6
    ahead, behind, here = (torch.stack(T.at(s).flatten()) for s in (h, -h, 0))
    torch.testing.assert_close((ahead - here) / h, (here - behind) / h, atol=1e-5, rtol=0)


def test_what_cannot_be_undone_has_no_negative_strength() -> None:
    flat = torch.tensor([1.0, 1.0, 1.0, 1.0, 0.0])
    T = Intervention.from_flat(SITES, flat, flat)
    assert T.at([1.0, -0.5]).rows == 2
    with pytest.raises(InterventionError, match=r"a\.norm.*nearer to 0"):
        T.at([0.5, -1.0])


def test_schedule_gives_each_site_its_strength() -> None:
    T = random_intervention()
    scheduled = T.scheduled({"b.*": 0.3, "*": -0.2})
    assert list(scheduled.maps) == list(T.maps)
    expected = {"b.norm": T.at(0.3).maps["b.norm"], "a.norm": T.at(-0.2).maps["a.norm"]}
    assert scheduled.equals(Intervention(expected))
    assert T.scheduled({"a.*": 0}).equals(T.scheduled(lambda depth: 1 - depth))


def test_without_leaves_sites_out() -> None:
    T = random_intervention(3)
    assert list(T.without("a*").maps) == ["b.norm"]
    with pytest.raises(InterventionError, match="no site matches 'c"):
        T.without("a*", "c*")
    with pytest.raises(InterventionError, match="at least one site"):
        T.without("*")


@pytest.mark.parametrize("rows", [None, 3])
def test_one_strength_per_row(rows: int | None) -> None:
    T, strengths = random_intervention(rows), [0.0, 0.5, 1.0]
    mixed = T.at(strengths)
    for row, strength in enumerate(strengths):
        alone = T if rows is None else T[row]
        assert mixed[row].equals(alone.at(strength))
    assert mixed.equals(T.at(torch.tensor(strengths)))


def test_inverse_undoes_on_both_sides(T: Intervention) -> None:
    identity = Intervention.identity(SITES, T.rows)
    assert T.then(T.inverse()).equals(identity, atol=1e-6)
    assert T.inverse().then(T).equals(identity, atol=1e-6)


@pytest.mark.parametrize("tiny", [0.0, 2.0**-24, -(2.0**-23)])  # none is above the epsilon
def test_inverse_names_the_site_where_it_fails(tiny: float) -> None:
    flat = torch.tensor([1.0, 1.0, 1.0, 1.0, tiny])
    with pytest.raises(InterventionError, match=r"a\.norm"):
        Intervention.from_flat(SITES, flat, flat).inverse()


def test_composition_is_associative() -> None:
    a, b, c = random_intervention(), random_intervention(3, seed=1), random_intervention(seed=2)
    assert ((a @ b) @ c).equals(a @ (b @ c), atol=1e-5)


def test_composition_has_the_identity_as_unit(T: Intervention) -> None:
    identity = Intervention.identity(SITES)
    assert (T @ identity).equals(T)
    assert (identity @ T).equals(T)


def test_then_acts_left_to_right_and_matmul_right_to_left() -> None:
    double = Intervention.from_flat(SITES, torch.full((TOTAL,), 2.0), torch.zeros(TOTAL))
    add_one = Intervention.from_flat(SITES, torch.ones(TOTAL), torch.ones(TOTAL))
    assert torch.equal(double.then(add_one).flatten().shift, torch.ones(TOTAL))
    assert torch.equal((double @ add_one).flatten().shift, torch.full((TOTAL,), 2.0))


def test_stack_and_rows_undo_each_other(T: Intervention) -> None:
    rows = list(T)
    assert len(rows) == len(T)
    assert Intervention.stack(rows).flatten().scale.shape == (len(T), TOTAL)
    assert all(a.equals(b) for a, b in zip(Intervention.stack(rows), rows, strict=True))


def test_flatten_and_from_flat_undo_each_other(T: Intervention) -> None:
    assert list(T.maps) == ["b.norm", "a.norm"]
    assert Intervention.from_flat(SITES, *T.flatten()).equals(T)


def test_flat_values_at_a_strength_are_those_of_its_maps(T: Intervention) -> None:
    for s in (0, 0.4, 1, -0.6):
        for names in (None, ["a.norm"], ["a.norm", "b.norm"]):
            found, wanted = T.flat_at(s, names), T.at(s).flatten(names)
            assert all(map(torch.equal, found, wanted))


def test_side_by_side_or_apart_is_the_same(rows: int | None) -> None:
    T, other = random_intervention(rows), random_intervention(rows, seed=1)
    for A in (T, apart(T)):
        for B in (other, apart(other)):
            assert A.then(B).equals(T.then(other))
            assert Intervention.stack([A, B]).equals(Intervention.stack([T, other]))
    assert apart(T).at(0.4).equals(T.at(0.4))
    assert apart(T).inverse().equals(T.inverse())
    assert apart(T).to(dtype=torch.float64).equals(T.to(dtype=torch.float64))


def test_values_are_frozen() -> None:
    maps = dict(random_intervention().maps)
    T = Intervention(maps)
    with pytest.raises(FrozenInstanceError):
        T.maps = maps  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(TypeError):
        T.maps["b.norm"] = maps["a.norm"]  # pyright: ignore[reportIndexIssue]
    maps.clear()
    assert len(T.maps) == 2


def test_values_can_be_copied_and_sent_to_other_processes(T: Intervention) -> None:
    for value in (T, T.without("b*")):
        assert copy.deepcopy(value).equals(value)
        assert pickle.loads(pickle.dumps(value)).equals(value)


def test_equality_sees_values_shapes_and_dtypes(T: Intervention) -> None:
    scale, shift = T.flatten()
    assert not T.equals(Intervention.from_flat(SITES, scale, shift + 1e-3))
    assert T.equals(Intervention.from_flat(SITES, scale, shift + 1e-3), atol=1e-2)
    assert not T.equals(Intervention.stack([T, T]))
    assert not T.equals(T.to(dtype=torch.float64))


def test_gradients_flow_through_the_algebra() -> None:
    scale, shift = (torch.full((2, TOTAL), v, requires_grad=True) for v in (2.0, 1.0))
    T = Intervention.from_flat(SITES, scale, shift)
    T.at([0.5, -0.8]).then(T.inverse()).flatten().shift.sum().backward()
    assert all(v.grad is not None and v.grad.abs().min() > 0 for v in (scale, shift))


def test_a_flat_row_that_is_not_undone_keeps_the_gradients_of_all_finite() -> None:
    scale, shift = (torch.full((2, TOTAL), v, requires_grad=True) for v in (0.0, 1.0))
    T = Intervention.from_flat(SITES, scale, shift).at([1.0, -0.5])
    (T.flatten().scale.sum() + T.flatten().shift.sum()).backward()
    for gradient in (scale.grad, shift.grad):
        assert gradient is not None and gradient.isfinite().all()


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), [1.0, float("nan"), 0.0]])
def test_strength_must_be_finite(bad: float | list[float]) -> None:
    with pytest.raises(StrengthError, match="finite"):
        random_intervention(3).at(bad)


@pytest.mark.parametrize("bad", [[0.5, 0.5], []])
def test_strengths_must_be_one_per_row(bad: list[float]) -> None:
    with pytest.raises(StrengthError, match="one per row"):
        random_intervention(3).at(bad)


def test_no_strengths_make_no_rows() -> None:
    with pytest.raises(StrengthError, match="one per row"):
        random_intervention().at([])


@pytest.mark.parametrize(
    ("scale", "shift"),
    [
        (torch.ones(3), torch.zeros(4)),
        (torch.ones(2, 2, 3), torch.zeros(2, 2, 3)),
        (torch.ones(0, 3), torch.zeros(0, 3)),
        (torch.ones(3), torch.zeros(3, dtype=torch.float16)),
        (torch.ones(3, dtype=torch.int32), torch.zeros(3, dtype=torch.int32)),
    ],
)
def test_maps_that_do_not_agree_are_refused(scale: torch.Tensor, shift: torch.Tensor) -> None:
    with pytest.raises(InterventionError, match="norm"):
        Intervention({"norm": AffineMap(scale, shift)})


def test_mixed_rows_and_no_sites_are_refused() -> None:
    one, two = random_intervention(1), random_intervention(2)
    with pytest.raises(InterventionError, match="rows"):
        Intervention({"x": one.maps["a.norm"], "y": two.maps["a.norm"]})
    with pytest.raises(InterventionError, match="at least one site"):
        Intervention({})


def test_mismatched_partners_are_refused() -> None:
    other = Intervention({"c.norm": random_intervention().maps["a.norm"]})
    with pytest.raises(InterventionError, match=r"c\.norm"):
        random_intervention().then(other)
    with pytest.raises(InterventionError, match=r"c\.norm"):
        Intervention.stack([random_intervention(), other])
    with pytest.raises(InterventionError, match="2 rows with 3"):
        random_intervention(2).then(random_intervention(3))
    wider = Intervention(
        {name: random_intervention().maps["b.norm"] for name in ("a.norm", "b.norm")}
    )
    with pytest.raises(InterventionError, match=r"different width at a\.norm"):
        random_intervention().then(wider)
    with pytest.raises(InterventionError, match="4 channels"):
        Intervention.from_flat(SITES, torch.ones(4), torch.ones(4))
