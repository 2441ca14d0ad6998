import pytest
import torch

from hypertransport.errors import InterventionError
from hypertransport.interventions import Intervention
from hypertransport.sites import Site
from hypertransport.units import Units

SITES = (Site("a", 2, -1), Site("b", 3, 1))


def numbers(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture
def units() -> Units:
    return Units(SITES, numbers(5), numbers(5, seed=1).exp())


@pytest.mark.parametrize("shape", [(5,), (4, 5)])
def test_deviations_undo_maps(units, shape):
    d_scale, d_shift = numbers(*shape, seed=2), numbers(*shape, seed=3)
    back = units.deviations(units.maps(d_scale, d_shift))
    torch.testing.assert_close(back, (d_scale, d_shift))


def test_no_deviation_is_exactly_the_identity(units):
    identity = Intervention.identity(SITES, rows=2)
    assert units.maps(torch.zeros(2, 5), torch.zeros(2, 5)).equals(identity)
    assert not any(d.any() for d in units.deviations(identity))


def test_maps_turn_about_the_mean_and_shift_by_standard_deviations(units):
    d_scale, d_shift, z = (numbers(5, seed=seed) for seed in (2, 3, 4))
    scale, shift = units.maps(d_scale, d_shift).flatten()
    expected = (1 + d_scale) * (z - units.mean) + units.mean + d_shift * units.std
    torch.testing.assert_close(scale * z + shift, expected)


def test_no_mean_and_unit_deviation_are_the_published_coordinates():
    published = Units(SITES, torch.zeros(5), torch.ones(5))
    omega, b = numbers(5), numbers(5, seed=1)
    scale, shift = published.maps(omega - 1, b).flatten()
    torch.testing.assert_close((scale, shift), (omega, b))


def test_the_order_of_an_interventions_sites_does_not_matter(units):
    maps = units.maps(numbers(5, seed=2), numbers(5, seed=3))
    turned = Intervention(dict([*maps.maps.items()][::-1]))
    assert all(map(torch.equal, units.deviations(turned), units.deviations(maps)))


def test_other_sites_are_refused(units):
    with pytest.raises(InterventionError, match="only one has c"):
        units.deviations(Intervention.identity([*SITES, Site("c", 1, 1)]))
