"""The studio in headless Chromium, at a server of the shipped model."""

import shutil
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from api_server import Client, serving
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

import hypertransport as ht
from hypertransport.serving import catalogue_pages
from hypertransport.serving.api import application
from hypertransport.serving.studio import Studio

MODEL = "emojiscape"
NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
PHONE = {"viewport": {"width": 375, "height": 667}, "is_mobile": True, "has_touch": True}
PUT = """([base64, type, kind]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  const name = `file.${type.split("/")[1]}`;
  data.items.add(new File([bytes], name, { type }));
  const options = { bubbles: true, cancelable: true };
  document.body.dispatchEvent(kind === "paste"
    ? new ClipboardEvent(kind, { ...options, clipboardData: data })
    : new DragEvent(kind, { ...options, dataTransfer: data }));
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, chromium_sandbox=False, args=CAMERA
        )
        yield browser
        browser.close()


@contextmanager
def studio() -> Iterator[Client]:
    """The shipped model, served with the page."""
    generator, hyper = ht.load_generator(MODEL), ht.HyperTransport.from_pretrained(MODEL)
    entries = catalogue_pages.world_of(MODEL)
    with serving(Studio(application(generator, hyper, catalogue=entries))) as client:
        yield client


def opened(browser: Browser, address: str, **options) -> Page:
    """A page of a person of its own, which keeps what the browser complains of and asks for."""
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(30_000)
    page.complaints, page.asked = [], []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(address)
    return page


def rest(page: Page, view: str = "picture") -> None:
    """Wait until all that is wanted is drawn, and in the address."""
    expect(page.locator(f".drawn[aria-busy=false][data-view={view}]")).to_be_attached()
    page.wait_for_timeout(400)  # longer than the page waits with either
    expect(page.locator(f".drawn[aria-busy=false][data-view={view}]")).to_be_attached()


def pictures(page: Page) -> list[Image.Image]:
    """Those that are shown, as the server sent them."""
    sources = page.locator(".drawn img").evaluate_all("all => all.map((one) => one.src)")
    return [Image.open(BytesIO(b64decode(source.partition(",")[2]))) for source in sources]


def difference(a: Image.Image, b: Image.Image) -> int:
    """The greatest difference of any value of 8 bits."""
    return int(np.abs(np.asarray(a, dtype=int) - np.asarray(b, dtype=int)).max())


def put(page: Page, data: bytes, media_type: str, kind: str) -> None:
    """Drop or paste a file."""
    page.evaluate(PUT, [b64encode(data).decode(), media_type, kind])


def dial(page: Page, name: str):
    return page.get_by_role("slider", name=f"Strength of {name}", exact=True)


def add(page: Page, words: str) -> None:
    page.get_by_label("New concept, in words").fill(words)
    page.keyboard.press("Enter")
    rest(page)


def choose(page: Page, view: str) -> None:
    page.get_by_role("radio", name=view).click()
    rest(page, view.lower())


def drag(page: Page, name: str, to: float, steps: int = 8, release: bool = True) -> None:
    """Drag a dial to a share of its width."""
    box = dial(page, name).bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.72, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * to, y, steps=steps)
    if release:
        page.mouse.up()
