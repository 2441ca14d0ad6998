"""The page about the studio: by hand above, and below what was measured.

`python -m docs.studio_page` draws its screenshots anew, in Chromium; `python -m benchmarks.studio`
measures.
"""

import json
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).parent
HALF = "<!-- From here on made by docs/generate.py from docs/results/studio.json. -->"
HEAD = "| | median, ms | fastest | slowest |\n|---|---|---|---|"
PHONE = {"viewport": {"width": 375, "height": 760}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1120, "height": 780}}


def studio_page() -> str:
    """What is written by hand there, then a row for each measurement."""
    by_hand, _, _ = (FOLDER / "studio.md").read_text(encoding="utf-8").partition(HALF)
    record = json.loads((FOLDER / "results" / "studio.json").read_text(encoding="utf-8"))
    told = (
        f"{record['date']}; {record['hardware']}; {record['steps']} steps each; the machine's load "
        f"was {record['load']} before."
    )
    rows = [
        f"| {what} | {found['median']} | {found['fastest']} | {found['slowest']} |"
        for what, found in record["milliseconds"].items()
    ]
    return "\n\n".join([by_hand + HALF, told, "\n".join([HEAD, *rows])]) + "\n"


def main() -> None:
    """Draw studio.png, studio-grid.png and studio-phone.png."""
    from benchmarks.servers import serving
    from benchmarks.studio import chromium

    with chromium() as browser, serving("studio") as (_, address):
        painting(browser, address)
        grid(browser, address)
        phone(browser, address)


def painting(browser: "Browser", address: str) -> None:
    from benchmarks.studio import opened

    page = opened(browser, address, **DESK)
    turn(page, "brick navy", 8)
    page.get_by_role("button", name="Paint where brick navy acts").click()
    box = page.get_by_role("application").bounding_box()
    assert box is not None
    for across in (0.1, 0.26):
        x = box["x"] + across * box["width"]
        page.mouse.move(x, box["y"])
        page.mouse.down()
        page.mouse.move(x, box["y"] + 0.98 * box["height"], steps=8)
        page.mouse.up()
    page.wait_for_timeout(2000)
    save(page, "studio")


def grid(browser: "Browser", address: str) -> None:
    from benchmarks.studio import add, opened

    page = opened(browser, address, **DESK, color_scheme="dark")
    for words in ("zigzag purple", "with a snail", "on fire"):
        add(page, words)
    turn(page, "zigzag purple", 11)
    page.get_by_role("radio", name="Grid").click()
    page.locator("tr").nth(3).locator("img").nth(5).wait_for()
    save(page, "studio-grid")


def phone(browser: "Browser", address: str) -> None:
    from benchmarks.studio import opened

    page = opened(browser, address, **PHONE)
    page.get_by_role("radio", name="Compare").tap()
    page.locator(".drawn[data-view=compare]").wait_for()
    save(page, "studio-phone")


def turn(page: "Page", name: str, steps: int) -> None:
    """Turn a dial up by so many keys."""
    for _ in range(steps):
        page.get_by_role("slider", name=f"Strength of {name}").press("ArrowRight")


def save(page: "Page", name: str) -> None:
    page.wait_for_timeout(500)  # for fonts and transitions
    path = FOLDER / f"{name}.png"
    with Image.open(BytesIO(page.screenshot())) as shown:  # 256 colours take half the bytes
        picture = shown.convert("RGB")
    picture.quantize(palette=picture.quantize(256)).save(path, optimize=True)
    print(path)


if __name__ == "__main__":
    main()
