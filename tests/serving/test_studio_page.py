"""The studio as people use it: in a real browser, with the shipped model. Needs Chromium."""

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from api_server import serving, until
from PIL import Image
from playwright.sync_api import expect
from studio_page import (
    CHROMIUM,
    MODEL,
    PHONE,
    add,
    choose,
    dial,
    difference,
    drag,
    opened,
    pictures,
    put,
    rest,
    studio,
)

import hypertransport as ht
from hypertransport.serving.api import application
from hypertransport.serving.api_keys import ApiKeys
from hypertransport.serving.studio import Studio

expect.set_options(timeout=30_000)
pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium; on Debian: apt-get install chromium"),
]
CONCEPT = "brick navy"  # what the page begins with


@pytest.fixture(scope="module")
def client():
    with studio() as client:
        yield client


def reference() -> bytes:
    """A PNG of a wall."""
    return (Path(__file__).parents[2] / "examples/reference.png").read_bytes()


def noise(seed: int) -> bytes:
    """A PNG that no other kind of file makes small."""
    values = np.random.default_rng(seed).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    data = io.BytesIO()
    Image.fromarray(values).save(data, "PNG")
    return data.getvalue()


def calibrate(page) -> None:
    page.locator("wa-switch").click(position={"x": 10, "y": 10})  # all of its line is the element
    expect(page.get_by_role("switch", name="Calibrated dials")).to_be_checked()
    rest(page)


def test_a_dial_draws_what_the_api_draws_already_while_it_is_dragged(page, client):
    (before,) = pictures(page)
    drag(page, CONCEPT, to=0.42, release=False)
    rest(page)
    (meanwhile,) = pictures(page)
    assert difference(meanwhile, before) > 30
    page.mouse.up()
    rest(page)
    strength = float(dial(page, CONCEPT).get_attribute("aria-valuenow"))
    sent = {"prompt": "a mushroom", "seed": 7, "steering": [
        {"concept": CONCEPT, "strength": strength}
    ]}  # fmt: skip
    assert difference(pictures(page)[0], client.draw(sent).pictures[0]) <= 1
    expect(page.locator("output")).to_have_text(f"{strength:.2f}".replace("-", "−"))


COUNT_CALLS = """() => {
  const fetched = fetch;
  Object.assign(window, { underWay: 0, most: 0, sent: [] });
  window.fetch = (path, options) => {
    window.sent.push(options.body);
    window.most = Math.max(window.most, ++window.underWay);
    return fetched(path, options).finally(() => window.underWay--);
  };
}"""


def test_a_drag_has_one_call_on_its_way_at_a_time_and_skips_what_is_stale(page):
    page.evaluate(COUNT_CALLS)
    drag(page, CONCEPT, to=0.1, steps=60)
    rest(page)
    sent = page.evaluate("() => window.sent")
    assert page.evaluate("() => window.most") == 1
    assert 1 <= len(sent) < 25  # of some 30 places of the dial
    strength = float(dial(page, CONCEPT).get_attribute("aria-valuenow"))
    assert json.loads(sent[-1])["steering"][0]["strength"] == strength


def test_another_prompt_cancels_the_picture_on_its_way(page):
    failed = []
    page.on("requestfailed", lambda request: failed.append(request.failure))
    page.route("**/generations", lambda route: None, times=1)  # never answered
    page.get_by_role("button", name="Another seed").click()
    page.get_by_label("Prompt").fill("a pear")
    page.keyboard.press("Tab")
    rest(page)
    assert failed == ["net::ERR_ABORTED"]
    assert pictures(page)


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_picture_that_is_dropped_or_pasted_becomes_a_concept(page, kind):
    (before,) = pictures(page)
    put(page, reference(), "image/png", kind)
    expect(page.locator(".concept")).to_have_count(2)
    rest(page)
    assert difference(pictures(page)[0], before) > 20
    put(page, b"no picture", "image/png", kind)
    expect(page.get_by_role("status").filter(has_text="no picture")).to_be_visible()
    assert page.locator(".concept").count() == 2


def test_the_camera_gives_a_picture(page):
    page.get_by_role("button", name="Add a concept by camera").click()
    page.wait_for_function("() => document.querySelector('video')?.videoWidth")
    page.get_by_role("button", name="Steer by this picture").click()
    expect(page.locator(".concept .thumb")).to_be_visible()
    rest(page)
    expect(page.locator("video")).to_have_count(0)


def test_a_painted_region_is_where_a_concept_acts(page):
    (everywhere,) = pictures(page)
    page.get_by_role("button", name=f"Paint where {CONCEPT} acts").click()
    canvas = page.get_by_role("application")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 0.05 * box["width"], box["y"] + 0.05 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.05 * box["width"], box["y"] + 0.95 * box["height"], steps=5)
    page.mouse.up()
    rest(page)
    (painted,) = pictures(page)
    drag(page, CONCEPT, to=0.4)  # strength 0
    page.keyboard.press("Home")
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    rest(page)
    (untouched,) = pictures(page)
    assert dial(page, CONCEPT).get_attribute("aria-valuenow") == "0"
    left, right = (0, 0, 8, 64), (40, 0, 64, 64)
    assert difference(painted.crop(left), untouched.crop(left)) > 40
    assert mean_difference(painted.crop(right), untouched.crop(right)) < (
        mean_difference(everywhere.crop(right), untouched.crop(right)) / 3
    )


def mean_difference(a, b) -> float:
    pairs = zip(a.tobytes(), b.tobytes(), strict=True)
    return sum(abs(x - y) for x, y in pairs) / len(a.tobytes())


def test_painting_by_keyboard(page):
    (before,) = pictures(page)
    page.get_by_role("button", name=f"Paint where {CONCEPT} acts").press("Enter")
    canvas = page.get_by_role("application")
    canvas.focus()
    for key in ("ArrowLeft", "Shift+ArrowUp", "Space"):
        page.keyboard.press(key)
    rest(page)
    assert difference(pictures(page)[0], before) > 20
    expect(page.locator(".known")).to_contain_text("in a region")
    page.keyboard.press("Delete")
    rest(page)
    assert difference(pictures(page)[0], before) == 0
    page.keyboard.press("Escape")
    expect(canvas).to_have_count(0)


def test_the_link_restores_everything(page, browser):
    page.get_by_label("Prompt").fill("an owl on a plain green background")
    add(page, "zigzag purple")
    put(page, reference(), "image/png", "drop")
    expect(page.locator(".concept")).to_have_count(3)
    page.get_by_role("button", name="Paint where zigzag purple acts").click()
    page.get_by_role("application").click()
    page.get_by_role("button", name="Another seed").click()
    calibrate(page)
    drag(page, CONCEPT, to=0.3)
    rest(page)
    shown = pictures(page)
    texts = [page.locator(name).all_inner_texts() for name in ("output", ".name", ".known")]
    page.reload()
    rest(page)
    assert [difference(a, b) for a, b in zip(pictures(page), shown, strict=True)] == [0]
    again = [page.locator(name).all_inner_texts() for name in ("output", ".name", ".known")]
    assert again == texts
    choose(page, "Compare")
    other = opened(browser, page.url)
    rest(other, "compare")
    assert difference(pictures(other)[1], shown[0]) <= 1
    other.context.close()


def test_undo_and_redo_lead_through_what_was_shown(page):
    seen = [pictures(page)[0]]
    add(page, "zigzag purple")
    seen.append(pictures(page)[0])
    drag(page, CONCEPT, to=0.1)
    rest(page)
    seen.append(pictures(page)[0])
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    for wanted in seen[1::-1]:
        undo.click()
        rest(page)
        assert difference(pictures(page)[0], wanted) == 0
    expect(undo).to_be_disabled()
    page.locator("body").press("Control+Shift+z")
    redo.click()
    rest(page)
    assert difference(pictures(page)[0], seen[2]) == 0
    expect(redo).to_be_disabled()


def test_strip_and_grid_are_the_api_s_and_a_click_takes_a_strength(page, client):
    add(page, "zigzag purple")
    choose(page, "Strip")
    strip = pictures(page)
    steering = [{"concept": name, "strength": 0.8} for name in (CONCEPT, "zigzag purple")]
    sent = {"prompt": "a mushroom", "seed": 7, "steering": steering, "strengths": [0, 1.5]}
    for found, wanted in zip((strip[0], strip[-1]), client.draw(sent).pictures, strict=True):
        assert difference(found, wanted) <= 1
    page.get_by_role("button", name="Strength 0.50: take it for all dials").click()
    rest(page, "strip")
    expect(page.locator("output")).to_have_text(["0.40", "0.40"])
    choose(page, "Grid")
    assert page.locator("tr").count() == 2
    sent = {**sent, "steering": [{"concept": "zigzag purple"}], "strengths": [-1, 1.5]}
    row = pictures(page)[len(pictures(page)) // 2 :]
    for found, wanted in zip((row[0], row[-1]), client.draw(sent).pictures, strict=True):
        assert difference(found, wanted) <= 1
    page.get_by_role("button", name="Strength 1.00: take it for zigzag purple").click()
    expect(page.locator("output")).to_have_text(["0.40", "1.00"])


def test_the_seed_stays_where_it_is_locked(page):
    seed = page.get_by_label("Seed", exact=True)
    page.get_by_label("Prompt").fill("a pear")
    add(page, "zigzag purple")
    expect(seed).to_have_value("7")
    page.get_by_role("button", name="Seed locked").click()
    drag(page, CONCEPT, to=0.2)
    expect(seed).to_have_value("7")
    add(page, "brick red")
    expect(seed).not_to_have_value("7")


def test_what_is_known_of_a_concept_is_said_where_it_matters(page, client):
    hyper = ht.HyperTransport.from_pretrained(MODEL)
    known = client.ask("/v1/novelty", {"concept": CONCEPT}).json
    assert known["novelty"] == pytest.approx(hyper.novelty([CONCEPT]).item(), rel=1e-4)
    assert known["gain"] == pytest.approx(hyper.gain(hyper(CONCEPT)).item(), rel=1e-4)
    assert known["limit"] == pytest.approx(hyper.about.calibration.limit)
    expect(page.locator(".known")).to_contain_text(f"novelty {known['novelty']:.2f}")
    expect(page.locator(".caution")).to_have_count(0)
    drag(page, CONCEPT, to=1)
    expect(page.locator(".caution")).to_contain_text("most effects shrink")


def test_calibrated_dials_are_turned_by_the_server_and_in_what_is_exported(page):
    (plain,) = pictures(page)
    calibrate(page)
    strength = float(dial(page, CONCEPT).get_attribute("aria-valuenow"))
    generator, hyper = ht.load_generator(MODEL), ht.HyperTransport.from_pretrained(MODEL)
    with ht.steer(generator, hyper(CONCEPT, calibrated=True), hyper.dial(strength)):
        wanted = generator("a mushroom", seed=7)
    assert difference(pictures(page)[0], wanted) <= 2 < 8 < difference(plain, wanted)
    page.get_by_role("button", name="Export").click()
    assert f"strength=hyper.dial({strength:g})" in page.get_by_label("Python snippet").inner_text()
    assert '"calibrated": true' in page.get_by_label("curl snippet").inner_text()


def test_what_it_exports_draws_the_same(page, client, tmp_path, monkeypatch):
    put(page, reference(), "image/png", "drop")
    page.get_by_role("button", name="Paint where picture 2 acts").click()
    page.get_by_role("application").click()
    rest(page)
    (shown,) = pictures(page)
    page.get_by_role("button", name="Export").click()
    for name in ("reference-2.png", "region-2.png", "Picture, as it is shown"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        download.value.save_as(tmp_path / download.value.suggested_filename)
    with Image.open(tmp_path / "picture.png") as saved:
        assert difference(saved.convert("RGB"), shown) == 0
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Intervention of {CONCEPT}").click()
    ht.Intervention.load(download.value.path())
    curl = page.get_by_label("curl snippet").inner_text()
    body = re.fullmatch(r"curl (\S+) .*<<'JSON'\n(.*)\nJSON\s*", curl, re.DOTALL)
    assert body[1] == f"{client.address}v1/images/generations"
    assert difference(client.draw(json.loads(body[2])).pictures[0], shown) == 0
    monkeypatch.chdir(tmp_path)
    exec(page.get_by_label("Python snippet").inner_text(), {})
    with Image.open("picture.png") as drawn:
        assert difference(drawn, shown) <= 2


def test_all_can_be_reached_by_keyboard_and_has_a_name(page):
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("""() => {
          let one = document.activeElement;
          while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
          const label = one.labels?.[0];
          const slotted = label?.querySelector("slot")?.assignedNodes() ?? [];
          const labels = label && label.innerText + slotted.map((n) => n.textContent).join("");
          const by = one.getAttribute("aria-labelledby");
          return one.getAttribute("aria-label") ?? labels ?? (by && one.getRootNode()
            .getElementById(by)?.innerText) ?? one.textContent.trim();
        }"""))  # fmt: skip
    for name in ("Copy link", "Export", "Picture", "Prompt", f"Strength of {CONCEPT}",
                 f"Paint where {CONCEPT} acts", f"Remove {CONCEPT}", "New concept, in words",
                 "Add a concept by camera", "Another seed", "Seed locked"):  # fmt: skip
        assert any(name in one for one in reached), (name, reached)
    assert all(reached[: reached.index("Another seed") + 1])


def brightness(page) -> int:
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(map(int, re.findall(r"\d+", background)[:3]))


def test_it_fits_a_phone_light_and_dark(browser, client):
    page = opened(browser, client.address, **PHONE)
    rest(page)
    assert brightness(page) > 600
    page.emulate_media(color_scheme="dark")
    until(lambda: brightness(page) < 150)  # the page hears of it a moment later
    for view in ("Compare", "Strip", "Grid", "Picture"):
        page.get_by_role("radio", name=view).tap()
        rest(page, view.lower())
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
    for button in page.locator("button.button").all():
        box = button.bounding_box()
        assert box["width"] >= 40
        assert box["height"] >= 40
    assert page.complaints == []
    page.context.close()


def test_a_link_that_is_none_is_said_to_be_none(browser, client):
    page = opened(browser, f"{client.address}#bm9uZQ")
    expect(page.get_by_role("status").filter(has_text="cannot be read")).to_be_visible()
    rest(page)
    expect(page.get_by_label("Prompt")).to_have_value("a mushroom")
    page.context.close()


def test_what_is_too_large_for_a_link_is_said_and_the_address_claims_nothing(page):
    for count in (2, 3, 4):
        put(page, noise(count), "image/png", "drop")
        expect(page.locator(".concept")).to_have_count(count)
        rest(page)
    expect(page.get_by_role("status").filter(has_text="too large for a link")).to_be_visible()
    assert not page.evaluate("location.hash")
    page.get_by_role("button", name="Remove picture 4").click()
    page.get_by_role("button", name="Remove picture 3").click()
    rest(page)
    assert page.evaluate("location.hash")


def test_a_server_that_asks_for_a_key_is_given_one(browser, twin, hyper):
    with serving(Studio(application(twin, hyper, keys=ApiKeys(["a-key-of-the-tests"])))) as locked:
        page = opened(browser, locked.address)
        page.get_by_label("API key").fill("another-one")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("It does not know this key.")
        page.get_by_label("API key").fill("a-key-of-the-tests")
        page.keyboard.press("Enter")
        rest(page)
        assert pictures(page)[0].size == (32, 32)
        expect(page.get_by_label("API key")).to_have_count(0)
        expect(page.locator(".known")).to_have_text("")
        page.context.close()


def test_what_a_wrong_key_asked_for_does_not_hold_up_the_right_one(browser, twin, hyper):
    def hold(route):
        if "another-one" not in route.request.headers.get("authorization", ""):
            route.continue_()

    with serving(Studio(application(twin, hyper, keys=ApiKeys(["a-key-of-the-tests"])))) as locked:
        page = opened(browser, locked.address)
        page.route("**/v1/images/generations", hold)
        for key in ("another-one", "a-key-of-the-tests"):
            page.get_by_label("API key").fill(key)
            with page.expect_request("**/v1/images/generations"):
                page.keyboard.press("Enter")
        rest(page)
        assert pictures(page)[0].size == (32, 32)
        page.context.close()
