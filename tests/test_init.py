import subprocess
import sys

import pytest

import hypertransport as ht


def modules_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(*sys.modules)"
    command = [sys.executable, "-W", "error", "-c", code]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import hypertransport",
        "import hypertransport as ht; ht.MODELS, ht.HyperTransportError, dir(ht)",
    ],
)
def test_importing_and_listing_models_does_not_load_torch(statement):
    assert not modules_after(statement) & {"torch", "diffusers", "transformers", "PIL", "numpy"}


@pytest.mark.parametrize("name", ht.__all__)
def test_every_public_name_is_there_and_listed(name):
    assert getattr(ht, name) is not None
    assert name in dir(ht)


def test_exactly_the_lazy_names_are_public():
    assert sorted(ht.__all__) == sorted(ht._MODULE_OF)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing"):
        _ = ht.nothing  # pyright: ignore[reportAttributeAccessIssue]


def test_submodules_are_importable_beside_the_names():
    from hypertransport import generators, steering, transport

    assert ht.steer is steering.steer
    assert ht.load_generator is generators.load_generator
    assert ht.transport_cost is transport.transport_cost
