import pytest

from docs.generate import FOLDER, pages

PAGES = pages()


# Chroma still takes its rotary embedding from where diffusers 0.42 deprecates it.
@pytest.mark.filterwarnings("ignore:`FluxPosEmbed` is deprecated:FutureWarning")
@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name):
    assert (FOLDER / name).read_text() == PAGES[name](), "run `make docs`"
