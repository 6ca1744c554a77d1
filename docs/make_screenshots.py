"""Takes the pictures of the book from the default project's page, in headless Chromium.

python docs/make_screenshots.py
"""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

import regional_atlas as ra

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs/images"
SHOTS = {
    "atlas.png": ((1280, 800), "en", "industrial-tiers"),
    "metros.png": ((1280, 800), "zh", "metros"),
    "lights.png": ((1280, 800), "en", "lights"),
    "phone.png": ((390, 844), "zh", "industrial-counties"),
}


def main() -> None:
    """Build the page and photograph it."""
    page_file = ROOT / "maps/china-2022/index.html"
    ra.build(ra.read_project(ROOT / "geo/china-2022")).save(page_file.parent)
    IMAGES.mkdir(exist_ok=True)
    browsers = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=next(filter(None, browsers), None), args=["--no-sandbox"]
        )
        for name, ((width, height), language, plate) in SHOTS.items():
            context = browser.new_context(
                viewport={"width": width, "height": height},
                offline=True,
                has_touch=width < 500,
                is_mobile=width < 500,
            )
            page = context.new_page()
            page.goto(page_file.as_uri())
            page.wait_for_function("window.regionalAtlas")
            page.evaluate("window.regionalAtlas.ready")
            page.evaluate(
                "([lang, id]) => window.regionalAtlas.setState({lang, plate: id})",
                [language, plate],
            )
            page.evaluate("id => window.regionalAtlas.show(id)", plate)
            page.wait_for_timeout(500)
            page.screenshot(path=IMAGES / name)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
