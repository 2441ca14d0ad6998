"""The studio where something goes amiss: slow servers, outages, slips of the hand. In a browser."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect
from studio_page import (
    CHROMIUM,
    add,
    choose,
    difference,
    opened,
    pictures,
    rest,
    studio,
)

expect.set_options(timeout=30_000)
pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium; on Debian: apt-get install chromium"),
]
DRAWING, MODELS = "**/v1/images/generations", "**/v1/models"
# What a browser puts on the clipboard with a passage of a document: its words, and a picture of it.
PASSAGE = """(field) => {
  const data = new DataTransfer();
  data.setData("text/plain", "a pear");
  data.items.add(new File(["no matter"], "passage.png", { type: "image/png" }));
  const event = new ClipboardEvent("paste",
    { bubbles: true, cancelable: true, clipboardData: data });
  return field.dispatchEvent(event);
}"""


@pytest.fixture(scope="module")
def client():
    with studio() as client:
        yield client


@pytest.fixture
def lost(page):
    """A page from which the server is gone, for a while: its complaints are the browser's own."""
    page.context.route("**/v1/**", lambda route: route.abort())
    yield page
    page.complaints[:] = [one for one in page.complaints if "ERR_FAILED" not in one]


def told(page, text: str | re.Pattern) -> None:
    expect(page.locator(".told")).to_contain_text(text)


def prompt(page):
    return page.get_by_label("Prompt")


def remove(page, name: str):
    return page.get_by_role("button", name=f"Remove {name}", exact=True)


def test_a_picture_that_takes_long_is_said_to_be_drawn(page):
    held = []
    page.route(DRAWING, lambda route: held.append(route))
    page.get_by_role("button", name="Another seed").click()
    told(page, "Drawing …")
    expect(page.locator(".drawn.slow")).to_be_visible()
    held[0].continue_()
    rest(page)
    told(page, re.compile(r"64 × 64 · \d+ ms"))
    expect(page.locator(".drawn.slow")).to_have_count(0)


def test_after_an_outage_one_may_try_again_and_no_picture_claims_to_be_what_it_is_not(lost):
    prompt(lost).fill("a pear")
    lost.keyboard.press("Tab")
    told(lost, "The server does not answer.")
    expect(lost.locator(".picture")).to_have_attribute("alt", "a mushroom")
    lost.context.unroute("**/v1/**")
    lost.get_by_role("button", name="Try again").click()
    rest(lost)
    expect(lost.locator(".picture")).to_have_attribute("alt", "a pear")
    expect(lost.get_by_role("button", name="Try again")).to_have_count(0)


def test_a_model_that_could_not_be_asked_for_is_asked_for_again(browser, client):
    page = opened(browser, "about:blank")
    page.route(MODELS, lambda route: route.abort(), times=1)
    page.goto(client.address)
    told(page, re.compile(r"64 × 64 · \d+ ms"))
    page.context.close()


def test_an_emptied_prompt_is_the_last_one_again(page):
    prompt(page).fill("")
    page.wait_for_timeout(500)  # longer than the page waits for the next letter
    page.keyboard.press("Tab")
    expect(prompt(page)).to_have_value("a mushroom")
    page.reload()
    expect(prompt(page)).to_have_value("a mushroom")


def test_a_prompt_is_in_the_link_before_one_leaves_its_field(page):
    prompt(page).fill("a pear")
    rest(page)
    page.reload()
    expect(prompt(page)).to_have_value("a pear")


def test_what_is_removed_is_brought_back_by_undo_from_where_one_is(page):
    (before,) = pictures(page)
    remove(page, "brick navy").click()
    expect(page.get_by_role("heading", name="Concepts")).to_be_focused()
    told(page, "“brick navy” is removed")
    rest(page)
    assert difference(pictures(page)[0], before) > 20
    page.keyboard.press("Control+z")
    rest(page)
    assert difference(pictures(page)[0], before) == 0


def test_a_double_click_removes_one_concept_and_goes_on_to_the_next(page):
    add(page, "zigzag purple")
    add(page, "brick red")
    remove(page, "brick navy").dblclick()
    expect(page.locator(".concept .name")).to_have_text(["zigzag purple", "brick red"])
    expect(remove(page, "zigzag purple")).to_be_focused()


def test_undo_after_adding_in_words_removes_the_words(page):
    add(page, "zigzag purple")
    page.keyboard.press("Control+z")
    expect(page.locator(".concept .name")).to_have_text(["brick navy"])


def test_a_field_takes_the_words_of_a_passage_and_the_page_no_picture_of_it(page):
    assert prompt(page).evaluate(PASSAGE)  # nobody has prevented the browser from pasting
    assert page.locator(".concept").count() == 1
    assert not page.locator("body").evaluate(PASSAGE)
    told(page, "Passage.png is no picture")


def test_a_failure_while_exporting_is_told_in_front(page):
    page.get_by_role("button", name="Export").click()
    page.route("**/v1/interventions", lambda route: route.abort())
    page.get_by_role("button", name="Intervention of brick navy").click()
    expect(page.get_by_role("alert")).to_have_text("The server does not answer.")
    page.complaints[:] = [one for one in page.complaints if "ERR_FAILED" not in one]


def test_files_have_names_that_disks_take(page):
    names = {"🦊": "concept-2", "an owl / " + 20 * "very ": "an-owl" + 10 * "-very" + "-ver"}
    for words in names:
        add(page, words)
    page.get_by_role("button", name="Export").click()
    buttons = page.get_by_role("button", name="Intervention of")
    for place, name in enumerate(names.values(), 1):
        with page.expect_download() as download:
            buttons.nth(place).click()
        assert download.value.suggested_filename == f"{name}.safetensors"


def test_both_halves_of_a_comparison_are_saved(page, tmp_path):
    choose(page, "Compare")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture, as it is shown").click()
    download.value.save_as(tmp_path / "picture.png")
    with Image.open(tmp_path / "picture.png") as saved:
        halves = (saved.convert("RGB").crop((x, 0, x + 64, 64)) for x in (0, 64))
        for half, shown in zip(halves, pictures(page), strict=True):
            assert difference(half, shown) == 0


def test_a_strip_shows_where_the_dials_stand(page):
    choose(page, "Strip")
    expect(page.locator("[aria-current=true]")).to_have_text("1.00")


def test_no_more_concepts_have_a_region_than_the_server_takes(page):
    canvas = page.get_by_role("application")
    for name in ("brick navy", *(f"{place} owls" for place in range(2, 10))):
        if name != "brick navy":
            add(page, name)
        brush = page.get_by_role("button", name=f"Paint where {name} acts", exact=True)
        if name == "9 owls":
            expect(brush).to_have_count(0)
            break
        brush.click()
        canvas.click()
        page.keyboard.press("Escape")
    full = page.get_by_role("button", name="At most 8 concepts have a region")
    expect(full).to_be_disabled()
    told(page, "64 × 64")


def test_on_a_low_screen_what_has_focus_is_not_behind_the_picture(browser, client):
    page = opened(browser, client.address, viewport={"width": 720, "height": 450})
    rest(page)
    page.get_by_role("button", name="Another seed").focus()
    for _ in range(14):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("""() => {
          let one = document.activeElement;
          const { left, top, width, height } = one.getBoundingClientRect();
          const hit = document.elementFromPoint(left + width / 2, top + height / 2);
          return hit !== null && !(hit.closest(".stage") && !one.closest(".stage"));
        }""")
    page.context.close()
