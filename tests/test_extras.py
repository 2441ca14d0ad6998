import json
from pathlib import Path

import pytest

from hypertransport import extras
from hypertransport.errors import HyperTransportError
from hypertransport.extras import extra, install_line


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """Pretend to lie in site-packages, with pip's note of where that came from."""

    def pretend(note: dict | None) -> None:
        class Distribution:
            def read_text(self, name: str) -> str | None:
                assert name == "direct_url.json"
                return None if note is None else json.dumps(note)

        monkeypatch.setattr(extras, "CLONE", tmp_path)
        monkeypatch.setattr(extras, "distribution", lambda name: Distribution())

    return pretend


def test_a_checkout_is_installed_again_in_place():
    root = Path(__file__).parents[1]
    assert install_line("serve") == f"cd {root} && pip install -e '.[serve]'"
    assert install_line() == f"cd {root} && pip install -e '.'"


@pytest.mark.parametrize(
    ("note", "line"),
    [
        (None, "pip install 'hypertransport[judge]'"),
        (
            {"url": "file:///a%20b/clone", "dir_info": {}},
            "cd '/a b/clone' && pip install '.[judge]'",
        ),
        (
            {"url": "https://x.example/h.git", "vcs_info": {"vcs": "git", "commit_id": "c0"}},
            "pip install 'hypertransport[judge] @ git+https://x.example/h.git'",
        ),
        (
            {"url": "file:///h.whl", "archive_info": {}},
            "pip install 'hypertransport[judge] @ file:///h.whl'",
        ),
    ],
)
def test_the_line_fits_where_it_was_installed_from(installed, note, line):
    installed(note)
    assert install_line("judge") == line


def test_what_is_missing_is_named_with_the_way_to_get_it():
    with pytest.raises(HyperTransportError) as raised, extra("serve"):
        import nothing_so_named.deep  # noqa: F401  # pyright: ignore[reportMissingImports]
    assert str(raised.value) == f"this takes nothing_so_named: {install_line('serve')}"


def test_a_package_of_another_version_is_brought_up_to_date():
    with pytest.raises(HyperTransportError, match=r"nothing_so_named.*--upgrade"), extra("serve"):
        from json import nothing_so_named  # noqa: F401  # pyright: ignore[reportAttributeAccessIssue]


def test_a_missing_module_of_our_own_is_no_missing_package():
    with pytest.raises(ModuleNotFoundError), extra("serve"):
        import hypertransport.nothing_so_named  # noqa: F401  # pyright: ignore[reportMissingImports]


def test_what_is_there_is_imported():
    with extra("serve"):
        import json
    assert json
