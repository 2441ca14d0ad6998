"""The page of a study in a real browser, served by the command. Needs Chromium on the machine."""

import os
import re
import shutil
import signal
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from hypertransport.evaluation.answers import Answers
from hypertransport.evaluation.study_file import reading

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None
)
expect.set_options(timeout=60_000)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium; on Debian: apt-get install chromium"),
]
PHONE = {"viewport": {"width": 375, "height": 667}, "is_mobile": True, "has_touch": True}
CONTRAST = """() => {
  const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) =>
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (node) => {
    const colour = parse(getComputedStyle(node).backgroundColor);
    return colour.length < 4 || colour[3] > 0 ? colour : behind(node.parentElement);
  };
  const ratio = (node) => {
    const both = [parse(getComputedStyle(node).color), behind(node)].map(luminance);
    return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
  };
  const shown = [...document.querySelectorAll("h1, p, button, span, kbd")];
  return shown.filter((node) => node.offsetParent && node.textContent.trim()).map(ratio);
}"""


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False)
        yield browser
        browser.close()


@pytest.fixture
def address(folder):
    """Where the command serves `folder`."""
    command = [sys.executable, "-m", "hypertransport.cli", "study", "serve", folder, "--port", "0"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        yield server.stdout.readline().strip()
        server.send_signal(signal.SIGINT)
        assert server.wait(30) in (0, 130)


@pytest.fixture
def answers(folder, address):
    return Answers.open(folder / "study.sqlite")


def opened(browser: Browser, address: str, **options) -> Page:
    """A page with cookies of its own, at which every complaint of the browser is an error."""
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(60_000)
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(address)
    return page


def begun(browser: Browser, address: str, **options) -> Page:
    page = opened(browser, address, **options)
    page.get_by_role("button", name="Begin").click()
    at_question(page, 1)
    return page


def at_question(page: Page, number: int) -> None:
    expect(page.locator("#count")).to_have_text(f"Question {number} of 20")
    expect(page.locator("#comparison:not(.new)")).to_be_visible()


def seen(answers, page: Page) -> list[str]:
    """What has been kept of a person's answers, as they saw them: by position."""
    token = page.url.split("#")[1]
    with reading(answers.path) as db:
        rows = db.execute(
            "SELECT seen FROM questions JOIN raters ON id = rater WHERE token = ? "
            "AND seen IS NOT NULL ORDER BY position",
            (token,),
        )
        return [row[0] for row in rows]


def test_by_keyboard_alone_from_the_beginning_to_the_end(browser, address, answers):
    page = opened(browser, address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    keys = {"1": "first", "2": "second", "0": "tie", "x": "refused", "ArrowLeft": "first",
            "ArrowRight": "second", "ArrowDown": "tie"}  # fmt: skip
    pressed = [*keys, *keys, *keys][:20]
    for number, key in enumerate(pressed, 1):
        at_question(page, number)
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert seen(answers, page) == [keys[key] for key in pressed]
    assert page.complaints == []
    assert all(url.startswith((address, "data:")) for url in page.asked)


def test_a_person_chooses_what_they_see(browser, address, answers):
    """Someone who prefers red, by a look at the pixels of the page, prefers its method."""
    page = begun(browser, address)
    for number in range(1, 21):
        at_question(page, number)
        colours = page.evaluate(
            """() => [...document.querySelectorAll(".picture img")].map((image) => {
              const canvas = document.createElement("canvas");
              const pen = canvas.getContext("2d");
              pen.drawImage(image, 0, 0);
              return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
            })"""
        )
        red = [colour[0] > 128 for colour in colours]
        page.keyboard.press("12"[red.index(True)] if any(red) else "0")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    votes, _ = answers.votes(allowed_failures=20)
    for vote in votes:
        wanted = "A" if vote.a == "hypertransport" else "B" if vote.b == "hypertransport" else "tie"
        assert vote.answer == wanted


def test_nothing_on_the_page_names_a_method(browser, address):
    page = begun(browser, address)
    told = page.content() + "".join(page.asked)
    for method in ("hypertransport", "prompting", "mean shift"):
        assert method not in told


def test_the_link_leads_back_to_the_same_question(browser, address, answers):
    page = begun(browser, address)
    for number, name in enumerate(("First picture", "No difference", "Cannot say"), 1):
        page.get_by_role("button", name=name).click()
        at_question(page, number + 1)
    page.reload()
    at_question(page, 4)
    elsewhere = opened(browser, page.url)
    at_question(elsewhere, 4)
    assert elsewhere.locator("#question").text_content() == page.locator("#question").text_content()
    assert seen(answers, page) == ["first", "tie", "refused"]


def test_an_invitation_leads_to_one_place_however_often_it_is_opened(browser, address, answers):
    (code,) = answers.invite(1)
    page = begun(browser, f"{address}#invite={code}")
    page.keyboard.press("1")
    at_question(page, 2)
    again = opened(browser, f"{address}#invite={code}")
    again.get_by_role("button", name="Begin").click()
    at_question(again, 2)
    assert again.url == page.url
    uninvited = opened(browser, address)
    uninvited.get_by_role("button", name="Begin").click()
    expect(uninvited.get_by_role("alert")).to_contain_text("by invitation; open the link")


def test_a_completion_code_is_shown_at_the_end_if_there_is_one(browser, address):
    page = begun(browser, address)
    over = {"answered": 20, "total": 20, "position": None}
    page.route("**/answers", lambda route: route.fulfill(json=over | {"completion": "C0DE"}))
    page.keyboard.press("1")
    expect(page.get_by_text("Your completion code: C0DE")).to_be_visible()


def test_an_unknown_link_offers_to_begin_anew(browser, address):
    page = opened(browser, f"{address}#never-given")
    expect(page.get_by_role("alert")).to_contain_text("not known")
    page.get_by_role("button", name="Begin anew").click()
    page.get_by_role("button", name="Begin", exact=True).click()
    at_question(page, 1)


def test_a_lost_connection_loses_no_answer_and_doubles_none(browser, address, answers):
    page = begun(browser, address)
    page.context.set_offline(True)
    page.keyboard.press("2")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    page.keyboard.press("1")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    at_question(page, 2)
    expect(page.get_by_role("alert")).to_be_hidden()
    assert len(seen(answers, page)) == 1


def test_keys_pressed_too_fast_answer_one_question(browser, address, answers):
    page = begun(browser, address)
    page.evaluate("for (const key of '1111') dispatchEvent(new KeyboardEvent('keydown', { key }))")
    at_question(page, 2)
    assert len(seen(answers, page)) == 1


def test_a_double_click_answers_no_question_that_nobody_saw(browser, address, answers):
    page = begun(browser, address)
    page.get_by_role("button", name="First picture").dblclick(delay=60)
    at_question(page, 2)
    page.keyboard.press("0")
    at_question(page, 3)
    assert seen(answers, page) == ["first", "tie"]


@pytest.mark.parametrize(
    ("path", "fulfil", "told"),
    [
        ("**/answers", {"status": 500}, r"The server failed \(500\)"),
        ("**/pictures/1/first", {"body": "none"}, "A picture could not be loaded"),
    ],
)
def test_what_is_wrong_is_said(browser, address, path, fulfil, told):
    page = begun(browser, address)
    page.route(path, lambda route: route.fulfill(**fulfil))
    page.keyboard.press("1")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(f"{told}. Your answers so far"))
    page.unroute(path)
    page.get_by_role("button", name="Try again").click()
    at_question(page, 2)


def test_before_the_beginning_no_answers_are_said_to_be_saved(browser, address):
    page = opened(browser, address)
    page.context.set_offline(True)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached.Try again")


def test_several_people_at_once(browser, address, answers):
    pages = [begun(browser, address) for _ in range(3)]
    for number in range(1, 6):
        for page, key in zip(pages, "120", strict=True):
            at_question(page, number)
            page.keyboard.press(key)
    for page, word in zip(pages, ("first", "second", "tie"), strict=True):
        at_question(page, 6)
        assert seen(answers, page) == [word] * 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_in_light_and_dark(browser, address, scheme):
    page = opened(browser, address, color_scheme=scheme)
    assert min(page.evaluate(CONTRAST)) >= 4.5
    page.get_by_role("button", name="Begin").click()
    at_question(page, 1)
    assert min(page.evaluate(CONTRAST)) >= 4.5
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(map(int, re.findall(r"\d+", paper)))
    assert (brightness < 384) == (scheme == "dark")


@pytest.mark.parametrize(("width", "height"), [(375, 667), (320, 568), (412, 915)])
def test_all_of_a_question_fits_on_a_phone_and_can_be_tapped(browser, address, width, height):
    page = begun(browser, address, **PHONE | {"viewport": {"width": width, "height": height}})
    page.wait_for_function("document.querySelector('.picture img').complete")
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box["width"] >= 44
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Second picture").tap()
    at_question(page, 2)


def test_readers_hear_the_question_and_the_names_of_all_choices(browser, address):
    page = begun(browser, address)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Which picture")
    expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
    names = ["First picture", "Second picture", "No difference", "Cannot say"]
    for name in names:
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    at_question(page, 2)
