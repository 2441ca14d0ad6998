"""How long the studio takes from a dial to the picture: python -m benchmarks.studio [--steps 30]

A headless Chromium presses a key on a dial of the page, which `hypertransport studio` serves on
this machine, and waits until the new picture is decoded and about to be painted; then the next.
Writes docs/results/studio.json. Needs Chromium.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import torch
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.servers import serving

RESULT = Path(__file__).parent.parent / "docs/results/studio.json"
NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
CONCEPTS = ("brick navy", "zigzag purple", "with a snail", "black ink style")
REST = ".drawn[aria-busy=false] img"
WATCH = """() => {
  addEventListener("keydown", () => (window.began = performance.now()), true);
  const shown = document.querySelector(".drawn img");
  new MutationObserver(async () => {
    await shown.decode();
    requestAnimationFrame(() => (window.took = performance.now() - window.began));
  }).observe(shown, { attributeFilter: ["src"] });
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser of this machine."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise SystemExit("this takes Chromium; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=False)
        yield browser
        browser.close()


def opened(browser: Browser, address: str, **options) -> Page:
    """The page with its first picture."""
    page = browser.new_context(**options).new_page()
    page.goto(address)
    page.locator(REST).first.wait_for()
    return page


def add(page: Page, words: str) -> None:
    """Add a concept, and wait for the picture."""
    page.get_by_label("New concept, in words").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    page.locator(REST).first.wait_for()


def measured(page: Page, steps: int) -> dict[str, float]:
    """Milliseconds from a key on the first dial to its picture; no picture was drawn before."""
    page.evaluate(WATCH)
    page.get_by_role("slider", name=f"Strength of {CONCEPTS[0]}").focus()
    times = []
    for _ in range(steps):
        page.evaluate("() => (window.took = null)")
        page.keyboard.press("ArrowLeft")
        times.append(page.wait_for_function("() => window.took").json_value())
        page.wait_for_timeout(200)
    return {
        "median": round(statistics.median(times)),
        "fastest": round(min(times)),
        "slowest": round(max(times)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=30)
    steps = parser.parse_args().steps
    machine = f"{platform.machine()}, {torch.get_num_threads()} threads, torch {torch.__version__}"
    record: dict[str, object] = {"date": date.today().isoformat(), "hardware": machine}
    record |= {"load": round(os.getloadavg()[0], 1), "steps": steps, "milliseconds": {}}
    found: dict[str, dict[str, float]] = {}
    with chromium() as browser, serving("studio") as (_, address):
        for count in (1, 4):
            page = opened(browser, address)
            for words in CONCEPTS[1:count]:
                add(page, words)
            found[f"a dial, {count} concept{'s' * (count > 1)}"] = measured(page, steps)
    record["milliseconds"] = found
    print(json.dumps(record, indent=2))
    RESULT.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
