import pytest

from hypertransport.errors import HyperTransportError
from hypertransport.extras import extra


def test_what_is_missing_is_named_with_the_way_to_get_it():
    with (
        pytest.raises(HyperTransportError, match=r"nothing_so_named.*hypertransport\[serve\]"),
        extra("serve"),
    ):
        import nothing_so_named  # noqa: F401  # pyright: ignore[reportMissingImports]


def test_what_is_there_is_imported():
    with extra("serve"):
        import json
    assert json
