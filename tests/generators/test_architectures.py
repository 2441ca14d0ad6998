"""What can be steered of the hub's targets, known without the hub."""

import pytest

from hypertransport import cli
from hypertransport.generators import architecture_of
from hypertransport.sites import total_channels


@pytest.mark.parametrize(
    ("name", "sites", "channels"),
    [("dmd2", 256, 294_080), ("dmd2-4step", 256, 294_080), ("nitro", 57, 65_664)],
)
def test_the_sites_of_what_the_hub_has_are_known_without_it(name, sites, channels, capsys):
    known = architecture_of(name)
    assert known is not None
    assert (len(known[1]), total_channels(known[1])) == (sites, channels)
    assert all(parameter.is_meta for parameter in known[0].parameters())
    assert cli.main(["sites", name]) == 0
    assert cli.main(["sites", f"{name}@main"]) == 0  # of any revision
    assert capsys.readouterr().out.split()[-2:] == [str(sites), f"{channels:,}"]


def test_of_what_ships_there_is_no_architecture_apart():
    assert [architecture_of(name) for name in ("emojiscape-pixart", "emojiscape", "no/one")] == [
        None, None, None,
    ]  # fmt: skip
